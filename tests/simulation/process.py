"""One process of ours in the simulated world: the real store, turns, sender and worker."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.channels.codes import NoCodes
from bot.upgrading import Upgrading
from bot.worker import Worker
from handlers.effects.messages import MessageSender
from handlers.effects.performer import Dependencies, build_performer
from handlers.ports import OutgoingMessage, SendingRate
from handlers.texts import Texts
from handlers.turns import Turns
from state.client import Client, OnFile
from state.conversation import Chat
from state.fields.table import Field
from state.inquiry import Balance, ServiceStatus
from state.store import keys
from state.store.store import Store
from tests.machine_stage import COMPANY
from tests.simulation import wire
from tests.simulation.toy import toy
from tests.simulation.world import KEYRING, World


class Process:
    """One process of ours: a web server and a worker on one Redis."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.dead = False
        self.stalled_until = 0.0
        client: Any = wire.Client(self)
        self.store = Store(client, KEYRING, token=name)
        self.turns = Turns(self.store, Texts(COMPANY), world.now, machine=toy)
        message_sender = MessageSender(
            channels={"test": _Channel(self)},
            rate_limits=self.store.rate_limits,
            receipts=self.store.receipts,
            clock=world.now,
        )
        outside = Dependencies(
            messages=message_sender,
            clients=_Clients(self),
            leases=_Leases(self),
            codes=NoCodes(),
            calls=_nobody_calls,
        )
        sender = build_performer(self.store, self.turns, outside, world.now)
        self.worker = Worker(self.store, self.turns, sender, world.now)
        if world.happens(0.4):  # as in a process that serves webhooks only
            self.worker.claim = str  # type: ignore[method-assign]
        self.running = asyncio.ensure_future(self.worker.run())
        self.upgrading = Upgrading(self.store)
        if world.upgraded:
            self.store.formats.old = not world.server.one("HGET", keys.meta(), "resealed")
            self.walking = asyncio.ensure_future(self.upgrading.run(self.stop))

    def stop(self) -> None:
        """Stop as a deployment does."""
        self.worker.stop()
        self.upgrading.stop()

    async def sleep(self, seconds: float) -> None:
        """Take time; a stalled process takes longer, a dead one for ever."""
        cancelled = False
        until = self.world.loop.time() + seconds
        while True:
            until = max(until, self.stalled_until)
            left = until - self.world.loop.time()
            if self.dead and not self.world.closed:
                await self.world.limbo()
            if left <= 0:
                break
            try:
                await asyncio.sleep(left)
            except asyncio.CancelledError:
                if self.world.closed or self.stalled_until <= self.world.loop.time():
                    raise
                cancelled = True  # who is stalled does not even notice
        if cancelled:
            raise asyncio.CancelledError

    def crash(self) -> None:
        """Die as by kill -9, and come back a while later as another process."""
        if not self.dead:
            self.dead = True
            self.world.counts["crash"] += 1
            self.world.loop.call_later(self.world.chance.uniform(0.1, 2), self._replace)

    def _replace(self) -> None:
        if not self.world.closed and self in self.world.processes:
            place = self.world.processes.index(self)
            name = f"p{self.world.counts['crash']}.{place}"
            self.world.processes[place] = Process(self.world, name)

    async def cross(self, commands: Sequence[wire.Command]) -> list[Any]:
        """Ask Redis."""
        return await self.world.redis(self, list(commands))

    async def rung(self, bells: Sequence[bytes], seconds: float) -> tuple[bytes, bytes] | None:
        """Wait for a bell."""
        return await self.world.rung(self, bells, seconds)


async def _nobody_calls(channel: str, body: bytes) -> None:
    raise AssertionError(channel, body)


@dataclass(frozen=True)
class _Channel:
    process: Process

    @property
    def pace(self) -> SendingRate | None:
        return self.process.world.weather.pace

    settling = 0.0

    async def send(self, outgoing: OutgoingMessage) -> str:
        return await self.process.world.send(self.process, outgoing.chat, outgoing.message)

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Nothing of this vendor's turns."""


@dataclass(frozen=True)
class _Clients:
    process: Process

    async def search(self, clue: str) -> list[Client]:
        raise AssertionError(clue)

    async def find(self, service_id: int) -> Client:
        return await self.process.world.find(self.process, service_id)

    async def read_status(self, service_id: int) -> tuple[Client, ServiceStatus]:
        raise AssertionError(service_id)

    async def read_balance(self, service_id: int) -> Balance:
        raise AssertionError(service_id)

    async def write(self, known: Client, contents: Mapping[Field, OnFile]) -> None:
        await self.process.world.write(self.process, known, contents)


@dataclass(frozen=True)
class _Leases:
    process: Process

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        assert patience
        async with self.process.world.hold(service_id):
            yield
