"""Whose data Redis holds: an older version's are carried forward, a newer one's end us.

Others' data, of an installation with another key, are left alone until ours are back.
"""

import asyncio
from collections.abc import Callable

import structlog
from redis.exceptions import RedisError

from state.store.formats import NewerFormat
from state.store.outage import Outage
from state.store.store import Store

_log = structlog.get_logger("enlace.upgrading")

_LOOP = "upgrading"  # its name among the loops of a process
_LOOK = 1.0  # seconds for which we may not notice that a newer version came


class Upgrading:
    """One process's part in it; any number may run on one Redis, and one at a time walks."""

    def __init__(self, store: Store, outage: Outage | None = None) -> None:
        """Look at this store."""
        self._store = store
        self._outage = outage or Outage()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Walk no further, and look no more; whoever starts next goes on."""
        self._stopping.set()

    async def run(self, stop: Callable[[], None]) -> None:
        """Look every second until stopped; `stop` the process if a newer version writes here."""
        while not self._stopping.is_set():
            try:
                await self._look()
                await self._store.migration.run(enough=self._stopping.is_set)
                await self._store.refiling.run(enough=self._stopping.is_set)
                self._outage.note_success(_LOOP)
            except NewerFormat:
                _log.error("formats.newer")
                stop()
            except RedisError as error:
                self._outage.note(_LOOP, error)
            await self._wait()

    async def _look(self) -> None:
        """See whose data these are; where all are gone we begin anew, as at a first start.

        Whether Redis takes writes is asked too: when it is full, no loop would say so.
        """
        await self._store.formats.look()
        if await self._store.naming.require():
            _log.error("redis.emptied")
            await self._store.formats.begin()
        await self._store.check_writing()

    async def _wait(self) -> None:
        """Wait a second, unless we are stopped, or meet what a newer version wrote."""
        waits = {
            asyncio.create_task(self._stopping.wait()),
            asyncio.create_task(self._store.formats.wait()),
        }
        _, pending = await asyncio.wait(waits, timeout=_LOOK, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
