"""Whoever guesses learns nothing from when an answer comes, through both vendors."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.ports import OutgoingMessage
from state.conversation import Chat
from state.events import CustomerInput, Invited, Said
from tests.bot.channels.stages import (
    ANA,
    Recording,
    TelegramStage,
    VendorStage,
    WhatsApp,
    WhatsAppStage,
    telegram_stage,
    whatsapp_stage,
)
from tests.clients import make_client
from tests.slow_directory import SlowDirectory

pytestmark = [pytest.mark.slow, pytest.mark.vendors]

_ANA = make_client(
    service_id=1001, name="Ana Gómez", document="52123456", phone="3159741951",
    address="Calle 10 # 5-20", plan="Plan 50MB", price="60000.00",
)  # fmt: skip
_HELLO = ("hola", "empezar", "sí, autorizo", "prefiero no hacerlo")
_WRONG = ("Carrera 1 # 2-3", "Plan 50MB", "60000")
_SERVICE, _DOCUMENT, _NAME = "número de servicio", "mi cédula", "datos de mi factura"

Stages = Callable[[Redis, Sandbox], AbstractAsyncContextManager[VendorStage]]
Noted = list[tuple[int, str]]


@dataclass
class Watch:
    """A vendor's channel, and what its phone shows so long (ms) after the last message."""

    stage: VendorStage
    recording: Recording
    since: int = 0
    noted: Noted = field(default_factory=list)

    def __post_init__(self) -> None:
        """Be as fast as the channel."""
        self.pace, self.settling = self.recording.pace, self.recording.settling

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Send, and note what the phone shows now."""
        sent = await self.recording.send(outgoing)
        self.noted.append((self.stage.clock() - self.since, _shown(self.stage)))
        return sent

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Note that we are typing."""
        await self.recording.acknowledge(chat, handle, answering=answering)
        self.noted.append((self.stage.clock() - self.since, f"typing {answering}"))


def _shown(stage: VendorStage) -> str:
    """Write down a phone's last message with its buttons."""
    match stage:
        case TelegramStage():
            message = stage.api.shown[ANA][-1]
            labels = [button["text"] for row in message.buttons for button in row]
            return " | ".join([message.text, *labels])
        case WhatsAppStage():
            shown = stage.api.shown[WhatsApp.user_id][-1]
            return " | ".join([shown.kind, shown.text, *(n for _, n in shown.buttons)])
        case other:
            raise AssertionError(other)


async def _watch(stage: VendorStage, *acts: CustomerInput, took: int, pause: int) -> Noted:
    """Do these things in a house whose WispHub takes so long, and note what the phone shows."""
    watch = Watch(stage, stage.channel)
    sender = stage.sending_by(watch, name=stage.chat.channel)
    slow = SlowDirectory(sender.actions.clients, stage, took)
    stage.sender = replace(sender, actions=replace(sender.actions, clients=slow))
    for act in (*_said(*_HELLO), *acts):
        watch.since = stage.clock()
        await stage.happen(act)
        if act == Said(text=_HELLO[-1]):
            watch.noted.clear()  # what came before carries a code of the chat's own
        await stage.pass_time(pause)
    return watch.noted


def _said(*texts: str) -> tuple[CustomerInput, ...]:
    return tuple(Said(text=text) for text in texts)


async def _compare(
    stages: Stages,
    redis: Redis,
    sandbox: Sandbox,
    there: tuple[str, ...],
    nowhere: tuple[str, ...],
    *,
    pause: int = 1500,
) -> Noted:
    """Guess what is there at a slow WispHub, and what is not at a quick one: all is the same."""
    noted: list[Noted] = []
    for texts, took in ((there, 1900), (nowhere, 40)):
        await redis.flushall()
        async with stages(redis, sandbox) as stage:
            await stage.place(_ANA)
            await stage.store.attempts.lock(_LOCKED, now=stage.clock())
            await stage.place(replace(_ANA, service_id=_LOCKED))
            noted.append(await _watch(stage, *_said(*texts), took=took, pause=pause))

    assert noted[0] == noted[1]
    assert "Con esos datos no pude confirmar" in noted[0][-1][1]
    return noted[0]


_LOCKED = 1002
_BOTH = pytest.mark.parametrize("stages", [telegram_stage, whatsapp_stage])


@_BOTH
@pytest.mark.parametrize(
    ("there", "nowhere"),
    [
        ((_SERVICE, "1001", "Luis Pérez"), (_SERVICE, "9999", "Luis Pérez")),
        ((_SERVICE, "1002", "Ana Gómez"), (_SERVICE, "9998", "Ana Gómez")),
        ((_DOCUMENT, "52123456", "Luis Pérez"), (_DOCUMENT, "52999999", "Luis Pérez")),
        ((_NAME, "Ana Gómez"), (_NAME, "Ana Zambrano")),
    ],
    ids=["service", "locked", "document", "name"],
)
async def test_existence(
    stages: Stages,
    redis: Redis,
    sandbox: Sandbox,
    there: tuple[str, ...],
    nowhere: tuple[str, ...],
) -> None:
    """Found or not, locked or not: the phone shows the same, as often, at the same moments."""
    noted = await _compare(stages, redis, sandbox, (*there, *_WRONG), (*nowhere, *_WRONG))

    assert noted[-1][0] == 2500


@_BOTH
async def test_gates(stages: Stages, redis: Redis, sandbox: Sandbox) -> None:
    """Whoever writes faster than a chat's gate lets answers through learns no more."""
    there = (_SERVICE, "1001", "Luis Pérez", *_WRONG)
    nowhere = (_SERVICE, "9999", "Luis Pérez", *_WRONG)
    noted = await _compare(stages, redis, sandbox, there, nowhere, pause=200)

    assert noted[-1][0] >= 2500


@_BOTH
@pytest.mark.parametrize("pause", [200, 1500])
async def test_invitations(stages: Stages, redis: Redis, sandbox: Sandbox, pause: int) -> None:
    """A right code and a wrong one are answered at the same moment, whatever WispHub does."""
    noted: list[Noted] = []
    for right, took in ((True, 1900), (False, 40)):
        await redis.flushall()
        async with stages(redis, sandbox) as stage:
            await stage.place(_ANA)
            code = await stage.invite(1001) if right else "QQQQ2222"
            noted.append(await _watch(stage, Invited(code=code), took=took, pause=pause))

    assert [at for at, _ in noted[0]] == [at for at, _ in noted[1]]
    assert noted[0][:-1] == noted[1][:-1]
    assert noted[0][-1][0] >= 2500
    assert "Recibí su invitación" in noted[0][-1][1]
    assert "Esa invitación ya venció o ya se usó" in noted[1][-1][1]
