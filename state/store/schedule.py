"""When something is due: timers, and the bells that wake a loop before that."""

from collections.abc import Sequence

from redis.asyncio import Redis

from state.store import keys, wire


class Schedule:
    """The due times of all shards."""

    def __init__(self, redis: Redis) -> None:
        """Use this Redis."""
        self._redis = redis
        self._bells = {shard.key("bell").encode(): shard for shard in keys.ALL}

    async def timers(self, *, now: int, most: int) -> list[str]:
        """List up to `most` chats of each shard whose timer is due."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.ALL:
                pipe.zrangebyscore(shard.key("timers"), "-inf", now, start=0, num=most)
            return [chat.decode() for chats in await pipe.execute() for chat in chats]

    async def nearest(self, shards: Sequence[keys.Shard]) -> dict[keys.Shard, int]:
        """Tell of each shard that has one when (ms) its next effect or timer comes due."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in shards:
                pipe.zrange(shard.key("odue"), 0, 0, withscores=True)
                pipe.zrange(shard.key("timers"), 0, 0, withscores=True)
            found = iter(await pipe.execute())
        pairs = zip(shards, found, found, strict=True)
        return {shard: _earliest(*dues) for shard, *dues in pairs if any(dues)}

    async def wait(self, seconds: float) -> tuple[keys.Shard, ...]:
        """Sleep until a bell rings and tell whose, or `seconds`: then it may be anybody's."""
        rung = await self._redis.blpop(list(self._bells), timeout=seconds)
        name = None if rung is None else wire.blob(rung[0])
        return keys.ALL if name is None else (self._bells[name],)


def _earliest(*ranges: list[tuple[bytes, float]]) -> int:
    return min(int(members[0][1]) for members in ranges if members)
