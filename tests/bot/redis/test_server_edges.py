"""The embedded Redis at its edges: stopped while watched, stuck, half started, oddly named."""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from structlog.testing import capture_logs

from bot.redis import client as redis_client
from bot.redis.binary import find, find_bundled
from bot.redis.errors import DataFromNewerVersion, NoRedisFound, RedisDied
from bot.redis.repair import mend
from bot.redis.server import RedisServer, ping, running
from tests.waiting import HUNG, until

_NEWER = b"REDIS0099\xfa\x09redis-ver\x0599.0.0\xff" + bytes(8)
_ORPHANING = """
import asyncio, os, signal, sys
from contextlib import suppress
from pathlib import Path
from bot.redis import client as redis_client
from bot.redis.binary import find_bundled
from bot.redis.server import running

def group(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0

async def main(directory):
    async with running(directory, binary=find_bundled()) as server:
        async with redis_client.connect(server.url) as redis:
            await redis.set("kept", "yes")
        kept = int((directory / "redis.pid").read_text("ascii"))
        print(kept, flush=True)
        for process in Path("/proc").glob("[0-9]*"):
            pid = int(process.name)
            if pid != kept and group(pid) == server._process.pid:
                os.kill(pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(Path(sys.argv[1])))
"""
_WHOLE = b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nhallo\r\n"
_HALF = b"*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$5\r\nha"


