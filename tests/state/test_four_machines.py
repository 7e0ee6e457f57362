"""Where the dialog, the change and the account touch, none takes from another what it needs."""

from docs.machines.change import change_state
from docs.machines.walk import MOMENT, identified, press, take
from state.client import Client, OnFile
from state.conversation import Conversation
from state.events import (
    Attested,
    ClientFound,
    Left,
    Outcome,
    Renumbered,
    Said,
    TimerFired,
    Updated,
)
from state.fields.table import Field
from state.records import Standing, TimerName
from state.staff_actions import (
    Decided,
    Settled,
    TakenOver,
    Undone,
)
from state.states import State

_OLD = Client(service_id=1001, on_file={
    Field.PHONE: OnFile(("+573159741951",)), Field.DOCUMENT: OnFile(("52123456",)),
})  # fmt: skip
_NEW = Client(service_id=1001, on_file={**_OLD.on_file, Field.DOCUMENT: OnFile(("1098765432",))})


def _requested() -> Conversation:
    """Give a change that two people decide."""
    looking = press(identified(_OLD), "update")
    found = take(looking, ClientFound(client=_OLD, lookup=looking.lookup.number))
    given = take(found, Said(text="1098765432"))
    return press(press(given, "keep"), "save")


def _approved(conversation: Conversation) -> Conversation:
    assert conversation.change.request is not None
    code = conversation.change.request.code
    once = take(conversation, Decided(agent="ana", code=code, approved=True))
    return take(once, Decided(agent="luis", code=code, approved=True))


def _ended(conversation: Conversation, outcome: Outcome) -> Conversation:
    return take(conversation, Updated(outcome=outcome, message="", client=_OLD))


def _read(conversation: Conversation, client: Client) -> Conversation:
    check = conversation.verification
    assert check is not None
    reading = take(conversation, TimerFired(generation=check.generation), check.due)
    assert reading.verification is not None
    return take(reading, ClientFound(client=client, lookup=reading.verification.lookup), check.due)


def _undone() -> Conversation:
    written = _ended(_approved(_requested()), Outcome.UPDATED)
    asked = take(written, Undone(agent="ana", code=MOMENT.reference, reason="x"))
    return _ended(_approved(asked), Outcome.UPDATED)


def test_undone_change_stays_undone() -> None:
    """Readings that find what was put back do not make the undone change one that stands."""
    saved = _read(_read(_undone(), _OLD), _OLD).last_change

    assert saved is not None
    assert saved.standing is Standing.UNDONE
    assert not saved.undoable


def test_lost_undoing_is_noticed() -> None:
    """An undoing that did not last is lost, as any other change."""
    assert change_state(_read(_undone(), _NEW)) == "lost"


def test_what_a_person_saw_to_is_read_no_more() -> None:
    """A change that a person settled is not read again: it would be called lost, or verified."""
    written = _ended(_approved(_requested()), Outcome.UPDATED)
    contested = take(written, Attested(code=MOMENT.reference, own=False))
    settled = take(contested, Settled(agent="ana", code=MOMENT.reference))

    assert change_state(settled) == "settled"
    assert settled.verification is None


def test_change_that_stands_cannot_be_settled() -> None:
    """A change that waits to be undone is no matter that a person saw to."""
    written = _ended(_approved(_requested()), Outcome.UPDATED)
    asked = take(written, Undone(agent="ana", code=MOMENT.reference, reason="x"))
    saved = take(asked, Settled(agent="ana", code=MOMENT.reference)).last_change

    assert saved is not None
    assert saved.standing is Standing.WRITTEN


def test_refused_values_end_the_request() -> None:
    """What people approved and WispHub refused is approved no more: others are judged anew."""
    for outcome in (Outcome.INVALID, Outcome.MISSING):
        asking = _ended(_approved(_requested()), outcome)

        assert asking.state is State.SUMMARY
        assert asking.change.request is None
        assert asking.pending is None


def test_undoing_that_is_refused_is_left_to_people() -> None:
    """The customer, who heard of no undoing, hears nothing of its refusal either."""
    written = _ended(_approved(_requested()), Outcome.UPDATED)
    asked = take(written, Undone(agent="ana", code=MOMENT.reference, reason="x"))
    refused = _ended(_approved(asked), Outcome.INVALID)

    assert change_state(refused) == "unknown"
    assert refused.state is State.DONE
    assert refused.shown.asked == written.shown.asked


def test_erasing_waits_for_what_is_written() -> None:
    """A yes to erase or to revoke does not drop a change that went out since it was asked."""
    for text, choice in (("borrar mis datos", "erase_yes"), ("revocar", "revoke_yes")):
        writing = _approved(take(_requested(), Said(text=text)))
        after = press(writing, choice)

        assert after.state is State.UPDATING
        assert after.shown.asked == "tarde"


def test_renumbered_account_loses_the_proofs_of_its_link() -> None:
    """What was proven under the old number is gone, also while another service is looked for."""
    linked = _ended(_approved(_requested()), Outcome.UPDATED)
    elsewhere = press(take(linked, Said(text="hola")), "another")
    renumbered = take(elsewhere, Renumbered())

    assert renumbered.link is not None
    assert renumbered.link.proofs == ()


def test_revoked_chat_is_erased_although_the_customer_left() -> None:
    """Who revokes and then blocks us, or is answered by a person, is erased all the same."""
    linked = _ended(_approved(_requested()), Outcome.UPDATED)
    revoked = press(take(linked, Said(text="revocar")), "revoke_yes")

    for event in (Left(), TakenOver(agent="ana")):
        timer = take(revoked, event).timer
        assert timer is not None
        assert timer.name is TimerName.ERASE


def test_old_buttons_do_not_leave_a_request() -> None:
    """While staff want a change undone, the buttons shown before lead nowhere else."""
    linked = _ended(_approved(_requested()), Outcome.UPDATED)
    asked = take(
        take(linked, Said(text="hola")), Undone(agent="ana", code=MOMENT.reference, reason="x")
    )

    for choice in ("update", "another", "unlink"):
        after = press(asked, choice)
        assert after.state is State.REVIEW
        assert after.change.request is not None
