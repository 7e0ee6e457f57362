"""Everything that a Redis holds, as it stands there."""

from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis, RedisCluster


async def values(redis: Redis | RedisCluster) -> dict[str, Any]:
    """Read every key."""
    readers: dict[bytes, Callable[[str], Awaitable[Any]]] = {
        b"hash": redis.hgetall,
        b"list": lambda name: redis.lrange(name, 0, -1),
        b"stream": redis.xrange,
        b"zset": lambda name: redis.zrange(name, 0, -1, withscores=True),
        b"set": redis.smembers,
        b"string": redis.get,
    }
    names = sorted([name.decode() async for name in redis.scan_iter()])
    kinds = {name: bytes(await redis.type(name)) for name in names}  # type: ignore[arg-type]
    return {name: await readers[kind](name) for name, kind in kinds.items()}