@asynccontextmanager
async def _redis(directory: Path) -> AsyncIterator[Redis]:
    """A server of 6.2 in the directory, and its client."""
    async with (
        running(directory, binary=find_bundled()) as server,
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
            if works_here and command.startswith(os.fsencode(find_bundled())):
                found.append(int(process.name))
    return found


async def test_stopped_while_watched(tmp_path: Path) -> None:
    """A server that is stopped stays so, though somebody still watches it."""
    async with running(tmp_path, binary=find_bundled()) as server:
        watching = asyncio.create_task(server.watch())
        await asyncio.sleep(0)

    async with asyncio.timeout(HUNG):
        await watching

    await server.watch()
    await server._restart(attempt=2)
    assert server.restarts == 0
    assert _servers(tmp_path) == []


async def test_stuck_orphan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An orphan that neither answers nor heeds SIGTERM is ended; never two on a directory."""
    monkeypatch.setattr("bot.redis.server._ORPHAN", 0.2)
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
        [sys.executable, "-c", _ORPHANING, directory],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    return int(done.stdout)


async def test_stopped_when_it_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A start that is given up leaves no server behind on a directory that nobody owns."""
    monkeypatch.setattr("bot.redis.server._START", 0.0)

    with pytest.raises(RedisDied):
        async with running(tmp_path, binary=find_bundled()):
            pytest.fail("started")

    assert _servers(tmp_path) == []


async def test_start_cancelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A start that is cancelled leaves no server behind either."""
    monkeypatch.setattr("bot.redis.server.ping", _silent)
    starting = asyncio.create_task(running(tmp_path, binary=find_bundled()).__aenter__())
    await until(lambda: bool(_servers(tmp_path)))

    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting

    monkeypatch.undo()
    async with _redis(tmp_path):
        assert len(_servers(tmp_path)) == 1


async def _silent(_: Path) -> bytes:
    return b""


async def test_loading_takes_its_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server that says it loads its data is waited for, however long it takes."""
    answers = iter([b"", b"-LOADING Redis is loading\r\n", b"+PONG\r\n"])
    monkeypatch.setattr("bot.redis.server.ping", lambda _: asyncio.sleep(0, next(answers)))

    async with running(tmp_path, binary=find_bundled()):
        assert list(answers) == []


async def test_dies_before_it_answers(tmp_path: Path) -> None:
    """A server that hangs up instead of answering gives no sign of life."""
    address = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen()

        _, answer = await asyncio.gather(asyncio.to_thread(_hang_up, listening), ping(address))

    assert answer == b""


def _hang_up(listening: socket.socket) -> None:
    """End a connection with what was sent unread: the kernel then resets it."""
    connection, _ = listening.accept()
    connection.recv(1, socket.MSG_PEEK)
    connection.close()


async def test_orphan_that_does_not_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If the server's lock cannot be had there is no start, and the operator is told."""
    monkeypatch.setattr("bot.redis.server._ORPHAN", 0.0)
    monkeypatch.setattr("bot.redis.server._KILLED", 0.0)
    with (tmp_path / "redis.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(RedisDied, match="does not end"):
            async with _redis(tmp_path):
                pytest.fail("started")


def test_operators_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The operator's server comes before the one of the extra `embedded`."""
    (tmp_path / "valkey-server").symlink_to(find_bundled())
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find() == tmp_path / "valkey-server"


async def test_reason_is_this_start(tmp_path: Path) -> None:
    """Why an earlier start failed is not taken for the reason of this one."""
    data = tmp_path / "appendonly.aof"
    data.write_bytes(_NEWER)
    with pytest.raises(DataFromNewerVersion):
        async with _redis(tmp_path):
            pytest.fail("started")
    assert data.read_bytes() == _NEWER

    data.write_bytes(b"REDIS0009" + b"\xff" * 20)
    with pytest.raises(RedisDied, match=r"redis\.log"):
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
        mend(tmp_path, find_bundled())

    assert file.read_bytes() == whole
    assert (tmp_path / "torn.aof").read_bytes() == _HALF
    assert [(log["event"], log["cut"]) for log in logs] == [("redis.torn_end_cut", len(_HALF))]


@pytest.mark.parametrize("torn", [_HALF, bytes(100), b"*", _HALF + bytes(9), b"*3\r\n$3\r\nSET\r"])
async def test_torn_ends(torn: bytes, tmp_path: Path) -> None:
    """An end that breaks off, or that the disk has filled with zeros, is cut off."""
    file = tmp_path / "appendonly.aof"
    file.write_bytes(_WHOLE + torn)

    mend(tmp_path, find_bundled())

    assert file.read_bytes() == _WHOLE


@pytest.mark.parametrize("damaged", [b"nonsense\r\n", _WHOLE[:20] + b"?" + _WHOLE[21:] * 9])
async def test_damage_is_not_cut(damaged: bytes, tmp_path: Path) -> None:
    """A file damaged before its end is refused as it is; cut there, it would lose commands."""
    file = tmp_path / "appendonly.aof"
    file.write_bytes(damaged)

    with pytest.raises(RedisDied, match="damaged at byte 0"):
        async with _redis(tmp_path):
            pytest.fail("started")
    assert file.read_bytes() == damaged


@pytest.mark.slow
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
    directory.mkdir()
    private = Path(RedisServer(directory, find_bundled()).url.removeprefix("unix://")).parent
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    private.rmdir()
    private.symlink_to(elsewhere)

    with pytest.raises(RedisDied, match="remove it"):
        async with running(directory, binary=find_bundled()):
            pytest.fail("started")


async def test_wanted_binary(tmp_path: Path) -> None:
    """A wanted binary that is not there is told by its name."""
    with pytest.raises(NoRedisFound, match="/no/such/redis-server"):
        async with running(tmp_path, binary=Path("/no/such/redis-server")):
            pytest.fail("started")


async def test_fails_to_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A start that fails while watching is repeated until one succeeds."""
    async with running(tmp_path, binary=find_bundled()) as server:
        watching = asyncio.create_task(server.watch())
        monkeypatch.setattr(RedisServer, "start", _failing)
        os.kill(_pid(tmp_path), signal.SIGKILL)

        await until(lambda: server.restarts >= 6 or watching.done())
        monkeypatch.undo()
        async with redis_client.connect(server.url) as redis:
            await until(partial(_answers, redis))
        watching.cancel()


async def _answers(redis: Redis) -> bool:
    with suppress(RedisError):
        return bool(await redis.ping())
    return False


async def _failing(_: RedisServer) -> None:
    raise RedisDied


async def test_guardian_killed(tmp_path: Path) -> None:
    """The guardian killed -9 costs a restart, not a second server."""
    async with running(tmp_path, binary=find_bundled()) as server:
        watching = asyncio.create_task(server.watch())
        assert server._process is not None
        first = _pid(tmp_path)

        server._process.kill()

        def restarted() -> bool:
            servers = _servers(tmp_path)
            assert len(servers) <= 1
            return servers not in ([], [first])

        await until(restarted)
        async with redis_client.connect(server.url) as redis:
            assert await redis.ping()
        watching.cancel()
    assert _servers(tmp_path) == []


async def test_client_survives_restarts(tmp_path: Path) -> None:
    """Clients with open connections and new ones come through a killed server."""
    async with running(tmp_path, binary=find_bundled()) as server:
        watching = asyncio.create_task(server.watch())
        async with redis_client.connect(server.url) as old, redis_client.connect(server.url) as new:
            await old.set("a", "1")
            os.kill(_pid(tmp_path), signal.SIGKILL)
            for client in (old, new):
                assert await client.get("a") == b"1"
        watching.cancel()


async def test_client_asks_a_stuck_server_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A command without an answer is not repeated: it may have been done, and time is up."""
    async with running(tmp_path, binary=find_bundled()) as server:
        monkeypatch.setattr(redis_client, "_ANSWER", 0.05)
        async with redis_client.connect(server.url) as redis:
            await until(partial(_pings, redis))
            os.kill(_pid(tmp_path), signal.SIGSTOP)

            with pytest.raises(RedisTimeoutError):
                await redis.incr("once")

            os.kill(_pid(tmp_path), signal.SIGCONT)
            monkeypatch.undo()
        async with redis_client.connect(server.url) as redis:
            assert await redis.get("once") == b"1"


async def _pings(redis: Redis) -> bool:
    with suppress(RedisTimeoutError):
        return bool(await redis.ping())
    return False


async def test_client_gives_up(tmp_path: Path) -> None:
    """Without a server a command fails: it is not tried for ever."""
    async with redis_client.connect(f"unix://{tmp_path}/none") as redis, asyncio.timeout(HUNG):
        with pytest.raises(RedisError):
            await redis.ping()
