"""The walk: after an upgrade, everything that an earlier version sealed is sealed as it is today.

One process walks at a time, slice by slice, while all of them go on serving; how far it came is
written down, so whoever is killed is followed by another. A value is put back only where it stands
as it was read: what moved meanwhile was written anew by whoever moved it. So two walkers at once do
no harm, and no harm is done by walking twice.

Chats are walked in the order of their last activity: whoever is active meanwhile is written anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Unsealable
from state.store.formats import FORMAT, Formats
from state.store.pipeline import Pipeline
from state.store.records import Records, Resealed
from state.store.staff import Staff

_log = structlog.get_logger("enlace.walk")

_SLICE = 64  # chats; some milliseconds in which nothing else of this process happens
_SCANNED = 1000  # a round trip
_LIFE = 20_000  # ms for which a walker is waited for


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the walk came: a shard, and the time (ms) of the last activity in it."""

    shard: int = 0
    after: str = "-inf"

    def __str__(self) -> str:
        return f"{FORMAT}|{self.shard}|{self.after}"

    @staticmethod
    def read(written: bytes | None) -> "_Place":
        """Read what was written down; nothing, or that of an earlier walk, is the beginning."""
        format_, shard, after = (written or b"0|0|-inf").decode().split("|")
        return _Place(int(shard), after) if int(format_) == FORMAT else _Place()


class Migration:
    """What carries everything forward."""

    def __init__(
        self,
        redis: Redis | RedisCluster,
        pipeline: Pipeline,
        formats: Formats,
        records: Records,
        staff: Staff,
        *,
        token: str,
    ) -> None:
        """`token` names this process's lease."""
        self._redis = redis
        self._pipeline = pipeline
        self._formats = formats
        self._records = records
        self._staff = staff
        self._token = token
        self._hash = pipeline.script("reseal_hash")

    async def run(self, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Walk to the end, unless somebody else does, or it is enough for now.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()
        while self._formats.old and not enough() and await self._leads():
            await self.slice()
        await self._step_down()

    async def slice(self) -> None:
        """Walk a bit; at the end nothing old is left, and nothing old is read any more."""
        (written,) = await self._pipeline.ask(("HGET", keys.meta(), "walk"))
        place = _Place.read(written)
        if place.shard >= len(keys.ALL):
            (members,) = await self._pipeline.ask(("SMEMBERS", keys.users()))
            await self._carry(
                "user", sorted(map(bytes.decode, members)), self._staff.members.reseal
            )
            names = self._redis.scan_iter(keys.every("session"), count=_SCANNED)
            sessions = [keys.digest_of(name.decode()) async for name in names]
            await self._carry("session", sessions, self._staff.sessions.bind)
            await self._pipeline.ask(("HDEL", keys.meta(), "walk"))
            await self._formats.finish()
            _log.info("walk.finished")
            return
        chats, last = await self._next(place)
        await self._carry("chat", chats, self._records.reseal)
        onwards = _Place(place.shard, last) if last else _Place(place.shard + 1)
        await self._pipeline.ask(("HSET", keys.meta(), "walk", str(onwards)))

    async def _next(self, place: _Place) -> tuple[list[str], str]:
        """Give the next chats of a shard, and the time of the last; all of that time are given."""
        idle = keys.ALL[place.shard].key("idle")
        least = place.after if place == _Place(place.shard) else f"({place.after}"
        by = ("BYSCORE", "LIMIT", 0, _SLICE, "WITHSCORES")
        (answer,) = await self._pipeline.ask(("ZRANGE", idle, least, "+inf", *by))
        page = wire.parse_scores(answer)
        if not page:
            return [], ""
        last = f"{page[-1][1]:.0f}"
        (same,) = await self._pipeline.ask(("ZRANGE", idle, last, last, "BYSCORE"))
        chats = dict.fromkeys([*(chat for chat, _ in page), *same])
        return [chat.decode() for chat in chats], last

    async def _carry(
        self,
        kind: str,
        digests: Iterable[str],
        resealed: Callable[[str, dict[bytes, bytes]], Resealed],
    ) -> None:
        """Seal hashes as they are sealed today; one that moves meanwhile is looked at again."""
        waiting = list(digests)
        while waiting:
            names = [keys.name_key(kind, digest) for digest in waiting]
            read = await self._pipeline.ask(*(("HGETALL", name) for name in names))
            found: dict[str, Resealed] = {}
            for digest, answer in zip(waiting, read, strict=True):
                try:
                    found[digest] = resealed(digest, wire.pairs(answer))
                except Unsealable:  # nobody could read it before either
                    _log.error("walk.unreadable", kind=kind)
            stale = {digest: one for digest, one in found.items() if one.values}
            put = await self._pipeline.ask(
                *(
                    self._hash.call([keys.name_key(kind, digest)], one.arguments)
                    for digest, one in stale.items()
                )
            )
            waiting = [
                digest
                for (digest, one), count in zip(stale.items(), put, strict=True)
                if count < one.count
            ]

    async def _leads(self) -> bool:
        """Take the lease, or keep it."""
        name = keys.name_key("lease", "walk")
        taken, holder = await self._pipeline.ask(
            ("SET", name, self._token, "NX", "PX", _LIFE), ("GET", name)
        )
        mine = bool(holder == self._token.encode())
        if mine and not taken:
            await self._pipeline.ask(("PEXPIRE", name, _LIFE))
        return mine

    async def _step_down(self) -> None:
        name = keys.name_key("lease", "walk")
        (holder,) = await self._pipeline.ask(("GET", name))
        if holder == self._token.encode():
            await self._pipeline.ask(("DEL", name))
