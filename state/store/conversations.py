"""Conversations: loaded and committed as a whole, listed by their last activity."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redis.asyncio import Redis, RedisCluster

from state.conversation import Chat, Conversation
from state.effects import Effect
from state.events import Event
from state.journal import Entry
from state.store import codec, keys, wire
from state.store.append_only_file import NOTE_ERASURE
from state.store.encryption import Keyring, Unsealable
from state.store.filing import Filing
from state.store.journal import Journal
from state.store.outbox import waiting
from state.store.pipeline import Pipeline
from state.store.records import Records


class NoSuchConversation(Exception):
    """Nothing is stored under that key."""


class UnreadableRecord(NoSuchConversation, Unsealable):
    """The record does not open: it is damaged, or its key is not in ENLACE_SECRET_KEYS any more."""


class Verdict(StrEnum):
    """Result of a commit."""

    OK = "OK"
    MINE = "MINE"
    """Committed, and the committer holds the chat and performs its effects."""

    DUP = "DUP"
    CONFLICT = "CONFLICT"
    FULL = "FULL"


class Erasure(StrEnum):
    """Result of an erasure."""

    OK = "OK"
    CONFLICT = "CONFLICT"
    BUSY = "BUSY"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A conversation as it was read.

    Attributes:
        version: to be passed to the commit; 0 for a new chat.
        seq: the number of the last effect: what is committed with this version is numbered on.
        fresh: for each delivery asked about, whether it is new.
    """

    conversation: Conversation
    version: int
    fresh: tuple[bool, ...]
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The changes of one turn.

    Attributes:
        most: effects that may wait in the chat; None for any number.
        claim: the lease under which the committer would perform the effects, and its end (ms).
        letters: deliveries that raised an error, each with the error's name.
        before: the conversation as it was loaded, if it was: a row that is as it was is not
            written anew.
        counters: names of the counters to increment.
    """

    conversation: Conversation
    version: int
    deliveries: Sequence[str]
    effects: Sequence[Effect]
    entries: Sequence[Entry]
    now: int
    most: int | None = None
    claim: tuple[str, int] = ("", 0)
    letters: Sequence[tuple[str, Event]] = ()
    counters: Sequence[str] = ("turns",)
    before: Conversation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """A conversation of a list.

    Attributes:
        readable: whether the record opens; if not, the conversation is an empty one.
    """

    key: str
    active_at: int
    conversation: Conversation
    readable: bool = True


@dataclass(frozen=True, slots=True)
class IdleConversation:
    """A conversation, and its last activity (ms); empty if it is not readable."""

    conversation: Conversation
    active_at: int
    readable: bool = True


_NOT_READ = Conversation(chat=Chat(channel="", account="", id=""))


class Conversations:
    """All conversations."""

    def __init__(
        self,
        redis: Redis | RedisCluster,
        pipeline: Pipeline,
        keyring: Keyring,
        records: Records,
        journal: Journal,
    ) -> None:
        """Use this Redis and these keys; turns share round trips."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._records = records
        self._journal = journal
        self._filing = Filing(keyring)
        self._commit = pipeline.script("commit")
        self._erase = pipeline.script("erase")

    async def load(self, chat: Chat, deliveries: Sequence[str]) -> Loaded:
        """Read a conversation, and which of the deliveries are new; a new chat starts empty.

        Raises:
            UnreadableRecord: its record does not open.
        """
        key = self._keyring.digest(str(chat))
        marks = [self._keyring.short_digest(delivery) for delivery in deliveries]
        (version, sealed, seq), scores = await self._pipeline.ask(
            ("HMGET", keys.name_key("chat", key), "v", "st", "oseq"),
            ("ZMSCORE", keys.name_key("seen", key), *marks),
        )
        number = wire.number(version)
        known = sealed is not None
        conversation = self._open(key, number, sealed) if known else Conversation(chat=chat)
        fresh = tuple(score is None for score in scores)
        return Loaded(conversation, number, fresh, wire.number(seq))

    async def commit(self, change: Change) -> Verdict:
        """Commit one turn atomically (see `scripts/commit.lua`)."""
        chat = change.conversation.chat
        key = self._keyring.digest(str(chat))
        (answer,) = await self._pipeline.ask(
            self._commit.call(keys=_commit_keys(key), args=self._arguments(key, chat, change))
        )
        return Verdict(answer.decode())

    async def erase(self, key: str, *, version: int) -> Erasure:
        """Erase a conversation as it was loaded, atomically (`scripts/erase.lua`).

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._records.check()
        shard = keys.shard_of(key)
        erase = self._erase.call(
            keys=[
                shard.key(f"chat:{key}"), shard.key(f"out:{key}"), shard.key("odue"),
                shard.key("oown"), shard.key("timers"), shard.key(f"log:{key}"),
                shard.key("idle"), shard.key("feed"), shard.key("pending"),
                shard.key(f"reasons:{key}"), shard.key("view:"), shard.key("find:"),
            ],
            args=[key, version],
        )  # fmt: skip
        answer, _ = await self._pipeline.ask(erase, NOTE_ERASURE)
        return Erasure(answer.decode())

    def _arguments(self, key: str, chat: Chat, change: Change) -> list[str | bytes | int]:
        keyring, due = self._keyring, change.conversation.due
        pending = change.conversation.pending
        record = self._records.seal(key, change.conversation, version=change.version + 1)
        letters = [
            part
            for reason, event in change.letters
            for part in (
                reason,
                keyring.seal(codec.encode_tagged(chat, event), place=f"dead:{key}"),
            )
        ]
        views = self._filing.list_views(change.conversation)
        return [
            key, change.version, change.now, record,
            "" if due is None else due,
            "" if change.most is None else change.most,
            *change.claim,
            "" if pending is None else pending,
            self._filing.renew_row(key, change.before, change.conversation),
            self._filing.seal_words(key, change.entries),
            self._filing.renew_digests(change.before, change.conversation),
            len(change.deliveries), len(change.effects), len(change.entries),
            len(change.letters), len(change.counters), len(views),
            *map(keyring.short_digest, change.deliveries),
            *(waiting(chat, effect, keyring, key=key) for effect in change.effects),
            *(self._journal.seal(key, entry) for entry in change.entries),
            *letters,
            *change.counters,
            *(part for view in views for part in view),
        ]  # fmt: skip

    async def find(self, key: str) -> Conversation:
        """Read a conversation by its key.

        Raises:
            NoSuchConversation: nothing is stored under it.
            UnreadableRecord: its record does not open.
        """
        version, sealed = wire.blobs(await self._redis.hmget(keys.name_key("chat", key), "v", "st"))
        if sealed is None:
            raise NoSuchConversation(key)
        return self._open(key, wire.number(version), sealed)

    async def pending(self, *, limit: int) -> list[ConversationRow]:
        """List the conversations that need staff, longest waiting first."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.ALL:
                pipe.zrange(shard.key("pending"), 0, limit - 1, withscores=True)
            shards = await pipe.execute()
        waiting = sorted((pair for shard in shards for pair in shard), key=lambda pair: pair[1])
        return await self._rows([(key.decode(), int(at)) for key, at in waiting[:limit]])

    async def scan(
        self, shard: keys.Shard, cursor: int, *, count: int
    ) -> tuple[int, list[Conversation]]:
        """Read about so many conversations of a shard, in no order; ends when the cursor is 0.

        Whatever is in the shard from the first call to the last comes at least once, however
        active it is meanwhile. What cannot be read is left out.
        """
        found: Any = await self._redis.zscan(shard.key("idle"), cursor, count=count)
        names = [key.decode() for key, _ in found[1]]
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in names:
                pipe.hmget(keys.name_key("chat", key), "v", "st")
            records = await pipe.execute() if names else []
        read = [
            self._records.read(key, st, version=wire.number(v))
            for key, (v, st) in zip(names, records, strict=True)
            if st is not None
        ]
        return int(found[0]), [conversation for conversation in read if conversation is not None]

    async def idle(
        self, shard: keys.Shard, *, before: int, start: int, limit: int
    ) -> list[IdleConversation]:
        """List conversations of a shard last active before a time, oldest first."""
        found: Any = await self._redis.zrange(
            shard.key("idle"), "-inf", f"({before}", byscore=True, offset=start, num=limit,
            withscores=True,
        )  # fmt: skip
        return [
            IdleConversation(row.conversation, row.active_at, row.readable)
            for row in await self._rows([(key.decode(), int(at)) for key, at in found])
        ]

    async def _rows(self, active: list[tuple[str, int]]) -> list[ConversationRow]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for key, _ in active:
                pipe.hmget(keys.name_key("chat", key), "v", "st")
            records = await pipe.execute()
        return [
            self._row(key, at, self._records.read(key, st, version=wire.number(v)))
            for (key, at), (v, st) in zip(active, records, strict=True)
            if st is not None
        ]

    def _row(self, key: str, at: int, conversation: Conversation | None) -> ConversationRow:
        return ConversationRow(
            key=key,
            active_at=at,
            conversation=conversation or _NOT_READ,
            readable=conversation is not None,
        )

    def _open(self, key: str, version: int, sealed: bytes) -> Conversation:
        conversation = self._records.read(key, sealed, version=version)
        if conversation is None:
            raise UnreadableRecord(key)
        return conversation


def _commit_keys(key: str) -> list[str]:
    """Name the keys that a commit touches."""
    shard = keys.shard_of(key)
    return [
        shard.key(f"chat:{key}"), shard.key(f"out:{key}"), shard.key("odue"),
        shard.key("timers"), shard.key(f"seen:{key}"), shard.key(f"log:{key}"),
        shard.key("feed"), shard.key("idle"), shard.key("stats"), shard.key("bell"),
        shard.key("dead"), shard.key("oown"), shard.key("pending"), shard.key("view:"),
        shard.key("find:"),
    ]  # fmt: skip
