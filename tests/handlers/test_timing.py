"""Whoever guesses learns nothing from when an answer comes, through the whole house."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.ports import OutgoingMessage
from state.events import CustomerInput, Invited, Said
from tests.clients import make_client
from tests.house_stage import Courteous, HouseStage
from tests.slow_directory import SlowDirectory

pytestmark = pytest.mark.slow

_ANA = make_client(
    service_id=1001, name="Ana Gómez", document="52123456", phone="3159741951",
    address="Calle 10 # 5-20", plan="Plan 50MB", price="60000.00",
)  # fmt: skip
_HELLO = ("hola", "empezar", "sí, autorizo", "prefiero no hacerlo")
_WRONG = ("Luis Pérez", "Carrera 1 # 2-3", "Plan 50MB", "60000")


class Watch(Courteous):
    """A channel that notes what is said, and how long after the customer's last message."""

    def __init__(self, stage: HouseStage) -> None:
        self.stage = stage
        self.since = 0
        self.noted: list[tuple[int, str]] = []

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Note it."""
        self.noted.append((self.stage.clock() - self.since, outgoing.message.text))
        return ""


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with one service."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    yield staged
    await staged.aclose()


async def _noted(
    stage: HouseStage, chat: str, *events: CustomerInput, took: int
) -> list[tuple[int, str]]:
    """Say hello, then do these things, at a WispHub that takes so long; tell what is answered."""
    watch = Watch(stage)
    errands = stage.sender.actions
    slow = replace(errands, clients=SlowDirectory(errands.clients, stage, took))
    plain = stage.sender
    stage.sender = replace(stage.sending_by(watch), actions=slow)
    stage.chat = replace(stage.chat, id=chat)
    for event in (*(Said(text=text) for text in _HELLO), *events):
        watch.since = stage.clock()
        await stage.happen(event)
    stage.sender = plain
    return watch.noted[len(_HELLO) :]  # what came before carries a code of the chat's own


async def _guess(
    stage: HouseStage, chat: str, by: str, clue: str, *, took: int
) -> list[tuple[int, str]]:
    """Look for a service with facts that are wrong."""
    said = (Said(text=text) for text in (by, clue, *_WRONG))
    return await _noted(stage, chat, *said, took=took)


@pytest.mark.parametrize(
    ("by", "there", "nowhere"),
    [("número de servicio", "1001", "9999"), ("mi cédula", "52123456", "52999999")],
)
async def test_existence(stage: HouseStage, by: str, there: str, nowhere: str) -> None:
    """Found or not, quickly or slowly: the same words, as many, after the same time."""
    found = await _guess(stage, "a", by, there, took=1900)
    missing = await _guess(stage, "b", by, nowhere, took=40)

    assert found == missing
    assert found[-1][0] == 2500
    assert found[-1][1].startswith("Con esos datos no pude confirmar")


async def test_locked(stage: HouseStage) -> None:
    """A service that is locked answers a typed guess like one that is not there."""
    await stage.store.attempts.lock(1001, now=stage.clock())
    locked = await _guess(stage, "a", "número de servicio", "1001", took=700)
    missing = await _guess(stage, "b", "número de servicio", "9998", took=700)

    assert locked == missing


@pytest.mark.parametrize("took", [40, 1900, 4000])
async def test_invitations(stage: HouseStage, took: int) -> None:
    """A right code and a wrong one are answered at the same moment, however slow WispHub is."""
    right = await _noted(stage, "a", Invited(code=await stage.invite(1001)), took=took)
    wrong = await _noted(stage, "b", Invited(code="QQQQ2222"), took=took)

    assert [at for at, _ in right] == [at for at, _ in wrong] == [0, max(2500, took)]
    assert right[0] == wrong[0]
    assert right[1][1].startswith("Recibí su invitación")
    assert wrong[1][1].startswith("Esa invitación ya venció o ya se usó")


async def test_invitations_while_wisphub_is_down(stage: HouseStage) -> None:
    """While WispHub does not answer, a right code and a wrong one get the same answer."""
    invitation = await stage.invite(1001)
    await stage.behave("caído")
    right = await _noted(stage, "a", Invited(code=invitation), took=40)
    wrong = await _noted(stage, "b", Invited(code="QQQQ2222"), took=40)

    assert right == wrong
    assert right[-1][1].startswith("El sistema de clientes no responde")
