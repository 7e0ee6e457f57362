"""The embedded Redis at its edges: stopped while watched, stuck, half started, oddly named."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from bot import redis_client
from bot.redis_server import (
    DataFromNewerVersion,
    NoRedisFound,
    RedisDied,
    RedisServer,
    bundled,
    mend,
    running,
)

_DEADLINE = 8.0  # seconds
_NEWER = b"REDIS0099\xfa\x09redis-ver\x0599.0.0\xff" + bytes(8)
_HALF = b"*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$5\r\nha"


@asynccontextmanager
async def _redis(directory: Path) -> AsyncIterator[Redis]:
    """A server of 6.2 in the directory, and its client."""
    async with (
        running(directory, binary=bundled()) as server,
        redis_client.connect(server.url) as redis,
    ):
        yield redis


def _pid(directory: Path) -> int:
    return int((directory / "redis.pid").read_text("ascii"))


def _servers(directory: Path) -> list[int]:
    """The redis-servers that work in a directory, whatever their pid files say."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            works_here = (process / "cwd").readlink() == directory
            if works_here and command.startswith(os.fsencode(bundled())):
                found.append(int(process.name))
    return found


async def _gone(directory: Path) -> None:
    async with asyncio.timeout(_DEADLINE):
        while _servers(directory):
            await asyncio.sleep(0)


async def test_stopped_while_watched(tmp_path: Path) -> None:
    """A server that is stopped stays so, though somebody still watches it."""
    async with running(tmp_path, binary=bundled()) as server:
        watching = asyncio.create_task(server.watch())
        await asyncio.sleep(0)

    async with asyncio.timeout(_DEADLINE):
        await watching

    assert server.restarts == 0
    assert _servers(tmp_path) == []


async def test_stuck_orphan(tmp_path: Path) -> None:
    """An orphan that neither answers nor heeds SIGTERM is ended; never two on a directory."""
    orphan = _orphaned(tmp_path)
    os.kill(orphan, signal.SIGSTOP)

    async with _redis(tmp_path) as redis:
        assert len(_servers(tmp_path)) == 1
        assert await redis.get("kept") == b"yes"
    assert _servers(tmp_path) == []


async def test_orphan_without_socket(tmp_path: Path) -> None:
    """An orphan whose socket was removed is found all the same."""
    _orphaned(tmp_path)
    (tmp_path / "redis.sock").unlink()

    async with _redis(tmp_path) as redis:
        assert len(_servers(tmp_path)) == 1
        assert await redis.get("kept") == b"yes"


def _orphaned(directory: Path) -> int:
    """Leave a server behind: its owner, its guardian and the guardian's watcher killed -9."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("orphan.py"), directory],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return int(done.stdout)


async def test_stopped_when_it_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A start that is given up leaves no server behind on a directory that nobody owns."""
    monkeypatch.setattr("bot.redis_server._START", 0.0)

    with pytest.raises(RedisDied):
        async with running(tmp_path, binary=bundled()):
            pytest.fail("started")

    assert _servers(tmp_path) == []


async def test_start_cancelled(tmp_path: Path) -> None:
    """A start that is cancelled leaves no server behind either."""
    starting = asyncio.create_task(running(tmp_path, binary=bundled()).__aenter__())
    async with asyncio.timeout(_DEADLINE):
        while not (tmp_path / "redis.log").exists():
            await asyncio.sleep(0)

    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting

    await _gone(tmp_path)


async def test_reason_is_this_start(tmp_path: Path) -> None:
    """Why an earlier start failed is not taken for the reason of this one."""
    data = tmp_path / "appendonly.aof"
    data.write_bytes(_NEWER)
    with pytest.raises(DataFromNewerVersion):
        async with _redis(tmp_path):
            pytest.fail("started")
    assert data.read_bytes() == _NEWER

    data.write_bytes(b"nonsense\r\n" * 3)
    with pytest.raises(RedisDied, match="Bad file format"):
        async with _redis(tmp_path):
            pytest.fail("started")


