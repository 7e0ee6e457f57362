"""What vendors refuse at present, for whoever looks: any process of the installation.

A field of the installation's own key for each vendor and use, as `since|cause`, until the vendor
answers well again; another for each vendor whose gate is closed, with until when it is.
"""

from contextlib import suppress

from redis.asyncio import Redis, RedisCluster

from state.rejections import Cause, Rejection, Use, Vendor
from state.store import keys, wire
from state.store.formats import Formats

_FIELD, _CLOSED = "rejected:", "closed:"


class Rejections:
    """What is refused, kept beside the installation's own facts."""

    def __init__(self, redis: Redis | RedisCluster, formats: Formats) -> None:
        self._redis = redis
        self._formats = formats

    async def note(self, vendor: Vendor, use: Use, cause: Cause, *, now: int) -> bool:
        """Note that a use is refused; true if that is new."""
        known = wire.blob(await self._redis.hget(keys.meta(), _name(vendor, use)))
        if self._formats.newer or (known and known.endswith(f"|{cause}".encode())):
            return False
        await self._redis.hset(keys.meta(), _name(vendor, use), f"{now}|{cause}")
        return True

    async def forget(self, vendor: Vendor, use: Use) -> bool:
        """Note that a use is not refused any more; true if it was. Writes only then."""
        if self._formats.newer or not await self._redis.hexists(keys.meta(), _name(vendor, use)):
            return False
        return bool(await self._redis.hdel(keys.meta(), _name(vendor, use)))

    async def note_closing(self, vendor: Vendor, until: int) -> None:
        """Note until when the vendor's gate is closed."""
        if not self._formats.newer:
            await self._redis.hset(keys.meta(), f"{_CLOSED}{vendor}", until)

    async def forget_closing(self, vendor: Vendor) -> None:
        """Note that it is open."""
        if not self._formats.newer:
            await self._redis.hdel(keys.meta(), f"{_CLOSED}{vendor}")

    async def list_closings(self, *, now: int) -> dict[Vendor, int]:
        """Tell whose gates are closed, and until when (ms since 1970)."""
        names = [f"{_CLOSED}{vendor}" for vendor in Vendor]
        found = wire.blobs(await self._redis.hmget(keys.meta(), names))
        closed = {vendor: int(until or 0) for vendor, until in zip(Vendor, found, strict=True)}
        return {vendor: until for vendor, until in closed.items() if until > now}

    async def list(self) -> list[Rejection]:
        """List what is refused; what only a newer version knows is left out."""
        held = wire.fields(await self._redis.hgetall(keys.meta()))
        found = []
        for name, value in sorted(held.items()):
            if name.startswith(_FIELD.encode()):
                with suppress(ValueError):
                    found.append(_read(name.decode(), value.decode()))
        return found


def _name(vendor: Vendor, use: Use) -> str:
    return f"{_FIELD}{vendor}:{use}"


def _read(name: str, value: str) -> Rejection:
    vendor, _, use = name.removeprefix(_FIELD).partition(":")
    since, _, cause = value.partition("|")
    return Rejection(vendor=Vendor(vendor), use=Use(use), cause=Cause(cause), since=int(since))
