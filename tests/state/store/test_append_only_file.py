"""What was erased leaves the append-only file too: it is rewritten, at most once a minute."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.redis import client as redis_client
from bot.redis.server import running
from bot.sandbox.server import Sandbox
from bot.worker import Worker
from state.events import Said
from state.store import append_only_file, keys, wire
from tests.house_stage import HouseStage
from tests.waiting import until

_DAY = 24 * 3600_000


@pytest.fixture
async def stage(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house on an embedded Redis of its own."""
    async with running(tmp_path) as server, redis_client.connect(server.url) as redis:
        staged = HouseStage(redis, sandbox)
        yield staged
        await staged.aclose()


async def _sealed(stage: HouseStage, kind: str, field: str) -> bytes:
    """Give what is stored of the chat, encrypted as it stands in the file."""
    name = keys.name_key(kind, stage.store.key(stage.chat))
    if kind == "chat":
        (record,) = wire.blobs(await stage.redis.hmget(name, field))
        return record or b""
    ((_, line),) = wire.lines(await stage.redis.xrange(name, count=1))
    return line[field.encode()]


async def _is_rewritten(stage: HouseStage) -> bool:
    about = await stage.redis.info("persistence")
    return not (about["aof_rewrite_in_progress"] or about["aof_rewrite_scheduled"])


def _written(path: Path) -> bytes:
    """Read the file; what a rewrite writes beside it may be gone before it is read."""
    written = b""
    for file in path.rglob("*.aof"):
        with suppress(FileNotFoundError):
            written += file.read_bytes()
    return written


async def test_refused(stage: HouseStage, tmp_path: Path) -> None:
    """After a refusal neither record nor journal of before it is in the file."""
    await stage.happen(Said(text="hola, mi cédula es 1098765432"))
    sealed = await _sealed(stage, "log", "e"), await _sealed(stage, "chat", "st")
    await stage.happen(Said(text="no autorizo"))
    before = _written(tmp_path)
    await stage.store.append_only_file.rewrite_after_erasures()
    await until(lambda: _is_rewritten(stage))
    after = _written(tmp_path)

    assert [one in before for one in sealed] == [True, True]
    assert [one in after for one in sealed] == [False, False]


async def test_chat_erased(stage: HouseStage, tmp_path: Path) -> None:
    """A chat that was kept long enough leaves the file when a worker looks."""
    await stage.happen(Said(text="hola"))
    sealed = await _sealed(stage, "chat", "st")
    await stage.turns.retention.round(now=stage.clock() + 31 * _DAY)
    worker = Worker(stage.store, stage.turns, stage.sender, stage.clock)
    running_worker = asyncio.create_task(worker.run())
    stage.reach(stage.clock() + append_only_file.PAUSE)
    await until(lambda: sealed not in _written(tmp_path))
    worker.stop()
    await running_worker


async def test_only_after_an_erasure(stage: HouseStage) -> None:
    """Nothing is rewritten where nothing was erased; what was erased, once."""
    rewrite = stage.store.append_only_file.rewrite_after_erasures
    await stage.happen(Said(text="hola"))
    idle = await rewrite()
    for text in ("empezar", "no autorizo"):
        await stage.happen(Said(text=text))

    assert (idle, await rewrite(), await rewrite()) == (False, True, False)


async def test_at_most_once_a_minute(stage: HouseStage) -> None:
    """What is erased within the minute waits for the next one, and is not forgotten."""
    rewrite = stage.store.append_only_file.rewrite_after_erasures
    for text in ("hola", "empezar", "no autorizo"):
        await stage.happen(Said(text=text))
    first = await rewrite()
    await stage.store.journal.erase(stage.store.key(stage.chat))
    second = await rewrite()
    await stage.redis.delete(keys.name_key("lease", "rewrite"))  # a minute passes
    await until(lambda: _is_rewritten(stage))

    assert (first, second, await rewrite()) == (True, False, True)


async def test_user_may_not(stage: HouseStage, redis: Redis) -> None:
    """Where the command is not allowed one line says so, however often something is erased."""
    barred = HouseStage(redis, stage.sandbox)
    structlog.contextvars.clear_contextvars()
    with capture_logs() as lines:
        for _ in range(2):
            await barred.store.journal.erase(barred.store.key(replace(barred.chat, id="x")))
            await barred.redis.delete(keys.name_key("lease", "rewrite"))
            assert not await barred.store.append_only_file.rewrite_after_erasures()
    await barred.aclose()

    assert [line["event"] for line in lines] == ["aof.not_rewritten"]
