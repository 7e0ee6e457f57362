"""The audit of the installation: one stream, every entry sealed, kept for two years."""

from dataclasses import replace

import msgspec
from redis.asyncio import Redis, RedisCluster

from state.audit import AuditEntry
from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable

_KEPT = 2 * 366 * 24 * 3600_000  # ms
_PLACE = "audit"


class Audit:
    """Who did what, oldest first."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def note(self, entry: AuditEntry) -> None:
        """Append an entry; those older than two years are dropped."""
        sealed = self._keyring.seal(msgspec.msgpack.encode(entry), place=_PLACE)
        oldest = max(0, entry.at - _KEPT)
        await self._redis.xadd(keys.audit(), {"e": sealed}, minid=f"{oldest}", approximate=True)

    async def read(self, *, before: str = "", limit: int = 100) -> list[AuditEntry]:
        """Read entries, newest first: those before an entry's id, or else the newest."""
        newest = f"({before}" if before else "+"
        lines = await self._redis.xrevrange(keys.audit(), max=newest, count=limit)
        opened = (self._open(line) for line in wire.lines(lines))
        return [entry for entry in opened if entry is not None]

    def _open(self, line: wire.Line) -> AuditEntry | None:
        """Open an entry; None for one that does not open."""
        try:
            raw = self._keyring.open(line[1][b"e"], place=_PLACE)
            return replace(msgspec.msgpack.decode(raw, type=AuditEntry), id=line[0].decode())
        except (Unsealable, msgspec.MsgspecError):
            return None
