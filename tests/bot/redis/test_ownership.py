"""Whose the data directory is: one owner, commands beside it, and nothing stale in the way."""

import asyncio
import signal
from os import kill
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.redis import client as redis_client
from bot.redis.beside import reaching
from bot.redis.errors import CommandRunning, DataDirectoryInUse, OwnerGone, OwnerSilent
from bot.redis.ownership import take_for_command
from bot.redis.server import find_socket, running, url_of
from tests.waiting import until


def _is_owned(directory: Path) -> bool:
    owned = take_for_command(directory)
    if owned is not None:
        owned.close()
    return owned is None


async def test_beside_the_owner(tmp_path: Path) -> None:
    """Commands see what the owner wrote, several at once, and leave its Redis and files alone."""
    async with running(tmp_path) as server, redis_client.connect(server.url) as redis:
        await redis.set("kept", "yes")
        (tmp_path / "redis.log").chmod(0o644)  # only the owner mends what it finds
        async with reaching(tmp_path) as one, reaching(tmp_path) as other:
            assert one == other == server.url
            async with redis_client.connect(other) as beside:
                assert await beside.get("kept") == b"yes"
        assert await redis.ping()
        assert (tmp_path / "redis.log").stat().st_mode & 0o777 == 0o644


async def test_no_owner(tmp_path: Path) -> None:
    """Without an owner a command runs a Redis for itself, and is the owner for so long."""
    directory = tmp_path / "data"
    async with reaching(directory) as url, redis_client.connect(url) as redis:
        assert directory.stat().st_mode & 0o777 == 0o700
        await redis.set("kept", "yes")
        with pytest.raises(CommandRunning):
            take_for_command(directory)

    assert not _is_owned(directory)
    async with running(directory) as server, redis_client.connect(server.url) as redis:
        assert await redis.get("kept") == b"yes"


async def test_stale_socket(tmp_path: Path) -> None:
    """A socket, a number and locks that a crash left are not taken for an owner."""
    for name in ("redis.sock", "redis.pid", "lock", "command.lock", "redis.lock"):
        (tmp_path / name).write_text("4194000" if name == "redis.pid" else "")

    async with reaching(tmp_path) as url, redis_client.connect(url) as redis:
        assert await redis.ping()


async def test_owner_that_starts_meanwhile(tmp_path: Path) -> None:
    """An owner waits for the command that has the directory, and so does another command."""
    owner, command = running(tmp_path), reaching(tmp_path)
    async with reaching(tmp_path):
        with capture_logs() as logs:
            starting = [asyncio.create_task(c.__aenter__()) for c in (owner, command)]
            await until(lambda: bool(logs))
        assert [log["event"] for log in logs] == ["data.command_awaited"]
        assert not any(task.done() for task in starting)
    started = await asyncio.gather(*starting)

    assert len(started) == 2
    await command.__aexit__(None, None, None)
    await owner.__aexit__(None, None, None)


async def test_command_that_does_not_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever waits for a command too long is told that it is one."""
    monkeypatch.setattr("bot.redis.ownership.PATIENCE", 0.05)
    monkeypatch.setattr("bot.redis.beside.PATIENCE", 0.05)
    async with reaching(tmp_path):
        for waiting in (running, reaching):
            with pytest.raises(CommandRunning, match="wait until it has ended"):
                async with waiting(tmp_path):
                    pytest.fail("two on one directory")


async def test_owner_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An owner that starts is waited for, however long it loads; one that is stuck is told."""
    monkeypatch.setattr("bot.redis.beside.PATIENCE", 0.2)
    loading = iter([b"-LOADING\r\n"] * 20 + [b"+PONG\r\n"])
    async with running(tmp_path):
        with monkeypatch.context() as patched:
            patched.setattr("bot.redis.beside.ping", lambda _: asyncio.sleep(0, next(loading)))
            async with reaching(tmp_path):
                assert list(loading) == []
        pid = int((tmp_path / "redis.pid").read_text("ascii"))
        kill(pid, signal.SIGSTOP)
        with pytest.raises(OwnerSilent, match="does not answer"):
            async with reaching(tmp_path):
                pytest.fail("reached a stuck server")
        kill(pid, signal.SIGCONT)


async def test_owner_that_ends_meanwhile(tmp_path: Path) -> None:
    """A command whose owner ends is told to be repeated; repeated it runs a Redis for itself."""
    with pytest.raises(OwnerGone, match="repeat"):
        await _ping_when_gone(tmp_path)

    async with reaching(tmp_path) as url, redis_client.connect(url) as redis:
        assert url == url_of(find_socket(tmp_path))
        assert await redis.ping()


async def _ping_when_gone(directory: Path) -> None:
    async with (
        running(directory) as server,
        reaching(directory) as url,
        redis_client.connect(url) as redis,
    ):
        await server.stop()
        await redis.ping()


async def test_two_owners(tmp_path: Path) -> None:
    """A second owner is refused at once, also while commands work beside the first."""
    async with running(tmp_path), reaching(tmp_path):
        with pytest.raises(DataDirectoryInUse) as refused:
            async with running(tmp_path):
                pytest.fail("two on one directory")

    assert refused.type is DataDirectoryInUse
