"""One step of a conversation: the only way by which it changes."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Effect, Say
from state.events import (
    Attested,
    ByStaff,
    Event,
    Heard,
    Told,
    Warned,
)
from state.machine import (
    arrival,
    commands,
    outcomes,
    replies,
    reviewing,
    staffing,
    told,
    warning,
)
from state.machine.arrival import Arrival
from state.machine.filling import line
from state.machine.moment import Absence, Moment, Step
from state.parts import BOT, QUEUE, Person, Speaker, SpeakerKind
from state.records import GOES_ON, Timer, TimerName
from state.states import STATES

_REMIND_AFTER = 30 * 60_000  # ms


def step(conversation: Conversation, event: Event, moment: Moment) -> Step:
    """Take one event: the new conversation and what is to be done, in order."""
    flow = conversation.shown.flow or moment.code[:6]
    before = replace(
        conversation, turns=conversation.turns + 1, shown=replace(conversation.shown, flow=flow)
    )
    after, effects = _taken(before, event, moment)
    if (after.state, after.speaker) != (before.state, before.speaker):
        after = enter(after, moment)
    if after.speaker == QUEUE != before.speaker and moment.absence is not None:
        after, effects = _queued_for_later(after, effects, moment.absence)
    if after.shown.question != before.shown.question:
        after = replace(after, shown=replace(after.shown, asked_at=moment.now))
    return after, effects


def _taken(conversation: Conversation, event: Event, moment: Moment) -> Step:
    if isinstance(event, Heard):
        return _heard(conversation, event, moment)
    if isinstance(event, Told):
        return told.take(conversation, event, moment)
    if isinstance(event, ByStaff):
        return staffing.take(conversation, event, moment)
    if isinstance(event, Warned):
        after, effects = warning.warned(conversation, event, moment)
    elif isinstance(event, Attested):
        after, effects = reviewing.attested(conversation, event, moment)
    else:
        after, effects = outcomes.take(conversation, event, moment)
    return after, _silenced(after, effects)


def _heard(conversation: Conversation, event: Heard, moment: Moment) -> Step:
    judged = arrival.judge(conversation, event, moment)
    met = _met(arrival.counted(conversation, moment), event, moment)
    if judged is not Arrival.TAKEN:
        return arrival.kept(met, judged)
    after, effects = _customer(met, event, moment)
    return enter(after, moment), effects


def _queued_for_later(
    conversation: Conversation, effects: tuple[Effect, ...], absence: Absence
) -> Step:
    """Tell who waits for a person when people are back."""
    later = line(conversation, "asesor_fuera", horario=absence.hours, cuando=absence.back)
    told_so = tuple(
        dataclasses.replace(effect, lines=(*effect.lines, later), choices=())
        if isinstance(effect, Say)
        else effect
        for effect in effects
    )
    return replace(conversation, shown=replace(conversation.shown, asked=later.text)), told_so


def _met(conversation: Conversation, event: Heard, moment: Moment) -> Conversation:
    """Note who wrote and what: somebody who writes has not left, and is not lent for ever."""
    known, named = conversation.account.person, moment.person
    seen = told.noted(conversation, event)
    return replace(
        seen,
        account=replace(
            seen.account,
            person=Person(user=named.user or known.user, phone=named.phone or known.phone),
            left=False,
        ),
        speaker=_speaker_at(conversation.speaker, moment.now),
    )


def _speaker_at(speaker: Speaker, now: int) -> Speaker:
    """Give a chat that was lent to the business phone back to the bot when its time is over."""
    lent = speaker.kind is SpeakerKind.BUSINESS_PHONE
    return BOT if lent and now >= speaker.until else speaker


def _customer(
    conversation: Conversation,
    event: Heard,
    moment: Moment,
) -> Step:
    """A person who holds the chat is not talked over; who waits for one is told so."""
    if conversation.speaker == BOT:
        return replies.take(conversation, event, moment)
    if conversation.speaker == QUEUE:
        return commands.wait(conversation, event)
    return conversation, ()


def _silenced(conversation: Conversation, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """While a person holds the chat, the bot acts but says nothing."""
    if not conversation.speaker.is_person:
        return effects
    return tuple(effect for effect in effects if not isinstance(effect, Say))


def enter(conversation: Conversation, moment: Moment) -> Conversation:
    """Begin to wait where the dialog stands now, whatever led there.

    Who owes an answer is reminded of it, counted from the last message; any other state, and a
    person, ends the waiting.
    """
    timer = conversation.timer
    if conversation.speaker == BOT and STATES[conversation.state].owes_answer:
        due = moment.now + _REMIND_AFTER
        timer = Timer(name=TimerName.REMIND, due=due, generation=conversation.turns)
    elif timer is not None and timer.name not in GOES_ON:
        timer = None
    return replace(conversation, timer=timer)
