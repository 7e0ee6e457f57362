"""The feed: which chats changed, for the live pages."""

from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis

from state.store import keys, wire

_BLOCK = 1000  # ms; below the client's socket timeout, and what an ending process waits for


class Feed:
    """The feeds of all shards, read by one blocking reader."""

    def __init__(self, redis: Redis) -> None:
        """Use this Redis."""
        self._redis = redis

    async def follow(self) -> AsyncIterator[frozenset[str]]:
        """Yield the chats that change from now on, for ever; an empty set while nothing does."""
        last: dict[Any, Any] = dict(await self._ends())  # redis-py spells its own union
        while True:
            found = wire.streams(await self._redis.xread(last, block=_BLOCK))
            changed: set[str] = set()
            for name, lines in found:
                last[name.decode()] = lines[-1][0].decode()
                changed.update(fields[b"c"].decode() for _, fields in lines)
            yield frozenset(changed)

    async def tell(self, key: str) -> None:
        """Say that a chat changed outside a turn, as a simulated phone does."""
        name = keys.shard_of(key).key("feed")
        await self._redis.xadd(name, {"c": key}, maxlen=1000, approximate=True)

    async def _ends(self) -> dict[str, str]:
        names = [shard.key("feed") for shard in keys.ALL]
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.xrevrange(name, count=1)
            ends = await pipe.execute()
        return {
            name: lines[0][0].decode() if lines else "0-0"
            for name, lines in zip(names, ends, strict=True)
        }
