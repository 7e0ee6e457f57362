"""The feed: which chats changed, for the live pages."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisClusterException, RedisError

from state.store import keys, wire
from state.store.connection import together

_BLOCK = 1000  # ms; below the client's socket timeout, and the wait of an ending process


class Feed:
    """The feeds of all shards: one blocking reader, or one for each shard of a cluster."""

    def __init__(self, redis: Redis | RedisCluster) -> None:
        """Use this Redis."""
        self._redis = redis
        self._groups = together(redis)

    async def follow(self) -> AsyncGenerator[frozenset[str], None]:
        """Yield the chats that change from now on, forever; an empty set while none does."""
        reading = {
            asyncio.create_task(self._read(last)): last
            for last in [await self._ends(group) for group in self._groups]
        }
        try:
            yield frozenset()  # from here on nothing is missed
            while True:
                done, _ = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    last = reading.pop(task)
                    reading[asyncio.create_task(self._read(last))] = last
                yield frozenset(key for task in done for key in task.result())
        finally:
            await _end(reading)

    async def tell(self, key: str) -> None:
        """Announce a change outside a turn, as of a simulated phone."""
        name = keys.shard_of(key).key("feed")
        await self._redis.xadd(name, {"c": key}, maxlen=1000, approximate=True)

    async def _read(self, last: dict[Any, Any]) -> set[str]:
        """Wait for changes, at most a second; remember the position."""
        changed: set[str] = set()
        for name, lines in wire.streams(await self._redis.xread(last, block=_BLOCK)):
            last[name.decode()] = lines[-1][0].decode()
            changed.update(fields[b"c"].decode() for _, fields in lines)
        return changed

    async def _ends(self, group: Sequence[keys.Shard]) -> dict[Any, Any]:
        names = [shard.key("feed") for shard in group]
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.xrevrange(name, count=1)
            try:
                ends = await pipe.execute()
            except RedisClusterException as error:  # no RedisError
                raise RedisConnectionError("the cluster is unavailable") from error
        return {
            name: lines[0][0].decode() if lines else "0-0"
            for name, lines in zip(names, ends, strict=True)
        }


async def _end(reading: Sequence[asyncio.Task[set[str]]] | Any) -> None:
    for task in reading:
        task.cancel()
    for task in reading:
        with suppress(asyncio.CancelledError, RedisError):
            await task