async def test_what_is_cut_is_told_and_kept(tmp_path: Path) -> None:
    """A torn end is cut off, logged with its size, and kept beside the data."""
    async with _redis(tmp_path) as redis:
        await redis.set("a", "whole")
    file = tmp_path / "appendonly.aof"
    whole = file.read_bytes()
    file.write_bytes(whole + _HALF)

    with capture_logs() as logs:
        mend(tmp_path, bundled())

    assert file.read_bytes() == whole
    assert (tmp_path / "torn.aof").read_bytes() == _HALF
    assert [(log["event"], log["cut"]) for log in logs] == [("redis.torn_end_cut", len(_HALF))]


async def test_torn_anywhere(tmp_path: Path) -> None:
    """Wherever the file is torn, each of two starts sees a whole number of commands."""
    async with _redis(tmp_path) as redis:
        for _ in range(20):
            await redis.incr("count")
    file = tmp_path / "appendonly.aof"
    whole = file.read_bytes()

    for cut in range(len(whole) - 20, len(whole)):
        file.write_bytes(whole[:cut])
        for start in range(2):
            async with _redis(tmp_path) as redis:
                assert await redis.get("count") == b"19"
                assert await redis.incr("starts") == start + 1


async def test_odd_path(tmp_path: Path) -> None:
    """Blanks, percent signs, question marks and quotes in the directory's name do no harm."""
    directory = tmp_path / """a b%20c?d#e'f"ñ"""
    async with _redis(directory) as redis:
        assert await redis.ping()


async def test_foreign_private_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A link that waits under the temporary directory where the socket would go is refused."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    directory = tmp_path / ("x" * 120)
    async with running(directory, binary=bundled()) as server:
        private = Path(server.url.removeprefix("unix://")).parent
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    private.rmdir()
    private.symlink_to(elsewhere)

    with pytest.raises(RedisDied, match="remove it"):
        async with running(directory, binary=bundled()):
            pytest.fail("started")


@pytest.mark.parametrize("wanted", ["/no/such/redis-server", "/bin/cat"])
async def test_wanted_binary(wanted: str, tmp_path: Path) -> None:
    """A wanted binary that is not there, or is no redis-server, is told as such."""
    with pytest.raises(NoRedisFound, match=wanted):
        async with running(tmp_path, binary=Path(wanted)):
            pytest.fail("started")


async def test_fails_to_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A start that fails while watching counts as one more death, and ends loudly."""
    async with running(tmp_path, binary=bundled()) as server:
        watching = asyncio.create_task(server.watch())
        monkeypatch.setattr(RedisServer, "start", _failing)
        os.kill(_pid(tmp_path), signal.SIGKILL)

        with pytest.raises(RedisDied):
            await asyncio.wait_for(watching, _DEADLINE)
        assert server.restarts == 4


async def _failing(_: RedisServer) -> None:
    raise RedisDied


async def test_guardian_killed(tmp_path: Path) -> None:
    """The guardian killed -9 costs a restart, not a second server."""
    async with running(tmp_path, binary=bundled()) as server:
        watching = asyncio.create_task(server.watch())
        assert server._process is not None
        first = _pid(tmp_path)

        server._process.kill()

        async with asyncio.timeout(_DEADLINE):
            while _servers(tmp_path) in ([], [first]):
                assert len(_servers(tmp_path)) <= 1
                await asyncio.sleep(0)
        async with redis_client.connect(server.url) as redis:
            assert await redis.ping()
        watching.cancel()
    await _gone(tmp_path)


async def test_client_survives_restarts(tmp_path: Path) -> None:
    """Clients with open connections and new ones come through a killed server."""
    async with running(tmp_path, binary=bundled()) as server:
        watching = asyncio.create_task(server.watch())
        async with redis_client.connect(server.url) as old, redis_client.connect(server.url) as new:
            await old.set("a", "1")
            os.kill(_pid(tmp_path), signal.SIGKILL)
            assert await asyncio.gather(old.get("a"), new.get("a")) == [b"1", b"1"]
        watching.cancel()


async def test_client_gives_up(tmp_path: Path) -> None:
    """Without a server a command fails within seconds."""
    async with redis_client.connect(f"unix://{tmp_path}/none") as redis, asyncio.timeout(_DEADLINE):
        with pytest.raises(RedisError):
            await redis.ping()
