"""One conversation on every kind of Redis: the journal is the same, to the byte."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis, RedisCluster

from bot.redis import client as redis_client
from bot.sandbox.server import Sandbox
from handlers.errors import Busy, EnlaceError, InDoubt
from handlers.ports import OutgoingMessage
from state.conversation import Chat
from state.events import (
    Event,
    Invited,
    Said,
    SharedContact,
)
from state.staff_actions import HandedBack, Replied, TakenOver
from state.store import codec
from tests.clients import make_client
from tests.cluster import running_cluster
from tests.house_stage import Courteous, HouseStage

_EVENTS: list[Event] = [
    Said(text="hola"),
    Said(text="empezar"),
    Said(text="sí, autorizo"),
    SharedContact(phone="573001112233", own=True),
    Said(text="1.098.765.432"),
    Said(text="dejar el actual"),
    TakenOver(agent="ana"),
    Replied(agent="ana", text="¿Le ayudo?"),
    HandedBack(agent="ana"),
    Said(text="sí, guardar"),
    Invited(code="NADA2345"),
    Said(text="ayuda"),
]


class Fickle(Courteous):
    """A channel that fails twice, each time in another way."""

    def __init__(self, stage: HouseStage) -> None:
        self._inbox = stage.inbox
        self._moods: list[EnlaceError | None] = [None, Busy(retry_after=1), None, InDoubt()]

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Fail, or send."""
        mood = self._moods.pop(0) if self._moods else None
        if mood is not None:
            raise mood
        return await self._inbox.send(outgoing)


async def journal_on(redis: Redis | RedisCluster, sandbox: Sandbox) -> list[bytes]:
    """Play the conversation, and give the lines of its journal without their ids."""
    stage = HouseStage(redis, sandbox)
    stage.chat = Chat(channel="test", account="1", id="ana")
    stage.sender = stage.sending_by(Fickle(stage))
    await stage.place(make_client(1001, name="Ana Gómez", document="", phone="3001112233"))
    for event in _EVENTS:
        await stage.happen(event)
        await stage.pass_time(60_000)
    entries = await stage.store.journal.read(stage.store.key(stage.chat))
    await stage.aclose()
    return [codec.encode(replace(entry, id="")) for entry in entries]


@pytest.fixture(scope="module")
def cluster_url() -> Iterator[str]:
    """A cluster of three nodes."""
    with running_cluster() as url:
        yield url


@pytest.fixture
async def cluster(cluster_url: str) -> AsyncIterator[Redis | RedisCluster]:
    """An empty cluster."""
    async with redis_client.reaching(cluster_url) as reached:
        await reached.flushall()
        yield reached


@pytest.mark.slow
async def test_same_journal(
    redis: Redis, cluster: RedisCluster, sandbox: Sandbox, redis_url: str
) -> None:
    """A real Redis, again a real Redis, a cluster and fakeredis tell the same story."""
    first = await journal_on(redis, sandbox)
    await redis.flushall()
    async with redis_client.connect(redis_url) as again:
        second = await journal_on(again, sandbox)
    async with FakeAsyncRedis(version=(6, 2)) as fake:
        third = await journal_on(fake, sandbox)
    fourth = await journal_on(cluster, sandbox)

    assert len(first) > 25
    assert any("Envío repetido".encode() in line for line in first)
    assert first == second == third == fourth
