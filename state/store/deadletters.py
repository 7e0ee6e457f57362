"""Dead letters: what could not be read or performed, kept sealed until a person decides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from redis.asyncio import Redis, RedisCluster

from state.conversation import Chat
from state.effects import Effect
from state.events import Event
from state.store import codec, keys, wire
from state.store.encryption import Keyring

_KEPT = 10_000  # a shard
RAW = "dead:raw"
"""What a call is sealed for: its chat is not known."""

_ID = re.compile(r"(\d{1,2})-(\d{1,16}-\d{1,16})")


class NoSuchLetter(Exception):
    """There is no dead letter of that id (any more)."""


class What(StrEnum):
    """What a dead letter holds."""

    EFFECT = "effect"
    """Something that the world will not take, such as a message to a chat that blocked us."""

    EVENT = "event"
    """A delivery on which the machine broke."""

    CALL = "call"
    """A vendor's call whose body could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One dead letter, as an operator may see it.

    Attributes:
        id: shard and stream id, `03-1795442400000-0`; begins with when it died.
        chat: the digest of the chat, or the channel's name for a call.
        reason: an error's name, never its words.
    """

    id: str
    what: What
    chat: str
    reason: str
    sealed: bytes

    @property
    def at(self) -> int:
        """When it died, ms since 1970."""
        return int(self.id.split("-")[1])


class DeadLetters:
    """The dead letters of all shards."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def keep(self, channel: str, body: bytes, *, reason: str) -> None:
        """Keep a call that could not be read."""
        sealed = self._keyring.seal(body, place=RAW)
        await self._redis.xadd(
            keys.ALL[0].key("dead"),
            {"k": What.CALL.value, "c": channel, "r": reason, "e": sealed},
            maxlen=_KEPT,
            approximate=True,
        )

    async def list(self, *, limit: int = 100) -> Sequence[Letter]:
        """List the newest, the oldest of them first."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.ALL:
                pipe.xrevrange(shard.key("dead"), count=limit)
            found = await pipe.execute()
        letters = [
            _letter(shard, line)
            for shard, lines in zip(keys.ALL, found, strict=True)
            for line in reversed(wire.lines(lines))
        ]
        return sorted(letters, key=lambda letter: letter.at)[-limit:]

    async def read(self, id: str) -> Letter:  # noqa: A002  # it is called so everywhere
        """Read one.

        Raises:
            NoSuchLetter: there is none of that id.
        """
        shard, place = _placed(id)
        lines = wire.lines(await self._redis.xrange(shard.key("dead"), min=place, max=place))
        if not lines:
            raise NoSuchLetter(id)
        return _letter(shard, lines[0])

    async def drop(self, letter: Letter) -> None:
        """Forget one."""
        shard, place = _placed(letter.id)
        await self._redis.xdel(shard.key("dead"), place)

    def effect(self, letter: Letter) -> tuple[Chat, Effect]:
        """Open an effect."""
        sealed = letter.sealed.split(b"|", 2)[2]
        return codec.effect(self._keyring.open(sealed, place=f"out:{letter.chat}"))

    def event(self, letter: Letter) -> tuple[Chat, Event]:
        """Open an event."""
        return codec.event(self._keyring.open(letter.sealed, place=f"dead:{letter.chat}"))

    def call(self, letter: Letter) -> bytes:
        """Open a call's body."""
        return self._keyring.open(letter.sealed, place=RAW)


def _letter(shard: keys.Shard, line: wire.Line) -> Letter:
    place, fields = line
    return Letter(
        id=f"{shard.number:02d}-{place.decode()}",
        what=What(fields[b"k"].decode()),
        chat=fields[b"c"].decode(),
        reason=fields[b"r"].decode(),
        sealed=fields[b"e"],
    )


def _placed(id: str) -> tuple[keys.Shard, str]:  # noqa: A002
    found = _ID.fullmatch(id)
    if not found or int(found[1]) >= len(keys.ALL):
        raise NoSuchLetter(id)
    return keys.ALL[int(found[1])], found[2]
