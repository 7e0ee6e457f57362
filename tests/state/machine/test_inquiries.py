"""What a linked customer asks of the service: who hears it, when, and nobody else."""

from dataclasses import replace as change
from decimal import Decimal

import pytest

from docs.machines.walk import MOMENT
from state.conversation import Chat, Conversation, replace
from state.effects import Effect, Inquire, Say
from state.events import (
    Displaced,
    Medium,
    Renumbered,
    Said,
    SentMedia,
    TimerFired,
)
from state.inquiry import Balance, Inquired, Inquiry, ServiceStatus, Supply
from state.machine import inquiries
from state.machine.step import step
from state.parts import BOT, QUEUE, Identity, Link
from state.proof import Proof
from state.staff_actions import HandedBack, TakenOver
from state.states import State
from tests.clients import make_client

_CLIENT = make_client(1001, name="Ana Gómez", phone="3159741951", plan="Plan 50MB")
_OTHER = make_client(1002, name="Ana Gómez")
_OWED = Balance(owed=Decimal(65000), invoices=1)
_WELL = ServiceStatus(supply=Supply.ACTIVE, plan="Plan 50MB")


def _linked(*proofs: Proof) -> Conversation:
    """Give a chat that is linked, and rests."""
    return Conversation(
        chat=Chat(channel="test", account="1", id="ana"),
        state=State.DONE,
        turns=7,
        identity=Identity(client=_CLIENT, proofs=proofs),
        link=Link(client=_CLIENT, proofs=proofs),
    )


def _ask(conversation: Conversation, inquiry: Inquiry = Inquiry.BALANCE) -> Conversation:
    asked = inquiries.inquire(conversation, inquiry)
    assert asked is not None
    return asked[0]


def _answer(
    conversation: Conversation, inquiry: Inquiry = Inquiry.BALANCE, service_id: int = 1001
) -> Inquired:
    """Give what the directory says to the last question."""
    told = Inquired(inquiry=inquiry, service_id=service_id, turn=conversation.shown.inquiries[-1])
    if inquiry is Inquiry.BALANCE:
        return change(told, balance=_OWED)
    return change(told, status=_WELL.told_for(inquiry))


def _said(effects: tuple[Effect, ...]) -> list[str]:
    return [line.text for effect in effects if isinstance(effect, Say) for line in effect.lines]


@pytest.mark.parametrize("proof", [Proof.CHANNEL_PHONE, Proof.INVITATION, Proof.CODE, Proof.STAFF])
def test_holder_asks(proof: Proof) -> None:
    """Whoever possesses the linked service asks, and is told once."""
    asked, effects = inquiries.inquire(_linked(proof), Inquiry.BALANCE) or (None, ())
    assert asked is not None
    told, said = step(asked, _answer(asked), MOMENT)
    again, nothing = step(told, _answer(asked), MOMENT)

    assert [one for one in effects if isinstance(one, Inquire)] == [
        Inquire(inquiry=Inquiry.BALANCE, service_id=1001, turn=7)
    ]
    assert _said(said) == ["saldo_debe", "saldo_fin"]
    assert (told.state, told.shown.inquiries) == (State.DONE, ())
    assert nothing == ()
    assert again.shown == told.shown


@pytest.mark.parametrize("inquiry", Inquiry)
@pytest.mark.parametrize(
    "conversation",
    [
        _linked(),
        _linked(Proof.FACTS),
        replace(_linked(Proof.CHANNEL_PHONE), link=None),
        replace(_linked(Proof.CHANNEL_PHONE), link=Link(client=_OTHER, proofs=(Proof.FACTS,))),
        Conversation(chat=Chat(channel="test", account="1", id="sam")),
    ],
)
def test_nobody_else_asks(conversation: Conversation, inquiry: Inquiry) -> None:
    """Below possession, or without a link to that service, the directory is not asked."""
    assert inquiries.inquire(conversation, inquiry) is None


def test_other_hands_ask_nothing() -> None:
    """An account that has another number, or another phone, proves nothing any more."""
    moved, _ = step(_linked(Proof.CHANNEL_PHONE), Renumbered(), MOMENT)

    assert inquiries.inquire(moved, Inquiry.BALANCE) is None


def test_other_hands_hear_nothing() -> None:
    """Nor does it hear what was asked before it changed hands."""
    asked = _ask(_linked(Proof.CHANNEL_PHONE))
    moved, _ = step(asked, Renumbered(), MOMENT)

    assert step(moved, _answer(asked), MOMENT)[1] == ()


def test_a_person_was_faster() -> None:
    """What is answered once a person does, or is waited for, is not said, then or later."""
    asked = _ask(_linked(Proof.CODE))
    taken, _ = step(asked, TakenOver(agent="ana"), MOMENT)
    queued = replace(asked, speaker=QUEUE)
    back, _ = step(step(taken, _answer(asked), MOMENT)[0], HandedBack(agent="ana"), MOMENT)

    assert step(taken, _answer(asked), MOMENT)[1] == ()
    assert step(queued, _answer(asked), MOMENT)[1] == ()
    assert step(back, _answer(asked), MOMENT)[1] == ()


