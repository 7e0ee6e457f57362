"""What the card shows as on file is what was written or read last, not what stood there before."""

from dataclasses import replace as altered

from handlers.console.service_card import show_known
from state.client import Client
from state.conversation import Chat, Conversation
from state.events import ClientFound, Event, Outcome, TimerFired, Updated
from state.fields.table import Field
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import Draft, Identity, PendingChange
from state.records import Request
from state.states import State
from tests.clients import make_client, on_file

_NOW = 1_795_500_000_000
_BEFORE = make_client(1001, name="Luis Peña", plan="Hogar 200", phone="3103334455")
_WRITTEN = altered(_BEFORE, on_file=on_file("79654321", "3203334455,3103334455"))
_UPDATING = Conversation(
    chat=Chat(channel="telegram", account="1", id="luis"),
    state=State.UPDATING,
    identity=Identity(client=_BEFORE),
    draft=Draft(answers={Field.DOCUMENT: "79654321", Field.PHONE: "+573203334455"}),
    change=PendingChange(reference="ABCD2345", attempts=1),
    turns=9,
)
_UPDATED = Updated(outcome=Outcome.UPDATED, message="Hecho.", client=_BEFORE)


def _happened(conversation: Conversation, event: Event, *, later: int = 0) -> Conversation:
    moment = Moment(now=_NOW + later, at=0, today="24/11/2026", reference="ZZZZ2345")
    return step(conversation, event, moment)[0]


def _on_file(conversation: Conversation) -> tuple[str, str]:
    shown = show_known(conversation)
    assert shown is not None
    facts = dict(shown["facts"])
    return facts["Documento en archivo"], facts["Celular en archivo"]


def _read_again(conversation: Conversation, client: Client) -> Conversation:
    """Let the check after a write come due, and read that."""
    check = conversation.verification
    assert check is not None
    fired = TimerFired(generation=check.generation)
    reading = _happened(conversation, fired, later=check.due - _NOW)
    assert reading.verification is not None
    return _happened(reading, ClientFound(client=client, lookup=reading.verification.lookup))


def test_written() -> None:
    """What was written stands on the card; the plan and the name are as they were."""
    done = _happened(_UPDATING, _UPDATED)

    assert _on_file(done) == ("•••••321", "320 ••• ••55, 310 ••• ••55")
    client = done.identity.client
    assert client is not None
    assert done.link is not None
    assert done.link.client == client
    assert (client.name, client.plan) == ("Luis Peña", "Hogar 200")


def test_written_where_it_had_moved() -> None:
    """A field that we did not write is shown as it was read before the write."""
    read = altered(_BEFORE, on_file=on_file("79123456", "3103334455"), plan="Hogar 300")
    done = _happened(
        altered(_UPDATING, draft=Draft(answers={Field.PHONE: "+573203334455"})),
        altered(_UPDATED, client=read),
    )

    assert _on_file(done) == ("•••••456", "320 ••• ••55, 310 ••• ••55")
    shown = show_known(done)
    assert shown is not None
    assert shown["plan"] == "Hogar 300"


def test_replaced() -> None:
    """A phone that took the others' place stands there alone."""
    done = _happened(
        altered(_UPDATING, draft=altered(_UPDATING.draft, replacing=(Field.PHONE,))), _UPDATED
    )

    assert _on_file(done) == ("•••••321", "320 ••• ••55")


def test_written_at_an_earlier_try() -> None:
    """A number that stood there already, since an earlier try wrote it, stands there once."""
    done = _happened(_UPDATING, altered(_UPDATED, client=_WRITTEN))

    assert _on_file(done) == ("•••••321", "320 ••• ••55, 310 ••• ••55")


def test_undone() -> None:
    """What was put back stands there again."""
    before = altered(_BEFORE, on_file=on_file("79123456", "3103334455"))
    done = _happened(
        altered(_UPDATING, identity=Identity(client=before)), altered(_UPDATED, client=before)
    )
    undo = Request(code="ZZZZ2345", at=_NOW, undoes=True, approved_by=("ana",))
    undoing = altered(done, state=State.UPDATING, change=PendingChange(request=undo))

    undone = _happened(undoing, altered(_UPDATED, client=_WRITTEN))

    assert _on_file(undone) == ("•••••456", "310 ••• ••55")


def test_read_again() -> None:
    """A later reading is what stands there, whether it is what we wrote or not."""
    done = _happened(_UPDATING, _UPDATED)

    fine = _read_again(done, altered(_WRITTEN, on_file=on_file("79654321", "3203334455")))
    lost = _read_again(done, _BEFORE)

    assert _on_file(fine) == ("•••••321", "320 ••• ••55")
    assert _on_file(lost) == ("ninguno", "310 ••• ••55")


def test_read_again_amid_another_change() -> None:
    """A reading does not take the ground from under an update that the customer has begun."""
    done = _happened(_UPDATING, _UPDATED)
    begun = altered(done, state=State.DOCUMENT)

    assert _read_again(begun, _BEFORE).identity == begun.identity


def test_not_written() -> None:
    """An update that failed leaves on the card what stood there."""
    failed = _happened(_UPDATING, Updated(outcome=Outcome.FAILED, message="No."))

    assert _on_file(failed) == ("ninguno", "310 ••• ••55")
