"""What effects and timers report, and what follows from it."""

from state.conversation import Conversation, replace
from state.events import (
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Crowded,
    LookupFailed,
    Outcome,
    Reported,
    TimerFired,
    Updated,
)
from state.machine import checking, identifying, leaving, proving, reviewing, saving, warning
from state.machine.asking import ask, say
from state.machine.commands import hand_over
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import FIRST
from state.proof import Proof
from state.records import Timer, TimerName
from state.states import State

_EXPIRE_AFTER = 23 * 3600_000  # ms after the reminder: within WhatsApp's window of a day
_RETRIES = (60_000, 5 * 60_000, 30 * 60_000, 2 * 3600_000, 3 * 3600_000)  # ms: 5 tries over 6 hours


def take(conversation: Conversation, event: Reported, moment: Moment) -> Step:
    """Take an outcome; one that nobody waits for any more changes nothing."""
    match event:
        case ClientFound() | ClientMissing() | LookupFailed() if _checks(conversation, event):
            return checking.read(conversation, event, moment)
        case ClientFound() | ClientMissing() | LookupFailed() | ClientsFound() | Barred():
            awaited = (
                conversation.state is State.FINDING and event.lookup == conversation.lookup.number
            )
            return _looked_up(conversation, event, moment) if awaited else (conversation, ())
        case Crowded():
            return _crowded(conversation)
        case CodeUnsent():
            return proving.unsent(conversation, event)
        case Updated():
            awaited = conversation.state is State.UPDATING
            return _updated(conversation, event, moment) if awaited else (conversation, ())
        case TimerFired(generation=generation):
            return _fired(conversation, generation, moment)


def _checks(conversation: Conversation, event: ClientFound | ClientMissing | LookupFailed) -> bool:
    check = conversation.verification
    return check is not None and check.lookup != 0 and event.lookup == check.lookup


def _fired(conversation: Conversation, generation: int, moment: Moment) -> Step:
    """Let a timer's time come; the check of an update has one of its own."""
    timer, check = conversation.timer, conversation.verification
    if check is not None and check.generation == generation and check.due <= moment.now:
        return checking.due(conversation, check)
    if timer is None or timer.generation != generation:
        return conversation, ()
    return _due(replace(conversation, timer=None), timer.name, moment)


def _looked_up(
    conversation: Conversation,
    event: ClientFound | ClientMissing | LookupFailed | ClientsFound | Barred,
    moment: Moment,
) -> Step:
    match event:
        case ClientFound():
            return _found(conversation, event)
        case ClientsFound() if not conversation.lookup.clue:
            return conversation, ()  # a search that this chat did not ask for
        case ClientsFound():
            return identifying.found(conversation, event, moment)
        case Barred():
            return identifying.barred(conversation)
        case ClientMissing() if conversation.lookup.invitation:
            asking = replace(
                conversation, state=State.METHOD, lookup=replace(conversation.lookup, invitation="")
            )
            return say(asking, line(asking, "id_link_mal"))
        case ClientMissing():
            return identifying.failed(conversation)
        case LookupFailed():
            asking = replace(conversation, state=State.METHOD)
            return say(asking, line(asking, "err_consulta"))


def _found(conversation: Conversation, event: ClientFound) -> Step:
    """Take the service of an invitation, or the linked one as it stands now."""
    invited = bool(conversation.lookup.invitation)
    given = (Proof.INVITATION, Proof.STAFF) if event.in_person else (Proof.INVITATION,)
    proofs = given if invited else conversation.identity.proofs
    known = leaving.with_proofs(leaving.with_client(conversation, event.client), proofs)
    found = replace(
        known,
        lookup=replace(conversation.lookup, invitation=""),
        draft=replace(conversation.draft, misses=0),
    )
    return ask(replace(found, state=State.CONFIRM_SERVICE if invited else FIRST))


