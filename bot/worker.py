"""The worker: performs what is due, sleeps until the next thing is."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from redis.exceptions import RedisError

from handlers.errors import EnlaceError, place
from handlers.outbound import LEASE, Sender
from handlers.ports import Clock
from handlers.turns import Turns
from state.store import keys
from state.store.store import Store

_log = structlog.get_logger("enlace.worker")

_CHATS = 64  # side by side; a slow WispHub call holds only its own chat
_NAP = 1.0  # seconds to sleep at most: what an ending process waits for
_TIMERS = 32  # a shard and round


class Worker:
    """One process's share of the work; any number may run on one Redis."""

    def __init__(self, store: Store, turns: Turns, sender: Sender, clock: Clock) -> None:
        """Perform effects with this sender, fire timers by these turns."""
        self._store = store
        self._turns = turns
        self._sender = sender
        self._clock = clock
        self._running: set[str] = set()
        self._due: dict[keys.Shard, int] = {}
        self._stopping = False

    def stop(self) -> None:
        """Take nothing more; what is under way is finished."""
        self._stopping = True

    async def run(self) -> None:
        """Work until stopped; Redis may come and go meanwhile."""
        async with asyncio.TaskGroup() as group:
            shards = keys.ALL
            while not self._stopping:
                try:
                    await self._round(group, shards)
                    shards = await self._sleep(shards)
                except RedisError as error:
                    _log.warning("redis.away", error=type(error).__name__)
                    await asyncio.sleep(0.5)
                    shards = keys.ALL

    async def _round(self, group: asyncio.TaskGroup, shards: tuple[keys.Shard, ...]) -> None:
        now = self._clock()
        free = _CHATS - len(self._running)
        if free > 0:
            most = max(1, free // len(shards))
            taken = await self._store.outbox.take(shards, now=now, until=now + LEASE, most=most)
            for key in taken:
                self._start(group, key, partial(self._sender.drain, key))
        if len(shards) == len(keys.ALL):
            for key in await self._store.schedule.timers(now=now, most=_TIMERS):
                self._start(group, f"timer:{key}", partial(self._turns.fire, key))

    def _start(
        self, group: asyncio.TaskGroup, name: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        if name not in self._running:
            self._running.add(name)
            group.create_task(self._guarded(name, work))

    async def _guarded(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do one piece of work; what fails comes due again when its lease ends."""
        try:
            await work()
        except (RedisError, EnlaceError) as error:
            _log.warning("work.failed", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # the outermost step: loud, and the loop goes on
            _log.error("work.broken", error=type(error).__name__, where=place(error))
        finally:
            self._running.discard(name)

    async def _sleep(self, shards: tuple[keys.Shard, ...]) -> tuple[keys.Shard, ...]:
        """Sleep until a bell rings or something comes due; tell in which shards to look."""
        for shard in shards:
            self._due.pop(shard, None)
        self._due |= await self._store.schedule.nearest(shards)
        until = min(self._due.values(), default=None)
        seconds = _NAP if until is None else min(_NAP, (until - self._clock()) / 1000)
        if seconds <= 0.001:
            await asyncio.sleep(0.001)
            return keys.ALL
        return await self._store.schedule.wait(seconds)
