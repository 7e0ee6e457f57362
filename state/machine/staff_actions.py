"""What staff do in a chat: hold it, write in it, decide what waits in it."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Button, Effect, Resend, Say, Send, button_id
from state.machine import approval, channel_events, one_time_codes, returning
from state.machine.admission import find_refusal
from state.machine.asking import choices, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import BOT, QUEUE, member
from state.reply_window import is_closed
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    FileOpened,
    HandedBack,
    MemberDisabled,
    Noted,
    Replied,
    Retried,
    Revealed,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
    Vouched,
)

_GREETED = 8
"""So many members who greeted the customer are remembered."""


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
        case TakenOver(agent=agent, greets=greets):
            return _take_over(conversation, agent, moment, greets=greets)
        case Replied():
            return _reply(conversation, event, moment)
        case Retried():
            return _retry(conversation, event)
        case HandedBack():
            return returning.hand_back(conversation, event.step)
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
        case Exported() | Revealed() | FileOpened() | Noted():
            return conversation, ()  # the journal has it
        case MemberDisabled():
            return replace(conversation, speaker=QUEUE), ()


def _take_over(conversation: Conversation, agent: str, moment: Moment, *, greets: bool) -> Step:
    """Let a member answer, who greets the customer if he has never done so.

    Not after WhatsApp's 24 hours: it would go out as a template that nobody has seen.
    """
    timer, shown = channel_events.keep_urgent(conversation.timer), conversation.shown
    conversation = replace(conversation, speaker=member(agent, moment.now), timer=timer)
    closed = is_closed(conversation, now=moment.now)
    if not greets or agent in shown.greeted or closed:
        return conversation, ()
    greeted = replace(shown, greeted=(*shown.greeted, agent)[-_GREETED:])
    conversation = replace(conversation, shown=greeted)
    return say(conversation, line(conversation, "asesor_entra", agente=agent))


def _reply(conversation: Conversation, event: Replied, moment: Moment) -> Step:
    """Send a member's words; with the first of them the chat is taken."""
    greeting: tuple[Effect, ...] = ()
    if conversation.speaker != member(event.agent):
        conversation, greeting = _take_over(conversation, event.agent, moment, greets=event.greets)
    text, variable = event.text.strip(), event.variable
    return conversation, (*greeting, Send(text=text, member=event.agent, variable=variable))


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


def _sign(effect: Effect, agent: str) -> Effect:
    return dataclasses.replace(effect, member=agent) if isinstance(effect, Say) else effect
