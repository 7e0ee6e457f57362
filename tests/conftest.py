"""What tests share: a real Redis, a pretend WispHub, and the rule that no key lives for ever."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from bot import redis_client
from bot.sandbox.server import Sandbox
from bot.sandbox.server import running as running_sandbox
from state.store.keys import PERMANENT
from tests.embedded import running_redis

pytest_plugins = ["tests.chromium"]


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis, one for each process of the test run."""
    with running_redis() as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """An empty Redis; afterwards every key has a time to live or is permanent by its kind."""
    async with redis_client.connect(redis_url) as client:
        await client.flushall()
        yield client
        async for name in client.scan_iter():
            kind = name.decode().split("}:", 1)[1]
            lives = kind.startswith(PERMANENT) or await client.ttl(name) != -1
            assert lives, f"lives for ever: {kind}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A pretend WispHub over real HTTP."""
    async with running_sandbox(Sandbox()) as running:
        yield running
