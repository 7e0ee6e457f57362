"""What staff do in a chat: hold it, write in it, decide what waits in it."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Effect, Say, Send
from state.events import (
    Asked,
    ByStaff,
    CodeRead,
    Decided,
    Exported,
    HandedBack,
    Replied,
    Settled,
    TakenOver,
    Undone,
    Vouched,
)
from state.machine import proving, reviewing, told
from state.machine.asking import say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import BOT, member


def take(conversation: Conversation, event: ByStaff, moment: Moment) -> Step:
    """Take what a member of staff does; what does not fit any more changes nothing.

    What is said of it while a person holds the chat, that member says.
    """
    after, effects = _done(conversation, event, moment)
    if not after.speaker.is_person:
        return after, effects
    return after, tuple(_in_the_name_of(effect, event.agent) for effect in effects)


def _done(conversation: Conversation, event: ByStaff, moment: Moment) -> Step:
    match event:
        case TakenOver(agent=agent):
            return _held(conversation, agent)
        case Replied():
            return _written(conversation, event)
        case HandedBack(agent=agent):
            return _freed(conversation, agent)
        case Decided():
            return reviewing.decided(conversation, event, moment)
        case Asked():
            return reviewing.asked(conversation, event)
        case CodeRead():
            return proving.read_out(conversation, event, moment)
        case Undone():
            return reviewing.undone(conversation, event, moment)
        case Settled():
            return reviewing.settled(conversation, event)
        case Vouched():
            return reviewing.vouched(conversation, event, moment)
        case Exported():
            return conversation, ()  # the journal has it


def _held(conversation: Conversation, agent: str) -> Step:
    if conversation.speaker == member(agent):
        return conversation, ()
    held = replace(conversation, speaker=member(agent), timer=told.urgent(conversation.timer))
    return say(held, line(held, "asesor_entra", agente=agent))


def _written(conversation: Conversation, event: Replied) -> Step:
    text = event.text.strip()
    if conversation.speaker != member(event.agent) or not text:
        return conversation, ()
    return conversation, (Send(text=text, member=event.agent),)


def _freed(conversation: Conversation, agent: str) -> Step:
    if conversation.speaker != member(agent):
        return conversation, ()
    free = replace(conversation, speaker=BOT)
    return say(free, line(free, "asesor_sale"))


def _in_the_name_of(effect: Effect, agent: str) -> Effect:
    return dataclasses.replace(effect, member=agent) if isinstance(effect, Say) else effect
