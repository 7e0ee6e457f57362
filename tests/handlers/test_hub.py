"""The hub: what open pages are told, and that nothing is read where none is open."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.redis import client as redis_client
from bot.redis.binary import find
from handlers.pages.live import ANY, Hub
from state.store.encryption import Keyring
from state.store.feed import Feed
from state.store.store import Store
from tests.campaign.fleet import RedisProcess
from tests.waiting import until


@pytest.fixture
def store(redis: Redis) -> Store:
    """A store on the tests' Redis."""
    return Store(redis, Keyring((bytes(32),)), token="hub")


async def _reads(redis: Redis) -> int:
    """Count the reads of the feed that Redis has answered."""
    told = await redis.info("commandstats")
    return int(told.get("cmdstat_xread", {"calls": 0})["calls"])


async def test_nothing_is_read_for_nobody(store: Store, redis: Redis) -> None:
    """Without an open page the feed is not read; with one every change is told."""
    hub, before = Hub(), await _reads(redis)
    running = asyncio.create_task(hub.run(store.feed))
    for _ in range(20):
        await store.feed.tell("nobody looks")
    silent = await _reads(redis) - before

    with hub.subscribe() as subscription:
        changes = subscription.changes()
        first = await anext(changes)
        await store.feed.tell("somebody looks")
        second = await anext(changes)
        read = await _reads(redis) - before
    await store.feed.tell("the page is closed")
    hub.close()
    await running

    assert (silent, set(first)) == (0, {ANY})
    assert second == {"somebody looks"}
    assert read > 0


async def test_page_opened_again(store: Store) -> None:
    """A page that opens after a while looks at everything once: what changed meanwhile counts."""
    hub = Hub()
    running = asyncio.create_task(hub.run(store.feed))
    seen = []
    for _ in range(2):
        with hub.subscribe() as subscription:
            seen.append(await anext(subscription.changes()))
        while hub.reading:
            await store.feed.tell("wakes the reader")
    hub.close()
    await running

    assert seen == [{ANY}, {ANY}]


async def test_feed_outlives_redis(tmp_path: Path) -> None:
    """The reader waits for a Redis that is away, and an open page then looks at everything."""
    server = RedisProcess(find(), tmp_path)
    server.start()
    try:
        async with redis_client.connect(server.url) as redis:
            hub, store = Hub(), Store(redis, Keyring((bytes(32),)), token="hub")
            running = asyncio.create_task(hub.run(store.feed))
            with hub.subscribe() as subscription, capture_logs() as logs:
                changes = subscription.changes()
                assert ANY in await anext(changes)
                server.kill()
                await until(lambda: bool(logs) or running.done())
                server.start()
                assert ANY in await anext(changes)
            hub.close()
            await running
    finally:
        server.kill()

    assert [log["event"] for log in logs] == ["redis.away", "redis.back"]


async def test_faults_of_ours_are_not_waited_for(store: Store) -> None:
    """What is no fault of Redis ends the reader, and the process with it."""

    class Broken(Feed):
        async def follow(self) -> AsyncGenerator[frozenset[str], None]:
            """Fail as a mistake of ours does."""
            yield frozenset()
            raise TypeError

    hub = Hub()
    with hub.subscribe(), pytest.raises(TypeError):
        await hub.run(Broken(store.feed._redis))
