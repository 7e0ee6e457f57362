"""Key rotation: values sealed with an older key are re-encrypted with the first one.

Any number of processes keep working meanwhile. Each value is read, re-encrypted, and replaced by a
script only if it is unchanged; a value that changed was sealed by whoever changed it, and the next
pass checks it again. A pass that finds nothing shows that no older key is needed. Originals come
before their copies: effects before dead letters, members before their sessions.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.audit import place_of_reason
from state.store.audit_rotation import AuditRotation
from state.store.connection import Command
from state.store.dead_letters import RAW, LetterKind
from state.store.encryption import Keyring, Unsealable
from state.store.filing import place_of_row, place_of_words
from state.store.members import Members
from state.store.pipeline import Pipeline
from state.store.records import Records, Resealed

_HASHES = ("chat", "consent", "user", "session", "names", "reasons")
_TEXTS = ("invite", "progress", "handset", "again", "link")
_STREAMS = {"log": b"e", "phone": b"m", "dead": b"e"}  # the encrypted field
KINDS = (*_HASHES, *_TEXTS, "out", *_STREAMS, "audit")
"""All kinds of key with encrypted values."""

_EFFECT = 2  # separators before the sealed part of an effect
_PASSES = 10  # more are needed only while a process with older settings keeps sealing
_SCANNED = 1000  # a round trip
_TOGETHER = 32  # keys checked at the same time


class RotationUnfinished(Exception):
    """Some values can only be decrypted with older keys."""


@dataclass(slots=True)
class RotationResult:
    """The result of a rotation: numbers of values by the kind of their key.

    Attributes:
        anew: re-encrypted.
        moved: still being sealed with older keys when the last pass ended.
        closed: no key opens them: damaged, or of an account that is no longer known.
    """

    anew: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> Counter[str]:
        """Values still sealed with an older key."""
        return self.moved + self.closed


class Rotation:
    """Re-encrypts all values."""

    def __init__(
        self,
        redis: Redis | RedisCluster,
        pipeline: Pipeline,
        keyring: Keyring,
        records: Records,
        members: Members,
    ) -> None:
        """Use this Redis, with these keys; records and members know their own seals."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._numbered = {"chat": records.reseal, "user": members.reseal}
        self._records = records
        self._text = pipeline.script("reseal_text")
        self._hash = pipeline.script("reseal_hash")
        self._list = pipeline.script("reseal_list")
        self._stream = pipeline.script("reseal_stream")
        self._audit = AuditRotation(redis, pipeline, keyring)
        self._accounts: dict[str, str] = {}

    async def rotate(self, *accounts: str) -> RotationResult:
        """Re-encrypt everything with the first key; return what was done and what is left.

        The names of an account's people can be decrypted only if the account is known: those of all
        conversations are, further ones are given as `<channel>:<account>`.
        """
        self._accounts = {}
        self._know(accounts)
        total, result = Counter[str](), RotationResult()
        for _ in range(_PASSES):
            result = await self._pass()
            total += result.anew
            if not result.anew and not result.moved:
                break
        moved = result.moved + result.anew  # of the last pass: 0 unless others keep sealing
        return RotationResult(anew=total, moved=moved, closed=result.closed)

    async def _pass(self) -> RotationResult:
        """Check everything once."""
        result = RotationResult()
        for kind in _HASHES:
            await self._each(kind, partial(self._look_at_hash, result, kind))
        for kind in _TEXTS:
            await self._each(kind, partial(self._look_at_text, result, kind))
        await self._each("out", partial(self._look_at_list, result))
        for kind in ("log", "phone"):
            await self._each(kind, partial(self._look_at_stream, result, kind))
        for shard in keys.ALL:
            await self._look_at_stream(result, "dead", shard.key("dead"))
        await self._look_at_audit(result)
        return result

    async def _each(self, kind: str, look: Callable[[str], Awaitable[None]]) -> None:
        """Check all keys of a kind, several at the same time."""
        names: list[str] = []
        async for name in self._redis.scan_iter(keys.every(kind), count=_SCANNED):
            names.append(name.decode())
            if len(names) == _TOGETHER:
                await asyncio.gather(*map(look, names))
                names.clear()
        await asyncio.gather(*map(look, names))

    async def _look_at_text(self, result: RotationResult, kind: str, name: str) -> None:
        read = wire.blob(await self._redis.get(name))
        if read is None:
            return
        anew = self._anew(result, kind, read, place=f"{kind}:{keys.digest_of(name)}")
        if anew != read:
            await self._put(result, kind, 1, self._text.call([name], [read, anew]))

    async def _look_at_hash(self, result: RotationResult, kind: str, name: str) -> None:
        fields = wire.fields(await self._redis.hgetall(name))
        await self._look_at_numbered(result, kind, name, fields)
        places = await self._places(kind, keys.digest_of(name), fields)
        bars = 1 if kind == "names" else 0
        changes: list[bytes] = []
        for one in places.keys() & fields.keys():
            anew = self._anew(result, kind, fields[one], place=places[one], bars=bars)
            changes += (one, fields[one], anew) if anew != fields[one] else ()
        if changes:
            call = self._hash.call([name], ["", "", *changes])
            await self._put(result, kind, len(changes) // 3, call)

    async def _look_at_numbered(
        self, result: RotationResult, kind: str, name: str, fields: dict[bytes, bytes]
    ) -> None:
        """Look at what is sealed with a number that stands beside it."""
        if kind not in self._numbered:
            return
        try:
            resealed: Resealed = self._numbered[kind](keys.digest_of(name), fields)
        except Unsealable:
            result.closed[kind] += 1
            return
        if resealed.values:
            call = self._hash.call([name], resealed.arguments)
            await self._put(result, kind, resealed.count, call)

    async def _look_at_list(self, result: RotationResult, name: str) -> None:
        place = f"out:{keys.digest_of(name)}"
        changes: list[bytes] = []
        for read in filter(None, wire.blobs(await self._redis.lrange(name, 0, -1))):
            anew = self._anew(result, "out", read, place=place, bars=_EFFECT)
            changes += (read, anew) if anew != read else ()
        if changes:
            await self._put(result, "out", len(changes) // 2, self._list.call([name], changes))

    async def _look_at_stream(self, result: RotationResult, kind: str, name: str) -> None:
        lines = wire.lines(await self._redis.xrange(name))
        changes: list[bytes] = []
        for _, fields in lines:
            read = fields[_STREAMS[kind]]
            place, bars = f"{kind}:{keys.digest_of(name)}", 0
            if kind == "dead":
                place, bars = _place_of_letter(fields)
            anew = self._anew(result, kind, read, place=place, bars=bars)
            changes.append(anew if anew != read else b"")
        if any(changes):
            args = [_STREAMS[kind], lines[-1][0], len(lines), *changes]
            call = self._stream.call([name, keys.anew(name)], args)
            await self._put(result, kind, sum(map(bool, changes)), call)

    async def _look_at_audit(self, result: RotationResult) -> None:
        resealed = await self._audit.rotate()
        for counts, count in (
            (result.anew, resealed.anew),
            (result.moved, resealed.moved),
            (result.closed, resealed.closed),
        ):
            counts["audit"] += count

    async def _put(self, result: RotationResult, kind: str, count: int, call: Command) -> None:
        """Replace values, and count those that changed meanwhile."""
        (put,) = await self._pipeline.ask(call)
        result.anew[kind] += put
        result.moved[kind] += count - put

    def _anew(
        self, result: RotationResult, kind: str, read: bytes, *, place: str, bars: int = 0
    ) -> bytes:
        """Re-encrypt a value behind so many separators; unchanged if it need not or cannot be."""
        *head, sealed = read.split(b"|", bars)
        if self._keyring.fresh(sealed):
            return read
        try:
            return b"|".join((*head, self._keyring.reseal(sealed, place=place)))
        except Unsealable:
            result.closed[kind] += 1
            return read

    async def _places(self, kind: str, key: str, fields: dict[bytes, bytes]) -> dict[bytes, str]:
        """Return the place of each sealed field of a hash."""
        match kind:
            case "chat":
                return {b"row": place_of_row(key), b"said": place_of_words(key)}
            case "consent":
                return dict.fromkeys(fields, f"consent:{key}")
            case "reasons":
                return {token: place_of_reason(key, token.decode()) for token in fields}
            case "user":
                return {b"name": f"user:{key}"}
            case "session":
                user = fields.get(b"user", b"").decode()
                return {b"name": f"user:{user}", b"browser": f"session:{key}"}
            case _:
                if key not in self._accounts:
                    await self._each("chat", self._know_account)
                return dict.fromkeys(fields, self._accounts.get(key, ""))

    async def _know_account(self, name: str) -> None:
        """Remember the account of a conversation."""
        version, sealed = wire.blobs(await self._redis.hmget(name, "v", "st"))
        with suppress(Unsealable):
            if sealed is not None:
                key, number = keys.digest_of(name), wire.number(version)
                chat = self._records.open(key, sealed, version=number).chat
                self._know([f"{chat.channel}:{chat.account}"])

    def _know(self, accounts: Iterable[str]) -> None:
        for account in accounts:
            place = f"names:{account}"
            self._accounts[self._keyring.digest(place)] = place


def _place_of_letter(fields: dict[bytes, bytes]) -> tuple[str, int]:
    """Return the place of a dead letter, and the separators before its sealed part."""
    chat = fields[b"c"].decode()
    match LetterKind(fields[b"k"].decode()):
        case LetterKind.EFFECT:
            return f"out:{chat}", _EFFECT
        case LetterKind.EVENT:
            return f"dead:{chat}", 0
        case LetterKind.CALL:
            return RAW, 0
