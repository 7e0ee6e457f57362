"""A worker that slept beyond its lease: another one may have the chat, so nothing is sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.effects.messages import STALE
from handlers.ports import Delivery, OutgoingMessage
from state.effects import Send
from state.events import Said
from state.store import keys
from state.store.outbox import Head, Report
from state.store.receipts import Receipts
from tests import installation
from tests.house_stage import Courteous, HouseStage
from tests.waiting import HUNG


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house whose clock stands still."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


async def _begin(stage: HouseStage) -> Head:
    """Begin the first answer of a chat."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    (lease,) = await stage.store.outbox.take(keys.ALL, now=stage.clock(), until=2**42, most=1)
    head = await stage.store.outbox.begin(lease, now=stage.clock())
    assert isinstance(head, Head)
    return head


class Sleeping(Receipts):
    """Receipts during whose reading the process is stopped for a while."""

    def __init__(self, stage: HouseStage, redis: Redis) -> None:
        super().__init__(redis, stage.store.pipeline, installation.KEYRING)
        self._stage = stage

    async def recall(self, key: str, number: int) -> str:
        """Read, and wake up late."""
        self._stage._now += 8_000
        return await super().recall(key, number)


async def test_slept_before_the_call(stage: HouseStage, redis: Redis) -> None:
    """The lease is looked at as the last thing before the call."""
    head = await _begin(stage)
    messages = replace(stage.sender.messages, receipts=Sleeping(stage, redis))
    assert isinstance(head.effect, Send)

    attempt = await messages.deliver(head, replace(head.effect, ends=1))

    assert attempt is STALE
    assert stage.heard() == []


class Connecting(Courteous):
    """A channel whose connection does not come about."""

    async def send(self, _outgoing: OutgoingMessage) -> str:
        """Connect for ever."""
        await asyncio.Event().wait()
        raise AssertionError


async def test_slept_during_the_call(stage: HouseStage) -> None:
    """A call ends with the lease, and what became of it is in doubt."""
    head = await _begin(stage)
    assert isinstance(head.effect, Send)
    messages = stage.sending_by(Connecting()).messages

    async with asyncio.timeout(HUNG):
        attempt = await messages.deliver(replace(head, until=stage.clock() + 50), head.effect)

    assert attempt.report is Report.DOUBT
