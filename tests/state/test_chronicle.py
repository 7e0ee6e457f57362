"""The journal: what staff read of each event, in the words of the catalogue."""

from dataclasses import replace

import pytest
from hypothesis import given

from handlers import journaling
from state.conversation import Chat, Conversation
from state.events import (
    Event,
    Pressed,
    Said,
    TimerFired,
)
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import PendingChange
from state.records import Request
from state.staff_actions import Decided, Vouched
from state.states import State
from tests.state.machine.test_machine import any_event

_MOMENT = Moment(now=1_795_500_000_000, at=0, today="24/11/2026", reference="ZZZZ2345")
_ASKED = Conversation(
    chat=Chat(channel="test", account="1", id="ana"),
    state=State.REVIEW,
    change=PendingChange(reference="ABCD2345", request=Request(code="ABCD2345", at=9)),
)
_GONE = replace(_ASKED, state=State.DONE, change=PendingChange())
_WITHDRAWN = "El cliente retiró la solicitud ABCD2345"


def _told(event: Event) -> list[str]:
    return [entry.text for entry in journaling.tell(_ASKED, event, _GONE, (), _MOMENT)]


@pytest.mark.parametrize("event", [Said(text="sí"), Pressed(button="x:withdraw")])
def test_withdrawn_by_the_customer(event: Event) -> None:
    """A request that goes by the customer's own word was withdrawn, and staff read so."""
    assert _told(event)[1:] == [_WITHDRAWN]


@pytest.mark.parametrize(
    "event",
    [
        Decided(agent="ana", code="ABCD2345", approved=False, reason="no coincide"),
        Vouched(agent="ana", reason="visita"),
        TimerFired(generation=1),
    ],
)
def test_ended_otherwise(event: Event) -> None:
    """A request that was rejected, written or given up was not withdrawn."""
    assert _WITHDRAWN not in _told(event)
    assert len(_told(event)) == 1


@given(event=any_event)
def test_every_event_is_told(event: Event) -> None:
    """Whatever happens, what the journal tells of it is filled in."""
    before = replace(_ASKED, state=State.START)
    after, _ = step(before, event, _MOMENT)

    for entry in journaling.tell(before, event, after, (), _MOMENT):
        assert "{" not in entry.text or "{" in str(event)