def test_link_was_lost() -> None:
    """Whoever lost the link meanwhile hears nothing of the service."""
    asked = _ask(_linked(Proof.CODE))
    displaced, _ = step(asked, Displaced(service_id=1001), MOMENT)
    elsewhere = replace(asked, link=Link(client=_OTHER, proofs=(Proof.CODE,)))

    assert step(displaced, _answer(asked), MOMENT)[1] == ()
    assert step(elsewhere, _answer(asked), MOMENT)[1] == ()


def test_two_questions() -> None:
    """Two questions in a row get both answers, each to its own."""
    first = _ask(_linked(Proof.CODE))
    second = _ask(replace(first, turns=8), Inquiry.PLAN)
    plan = _answer(second, Inquiry.PLAN)
    after, owed = step(second, _answer(first), MOMENT)
    done, told = step(after, plan, MOMENT)

    assert _said(owed) == ["saldo_debe", "saldo_fin"]
    assert _said(told) == ["servicio_datos", "servicio_fin"]
    assert done.shown.inquiries == ()


def test_few_are_awaited() -> None:
    """The record holds the last three questions at most."""
    talk = _linked(Proof.CODE)
    for turn in range(10, 20):
        talk = _ask(replace(talk, turns=turn))

    assert talk.shown.inquiries == (17, 18, 19)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Inquired(inquiry=Inquiry.PLAN, service_id=1001, turn=7), "consulta_no"),
        (Inquired(inquiry=Inquiry.OUTAGE, service_id=1001, turn=7), "falla_sin_consulta"),
        (Inquired(inquiry=Inquiry.PLAN, service_id=1001, turn=7, barred=True), "consulta_muchas"),
    ],
)
def test_what_cannot_be_told(event: Inquired, text: str) -> None:
    """What cannot be told, for whatever reason, brings a person."""
    queued, effects = step(_ask(_linked(Proof.CODE), event.inquiry), event, MOMENT)

    assert (queued.speaker, _said(effects)) == (QUEUE, [text])


def test_technician_is_asked_nothing_amid_a_change() -> None:
    """While people decide, or the directory is written, no other dialog begins."""
    for state in (State.REVIEW, State.UPDATING, State.RETRYING, State.FINDING):
        asked = _ask(replace(_linked(Proof.CODE), state=state), Inquiry.OUTAGE)
        told, effects = step(asked, _answer(asked, Inquiry.OUTAGE), MOMENT)

        assert (told.state, told.speaker) == (state, BOT)
        assert _said(effects) == ["falla_sin_motivo", "falla_sin_motivo_fin"]


def test_technician_hears_anything() -> None:
    """Any text answers a technician's question, and a picture asks it again."""
    asked = _ask(_linked(Proof.CODE), Inquiry.OUTAGE)
    since, _ = step(asked, _answer(asked, Inquiry.OUTAGE), MOMENT)
    lights, _ = step(since, Said(text="no"), MOMENT)
    shown, _ = step(lights, SentMedia(medium=Medium.IMAGE), MOMENT)
    devices, _ = step(shown, Said(text="no sé"), MOMENT)
    queued, _ = step(devices, Said(text="1098765432"), MOMENT)

    states = [one.state for one in (since, lights, shown, devices)]
    assert states == [*inquiries.QUESTIONS[:2], *inquiries.QUESTIONS[1:]]
    assert (queued.state, queued.speaker) == (State.DONE, QUEUE)
    assert queued.draft == asked.draft


@pytest.mark.parametrize("state", inquiries.QUESTIONS)
def test_silence_brings_a_person(state: State) -> None:
    """Who has no internet, and stops answering, is not reminded but brought to a person."""
    silent, _ = step(replace(_linked(Proof.CODE), state=state), Said(text="repetir"), MOMENT)
    assert silent.timer is not None
    late = change(MOMENT, now=silent.timer.due)
    queued, effects = step(silent, TimerFired(generation=silent.timer.generation), late)

    assert (queued.state, queued.speaker) == (State.DONE, QUEUE)
    assert _said(effects) == ["falla_pasa"]


def test_questions_lead_somewhere() -> None:
    """Whoever asks one thing after the other is answered; whoever repeats one meets a person."""
    talk = _linked(Proof.CODE)
    for number in range(9):
        asked, _ = step(talk, Said(text=f"cuánto debo del mes {number}"), MOMENT)
        talk, _ = step(asked, _answer(asked), MOMENT)
    repeated = talk
    for _ in range(6):
        repeated, _ = step(repeated, Said(text="cuánto debo"), MOMENT)

    assert (talk.speaker, repeated.speaker) == (BOT, QUEUE)


def test_progress_is_replaced() -> None:
    """What is told takes the place of "one moment", also where a question follows; only once."""
    said = []
    for inquiry in (Inquiry.BALANCE, Inquiry.OUTAGE):
        asked = _ask(_linked(Proof.CODE), inquiry)
        _, effects = step(asked, _answer(asked, inquiry), MOMENT)
        said += [one.ends for one in effects if isinstance(one, Say)]
    first = _ask(_linked(Proof.CODE))
    second = _ask(replace(first, turns=8))
    _, effects = step(second, _answer(first), MOMENT)

    assert said == [1, 1]
    assert [one.ends for one in effects if isinstance(one, Say)] == [0]
