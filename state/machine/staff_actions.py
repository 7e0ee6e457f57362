"""What staff do in a chat: hold it, write in it, decide what waits in it."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Effect, Say, Send
from state.machine import approval, channel_events, one_time_codes
from state.machine.admission import find_refusal
from state.machine.asking import say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import BOT, QUEUE, member
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    HandedBack,
    MemberDisabled,
    Replied,
    Revealed,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
    Vouched,
)


def take(conversation: Conversation, event: StaffAction, moment: Moment) -> Step:
    """Take what a member of staff does; what is refused changes nothing.

    What is said of it while a person holds the chat, that member says.
    """
    if find_refusal(conversation, event) is not None:
        return conversation, ()
    after, effects = _dispatch(conversation, event, moment)
    if not after.speaker.is_person:
        return after, effects
    return after, tuple(_sign(effect, event.agent) for effect in effects)


def _dispatch(conversation: Conversation, event: StaffAction, moment: Moment) -> Step:
    match event:
        case TakenOver(agent=agent):
            return _take_over(conversation, agent)
        case Replied():
            return _reply(conversation, event)
        case HandedBack():
            return _hand_back(conversation)
        case Closed():
            return replace(conversation, speaker=BOT), ()
        case Decided():
            return approval.decide(conversation, event, moment)
        case Asked():
            return approval.ask_customer(conversation, event)
        case CodeRead():
            return one_time_codes.read_out(conversation, event, moment)
        case Undone():
            return approval.request_undo(conversation, event, moment)
        case Settled():
            return approval.settle(conversation)
        case Vouched():
            return approval.vouch(conversation, event, moment)
        case Exported() | Revealed():
            return conversation, ()  # the journal has it
        case MemberDisabled():
            return replace(conversation, speaker=QUEUE), ()


def _take_over(conversation: Conversation, agent: str) -> Step:
    conversation = replace(
        conversation, speaker=member(agent), timer=channel_events.keep_urgent(conversation.timer)
    )
    return say(conversation, line(conversation, "asesor_entra", agente=agent))


def _reply(conversation: Conversation, event: Replied) -> Step:
    return conversation, (Send(text=event.text.strip(), member=event.agent),)


def _hand_back(conversation: Conversation) -> Step:
    conversation = replace(conversation, speaker=BOT)
    return say(conversation, line(conversation, "asesor_sale"))


def _sign(effect: Effect, agent: str) -> Effect:
    return dataclasses.replace(effect, member=agent) if isinstance(effect, Say) else effect
