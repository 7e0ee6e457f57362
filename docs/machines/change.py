"""The change: from its request to what is known of it long after it was written."""

from collections.abc import Hashable, Iterator
from dataclasses import replace

from docs.machines.walk import Arrow, fire, identified, press, take, walk
from state.client import Client, OnFile
from state.conversation import Conversation
from state.events import (
    Attested,
    ClientFound,
    ClientMissing,
    Event,
    LookupFailed,
    Outcome,
    Said,
    TimerFired,
    Updated,
)
from state.fields.table import Field
from state.machine import two_people
from state.objections import Objection
from state.records import TimerName, Verification
from state.staff_actions import (
    Decided,
    HandedBack,
    Settled,
    TakenOver,
    Undone,
    Vouched,
)
from state.states import State

_PHONE = {Field.PHONE: OnFile(("+573159741951",))}
_EMPTY = Client(service_id=1001, on_file=_PHONE)
_ON_FILE = replace(_EMPTY, on_file={**_PHONE, Field.DOCUMENT: OnFile(("52123456",))})
_MOVED = replace(_EMPTY, on_file={**_PHONE, Field.DOCUMENT: OnFile(("79888777",))})

_OUTCOMES = {
    Outcome.UPDATED: "WispHub wrote it",
    Outcome.INVALID: "WispHub refused the values",
    Outcome.MISSING: "WispHub has no such service",
    Outcome.TAKEN: "the document is another holder's",
    Outcome.MOVED: "a field changed meanwhile",
    Outcome.STAYED: "the store has people decide",
    Outcome.FAILED: "WispHub failed",
}


def change_state(conversation: Conversation) -> str:
    """Name the state of the change that is decided or written; without one, of the last one."""
    if conversation.state in (State.UPDATING, State.RETRYING):
        return "writing" if conversation.state is State.UPDATING else "retrying"
    if conversation.change.request is not None:
        return _request_state(conversation)
    return conversation.last_change.standing.value if conversation.last_change else "none"


def _request_state(conversation: Conversation) -> str:
    request, timer = conversation.change.request, conversation.timer
    assert request is not None
    if request.contested:
        return "stopped"
    if two_people.is_agreed(conversation) and timer is not None and timer.name is TimerName.HELD:
        return "held"
    if request.approved_by:
        return "approved_once"
    return "undo_requested" if request.undoes else "requested"


def arrows() -> list[Arrow]:
    """Walk from three confirmed summaries: the policy writes, lets one decide, or holds back."""
    found = walk(_seeds(), _moves, change_state, _key)
    return [arrow for arrow in found if arrow[0] != arrow[1]]


def _seeds() -> Iterator[Conversation]:
    document = Said(text="1098765432")
    for client in (_EMPTY, _ON_FILE):
        yield press(take(identified(client), document), "keep")
    replacing = press(press(identified(_ON_FILE), "keep"), "replace")
    yield press(take(replacing, Said(text="3112223344")), "no_number")


def _key(conversation: Conversation) -> Hashable:
    """Leave out when it was, and who did it."""
    request, saved = conversation.change.request, conversation.last_change
    check, timer = conversation.verification, conversation.timer
    waits = request and (
        request.four_eyes, len(request.approved_by), len(two_people.list_people(conversation)),
        request.contested, request.undoes,
        request.moved, request.held_until > 0,
    )  # fmt: skip
    return (
        conversation.state, waits, conversation.change.attempts, saved and saved.standing,
        check and (check.read, check.blank), timer and timer.name, conversation.speaker.kind,
    )  # fmt: skip


def _moves(before: Conversation) -> Iterator[tuple[str, Conversation]]:
    yield from _customer(before)
    for label, event in _others(before):
        yield label, take(before, event)
    yield "staff vouch for the customer", _vouched(before)
    if before.state is State.UPDATING:
        yield from _outcomes(before)
    if before.timer is not None and before.timer.name in (TimerName.RETRY, TimerName.HELD):
        yield "time", fire(before)
    if before.verification is not None:
        yield from _readings(before, before.verification)


def _vouched(before: Conversation) -> Conversation:
    """Let a member take the chat, vouch for the customer, and hand the chat back."""
    held = take(before, TakenOver(agent="ana"))
    return take(take(held, Vouched(agent="ana", reason="x")), HandedBack(agent="ana"))


def _outcomes(before: Conversation) -> Iterator[tuple[str, Conversation]]:
    """Let the attempt end; what people approved is not brought before them again."""
    for outcome, label in _OUTCOMES.items():
        if before.change.request is None or outcome not in (Outcome.TAKEN, Outcome.STAYED):
            event = Updated(outcome=outcome, message="", client=_MOVED, stay=Objection.LOCKED)
            yield label, take(before, event)


def _customer(before: Conversation) -> Iterator[tuple[str, Conversation]]:
    if change_state(before) == "none" and before.shown.asked == "resumen":
        yield "“Sí, guardar”", press(before, "save")
    yield "“no fui yo”", take(before, Said(text="no fui yo"))
    for text, choice, label in (
        ("cancelar", "withdraw", "“Sí, retirarla”"),
        ("borrar mis datos", "erase_yes", "erased"),
        ("revocar", "revoke_yes", "revoked"),
    ):
        yield label, press(take(before, Said(text=text)), choice)


def _others(before: Conversation) -> Iterator[tuple[str, Event]]:
    """Give what staff do, and whoever was warned of the change."""
    request, saved = before.change.request, before.last_change
    code = request.code if request is not None else before.change.reference
    for agent in ("ana", "luis"):
        yield "staff approve", Decided(agent=agent, code=code, approved=True)
    yield "staff refuse", Decided(agent="ana", code=code, approved=False)
    yield "the holder says yes", Attested(code=code, own=True)
    yield "the holder says no", Attested(code=code, own=False)
    if saved is not None:
        yield "staff want it undone", Undone(agent="ana", code=saved.code, reason="x")
        yield "staff saw to it", Settled(agent="ana", code=saved.code)


def _readings(before: Conversation, check: Verification) -> Iterator[tuple[str, Conversation]]:
    """Let it be read again: it stands there, it does not, there is no service, or no answer."""
    due = TimerFired(generation=check.generation)
    reading = take(before, due, check.due)
    assert reading.verification is not None
    lookup = reading.verification.lookup
    stands = {field: OnFile((value,)) for field, value in check.written.items()}
    kept, lost = replace(_EMPTY, on_file=stands), replace(_EMPTY, on_file={})
    for label, event in (
        ("a reading finds it", ClientFound(client=kept, lookup=lookup)),
        ("a reading does not find it", ClientFound(client=lost, lookup=lookup)),
        ("three readings find no service", ClientMissing(lookup=lookup)),
        ("a reading fails", LookupFailed(lookup=lookup)),
    ):
        yield label, take(reading, event, check.due)
