"""Migration: after an upgrade, all that an earlier version sealed is sealed as it is today.

In one walk (`state.store.walk`). A value is put back only where it stands as it was read: what
moved meanwhile was written anew by whoever moved it. So two walkers at once do no harm, and no harm
is done by walking twice.
"""

from collections.abc import Callable, Iterable

import structlog
from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Unsealable
from state.store.formats import FORMAT, Formats
from state.store.pipeline import Pipeline
from state.store.records import Records, Resealed
from state.store.staff import Staff
from state.store.walk import Walk

_log = structlog.get_logger("enlace.walk")

_SCANNED = 1000  # a round trip


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
        self._walk = Walk(pipeline, field="walk", number=FORMAT, token=token)
        self._hash = pipeline.script("reseal_hash")

    async def run(self, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Walk to the end, unless somebody else does, or it is enough for now.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()
        while self._formats.old and not enough() and await self._walk.leads():
            await self.slice()
            await self._formats.look()  # a newer version may have come meanwhile
        await self._walk.step_down()

    async def slice(self) -> None:
        """Walk a bit; at the end nothing old is left, and nothing old is read any more."""
        if await self._walk.slice(self._carry_chats):
            return
        (members,) = await self._pipeline.ask(("SMEMBERS", keys.users()))
        await self._carry("user", sorted(map(bytes.decode, members)), self._staff.members.reseal)
        names = self._redis.scan_iter(keys.every("session"), count=_SCANNED)
        sessions = [keys.digest_of(name.decode()) async for name in names]
        await self._carry("session", sessions, self._staff.sessions.bind)
        await self._walk.forget()
        await self._formats.finish()
        _log.info("walk.finished")

    async def _carry_chats(self, chats: list[str]) -> None:
        await self._carry("chat", chats, self._records.reseal)

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
