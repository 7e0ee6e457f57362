"""Dead letters: what could not be parsed or performed, kept encrypted until somebody decides."""

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

_KEPT = 10_000  # per shard
_TOGETHER = 500  # letters looked at in a round trip
RAW = "dead:raw"
"""The place of a call: its chat is unknown."""

_ID = re.compile(r"(\d{1,2})-(\d{1,16}-\d{1,16})")


class NoSuchLetter(Exception):
    """No dead letter has that id (any more)."""


class LetterKind(StrEnum):
    """The kind of a dead letter."""

    EFFECT = "effect"
    """An effect that failed for good, such as a message to a chat that blocked us."""

    EVENT = "event"
    """A delivery on which the machine raised an error."""

    CALL = "call"
    """A vendor's call whose body could not be parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One dead letter, as an operator may see it.

    Attributes:
        id: shard and stream id, `03-1795442400000-0`; contains its time.
        chat: the digest of the chat, or the channel's name for a call.
        reason: an error's name, never its text.
    """

    id: str
    what: LetterKind
    chat: str
    reason: str
    sealed: bytes

    @property
    def at(self) -> int:
        """Its time, ms since 1970."""
        return int(self.id.split("-")[1])

    @property
    def seq(self) -> int:
        """The number of its effect within the chat; 0 of any other letter."""
        if self.what is not LetterKind.EFFECT:
            return 0
        return int(self.sealed.partition(b"|")[0])


class DeadLetters:
    """The dead letters of all shards."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def keep(self, channel: str, body: bytes, *, reason: str) -> None:
        """Store a call that could not be parsed."""
        sealed = self._keyring.seal(body, place=RAW)
        await self._redis.xadd(
            keys.ALL[0].key("dead"),
            {"k": LetterKind.CALL.value, "c": channel, "r": reason, "e": sealed},
            maxlen=_KEPT,
            approximate=True,
        )

    async def keep_event(self, key: str, chat: Chat, event: Event, *, reason: str) -> None:
        """Store a delivery for a chat whose record cannot be read."""
        sealed = self._keyring.seal(codec.encode_tagged(chat, event), place=f"dead:{key}")
        await self._redis.xadd(
            keys.shard_of(key).key("dead"),
            {"k": LetterKind.EVENT.value, "c": key, "r": reason, "e": sealed},
            maxlen=_KEPT,
            approximate=True,
        )

    async def list(self, *, limit: int = 100) -> Sequence[DeadLetter]:
        """List the newest ones, sorted by age, oldest first."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.ALL:
                pipe.xrevrange(shard.key("dead"), count=limit)
            answers = await pipe.execute()
        letters = [
            _letter(shard, line)
            for shard, lines in zip(keys.ALL, answers, strict=True)
            for line in reversed(wire.lines(lines))
        ]
        return sorted(letters, key=lambda letter: letter.at)[-limit:]

    async def read(self, id: str) -> DeadLetter:  # noqa: A002  # it is called so everywhere
        """Read one.

        Raises:
            NoSuchLetter: none has that id.
        """
        shard, place = _locate(id)
        lines = wire.lines(await self._redis.xrange(shard.key("dead"), min=place, max=place))
        if not lines:
            raise NoSuchLetter(id)
        return _letter(shard, lines[0])

    async def find_message(self, key: str, seq: int) -> DeadLetter | None:
        """Find the letter of the effect of that number in a chat; None if there is none."""
        shard, before = keys.shard_of(key), "+"
        while lines := wire.lines(
            await self._redis.xrevrange(shard.key("dead"), max=before, count=_TOGETHER)
        ):
            for line in lines:
                fields = line[1]
                ours = fields[b"k"] == b"effect" and fields[b"c"] == key.encode()
                if ours and fields[b"e"].startswith(b"%d|" % seq):
                    return _letter(shard, line)
            before = f"({lines[-1][0].decode()}"
        return None

    async def drop(self, letter: DeadLetter) -> None:
        """Delete one."""
        shard, place = _locate(letter.id)
        await self._redis.xdel(shard.key("dead"), place)

    def effect(self, letter: DeadLetter) -> tuple[Chat, Effect]:
        """Decrypt an effect."""
        sealed = letter.sealed.split(b"|", 2)[2]
        return codec.effect(self._keyring.open(sealed, place=f"out:{letter.chat}"))

    def event(self, letter: DeadLetter) -> tuple[Chat, Event]:
        """Decrypt an event."""
        return codec.event(self._keyring.open(letter.sealed, place=f"dead:{letter.chat}"))

    def call(self, letter: DeadLetter) -> bytes:
        """Decrypt a call's body."""
        return self._keyring.open(letter.sealed, place=RAW)


def _letter(shard: keys.Shard, line: wire.Line) -> DeadLetter:
    place, fields = line
    return DeadLetter(
        id=f"{shard.number:02d}-{place.decode()}",
        what=LetterKind(fields[b"k"].decode()),
        chat=fields[b"c"].decode(),
        reason=fields[b"r"].decode(),
        sealed=fields[b"e"],
    )


def _locate(id: str) -> tuple[keys.Shard, str]:  # noqa: A002
    match = _ID.fullmatch(id)
    if not match or int(match[1]) >= len(keys.ALL):
        raise NoSuchLetter(id)
    return keys.ALL[int(match[1])], match[2]
