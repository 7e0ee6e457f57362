"""What effects and timers report, and what follows from it."""

from state.client import Client
from state.conversation import Conversation, State, Timer, replace
from state.effects import UpdateClient
from state.events import (
    ClientFound,
    ClientMissing,
    LookupFailed,
    Outcome,
    TimerFired,
    Updated,
)
from state.machine.asking import Moment, Step, ask, changes, forget, line, say
from state.machine.commands import hand_over

REMIND = "remind"
EXPIRE = "expire"
RETRY = "retry"

_EXPIRE_AFTER = 24 * 3600_000  # ms
_MISSES = 3
_RETRIES = (60_000, 5 * 60_000, 30 * 60_000, 2 * 3600_000, 3 * 3600_000)  # ms: 5 tries over 6 hours


def take(
    conversation: Conversation,
    event: ClientFound | ClientMissing | LookupFailed | Updated | TimerFired,
    moment: Moment,
) -> Step:
    """Take an outcome; one that nobody waits for any more changes nothing."""
    match event:
        case ClientFound() | ClientMissing() | LookupFailed():
            awaited = conversation.state is State.FINDING and event.lookup == conversation.lookup
            return _looked_up(conversation, event) if awaited else (conversation, ())
        case Updated():
            awaited = conversation.state is State.UPDATING
            return _updated(conversation, event, moment) if awaited else (conversation, ())
        case TimerFired(generation=generation):
            timer = conversation.timer
            if timer is None or timer.generation != generation:
                return conversation, ()
            return _due(replace(conversation, timer=None), timer.name, moment)


def _looked_up(
    conversation: Conversation, event: ClientFound | ClientMissing | LookupFailed
) -> Step:
    match event:
        case ClientFound(client=client):
            return _found(conversation, client)
        case ClientMissing() if conversation.invitation:
            asking = replace(conversation, state=State.SERVICE, invitation="")
            return say(asking, line(asking, "id_link_mal"))
        case ClientMissing():
            return _missed(
                replace(conversation, state=State.SERVICE, misses=conversation.misses + 1)
            )
        case LookupFailed():
            asking = replace(conversation, state=State.SERVICE)
            return say(asking, line(asking, "err_consulta"))


def _found(conversation: Conversation, client: Client) -> Step:
    invited, known = bool(conversation.invitation), conversation.client is not None
    proven = invited or (known and conversation.proven)
    found = replace(conversation, client=client, proven=proven, invitation="", misses=0)
    return ask(replace(found, state=State.CONFIRM_SERVICE if invited else State.DOCUMENT))


def _missed(conversation: Conversation) -> Step:
    if conversation.misses >= _MISSES:
        return hand_over(replace(conversation, misses=0), "id_fin")
    return say(conversation, line(conversation, "id_no"))


def _updated(conversation: Conversation, event: Updated, moment: Moment) -> Step:
    """Tell the outcome; where a channel can, it takes the place of "one moment"."""
    told = {"mensaje_operacion": event.message}
    ends = conversation.question if conversation.asked == "guardando" else 0
    match event.outcome:
        case Outcome.UPDATED:
            done = replace(conversation, state=State.DONE, attempts=0)
            return say(done, line(conversation, "ok", **told), ends=ends)
        case Outcome.INVALID:
            asking = replace(conversation, state=State.SUMMARY)
            return say(asking, line(asking, "err_400", **told), ends=ends)
        case Outcome.ON_FILE:
            return hand_over(replace(conversation, state=State.SUMMARY), "en_aprobacion")
        case Outcome.MISSING:
            asking = replace(conversation, state=State.SUMMARY)
            return say(asking, line(asking, "err_404", **told), ends=ends)
        case Outcome.FAILED:
            return _failed(conversation, told, moment, ends=ends)


def _failed(conversation: Conversation, told: dict[str, str], moment: Moment, *, ends: int) -> Step:
    """Try again by ourselves for six hours, telling the customer once; then a person does it."""
    if conversation.attempts > len(_RETRIES):
        stuck = replace(conversation, state=State.SUMMARY, attempts=0)
        return hand_over(stuck, "err_agotado", **told)
    due = moment.now + _RETRIES[conversation.attempts - 1]
    timer = Timer(name=RETRY, due=due, generation=conversation.turns)
    waiting = replace(conversation, state=State.RETRYING, timer=timer)
    if conversation.attempts > 1:
        return waiting, ()
    return say(waiting, line(waiting, "err_500", **told), ends=ends)


def update(conversation: Conversation) -> tuple[Conversation, UpdateClient]:
    """Start an attempt to write what the answers change."""
    client = conversation.client or Client(service_id=0)
    effect = UpdateClient(service_id=client.service_id, changes=changes(conversation))
    trying = replace(conversation, state=State.UPDATING, attempts=conversation.attempts + 1)
    return trying, effect


def _due(conversation: Conversation, name: str, moment: Moment) -> Step:
    match name:
        case "retry":
            trying, effect = update(conversation)
            return trying, (effect,)
        case "remind":
            due = moment.now + _EXPIRE_AFTER
            timer = Timer(name=EXPIRE, due=due, generation=conversation.turns)
            waiting = replace(conversation, timer=timer)
            return say(waiting, line(waiting, "recordatorio"))
        case _:
            empty = forget(conversation)
            return say(empty, line(empty, "expiro"))
