"""What a linked customer asks of WispHub, through the whole house: real Redis, real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.conversation import Conversation
from state.effects import Inquire
from state.events import Pressed, Said, SharedContact
from state.inquiry import Inquired, Inquiry
from state.parts import QUEUE
from state.states import State
from tests.accounts import make_answer, make_columns
from tests.clients import make_client
from tests.house_stage import HouseStage
from tests.values import values

_ANA = make_client(
    service_id=1001, name="Ana Gómez", phone="3159741951", address="Calle 10 # 5-20",
    plan="Plan 50MB", price="60000.00",
)  # fmt: skip
_HOUR = 3600_000
_OWES = {"owes": "65432.00", "due": "2026-12-05", "pay": "https://pagos.fibranet.example/1001"}


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with one customer, who is linked, and owes."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    await staged.charge(1001, make_columns({}), make_answer(_OWES))
    for text in ("hola", "empezar", "sí, autorizo"):
        await staged.happen(Said(text=text))
    await staged.happen(SharedContact(phone="573159741951", own=True))
    for text in ("1098765432", "dejar el actual", "sí, guardar"):
        await staged.happen(Said(text=text))
    assert (await _talk(staged)).state is State.DONE
    sandbox.requests.clear()
    yield staged
    await staged.aclose()


async def _talk(stage: HouseStage) -> Conversation:
    return await stage.store.conversations.find(stage.store.key(stage.chat))


async def _press(stage: HouseStage, label: str) -> None:
    ids = {one.label: one.id for message in stage.heard() for one in message.buttons}
    await stage.happen(Pressed(button=ids[label]))


def _paths(stage: HouseStage) -> list[str]:
    return [path for _, path, _ in stage.sandbox.requests]


async def test_read_only(stage: HouseStage) -> None:
    """What is asked is read, by the row and by the balance, and nothing is written."""
    await stage.happen(Said(text="cuánto debo"))

    assert "$ 65.432" in stage.heard()[-1].text
    assert {method for method, _, _ in stage.sandbox.requests} == {"GET"}
    assert _paths(stage) == ["/api/clientes/", "/api/clientes/1001/saldo/"]


async def test_nothing_is_kept(stage: HouseStage, redis: Redis) -> None:
    """The record holds nothing of the answer, and Redis nothing in clear."""
    before = await _talk(stage)
    await stage.happen(Said(text="cuánto debo"))
    after = await _talk(stage)

    assert after.shown.inquiries == ()
    assert (after.link, after.identity, after.lookup) == (
        before.link,
        before.identity,
        before.lookup,
    )
    assert "65.432" not in repr(after)
    assert "65.432" not in repr(await values(redis))
    assert "fibranet.example/1001" not in repr(await values(redis))


async def test_staff_read_of_it(stage: HouseStage) -> None:
    """Staff read what was asked, and whether WispHub answered."""
    await stage.happen(Said(text="mi servicio"))
    stage.sandbox.fault = Fault.ERROR
    await stage.happen(Said(text="no tengo internet"))
    told = [entry.text for entry in await stage.store.journal.read(stage.store.key(stage.chat))]

    assert "WispHub: respondió (plan y estado)" in told
    assert "WispHub: no respondió nada que se pueda decir (sin internet)" in told
    assert (await _talk(stage)).speaker == QUEUE


async def test_budget(stage: HouseStage) -> None:
    """An endless repeat asks WispHub ten times an hour, and then brings a person."""
    await stage.happen(Said(text="mi servicio"))
    for _ in range(10):
        await _press(stage, "Cuánto debo")
        await stage.happen(Said(text="mi servicio"))
        if (await _talk(stage)).speaker == QUEUE:
            break
    asked = len([path for path in _paths(stage) if path == "/api/clientes/"])

    assert asked == 10
    assert (await _talk(stage)).speaker == QUEUE
    assert "varias veces" in stage.heard()[-1].text


async def test_budget_refills(stage: HouseStage) -> None:
    """An hour later it is asked again."""
    key, now = stage.store.key(stage.chat), stage.clock()
    for number in range(11):
        barred = await stage.store.attempts.count_inquiry(key, id=f"x{number}", now=now)
        assert barred == (number == 10)
    stage.reach(now + _HOUR + 1)
    await stage.happen(Said(text="cuánto debo"))

    assert "$ 65.432" in stage.heard()[-1].text


async def test_performed_twice(stage: HouseStage) -> None:
    """An effect that is performed again, its report lost, counts and is told once."""
    await stage.happen(Said(text="cuánto debo"))
    heard, talk = len(stage.heard()), await _talk(stage)
    effect = Inquire(inquiry=Inquiry.BALANCE, service_id=1001, turn=talk.turns)
    again = Inquired(inquiry=Inquiry.BALANCE, service_id=1001, turn=effect.turn)
    await stage.turns.take(stage.chat, Delivery(id="late", event=again, at=stage.clock()))

    assert len(stage.heard()) == heard
    assert (await _talk(stage)).speaker != QUEUE


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.HANG])
@pytest.mark.parametrize("text", ["cuánto debo", "mi servicio", "no tengo internet"])
async def test_wisphub_is_away(stage: HouseStage, fault: Fault, text: str) -> None:
    """WispHub that fails or hangs brings a person, and nothing is told."""
    stage.sandbox.fault = fault
    stage.outside.clients._patience = 0.1  # type: ignore[attr-defined]
    await stage.happen(Said(text=text))

    assert (await _talk(stage)).speaker == QUEUE
    assert "asesor" in stage.heard()[-1].text
    assert "50MB" not in stage.heard()[-1].text


async def test_one_call_stalls(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call in eight stalls: each is made once more."""
    answers = iter((Fault.HANG, Fault.NONE, Fault.HANG, Fault.NONE))
    stage.outside.clients._patience = 0.1  # type: ignore[attr-defined]
    called = stage.outside.clients._call  # type: ignore[attr-defined]

    async def call(*args: object, **options: object) -> object:
        stage.sandbox.fault = next(answers)
        return await called(*args, **options)

    monkeypatch.setattr(stage.outside.clients, "_call", call)
    await stage.happen(Said(text="cuánto debo"))

    assert "$ 65.432" in stage.heard()[-1].text


