"""What effects and timers report, and what follows from it."""

from state.conversation import Conversation, replace
from state.events import (
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Crowded,
    EffectResult,
    LookupFailed,
    Outcome,
    TimerFired,
    Updated,
)
from state.inquiry import Inquired
from state.machine import (
    alerts,
    approval,
    identification,
    inquiries,
    leaving,
    one_time_codes,
    onward,
    redeeming,
    updating,
    verification,
)
from state.machine.asking import say
from state.machine.commands import hand_over
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import FIRST
from state.records import Timer, TimerName
from state.states import State

_EXPIRE_AFTER = 23 * 3600_000  # ms after the reminder: within WhatsApp's window of a day
_RETRIES = (60_000, 5 * 60_000, 30 * 60_000, 2 * 3600_000, 3 * 3600_000)  # ms: 5 tries over 6 hours


def take(conversation: Conversation, event: EffectResult, moment: Moment) -> Step:
    """Take an outcome; one that nobody waits for any more changes nothing."""
    match event:
        case ClientFound() | ClientMissing() | LookupFailed() if _is_verification(
            conversation, event
        ):
            return verification.take_reading(conversation, event, moment)
        case ClientFound() | ClientMissing() | LookupFailed() | ClientsFound() | Barred():
            awaited = (
                conversation.state is State.FINDING and event.lookup == conversation.lookup.number
            )
            return _take_lookup(conversation, event, moment) if awaited else (conversation, ())
        case Crowded():
            return _refuse_link(conversation)
        case CodeUnsent():
            return one_time_codes.go_on_without(conversation, event, moment)
        case Inquired():
            return inquiries.take(conversation, event, moment)
        case Updated():
            awaited = conversation.state is State.UPDATING
            return _take_update(conversation, event, moment) if awaited else (conversation, ())
        case TimerFired(generation=generation):
            return _fire_timer(conversation, generation, moment)


def _is_verification(
    conversation: Conversation, event: ClientFound | ClientMissing | LookupFailed
) -> bool:
    check = conversation.verification
    return check is not None and check.lookup != 0 and event.lookup == check.lookup


def _fire_timer(conversation: Conversation, generation: int, moment: Moment) -> Step:
    """Let a timer's time come; the check of an update has one of its own."""
    timer, check = conversation.timer, conversation.verification
    if check is not None and check.generation == generation and check.due <= moment.now:
        return verification.read_again(conversation, check)
    if timer is None or timer.generation != generation:
        return conversation, ()
    return _run_timer(replace(conversation, timer=None), timer.name, moment)


def _take_lookup(
    conversation: Conversation,
    event: ClientFound | ClientMissing | LookupFailed | ClientsFound | Barred,
    moment: Moment,
) -> Step:
    match event:
        case ClientFound() | ClientMissing() if conversation.lookup.invitation:
            return redeeming.take_outcome(conversation, event, moment)
        case ClientFound():
            return _take_client(conversation, event, moment)
        case ClientsFound() if not conversation.lookup.clue:
            return conversation, ()  # a search that this chat did not ask for
        case ClientsFound():
            return identification.take_results(conversation, event, moment)
        case Barred():
            return identification.block(conversation)
        case ClientMissing():
            return identification.fail(conversation)
        case LookupFailed():
            return identification.offer_retry(conversation)


def _take_client(conversation: Conversation, event: ClientFound, moment: Moment) -> Step:
    """Take the linked service as it stands now."""
    known = leaving.with_client(conversation, event.client)
    fresh = replace(known, draft=replace(known.draft, misses=0))
    return onward.go_on(fresh, FIRST, moment)


