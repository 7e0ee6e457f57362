"""The rotation of keys: what an older key sealed is sealed anew with the first one.

The house works on meanwhile, in any number of processes. Each value is read, sealed anew, and put
back by a script that finds it as it was read; what moved meanwhile was sealed by whoever moved it,
and the next pass looks at it again. A pass that finds nothing tells that no older key is needed.
What is copied comes before its copies: effects before dead letters, members before their sessions.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from redis.asyncio import Redis, RedisCluster

from state.store import codec, keys, wire
from state.store.deadletters import RAW, What
from state.store.encryption import Keyring, Unsealable
from state.store.lines import Command
from state.store.rounds import Rounds

_HASHES = ("chat", "consent", "user", "session", "names")
_TEXTS = ("invite", "progress", "handset", "again")
_STREAMS = {"log": b"e", "phone": b"m", "dead": b"e"}  # the field that is sealed
KINDS = (*_HASHES, *_TEXTS, "out", *_STREAMS)
"""All kinds of key whose values are sealed."""

_EFFECT = 2  # bars before the seal of an effect
_PASSES = 10  # more are needed only while a process with older settings goes on sealing
_SCANNED = 1000  # a round trip
_TOGETHER = 32  # keys looked at at the same time


class Unfinished(Exception):
    """Values are left that only older keys open."""


@dataclass(slots=True)
class Rotated:
    """What a rotation did, in values by the kind of their key.

    Attributes:
        anew: sealed anew.
        moved: older keys were still sealing them when we gave up.
        closed: no key opens them: damaged, or of an account that nobody can tell any more.
    """

    anew: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> Counter[str]:
        """Values that an older key still seals."""
        return self.moved + self.closed


class Rotation:
    """What seals anew."""

    def __init__(self, redis: Redis | RedisCluster, rounds: Rounds, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._rounds = rounds
        self._keyring = keyring
        self._text = rounds.script("reseal_text")
        self._hash = rounds.script("reseal_hash")
        self._list = rounds.script("reseal_list")
        self._stream = rounds.script("reseal_stream")
        self._accounts: dict[str, str] = {}

    async def rotate(self, *accounts: str) -> Rotated:
        """Seal everything with the first key, and tell what was sealed anew and what is left.

        The names of an account's people open only for whoever can tell the account: those of all
        conversations are known, further ones are given as `<channel>:<account>`.
        """
        self._accounts = {}
        self._know(accounts)
        total, found = Counter[str](), Rotated()
        for _ in range(_PASSES):
            found = await self._pass()
            total += found.anew
            if not found.anew and not found.moved:
                break
        moved = found.moved + found.anew  # of the last pass: none, unless somebody seals on
        return Rotated(anew=total, moved=moved, closed=found.closed)

    async def _pass(self) -> Rotated:
        """Look at everything once."""
        found = Rotated()
        for kind in _HASHES:
            await self._each(kind, partial(self._look_at_hash, found, kind))
        for kind in _TEXTS:
            await self._each(kind, partial(self._look_at_text, found, kind))
        await self._each("out", partial(self._look_at_list, found))
        for kind in ("log", "phone"):
            await self._each(kind, partial(self._look_at_stream, found, kind))
        for shard in keys.ALL:
            await self._look_at_stream(found, "dead", shard.key("dead"))
        return found

    async def _each(self, kind: str, look: Callable[[str], Awaitable[None]]) -> None:
        """Look at all keys of a kind, some at the same time."""
        names: list[str] = []
        async for name in self._redis.scan_iter(keys.every(kind), count=_SCANNED):
            names.append(name.decode())
            if len(names) == _TOGETHER:
                await asyncio.gather(*map(look, names))
                names.clear()
        await asyncio.gather(*map(look, names))

    async def _look_at_text(self, found: Rotated, kind: str, name: str) -> None:
        read = wire.blob(await self._redis.get(name))
        if read is None:
            return
        anew = self._anew(found, kind, read, place=f"{kind}:{keys.digest_of(name)}")
        if anew != read:
            await self._put(found, kind, 1, self._text.call([name], [read, anew]))

    async def _look_at_hash(self, found: Rotated, kind: str, name: str) -> None:
        fields = wire.fields(await self._redis.hgetall(name))
        places = await self._places(kind, keys.digest_of(name), fields)
        bars = 1 if kind == "names" else 0
        changes: list[bytes] = []
        for one in places.keys() & fields.keys():
            anew = self._anew(found, kind, fields[one], place=places[one], bars=bars)
            changes += (one, fields[one], anew) if anew != fields[one] else ()
        if changes:
            await self._put(found, kind, len(changes) // 3, self._hash.call([name], changes))

    async def _look_at_list(self, found: Rotated, name: str) -> None:
        place = f"out:{keys.digest_of(name)}"
        changes: list[bytes] = []
        for read in filter(None, wire.blobs(await self._redis.lrange(name, 0, -1))):
            anew = self._anew(found, "out", read, place=place, bars=_EFFECT)
            changes += (read, anew) if anew != read else ()
        if changes:
            await self._put(found, "out", len(changes) // 2, self._list.call([name], changes))

    async def _look_at_stream(self, found: Rotated, kind: str, name: str) -> None:
        lines = wire.lines(await self._redis.xrange(name))
        changes: list[bytes] = []
        for _, fields in lines:
            read = fields[_STREAMS[kind]]
            place, bars = f"{kind}:{keys.digest_of(name)}", 0
            if kind == "dead":
                place, bars = _place_of_letter(fields)
            anew = self._anew(found, kind, read, place=place, bars=bars)
            changes.append(anew if anew != read else b"")
        if any(changes):
            args = [_STREAMS[kind], lines[-1][0], len(lines), *changes]
            call = self._stream.call([name, keys.anew(name)], args)
            await self._put(found, kind, sum(map(bool, changes)), call)

    async def _put(self, found: Rotated, kind: str, count: int, call: Command) -> None:
        """Put values back, and count what moved meanwhile."""
        (put,) = await self._rounds.ask(call)
        found.anew[kind] += put
        found.moved[kind] += count - put

    def _anew(self, found: Rotated, kind: str, read: bytes, *, place: str, bars: int = 0) -> bytes:
        """Seal a value anew, behind so many bars; as it is if it need not or cannot be."""
        *head, sealed = read.split(b"|", bars)
        if self._keyring.fresh(sealed):
            return read
        try:
            return b"|".join((*head, self._keyring.reseal(sealed, place=place)))
        except Unsealable:
            found.closed[kind] += 1
            return read

    async def _places(self, kind: str, key: str, fields: dict[bytes, bytes]) -> dict[bytes, str]:
        """Tell what each sealed field of a hash is sealed for."""
        match kind:
            case "chat":
                return {b"st": f"record:{key}"}
            case "consent":
                return dict.fromkeys(fields, f"consent:{key}")
            case "user":
                return {b"name": f"user:{key}"}
            case "session":
                return {b"name": f"user:{fields.get(b'user', b'').decode()}"}
            case _:
                if key not in self._accounts:
                    await self._each("chat", self._know_account)
                return dict.fromkeys(fields, self._accounts.get(key, ""))

    async def _know_account(self, name: str) -> None:
        """Learn the account of a conversation."""
        sealed = wire.blob(await self._redis.hget(name, "st"))
        with suppress(Unsealable):
            if sealed is not None:
                place = f"record:{keys.digest_of(name)}"
                chat = codec.conversation(self._keyring.open(sealed, place=place)).chat
                self._know([f"{chat.channel}:{chat.account}"])

    def _know(self, accounts: Iterable[str]) -> None:
        for account in accounts:
            place = f"names:{account}"
            self._accounts[self._keyring.digest(place)] = place


def _place_of_letter(fields: dict[bytes, bytes]) -> tuple[str, int]:
    """Tell what a dead letter is sealed for, and the bars before its seal."""
    chat = fields[b"c"].decode()
    match What(fields[b"k"].decode()):
        case What.EFFECT:
            return f"out:{chat}", _EFFECT
        case What.EVENT:
            return f"dead:{chat}", 0
        case What.CALL:
            return RAW, 0
