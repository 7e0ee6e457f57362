"""What tests share: a real Redis, a pretend WispHub, and the rule that no key lives for ever."""

import io
import logging
import mmap
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
from redis import Redis as BlockingRedis
from redis.asyncio import Redis

from bot import logs
from bot.redis import client as redis_client
from bot.sandbox.server import Sandbox
from bot.sandbox.server import running as running_sandbox
from state.store.keys import PERMANENT
from tests.embedded import running_redis
from tests.members import cheapen_passwords

pytest_plugins = ["tests.chromium", "tests.endpoint", "tests.redis_kinds"]

hypothesis.settings.register_profile(  # how long examples take depends on the machine
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.devnull
"""Tests speak on loopback: their clients need not read the certificates of the world each time."""

sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
"""Not installed, said at once: httpcore looks through the disk for it at each request."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread, in the everyday part, what is slow as a whole: to import it takes seconds."""
    if collection_path.suffix != ".py" or not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text("utf-8")
    return (config.option.markexpr == "not slow" and bool(_WHOLLY_SLOW.search(text))) or None


_WHOLLY_SLOW = re.compile(r"^pytestmark = .*pytest\.mark\.slow", re.MULTILINE)

_LOG = io.StringIO()
_PERSONAL = re.compile(r"(?<![.\d])\d{7,11}(?!\d)|hola|Gómez|Muñoz", re.IGNORECASE)


@pytest.fixture(scope="session", autouse=True)
def logging_as_in_production() -> None:
    """Logs are written as the program writes them, to where every test looks afterwards."""
    logs.configure()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(_LOG)


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_nothing() -> None:
    """Signing in costs what it does only where a test is about that."""
    cheapen_passwords()


@pytest.fixture(autouse=True)
def nothing_personal_is_logged() -> Iterator[None]:
    """Whatever a test does, no identity number, phone, name or text reaches the log."""
    yield
    written = _LOG.getvalue()
    _LOG.seek(0)
    _LOG.truncate()
    assert not _PERSONAL.search(_DIGEST.sub("", written)), written


_DIGEST = re.compile(r'"[a-z2-7]{26}"')
"""The key of a chat, in which seven digits may follow each other by chance."""


_NOBODY = (
    "52123456", "52.123.456", "1098765432", "1098.765.432", "3159741951", "315 974 1951",
    "3112223344", "3001112233", "Ana Gómez", "Calle 10 # 5-20", "Buenas tardes", "Sí, autorizo",
)  # fmt: skip
"""What the tests' customers are called, live, have and say: none of it may reach Redis in clear."""


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis, one for each process of the test run.

    Its append-only file holds every command of every test; at the end it is searched, and so is
    the dump of what is left.
    """
    kept = tmp_path_factory.mktemp("redis")
    log = ("--appendonly", "yes", "--appendfsync", "no", "--aof-use-rdb-preamble", "no")
    barred = ("--rename-command", "BGREWRITEAOF", "")  # it would hide what was written and erased
    files = ("--auto-aof-rewrite-percentage", "0", "--rdbcompression", "no", "--dir", str(kept))
    with running_redis(*log, *barred, *files) as url:
        yield url
        with BlockingRedis.from_url(url) as client:
            client.save()
        searched = [path for path in kept.rglob("*") if path.is_file()]
        assert {path.suffix for path in searched} >= {".rdb", ".aof"}
        found = [word for path in searched for word in _NOBODY if _holds(path, word)]
    assert not found, f"in Redis in clear: {found}"


def _holds(path: Path, word: str) -> bool:
    """Tell whether a file, which may be long or empty, holds a word."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return held.find(word.encode()) != -1


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
