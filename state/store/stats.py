"""Counters of the scripts, summed over all shards."""

from collections import Counter

from redis.asyncio import Redis, RedisCluster

from state.store import keys


async def read(redis: Redis | RedisCluster) -> dict[str, int]:
    """Read the counters: `turns`, and the reports of attempts by name."""
    async with redis.pipeline(transaction=False) as pipe:
        for shard in keys.ALL:
            pipe.hgetall(shard.key("stats"))
        shards = await pipe.execute()
    total: Counter[str] = Counter()
    for counts in shards:
        total.update({name.decode(): int(count) for name, count in counts.items()})
    return dict(total)
