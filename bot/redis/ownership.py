"""Whose the data directory is: its owner alone runs a Redis there, and repairs its files.

Two files tell, by locks that the kernel releases however a process ends:

| file | locked by |
|---|---|
| `lock` | the owner |
| `command.lock` | a command that found no owner: it is the owner itself, until it ends |
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

import structlog

from bot.redis.errors import CommandRunning, DataDirectoryInUse
from bot.redis.private import create_private

_log = structlog.get_logger("enlace.redis")

PATIENCE = 20.0
"""Seconds to wait for a command that is the owner: most of them take one."""

PAUSE = 0.02
"""Seconds between two looks at a lock."""

_OWNER, _COMMAND = "lock", "command.lock"


@asynccontextmanager
async def owning(directory: Path) -> AsyncIterator[None]:
    """Own the directory for as long as the context lasts; a command that owns it is waited for.

    Raises:
        DataDirectoryInUse: another installation owns it.
        CommandRunning: a command does, and does not end.
    """
    with _open(directory / _OWNER) as lock:
        try:
            async with asyncio.timeout(PATIENCE):
                await _take_after_command(lock, directory)
        except TimeoutError:
            raise CommandRunning(f"{directory}: {CommandRunning.__doc__}") from None
        yield


async def _take_after_command(lock: BinaryIO, directory: Path) -> None:
    told = False
    while not try_lock(lock):
        if not _is_locked(directory / _COMMAND):
            raise DataDirectoryInUse(f"{directory}: {DataDirectoryInUse.__doc__}")
        if not told:
            _log.warning("data.command_awaited")
        told = True
        await asyncio.sleep(PAUSE)


def take_for_command(directory: Path) -> ExitStack | None:
    """Make a command the owner until the stack is closed; None if there is another owner.

    Raises:
        CommandRunning: another command is the owner, or just looks who is.
    """
    with ExitStack() as held:
        if not try_lock(held.enter_context(_open(directory / _COMMAND))):
            raise CommandRunning
        if not try_lock(held.enter_context(_open(directory / _OWNER))):
            return None
        return held.pop_all()  # `lock` is released before `command.lock`: `owning` relies on it


def try_lock(lock: BinaryIO) -> bool:
    """Lock an open file until it is closed; false if it is locked already."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("ab") as lock:
        return not try_lock(lock)


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    with create_private(path).open("ab") as lock:
        yield lock
