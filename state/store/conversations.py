"""Conversations: loaded and committed whole, listed by their last activity."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from redis.asyncio import Redis

from state.conversation import Chat, Conversation
from state.effects import Effect
from state.journal import Entry
from state.store import codec, keys, wire
from state.store.encryption import Keyring
from state.store.journal import Journal
from state.store.rounds import Rounds


class NoSuchConversation(Exception):
    """Nothing is remembered under that key."""


class Verdict(StrEnum):
    """What became of a commit."""

    OK = "OK"
    DUP = "DUP"
    CONFLICT = "CONFLICT"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A conversation as it stood when it was read.

    Attributes:
        version: to be shown at the commit; 0 for a chat never seen.
        fresh: for each delivery asked about, whether it was not taken yet.
    """

    conversation: Conversation
    version: int
    fresh: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one turn changes."""

    conversation: Conversation
    version: int
    deliveries: Sequence[str]
    effects: Sequence[Effect]
    entries: Sequence[Entry]
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One row of the inbox."""

    key: str
    active_at: int
    conversation: Conversation
    last: Entry | None


class Conversations:
    """All conversations."""

    def __init__(self, redis: Redis, keyring: Keyring, journal: Journal, rounds: Rounds) -> None:
        """Use this Redis, with these keys; turns share round trips."""
        self._redis = redis
        self._rounds = rounds
        self._keyring = keyring
        self._journal = journal
        self._commit = rounds.script("commit")

    async def load(self, chat: Chat, deliveries: Sequence[str]) -> Loaded:
        """Read a conversation, and which of the deliveries are new; a new chat starts empty."""
        key = self._keyring.digest(str(chat))
        marks = [self._keyring.short_digest(delivery) for delivery in deliveries]
        (version, sealed), scores = await self._rounds.ask(
            ("HMGET", keys.keyed("chat", key), "v", "st"),
            ("ZMSCORE", keys.keyed("seen", key), *marks),
        )
        conversation = Conversation(chat=chat) if sealed is None else self._open(key, sealed)
        return Loaded(conversation, int(version or 0), tuple(score is None for score in scores))

    async def commit(self, change: Change) -> Verdict:
        """Write one turn, all of it or nothing (see `scripts/commit.lua`)."""
        chat = change.conversation.chat
        key = self._keyring.digest(str(chat))
        shard = keys.shard_of(key)
        timer = change.conversation.timer
        record = codec.encode(change.conversation)
        (answer,) = await self._rounds.ask(self._commit.call(
            keys=[
                shard.key(f"chat:{key}"), shard.key(f"out:{key}"), shard.key("odue"),
                shard.key("timers"), shard.key(f"seen:{key}"), shard.key(f"log:{key}"),
                shard.key("feed"), shard.key("idle"), shard.key("stats"), shard.key("bell"),
            ],
            args=[
                key, change.version, change.now,
                self._keyring.seal(record, place=f"record:{key}"),
                "" if timer is None else timer.due,
                len(change.deliveries), len(change.effects), len(change.entries),
                *(self._keyring.short_digest(delivery) for delivery in change.deliveries),
                *(
                    self._keyring.seal(codec.encode_effect(chat, effect), place=f"out:{key}")
                    for effect in change.effects
                ),
                *(self._journal.seal(key, entry) for entry in change.entries),
            ],
        ))  # fmt: skip
        return Verdict(answer.decode())

    async def find(self, key: str) -> Conversation:
        """Read a conversation by its key.

        Raises:
            NoSuchConversation: nothing is remembered under it.
        """
        sealed = wire.blob(await self._redis.hget(keys.keyed("chat", key), "st"))
        if sealed is None:
            raise NoSuchConversation(key)
        return self._open(key, sealed)

    async def recent(self, *, limit: int) -> list[Seen]:
        """List the conversations active last, newest first."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.ALL:
                pipe.zrevrange(shard.key("idle"), 0, limit - 1, withscores=True)
            shards = await pipe.execute()
        active = sorted((pair for shard in shards for pair in shard), key=lambda pair: -pair[1])
        return await self._rows([(key.decode(), int(at)) for key, at in active[:limit]])

    async def _rows(self, active: list[tuple[str, int]]) -> list[Seen]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for key, _ in active:
                pipe.hget(keys.keyed("chat", key), "st")
            records = await pipe.execute()
        lasts = await self._journal.last([key for key, _ in active])
        return [
            Seen(key=key, active_at=at, conversation=self._open(key, sealed), last=last)
            for (key, at), sealed, last in zip(active, records, lasts, strict=True)
            if sealed is not None
        ]

    def _open(self, key: str, sealed: bytes) -> Conversation:
        return codec.conversation(self._keyring.open(sealed, place=f"record:{key}"))