def _take_update(conversation: Conversation, event: Updated, moment: Moment) -> Step:
    """Tell the outcome; where a channel can, it takes the place of "one moment"."""
    values = {"mensaje_operacion": event.message}
    ends = conversation.shown.question if conversation.shown.asked == "guardando" else 0
    match event.outcome:
        case Outcome.UPDATED if updating.undoes(conversation):
            conversation = updating.note_undo(conversation, moment)
            return say(conversation, line(conversation, "deshecho", **values))
        case Outcome.UPDATED:
            done = updating.note_update(conversation, event.client, moment)
            then = () if conversation.change.request else (alerts.build_warning(conversation),)
            return say(done, line(conversation, "ok", **values), then=then, ends=ends)
        case Outcome.INVALID if updating.undoes(conversation):
            return _give_up(conversation, moment, values)
        case Outcome.INVALID:
            conversation = _asked_anew(conversation)
            return say(conversation, line(conversation, "err_400", **values), ends=ends)
        case Outcome.TAKEN if conversation.change.request is not None:
            return updating.tell_people_of_another_holder(conversation), ()
        case Outcome.TAKEN:
            judgement = updating.judge_change(conversation, moment, taken=True)
            return updating.review(conversation, judgement, moment)
        case Outcome.STAYED:
            judgement = updating.judge_change(conversation, moment)
            return updating.review(conversation, judgement, moment, event.stay)
        case Outcome.MOVED:
            assert event.client is not None
            return updating.judge_again(conversation, event.client, moment)
        case Outcome.MISSING if conversation.change.attempts > 1 or updating.undoes(conversation):
            return _give_up(conversation, moment, values)  # an earlier try may have written
        case Outcome.MISSING:
            conversation = _asked_anew(conversation)
            return say(conversation, line(conversation, "err_404", **values), ends=ends)
        case Outcome.FAILED:
            return _retry_later(conversation, values, moment, ends=ends)


def _asked_anew(conversation: Conversation) -> Conversation:
    """Let other values be given; what people approved was these, and nothing else."""
    return replace(
        conversation,
        state=State.SUMMARY,
        change=replace(conversation.change, request=None, attempts=0),
    )


def _retry_later(
    conversation: Conversation, values: dict[str, str], moment: Moment, *, ends: int
) -> Step:
    """Try again by ourselves for six hours, telling the customer once; then a person does it."""
    if conversation.change.attempts > len(_RETRIES):
        return _give_up(conversation, moment, values)
    due = moment.now + _RETRIES[conversation.change.attempts - 1]
    timer = Timer(name=TimerName.RETRY, due=due, generation=conversation.turns)
    waiting = replace(conversation, state=State.RETRYING, timer=timer)
    if conversation.change.attempts > 1 or updating.undoes(conversation):
        return waiting, ()
    return say(waiting, line(waiting, "err_500", **values), ends=ends)


def _give_up(conversation: Conversation, moment: Moment, values: dict[str, str]) -> Step:
    """Leave it to a person; the customer is told of what the customer asked for only."""
    unknown = updating.give_up(conversation, moment)
    if updating.undoes(conversation):
        return unknown, ()
    return hand_over(unknown, "err_agotado", **values)


def _refuse_link(conversation: Conversation) -> Step:
    """Unlink what had been linked too often; a person takes over, and the summary waits."""
    if conversation.state is not State.DONE or conversation.link is None:
        return conversation, ()
    return hand_over(replace(conversation, link=None, state=State.SUMMARY), "vinculo_lleno")


def _run_timer(conversation: Conversation, name: TimerName, moment: Moment) -> Step:
    request = conversation.change.request
    match name:
        case TimerName.RETRY if request and request.contested:
            return leaving.drop_draft(updating.give_up(conversation, moment)), ()
        case TimerName.RETRY:
            conversation, effect = updating.update(conversation, moment)
            return conversation, (effect,)
        case TimerName.ANSWER if conversation.lookup.invitation:
            return redeeming.tell_outcome(conversation)
        case TimerName.ANSWER:
            return identification.tell_result(conversation, moment)
        case TimerName.HELD:
            return approval.write_when_due(conversation, moment)
        case TimerName.ERASE:
            return conversation, ()
        case TimerName.REMIND if conversation.state in inquiries.QUESTIONS:
            return inquiries.pass_on(conversation)  # whoever has no internet may not read on
        case TimerName.REMIND:
            due = moment.now + _EXPIRE_AFTER
            timer = Timer(name=TimerName.EXPIRE, due=due, generation=conversation.turns)
            conversation = replace(conversation, timer=timer)
            return say(conversation, line(conversation, "recordatorio"))
        case TimerName.EXPIRE:
            conversation = leaving.drop_draft(conversation)
            return say(conversation, line(conversation, "expiro"))
