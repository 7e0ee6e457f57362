"""Re-encrypting the audit: too long for one script, so it is copied in slices and then replaced.

Entries that are noted meanwhile are copied too; only the last step, when nothing is left, puts the
copy in the place of the stream. A copy that was left unfinished is begun anew, and dies in a day.
"""

from dataclasses import dataclass

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.audit import PLACE
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

_SLICE = 250  # entries
_LIFE = 24 * 3600_000  # ms
_GOES_ON = 0
_DONE = 1


@dataclass(slots=True)
class ResealedAudit:
    """How many entries were re-encrypted, are left to somebody else's rotation, or do not open."""

    anew: int = 0
    moved: int = 0
    closed: int = 0


class AuditRotation:
    """Re-encrypts the audit."""

    def __init__(self, redis: Redis | RedisCluster, pipeline: Pipeline, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._copy = pipeline.script("copy_stream")

    async def rotate(self) -> ResealedAudit:
        """Re-encrypt every entry that the first key did not seal."""
        stale = await self._look()
        if not stale.moved:
            return stale
        await self._redis.delete(keys.anew(keys.audit()))
        result, last = ResealedAudit(closed=stale.closed), ""
        while lines := await self._read(last):
            changes = [self._reseal(line) for line in lines]
            ids = [line[0] for line in lines]
            verdict = await self._put(last, ids, changes)
            if verdict not in (_GOES_ON, _DONE):
                return stale
            result.anew += sum(
                anew != line[1][b"e"] for anew, line in zip(changes, lines, strict=True)
            )
            if verdict == _DONE:
                return result
            last = ids[-1].decode()
        return stale

    async def _look(self) -> ResealedAudit:
        """Count what is to be done (as `moved`), and what does not open."""
        found, last = ResealedAudit(), ""
        while lines := await self._read(last):
            for line in lines:
                if not self._keyring.fresh(line[1][b"e"]):
                    opens = self._reseal(line) != line[1][b"e"]
                    found.moved += opens
                    found.closed += not opens
            last = lines[-1][0].decode()
        return found

    async def _read(self, after: str) -> list[wire.Line]:
        oldest = f"({after}" if after else "-"
        return wire.lines(await self._redis.xrange(keys.audit(), min=oldest, count=_SLICE))

    async def _put(self, last: str, ids: list[bytes], values: list[bytes]) -> int:
        pairs = [part for pair in zip(ids, values, strict=True) for part in pair]
        names = [keys.audit(), keys.anew(keys.audit())]
        (verdict,) = await self._pipeline.ask(self._copy.call(names, ["e", last, _LIFE, *pairs]))
        return int(verdict)

    def _reseal(self, line: wire.Line) -> bytes:
        """Re-encrypt an entry; unchanged if it need not or cannot be."""
        sealed = line[1][b"e"]
        if self._keyring.fresh(sealed):
            return sealed
        try:
            return self._keyring.reseal(sealed, place=PLACE)
        except Unsealable:
            return sealed
