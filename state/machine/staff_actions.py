"""What staff do in a chat: hold it, write in it, decide what waits in it."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Button, Effect, Resend, Say, Send, button_id
from state.machine import approval, channel_events, one_time_codes
from state.machine.admission import find_refusal
from state.machine.asking import choices, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import BOT, QUEUE, member
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    FileOpened,
    HandedBack,
    MemberDisabled,
    Replied,
    Retried,
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
        case Retried():
            return _retry(conversation, event)
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
        case Exported() | Revealed() | FileOpened():
            return conversation, ()  # the journal has it
        case MemberDisabled():
            return replace(conversation, speaker=QUEUE), ()


def _take_over(conversation: Conversation, agent: str) -> Step:
    conversation = replace(
        conversation, speaker=member(agent), timer=channel_events.keep_urgent(conversation.timer)
    )
    return say(conversation, line(conversation, "asesor_entra", agente=agent))


def _reply(conversation: Conversation, event: Replied) -> Step:
    text, variable = event.text.strip(), event.variable
    return conversation, (Send(text=text, member=event.agent, variable=variable),)


def _retry(conversation: Conversation, event: Retried) -> Step:
    """Send a message again; its choices are buttons if they are those of today, else words."""
    shown, offered = conversation.shown, choices(conversation)
    fits = event.labels == tuple(label for _, label in offered)
    buttons = tuple(
        Button(choice=choice, label=label, id=button_id(shown.flow, shown.question, choice))
        for choice, label in (offered if fits else ())
    )
    told = [] if fits else [f"{number}. {label}" for number, label in enumerate(event.labels, 1)]
    text = "\n".join([event.text, "", *told]) if told else event.text
    message = Send(text=text, buttons=buttons, member=event.member, personal=not event.member)
    return conversation, (Resend(message=message),)


def _hand_back(conversation: Conversation) -> Step:
    conversation = replace(conversation, speaker=BOT)
    return say(conversation, line(conversation, "asesor_sale"))


def _sign(effect: Effect, agent: str) -> Effect:
    return dataclasses.replace(effect, member=agent) if isinstance(effect, Say) else effect
