"""When something is due: timers, and the bell that wakes a loop before that."""

from redis.asyncio import Redis

from state.store import keys


class Schedule:
    """The due times of all shards."""

    def __init__(self, redis: Redis) -> None:
        """Use this Redis."""
        self._redis = redis
        self._bells = [keys.Shard(number).key("bell") for number in range(keys.SHARDS)]

    async def timers(self, *, now: int, most: int) -> list[str]:
        """List chats whose timer is due."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for number in range(keys.SHARDS):
                name = keys.Shard(number).key("timers")
                pipe.zrangebyscore(name, "-inf", now, start=0, num=most)
            return [chat.decode() for chats in await pipe.execute() for chat in chats]

    async def nearest(self) -> int | None:
        """Tell when (ms) the next effect or timer comes due."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for number in range(keys.SHARDS):
                shard = keys.Shard(number)
                pipe.zrange(shard.key("odue"), 0, 0, withscores=True)
                pipe.zrange(shard.key("timers"), 0, 0, withscores=True)
            dues = [int(found[0][1]) for found in await pipe.execute() if found]
        return min(dues, default=None)

    async def wait(self, seconds: float) -> None:
        """Sleep until the bell rings, at most `seconds`."""
        await self._redis.blpop(self._bells, timeout=seconds)
