"""One step of a conversation: the only way by which it changes."""

import dataclasses

from state.conversation import BOT, PHONE, QUEUE, Conversation, Person, State, replace
from state.effects import Effect, Say, Send
from state.events import (
    Asked,
    Attested,
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeRead,
    CodeUnsent,
    Crowded,
    Decided,
    Echoed,
    Edited,
    Event,
    HandedBack,
    Heard,
    Invited,
    Left,
    LookupFailed,
    Mentioned,
    Pressed,
    Renumbered,
    Replied,
    Returned,
    Said,
    SentMedia,
    Settled,
    SharedContact,
    TakenOver,
    TimerFired,
    Undelivered,
    Undone,
    Updated,
    Vouched,
    Warned,
    Withdrawn,
)
from state.machine import (
    arrival,
    commands,
    identifying,
    outcomes,
    proving,
    replies,
    reviewing,
    saving,
    told,
    warning,
)
from state.machine.arrival import Arrival
from state.machine.asking import Moment, Step, line, say
from state.records import Timer

_REMIND_AFTER = 30 * 60_000  # ms

_KEPT = (outcomes.RETRY, identifying.ANSWER, commands.ERASE, saving.HELD)
"""Timers that go on whatever the customer says."""

_UNANSWERED = frozenset(
    {
        State.SHARING, State.METHOD, State.SERVICE, State.HOLDER, State.NAME, State.ADDRESS,
        State.PLAN, State.PRICE, State.PICK, State.CODE, State.CONFIRM_SERVICE, State.DOCUMENT,
        State.CONFIRM_DOCUMENT, State.PHONE, State.CONFIRM_PHONE, State.SUMMARY, State.CORRECTION,
    }
)  # fmt: skip
"""States in which the customer owes an answer, and is reminded of it."""


def step(conversation: Conversation, event: Event, moment: Moment) -> Step:
    """Take one event: the new conversation and what is to be done, in order."""
    flow = conversation.flow or moment.code[:6]
    before = replace(conversation, turns=conversation.turns + 1, flow=flow)
    after, effects = _taken(before, event, moment)
    if after.question != before.question:
        after = replace(after, asked_at=moment.now)
    return after, effects


def _taken(conversation: Conversation, event: Event, moment: Moment) -> Step:
    match event:
        case Said() | Pressed() | SharedContact() | SentMedia() | Invited():
            judged = arrival.judge(conversation, event, moment)
            met = _met(arrival.counted(conversation, moment), event, moment)
            if judged is not Arrival.TAKEN:
                return arrival.kept(met, judged)
            after, effects = _customer(met, event, moment)
            return _remind(after, moment), effects
        case (
            Edited()
            | Withdrawn()
            | Mentioned()
            | Left()
            | Returned()
            | Renumbered()
            | Echoed()
            | Undelivered()
        ):
            return told.take(conversation, event, moment)
        case TakenOver() | Replied() | HandedBack():
            return _staff(conversation, event)
        case Decided():
            return reviewing.decided(conversation, event, moment)
        case Asked():
            return reviewing.asked(conversation, event)
        case CodeRead():
            return proving.read_out(conversation, event, moment)
        case Warned():
            after, effects = warning.warned(conversation, event, moment)
            return after, _silenced(after, effects)
        case Attested():
            return reviewing.attested(conversation, event, moment)
        case Undone():
            return reviewing.undone(conversation, event, moment)
        case Settled():
            return reviewing.settled(conversation, event)
        case Vouched():
            return reviewing.vouched(conversation, event, moment)
        case (
            ClientFound()
            | ClientsFound()
            | Barred()
            | ClientMissing()
            | LookupFailed()
            | CodeUnsent()
            | Crowded()
            | Updated()
            | TimerFired()
        ):
            after, effects = outcomes.take(conversation, event, moment)
            return after, _silenced(after, effects)


def _met(conversation: Conversation, event: Heard, moment: Moment) -> Conversation:
    """Note who wrote and what: somebody who writes has not left, and is not lent for ever."""
    known, named = conversation.person, moment.person
    free = conversation.holder == PHONE and moment.now >= conversation.lent_until
    return replace(
        conversation,
        person=Person(user=named.user or known.user, phone=named.phone or known.phone),
        left=False,
        holder=BOT if free else conversation.holder,
        written=told.written(conversation, event),
    )


def _customer(
    conversation: Conversation,
    event: Heard,
    moment: Moment,
) -> Step:
    """A person who holds the chat is not talked over; who waits for one is told so."""
    if conversation.holder == BOT:
        return replies.take(conversation, event, moment)
    if conversation.holder == QUEUE:
        return commands.wait(conversation, event)
    return conversation, ()


def _staff(conversation: Conversation, event: TakenOver | Replied | HandedBack) -> Step:
    match event:
        case TakenOver(agent=agent) if agent != conversation.holder:
            held = replace(conversation, holder=agent, timer=told.urgent(conversation.timer))
            said, effects = say(held, line(held, "asesor_entra", agente=agent))
            return said, tuple(_in_the_name_of(effect, agent) for effect in effects)
        case Replied(agent=agent, text=text) if agent == conversation.holder and text.strip():
            return conversation, (Send(text=text.strip(), author=agent),)
        case HandedBack(agent=agent) if agent == conversation.holder:
            free = replace(conversation, holder=BOT)
            return say(free, line(free, "asesor_sale"))
        case _:
            return conversation, ()


def _in_the_name_of(effect: Effect, agent: str) -> Effect:
    return dataclasses.replace(effect, author=agent) if isinstance(effect, Say) else effect


def _silenced(conversation: Conversation, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """While a person holds the chat, the bot acts but says nothing."""
    if conversation.holder in (BOT, QUEUE):
        return effects
    return tuple(effect for effect in effects if not isinstance(effect, Say))


def _remind(conversation: Conversation, moment: Moment) -> Conversation:
    timer = conversation.timer
    if conversation.holder == BOT and conversation.state in _UNANSWERED:
        due = moment.now + _REMIND_AFTER
        timer = Timer(name=outcomes.REMIND, due=due, generation=conversation.turns)
    elif timer is not None and timer.name not in _KEPT:
        timer = None
    return replace(conversation, timer=timer)
