"""What customers offer early: kept within bounds, never a proof, gone with the dialog."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.conversation import Chat, Conversation, replace
from state.effects import button_id
from state.events import Event, Pressed, Said
from state.fields.matters import Matter
from state.fields.offers import How, Offer, Slot
from state.fields.table import Field
from state.machine import offering
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import Identity, Lookup
from state.proof import Proof
from state.states import State
from state.store import codec
from tests.clients import make_client
from tests.machine_stage import NINE_O_CLOCK

_NEW = Conversation(chat=Chat(channel="test", account="1", id="ana"))
_OFFERS = st.builds(
    Offer, slot=st.sampled_from(Slot), value=st.text(max_size=200), how=st.sampled_from(How)
)


def _take(conversation: Conversation, *events: Event) -> Conversation:
    moment = Moment(now=NINE_O_CLOCK, at=0, today="", reference="ABCD2345")
    for event in events:
        conversation, _ = step(conversation, event, moment)
    return conversation


def _press(conversation: Conversation, choice: str) -> Conversation:
    shown = conversation.shown
    return _take(conversation, Pressed(button=button_id(shown.flow, shown.question, choice)))


@given(st.lists(_OFFERS, max_size=30))
def test_bounds(offers: list[Offer]) -> None:
    """However much is said early, one short offer for each slot is kept."""
    kept = offering.keep(_NEW, offers).offers

    assert len(kept) <= len(Slot)
    assert all(len(one.value) <= 60 for one in kept)


def test_record() -> None:
    """Offers and the last matter are kept with the record, and nothing of them where none is."""
    kept = _take(_NEW, Said(text="no tengo internet, mi cédula es 1098765432"))

    assert [one.value for one in kept.offers] == ["1098765432"]
    assert kept.account.matter is Matter.OUTAGE
    assert codec.conversation(codec.encode_conversation(kept)) == kept
    assert b"offered" not in codec.encode_conversation(_take(_NEW, Said(text="hola")))


def test_gone_with_a_refusal() -> None:
    """A refusal of the consent leaves nothing of what was said before it."""
    asked = _take(_NEW, Said(text="mi cédula es 1098765432"))
    refused = _press(asked, "refuse")

    assert asked.offers
    assert (refused.offers, refused.account.matter) == ((), None)


@pytest.mark.parametrize("on_file", ["52123456", "1098765432", ""])
def test_below_possession(on_file: str) -> None:
    """Who only knows things reads the same, whatever stands on file beside what was offered."""
    client = make_client(1001, document=on_file, phone="3159741951")
    known = replace(
        _NEW,
        state=State.PRICE,
        identity=Identity(client=client, proofs=(Proof.FACTS,)),
        lookup=Lookup(clue="document:1098765432"),
    )
    after = _take(replace(known, state=State.DOCUMENT), Said(text="cel 3001112233, cc 1098765432"))

    assert after.state is State.SUMMARY
    assert after.draft.answers == {Field.DOCUMENT: "1098765432", Field.PHONE: "+573001112233"}
    assert after.shown.asked == "resumen"


def test_a_typed_phone_proves_nothing() -> None:
    """A phone that is offered finds no service and proves none: it is a wish."""
    asked = _take(_NEW, Said(text="mi celular es 3159741951"))
    agreed = _press(replace(asked, shown=replace(asked.shown, terms="")), "agree")

    assert agreed.state is State.SHARING
    assert agreed.identity.proofs == ()
    assert agreed.account.person.phone == ""
