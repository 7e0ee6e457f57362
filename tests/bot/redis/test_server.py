"""The embedded Redis: data kept, never two on a directory, never orphaned, mended when torn."""

import asyncio
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.redis import binary as redis_binary
from bot.redis import client as redis_client
from bot.redis.errors import DataDirectoryInUse, DataFromNewerVersion, NoRedisFound, RedisDied
from bot.redis.server import RedisServer, running
from tests.waiting import HUNG, until

_OWNER = """
import asyncio, sys
from pathlib import Path
from bot.redis import client as redis_client
from bot.redis.server import running

async def main():
    async with running(Path(sys.argv[1])) as server:
        async with redis_client.connect(server.url) as redis:
            await redis.set("kept", "yes")
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def _incremented(server: RedisServer) -> int:
    async with redis_client.connect(server.url) as redis:
        return int(await redis.incr("starts"))


def _pid(directory: Path) -> int:
    return int((directory / "redis.pid").read_text("ascii"))


async def test_keeps_its_data(tmp_path: Path) -> None:
    """What was written is there at the next start; nobody else may look into the directory."""
    directory = tmp_path / "data"
    for start in (1, 2):
        async with running(directory) as server:
            assert await _incremented(server) == start

    assert directory.stat().st_mode & 0o777 == 0o700
    await RedisServer(directory, redis_binary.find()).stop()


async def test_directory_in_use(tmp_path: Path) -> None:
    """A second process on the same directory is refused, and told what to do."""
    async with running(tmp_path):
        with pytest.raises(DataDirectoryInUse, match="ENLACE_DATA_DIR"):
            async with running(tmp_path):
                pytest.fail("two on one directory")


async def test_newer_version(tmp_path: Path) -> None:
    """Data of a newer Redis are refused: by their layout, or by what the server says of them."""
    (tmp_path / "appendonly.aof").write_bytes(
        b"REDIS0099\xfa\x09redis-ver\x0599.0.0\xff" + bytes(8)
    )
    with pytest.raises(DataFromNewerVersion, match="newer"):
        async with running(tmp_path, binary=_bundled()):
            pytest.fail("started")

    (tmp_path / "appendonly.aof").unlink()
    (tmp_path / "appendonlydir").mkdir()
    with pytest.raises(DataFromNewerVersion):
        async with running(tmp_path, binary=_bundled()):
            pytest.fail("started")


async def test_does_not_start(tmp_path: Path) -> None:
    """A server that does not start is told with where to look."""
    (tmp_path / "appendonly.aof").write_bytes(b"nonsense")
    with pytest.raises(RedisDied, match=r"redis\.log"):
        async with running(tmp_path, binary=Path("/bin/false")):
            pytest.fail("started")


async def test_restarted(tmp_path: Path) -> None:
    """Killed -9, the server is started again with its data; clients go on by themselves."""
    async with running(tmp_path) as server, redis_client.connect(server.url) as redis:
        watching = asyncio.create_task(server.watch())
        assert await redis.incr("starts") == 1

        os.kill(_pid(tmp_path), signal.SIGKILL)

        assert await redis.incr("starts") == 2
        assert server.restarts == 1
        watching.cancel()


@pytest.mark.slow
async def test_never_gives_up(tmp_path: Path) -> None:
    """A server that dies again and again is started again and again."""
    async with running(tmp_path) as server:
        watching = asyncio.create_task(server.watch())
        while server.restarts < 6 and not watching.done():
            async with redis_client.connect(server.url) as redis:
                await _killed(redis, tmp_path)
        assert not watching.done()
        watching.cancel()


async def _killed(redis: Redis, directory: Path) -> None:
    """Kill the server once it answers; a dead one is left to its watcher."""
    with suppress(RedisConnectionError):
        await redis.ping()
        os.kill(_pid(directory), signal.SIGKILL)
    await asyncio.sleep(0)


def test_never_orphaned(tmp_path: Path) -> None:
    """The owner killed -9 takes the server with it, and the next start finds the data."""
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        server = os.pidfd_open(_pid(tmp_path))
    finally:
        owner.kill()
        owner.communicate()

    _gone(server)
    assert asyncio.run(_kept(tmp_path)) == b"yes"


def _gone(pidfd: int) -> None:
    """Wait until a process has ended."""
    ended, _, _ = select.select([pidfd], [], [], HUNG)
    assert ended, "orphaned"
    os.close(pidfd)


async def _kept(directory: Path) -> bytes:
    async with running(directory) as server, redis_client.connect(server.url) as redis:
        return bytes(await redis.get("kept"))  # type: ignore[arg-type]


async def test_orphan_of_a_crash(tmp_path: Path) -> None:
    """A server left over by a crash of everything around it is ended before a new one starts."""
    socket = tmp_path / "redis.sock"
    orphan = subprocess.Popen(
        [redis_binary.find(), "--port", "0", "--unixsocket", socket, "--dir", tmp_path,
         "--pidfile", tmp_path / "redis.pid", "--logfile", tmp_path / "redis.log"],
    )  # fmt: skip
    try:
        await until(socket.exists)

        async with running(tmp_path) as server:
            assert await _incremented(server) == 1
        assert orphan.wait(HUNG) == 0
    finally:
        orphan.kill()


@pytest.mark.slow
async def test_torn_file(tmp_path: Path) -> None:
    """Wherever a power cut tears the file inside a script, no start sees half of one."""
    async with _answering(tmp_path) as redis:
        pair = redis.register_script(
            "redis.call('SET', KEYS[1], ARGV[1]) redis.call('SET', KEYS[2], ARGV[1])"
        )
        for number in range(20):
            await pair(keys=["a", "b"], args=[number])
    whole = (tmp_path / "appendonly.aof").read_bytes()
    chance = random.Random(7)

    for _ in range(12):
        cut = whole[: chance.randrange(len(whole) // 2, len(whole))]
        (tmp_path / "appendonly.aof").write_bytes(cut)
        for _ in range(2):
            async with _answering(tmp_path) as redis:
                one, other = await redis.mget("a", "b")
                assert one == other
                await redis.incr("starts")


async def test_long_path(tmp_path: Path) -> None:
    """A directory whose name is too long for a socket works all the same."""
    directory = tmp_path / ("x" * 120)
    async with running(directory) as server:
        assert await _incremented(server) == 1
        assert str(directory) not in server.url


def test_long_log_is_cut(tmp_path: Path) -> None:
    """The server's own log does not grow for ever."""
    (tmp_path / "redis.log").write_bytes(bytes(2_000_000))

    RedisServer(tmp_path, redis_binary.find())._arguments()

    assert not (tmp_path / "redis.log").exists()


