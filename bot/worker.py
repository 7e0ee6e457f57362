"""The worker: performs what is due, and sleeps until the next thing is."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from redis.exceptions import RedisError

from handlers.effects.performer import EffectPerformer
from handlers.errors import EnlaceError, place
from handlers.ports import Clock
from handlers.turns import Turns
from state.store import append_only_file, keys
from state.store.formats import NewerFormat
from state.store.outage import Outage
from state.store.outbox import MESSAGE, Lease
from state.store.store import Store

_log = structlog.get_logger("enlace.worker")

CHATS = 128
"""Chats served concurrently; a slow WispHub call delays only its own chat."""

_NAP = 1.0  # seconds to sleep at most: an ending process waits for it
_LOOP = "worker"  # its name among the loops of a process
_GRACE = 3.0  # seconds for effects in progress when we are stopped
_TIMERS = 32  # per shard and round
_HOUR = 3600_000  # ms


class Worker:
    """One process's share of the work; any number may run on one Redis."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        sender: EffectPerformer,
        clock: Clock,
        outage: Outage | None = None,
    ) -> None:
        """Perform effects with this sender, fire timers by these turns."""
        self._store = store
        self._turns = turns
        self._sender = sender
        self._clock = clock
        self._outage = outage or Outage()
        self._under_way: set[asyncio.Task[None]] = set()
        self._claimed: set[str] = set()
        self._room = asyncio.Event()  # set while there is capacity for another chat
        self._room.set()
        self._firing: set[str] = set()
        self._retained = clock()  # whether it is time to erase: an hour after the start, hourly
        self._looked = clock()  # whether something was erased
        self._due: dict[keys.Shard, int] = {}
        self._group: asyncio.TaskGroup | None = None
        self._stopping = False

    def stop(self) -> None:
        """Start nothing new; what is in progress is finished."""
        self._stopping, self._turns.performer = True, None

    def claim(self) -> str:
        """Return the token of a lease for a turn's effects; empty without capacity.

        The capacity is reserved until the effects are performed, or the claim is waived: a chat
        must be served before its lease expires, however many turns are committed at once.
        """
        if not self._room.is_set():
            return ""
        token = self._store.outbox.token()
        self._claimed.add(token)
        self._look_for_room()
        return token

    def waive(self, token: str) -> None:
        """Release the capacity that a claim reserved."""
        self._claimed.discard(token)
        self._look_for_room()

    def perform(self, lease: Lease) -> None:
        """Perform the effects of a chat that a turn of this process has just claimed."""
        assert self._group is not None
        self._claimed.discard(lease.token)
        self._start(self._group, self._sender.perform_all(lease, enough=lambda: self._stopping))

    async def run(self) -> None:
        """Work until stopped, also through outages of Redis."""
        async with asyncio.TaskGroup() as group:
            self._group, self._turns.performer = group, self
            try:
                await self._work(group)
            finally:
                self._turns.performer = None
                await self._store.schedule.aclose()
                asyncio.get_running_loop().call_later(_GRACE, self._give_up)

    async def _work(self, group: asyncio.TaskGroup) -> None:
        shards = keys.ALL
        while not self._stopping:
            try:
                await self._round(group, shards)
                shards = await self._sleep(shards)
                self._outage.note_success(_LOOP)
            except RedisError as error:
                await self._outage.wait(_LOOP, error)
                shards = keys.ALL
            except NewerFormat:  # the process is about to end (`bot.upgrading`)
                return
        if not self._store.formats.newer:
            with suppress(RedisError):
                await self._store.schedule.ring()

    async def _round(self, group: asyncio.TaskGroup, shards: tuple[keys.Shard, ...]) -> None:
        await self._room.wait()
        now = self._clock()
        most = max(1, (CHATS - self._count_taken()) // len(shards))
        for lease in await self._store.outbox.take(shards, now=now, until=now + MESSAGE, most=most):
            self._start(group, self._sender.perform_all(lease, enough=lambda: self._stopping))
        if len(shards) == len(keys.ALL):
            if now >= self._retained + _HOUR:
                self._retained = now
                self._start(group, self._retain(now))
            if now >= self._looked + append_only_file.PAUSE:
                self._looked = now
                self._start(group, self._rewrite())
            for key in await self._store.schedule.timers(now=now, most=_TIMERS):
                if key not in self._firing:
                    self._firing.add(key)
                    self._start(group, self._fire(key))

    async def _retain(self, now: int) -> None:
        await self._turns.retention.round_daily(now=now)

    async def _rewrite(self) -> None:
        await self._store.append_only_file.rewrite_after_erasures()

    async def _fire(self, key: str) -> None:
        try:
            await self._turns.fire(key)
        finally:
            self._firing.discard(key)

    def _start(self, group: asyncio.TaskGroup, work: Coroutine[Any, Any, None]) -> None:
        task = group.create_task(self._run_safely(work))
        self._under_way.add(task)
        task.add_done_callback(self._forget_task)
        self._look_for_room()

    def _forget_task(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._look_for_room()

    def _count_taken(self) -> int:
        return len(self._under_way) + len(self._claimed)

    def _look_for_room(self) -> None:
        if self._count_taken() < CHATS:
            self._room.set()
        else:
            self._room.clear()

    def _give_up(self) -> None:
        """Cancel what takes too long; its lease expires, and another worker continues."""
        for task in self._under_way:
            task.cancel()

    async def _run_safely(self, work: Coroutine[Any, Any, None]) -> None:
        """Do one piece of work; what fails is due again when its lease expires."""
        try:
            await work
        except (RedisError, EnlaceError, NewerFormat) as error:
            _log.warning("work.failed", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # the outermost step: loud, and the loop goes on
            _log.error("work.broken", error=type(error).__name__, where=place(error))

    async def _sleep(self, shards: tuple[keys.Shard, ...]) -> tuple[keys.Shard, ...]:
        """Sleep until a wake-up or the next due time; return the shards to check."""
        for shard in shards:
            self._due.pop(shard, None)
        self._due |= await self._store.schedule.nearest(shards)
        until = min(self._due.values(), default=None)
        seconds = _NAP if until is None else min(_NAP, (until - self._clock()) / 1000)
        if seconds <= 0.001:
            await asyncio.sleep(0.001)
            return keys.ALL
        return await self._store.schedule.wait(seconds)
