"""Due times: timers, and the wake-ups of workers."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import RedisError

from state.store import keys, wire
from state.store.connection import together
from state.store.pipeline import Pipeline


class Schedule:
    """The due times of all shards."""

    def __init__(self, redis: Redis | RedisCluster, pipeline: Pipeline) -> None:
        """Use this Redis; looking at due times shares round trips."""
        self._redis = redis
        self._pipeline = pipeline
        self._bells = {shard.key("bell").encode(): shard for shard in keys.ALL}
        self._groups = together(redis)
        self._listening: dict[tuple[keys.Shard, ...], asyncio.Task[keys.Shard | None]] = {}

    async def timers(self, *, now: int, most: int) -> list[str]:
        """List up to `most` chats of each shard whose timer is due."""
        due = await self._pipeline.ask(
            *(
                ("ZRANGEBYSCORE", shard.key("timers"), "-inf", now, "LIMIT", 0, most)
                for shard in keys.ALL
            )
        )
        return [chat.decode() for chats in due for chat in chats]

    async def postpone(self, key: str, *, until: int) -> None:
        """Let the timer of a chat be due at that time (ms), if it has one."""
        timers = keys.shard_of(key).key("timers")
        await self._pipeline.ask(("ZADD", timers, "XX", until, key))

    async def claim(self, task: str, *, life: int) -> bool:
        """Claim a task of the whole installation, for one process and so many milliseconds."""
        lease = keys.name_key("lease", task)
        (taken,) = await self._pipeline.ask(("SET", lease, 1, "NX", "PX", life))
        return bool(taken)

    async def nearest(self, shards: Sequence[keys.Shard]) -> dict[keys.Shard, int]:
        """Return, for each shard that has one, when (ms) its next effect or timer is due."""
        found = iter(
            await self._pipeline.ask(
                *(
                    ("ZRANGE", shard.key(name), 0, 0, "WITHSCORES")
                    for shard in shards
                    for name in ("odue", "timers")
                )
            )
        )
        dues = {shard: [*wire.scores(next(found)), *wire.scores(next(found))] for shard in shards}
        return {shard: int(min(times)) for shard, times in dues.items() if times}

    async def wait(self, seconds: float) -> tuple[keys.Shard, ...]:
        """Sleep until a wake-up, or for `seconds`; return the shards to check, all after a timeout.

        In a cluster each shard has its own wake-up list, and listening goes on when another one
        has something.
        """
        for group in self._groups:
            if group not in self._listening:
                self._listening[group] = asyncio.create_task(self._listen(group, seconds))
        heard, _ = await asyncio.wait(
            self._listening.values(), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        results = [group for group, task in self._listening.items() if task in heard]
        rung = [self._listening.pop(group).result() for group in results]
        return tuple(shard for shard in rung if shard is not None) or keys.ALL

    async def ring(self) -> None:
        """Wake another worker: we may have consumed a wake-up without checking what is due."""
        await self._pipeline.ask(*(("RPUSH", shard.key("bell"), 1) for shard in keys.ALL))

    async def aclose(self) -> None:
        """Stop listening."""
        for task in self._listening.values():
            task.cancel()
            with suppress(asyncio.CancelledError, RedisError):
                await task
        self._listening.clear()

    async def _listen(self, group: Sequence[keys.Shard], seconds: float) -> keys.Shard | None:
        names = [shard.key("bell") for shard in group]
        rung = await self._redis.blpop(names, timeout=seconds)
        name = None if rung is None else wire.blob(rung[0])
        return None if name is None else self._bells[name]