async def test_next_holder(stage: HouseStage) -> None:
    """What the service's next holder owes is nobody else's, and people see to it."""
    stage.sandbox.rows[1001] |= {"nombre": "Luis Rueda", "cedula": "79111888"}
    with capture_logs() as logs:
        await stage.happen(Said(text="cuánto debo"))

    assert "65.432" not in stage.heard()[-1].text
    assert (await _talk(stage)).speaker == QUEUE
    assert "/api/clientes/1001/saldo/" not in _paths(stage)
    assert "inquiry.other_holder" in [log["event"] for log in logs]


async def test_same_holder(stage: HouseStage) -> None:
    """A name that staff spelled anew is the same person's, by the document."""
    stage.sandbox.rows[1001] |= {"nombre": "ANA GOMEZ DE RUEDA"}
    await stage.happen(Said(text="cuánto debo"))

    assert "$ 65.432" in stage.heard()[-1].text


async def test_disowned(stage: HouseStage) -> None:
    """Where somebody who should know said that it was a stranger, a person answers."""
    await stage.store.attempts.lock(1001, now=stage.clock())
    await stage.happen(Said(text="cuánto debo"))

    assert (await _talk(stage)).speaker == QUEUE
    assert _paths(stage) == []


async def test_strangers_effect(stage: HouseStage) -> None:
    """An effect of a chat that does not possess the service is not performed, whatever made it."""
    effect = Inquire(inquiry=Inquiry.BALANCE, service_id=1001, turn=1)
    stage.chat = replace(stage.chat, id="sam")
    await stage.happen(Said(text="hola"))
    await stage.turns.repeat(stage.chat, effect, name="forged")
    await stage._settle()

    assert _paths(stage) == []
