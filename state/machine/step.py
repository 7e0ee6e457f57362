"""One step of a conversation: the only way by which it changes."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Effect, Say
from state.events import (
    Attested,
    ChannelNotice,
    CustomerInput,
    Displaced,
    Event,
    NumberPassed,
    Said,
    SentMedia,
    Warned,
)
from state.machine import (
    alerts,
    approval,
    arrival,
    attention,
    channel_events,
    effect_results,
    leaving,
    loops,
    recycling,
    replies,
    staff_actions,
)
from state.machine.arrival import Arrival
from state.machine.filling import line
from state.machine.moment import Absence, Moment, Step
from state.parts import BOT, QUEUE, Speaker, SpeakerKind
from state.records import GOES_ON, Timer, TimerName
from state.staff_actions import Closed, MemberDisabled, StaffAction
from state.states import STATES

_REMIND_AFTER = 30 * 60_000  # ms


def step(conversation: Conversation, event: Event, moment: Moment) -> Step:
    """Take one event: the new conversation and what is to be done, in order."""
    flow = conversation.shown.flow or moment.reference[:6]
    before = replace(
        conversation, turns=conversation.turns + 1, shown=replace(conversation.shown, flow=flow)
    )
    after, effects = _dispatch(before, event, moment)
    if isinstance(event, Closed):  # whom nobody reminds
        after = replace(after, timer=channel_events.keep_urgent(after.timer))
    elif (after.state, after.speaker) != (before.state, before.speaker):
        after = enter(after, moment)
    queued = after.speaker == QUEUE != before.speaker and not isinstance(event, MemberDisabled)
    if queued and moment.absence is not None:
        after, effects = _add_opening_hours(after, effects, moment.absence)
    if after.shown.question != before.shown.question:
        after = replace(after, shown=replace(after.shown, asked_at=moment.now))
    return attention.note(before, event, after, moment), effects


def _dispatch(conversation: Conversation, event: Event, moment: Moment) -> Step:
    if isinstance(event, CustomerInput):
        return _take_customer_input(conversation, event, moment)
    if isinstance(event, ChannelNotice):
        return channel_events.take(conversation, event, moment)
    if isinstance(event, StaffAction):
        return staff_actions.take(conversation, event, moment)
    if isinstance(event, Warned):
        after, effects = alerts.take_warning(conversation, event, moment)
    elif isinstance(event, Attested):
        after, effects = approval.attest(conversation, event, moment)
    elif isinstance(event, NumberPassed):
        after, effects = recycling.give_up(conversation, event, moment)
    elif isinstance(event, Displaced):
        after, effects = leaving.give_way(conversation, event)
    else:
        after, effects = effect_results.take(conversation, event, moment)
    return after, _silence(after, effects)


def _take_customer_input(conversation: Conversation, event: CustomerInput, moment: Moment) -> Step:
    verdict = arrival.judge(conversation, event, moment)
    conversation, event = _read_caption(conversation, event, moment)
    counted = arrival.count_message(conversation, verdict, moment)
    pause = moment.now - conversation.account.pace.minute
    conversation, telling = _note_sender(counted, event, moment)
    if verdict is not Arrival.TAKEN:
        after, effects = arrival.ignore(conversation, verdict)
        return after, (*effects, *telling)
    after, effects = _answer_customer(conversation, event, moment)
    if not conversation.speaker.is_person:
        after, effects = loops.limit(conversation, (after, effects), event, pause)
    return enter(after, moment), (*effects, *telling)


def _read_caption(
    conversation: Conversation, event: CustomerInput, moment: Moment
) -> tuple[Conversation, CustomerInput]:
    """Take a caption that tells something as typed; the album's other pictures need no answer."""
    told = arrival.read_caption(conversation, event)
    if not isinstance(event, SentMedia) or not isinstance(told, Said):
        return conversation, event
    hinted = replace(conversation.account, hinted=(event.medium.value, moment.now))
    return replace(conversation, account=hinted), told


def _add_opening_hours(
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


def _note_sender(conversation: Conversation, event: CustomerInput, moment: Moment) -> Step:
    """Note who wrote and what: somebody who writes has not left, and is not lent for ever."""
    seen = channel_events.remember_text(conversation, event)
    noted, telling = recycling.note_names(seen, moment)
    account, speaker = replace(noted.account, left=False), _speaker_at(noted.speaker, moment.now)
    return replace(noted, account=account, speaker=speaker), telling


def _speaker_at(speaker: Speaker, now: int) -> Speaker:
    """Give a chat that was lent to the business phone back to the bot when its time is over."""
    lent = speaker.kind is SpeakerKind.BUSINESS_PHONE
    return BOT if lent and now >= speaker.until else speaker


def _answer_customer(
    conversation: Conversation,
    event: CustomerInput,
    moment: Moment,
) -> Step:
    """A person who holds the chat is not talked over; who waits for one is told so."""
    if conversation.speaker == BOT:
        return replies.take(conversation, event, moment)
    if conversation.speaker == QUEUE:
        return replies.wait(conversation, event, moment)
    return conversation, ()


def _silence(conversation: Conversation, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
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
