"""How far our clock was from each channel's when that last changed, for whoever looks."""

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire

_FIELD = "clock:"
_FAR = 60_000  # ms


class Clocks:
    """The offsets that were measured, kept beside the installation's own facts."""

    def __init__(self, redis: Redis | RedisCluster) -> None:
        self._redis = redis

    async def note(self, channel: str, offset: int) -> None:
        """Note by how many ms our clock is ahead of the channel's."""
        await self._redis.hset(keys.meta(), f"{_FIELD}{channel}", str(offset))

    async def list_far(self) -> dict[str, int]:
        """Tell by how many seconds our clock is ahead of channels, where it is over a minute."""
        kept = wire.fields(await self._redis.hgetall(keys.meta()))
        offsets = {
            name.decode().removeprefix(_FIELD): int(offset)
            for name, offset in kept.items()
            if name.decode().startswith(_FIELD)
        }
        return {
            channel: offset // 1000
            for channel, offset in sorted(offsets.items())
            if abs(offset) >= _FAR
        }
