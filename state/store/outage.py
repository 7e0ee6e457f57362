"""Redis away, loading, full or stuck: the loops of a process wait for it, and say so once.

No process ends for it, however long it takes: a loop that fails is repeated after a pause, which
grows from a tenth of a second to two. Only `RedisError` is waited for; a programming error is not.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from state.store.connection import OtherKey
from state.store.pipeline import NotReplicated

_FIRST, _LONGEST = 0.1, 2.0  # seconds between two tries
DISK_FULL = "disk full"
LOADING = "loading its data"
REFUSED = "refuses the password"
_REASONS: tuple[tuple[type[RedisError], str], ...] = (
    (BusyLoadingError, LOADING),  # before ConnectionError, whose subclasses some are
    (AuthenticationError, REFUSED),
    (NoPermissionError, "refuses a command to this user"),
    (OutOfMemoryError, "memory full"),
    (ReadOnlyError, "read-only"),
    (NotReplicated, "without its replica"),
    (OtherKey, "holds the data of another key"),
    (MasterDownError, "without its master"),
    (RedisTimeoutError, "does not answer"),
    (RedisConnectionError, "not reachable"),
)
_WORDS = {
    "No space left on device": DISK_FULL,
    "HELLO must be called": REFUSED,  # no password where one is needed
    "MISCONF": "cannot write to its disk",
    "UNBLOCKED": "read-only",  # it became a replica while we waited for something
    "NOREPLICAS": "without its replica",
    "CLUSTERDOWN": "the cluster is down",
}
"""What the answer itself says; it goes before the error's type."""

Away = RedisError
"""What everything that uses Redis raises while Redis does not serve: wait, and repeat."""

_log = structlog.get_logger("enlace.redis")


def explain(error: RedisError) -> str:
    """Say in a few words why Redis does not serve; never what was asked of it."""
    said = str(error)
    told = [reason for word, reason in _WORDS.items() if word in said]
    told += [reason for kind, reason in _REASONS if isinstance(error, kind)]
    return next(iter(told), "refuses a command")


class Outage:
    """What the loops of one process know of it: told when the first fails, and when all go on."""

    def __init__(self, explain: Callable[[RedisError], str] = explain) -> None:
        """`explain` says why; the default knows the error only."""
        self.explain = explain
        self._failed: dict[str, int] = {}  # loop -> tries
        self._told: set[str] = set()
        self._since = 0.0
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Let nobody wait any longer: the process ends."""
        self._stopping.set()

    def note(self, loop: str, error: RedisError) -> None:
        """Note that a loop failed; each reason is logged once until all go on."""
        reason = self.explain(error)
        if not self._failed:
            self._since = time.monotonic()
        self._failed[loop] = self._failed.get(loop, 0) + 1
        if reason not in self._told:
            self._told.add(reason)
            _log.warning("redis.away", reason=reason, error=type(error).__name__)

    def note_success(self, loop: str) -> None:
        """Note that a loop goes on; the last one says so."""
        if self._failed.pop(loop, None) is not None and not self._failed:
            self._told.clear()
            _log.info("redis.back", seconds=round(time.monotonic() - self._since, 1))

    async def wait(self, loop: str, error: RedisError) -> None:
        """Note that a loop failed, and pause before its next try; not when the process ends."""
        self.note(loop, error)
        pause = min(_LONGEST, _FIRST * 2 ** min(self._failed[loop] - 1, 10))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), pause)

    async def repeat(self, loop: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something once, however often it must be tried; not when the process ends."""
        while not self._stopping.is_set():
            try:
                await work()
            except RedisError as error:
                await self.wait(loop, error)
            else:
                self.note_success(loop)
                return