def _updated(conversation: Conversation, event: Updated, moment: Moment) -> Step:
    """Tell the outcome; where a channel can, it takes the place of "one moment"."""
    told = {"mensaje_operacion": event.message}
    ends = conversation.shown.question if conversation.shown.asked == "guardando" else 0
    match event.outcome:
        case Outcome.UPDATED if saving.undoes(conversation):
            undone = saving.undone(conversation, moment)
            return say(undone, line(undone, "deshecho", **told))
        case Outcome.UPDATED:
            done = saving.updated(conversation, event.client, moment)
            then = () if conversation.change.request else (warning.warn(conversation),)
            return say(done, line(conversation, "ok", **told), then=then, ends=ends)
        case Outcome.INVALID if saving.undoes(conversation):
            return _given_up(conversation, moment, told)
        case Outcome.INVALID:
            asking = _asked_anew(conversation)
            return say(asking, line(asking, "err_400", **told), ends=ends)
        case Outcome.TAKEN:
            judged = saving.judged_by(conversation, moment, taken=True)
            return saving.review(conversation, judged, moment)
        case Outcome.STAYED:
            judged = saving.judged_by(conversation, moment)
            return saving.review(conversation, judged, moment, event.stay)
        case Outcome.MOVED:
            assert event.client is not None
            return saving.moved(conversation, event.client, moment)
        case Outcome.MISSING if conversation.change.attempts > 1 or saving.undoes(conversation):
            return _given_up(conversation, moment, told)  # an earlier try may have written
        case Outcome.MISSING:
            asking = _asked_anew(conversation)
            return say(asking, line(asking, "err_404", **told), ends=ends)
        case Outcome.FAILED:
            return _failed(conversation, told, moment, ends=ends)


def _asked_anew(conversation: Conversation) -> Conversation:
    """Let other values be given; what people approved was these, and nothing else."""
    return replace(
        conversation,
        state=State.SUMMARY,
        change=replace(conversation.change, request=None, attempts=0),
    )


def _failed(conversation: Conversation, told: dict[str, str], moment: Moment, *, ends: int) -> Step:
    """Try again by ourselves for six hours, telling the customer once; then a person does it."""
    if conversation.change.attempts > len(_RETRIES):
        return _given_up(conversation, moment, told)
    due = moment.now + _RETRIES[conversation.change.attempts - 1]
    timer = Timer(name=TimerName.RETRY, due=due, generation=conversation.turns)
    waiting = replace(conversation, state=State.RETRYING, timer=timer)
    if conversation.change.attempts > 1 or saving.undoes(conversation):
        return waiting, ()
    return say(waiting, line(waiting, "err_500", **told), ends=ends)


def _given_up(conversation: Conversation, moment: Moment, told: dict[str, str]) -> Step:
    """Leave it to a person; the customer is told of what the customer asked for only."""
    unknown = saving.given_up(conversation, moment)
    if saving.undoes(conversation):
        return unknown, ()
    return hand_over(unknown, "err_agotado", **told)


def _crowded(conversation: Conversation) -> Step:
    """Unlink what had been linked too often; a person takes over."""
    if conversation.state is not State.DONE or conversation.link is None:
        return conversation, ()
    return hand_over(replace(conversation, link=None), "vinculo_lleno")


def _due(conversation: Conversation, name: TimerName, moment: Moment) -> Step:
    request = conversation.change.request
    match name:
        case TimerName.RETRY if request and request.contested:
            return leaving.drop_draft(saving.given_up(conversation, moment)), ()
        case TimerName.RETRY:
            trying, effect = saving.update(conversation, moment)
            return trying, (effect,)
        case TimerName.ANSWER:
            return identifying.answered(conversation, moment)
        case TimerName.HELD:
            return reviewing.due(conversation, moment)
        case TimerName.ERASE:
            return conversation, ()
        case TimerName.REMIND:
            due = moment.now + _EXPIRE_AFTER
            timer = Timer(name=TimerName.EXPIRE, due=due, generation=conversation.turns)
            waiting = replace(conversation, timer=timer)
            return say(waiting, line(waiting, "recordatorio"))
        case TimerName.EXPIRE:
            empty = leaving.drop_draft(conversation)
            return say(empty, line(empty, "expiro"))