def test_no_redis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without any redis-server is told what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis_binary.find() == _bundled()

    monkeypatch.setattr(redis_binary, "_PACKAGE", "no-such-package")
    with pytest.raises(NoRedisFound, match=r"enlace\[embedded\].*ENLACE_REDIS_URL"):
        redis_binary.find()


@asynccontextmanager
async def _answering(directory: Path) -> AsyncIterator[Redis]:
    async with (
        running(directory, binary=_bundled()) as server,
        redis_client.connect(server.url) as redis,
    ):
        yield redis


def _bundled() -> Path:
    """The server of the extra `embedded`: 6.2."""
    return redis_binary.find_bundled()


async def test_files_are_private(tmp_path: Path) -> None:
    """Nobody else reads what the server keeps, whatever umask it was started with."""
    directory = tmp_path / "data"
    directory.mkdir(mode=0o755)
    (directory / "redis.log").write_text("")  # as an earlier version left it
    before = os.umask(0o022)
    try:
        async with running(directory) as server:
            assert await _incremented(server) == 1
            async with redis_client.connect(server.url) as redis:
                await redis.bgrewriteaof()
                await until(lambda: _is_idle(redis))
            modes = {p.name: p.stat().st_mode & 0o777 for p in directory.rglob("*")}
    finally:
        os.umask(before)

    assert directory.stat().st_mode & 0o777 == 0o700
    assert {"redis.log", "lock", "redis.lock", "redis.pid"} <= modes.keys()
    assert {mode for name, mode in modes.items() if name != "redis.sock"} <= {0o600, 0o700}
    assert all(mode & 0o077 == 0 for mode in modes.values())


async def _is_idle(redis: Redis) -> bool:
    about = await redis.info("persistence")
    return not (about["aof_rewrite_in_progress"] or about["aof_rewrite_scheduled"])


async def test_shared_directory_is_left(tmp_path: Path) -> None:
    """A directory with other people's files keeps its mode, and so do they; ours are private."""
    directory = tmp_path / "data"
    directory.mkdir(mode=0o755)
    other = directory / "notes.txt"
    other.touch(mode=0o644)
    async with running(directory) as server:
        assert await _incremented(server) == 1

    assert (directory.stat().st_mode & 0o777, other.stat().st_mode & 0o777) == (0o755, 0o644)
    assert (directory / "appendonly.aof").stat().st_mode & 0o777 == 0o600
