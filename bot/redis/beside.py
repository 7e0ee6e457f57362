"""A command beside a running installation: it uses the embedded Redis, and leaves it running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from redis.exceptions import ConnectionError as RedisConnectionError

from bot.redis.errors import CommandRunning, DataDirectoryInUse, OwnerGone, OwnerSilent
from bot.redis.ownership import PATIENCE, PAUSE, take_for_command
from bot.redis.server import find_socket, ping, run_in, url_of


@asynccontextmanager
async def reaching(data_dir: Path) -> AsyncIterator[str]:
    """Give the address of the directory's Redis: the owner's, or one that runs for us meanwhile.

    Raises:
        CommandRunning: another command runs it for itself, and does not end.
        OwnerSilent: its owner's does not answer.
        OwnerGone: its owner ended meanwhile.
        RedisServerError: our own cannot be used.
    """
    directory = data_dir.absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    owned = await _own_or_reach(directory)
    if owned is not None:
        with owned:
            async with run_in(directory) as server:
                yield server.url
        return
    try:
        yield url_of(find_socket(directory))
    except RedisConnectionError as error:
        raise OwnerGone(OwnerGone.__doc__) from error


async def _own_or_reach(directory: Path) -> ExitStack | None:
    """Become the owner, or wait until the owner's Redis answers; while it loads, that is long."""
    problem: type[DataDirectoryInUse] = OwnerSilent
    try:
        async with asyncio.timeout(PATIENCE) as patience:
            while True:
                answer = b""
                try:
                    if owned := take_for_command(directory):
                        return owned
                    problem, answer = OwnerSilent, await ping(find_socket(directory))
                except CommandRunning:
                    problem = CommandRunning
                if answer.startswith(b"+PONG"):
                    return None
                if answer.startswith(b"-LOADING"):
                    patience.reschedule(asyncio.get_running_loop().time() + PATIENCE)
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        raise problem(f"{directory}: {problem.__doc__}") from None
