"""What tests share: a real Redis, a pretend WispHub, and the rule that no key lives for ever."""

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest
from redis.asyncio import Redis

from bot import logs, redis_client
from bot.sandbox.server import Sandbox
from bot.sandbox.server import running as running_sandbox
from state.store.keys import PERMANENT
from tests.embedded import running_redis

pytest_plugins = ["tests.chromium"]

hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")  # how long an example takes depends on the machine


_LOG = io.StringIO()
_PERSONAL = re.compile(r"(?<![.\d])\d{7,11}(?!\d)|hola|Gómez|Muñoz", re.IGNORECASE)


@pytest.fixture(scope="session", autouse=True)
def logging_as_in_production() -> None:
    """Logs are written as the program writes them, to where every test looks afterwards."""
    logs.configure()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(_LOG)


@pytest.fixture(autouse=True)
def nothing_personal_is_logged() -> Iterator[None]:
    """Whatever a test does, no identity number, phone, name or text reaches the log."""
    yield
    written = _LOG.getvalue()
    _LOG.seek(0)
    _LOG.truncate()
    assert not _PERSONAL.search(written), written


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
        async for name in client.scan_iter("enlace:*"):
            kind = name.decode().split("}:", 1)[1]
            lives = kind.startswith(PERMANENT) or await client.ttl(name) != -1
            assert lives, f"lives for ever: {kind}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A pretend WispHub over real HTTP."""
    async with running_sandbox(Sandbox()) as running:
        yield running
