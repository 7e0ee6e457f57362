"""The outbox: effects of each chat in order, performed under leases."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import structlog

from state.conversation import Chat, Conversation
from state.effects import Acknowledge, Effect, Resend, Send, TakeCall
from state.journal import Entry
from state.store import codec, keys, wire
from state.store.connection import Command
from state.store.encryption import Keyring, Unsealable
from state.store.formats import Formats, NewerFormat
from state.store.journal import Journal
from state.store.pipeline import Pipeline
from state.store.records import Records

_log = structlog.get_logger("enlace.store")

MESSAGE = 5_000
"""Milliseconds for which a chat is held for one message: a killed sender delays it no longer."""

UNREADABLE = 60_000
"""Milliseconds until a chat is looked at again whose effects or record cannot be read."""

_OPERATION = 20_000  # ms; one in the directory may take 12 s


def waiting(chat: Chat, effect: Effect, keyring: Keyring, *, key: str) -> bytes:
    """Prepare an effect for the outbox: how long it may hold its chat, and its encrypted form."""
    lease = MESSAGE if isinstance(effect, Send | Resend | Acknowledge) else _OPERATION
    sealed = keyring.seal(codec.encode_tagged(chat, effect), place=f"out:{key}")
    return b"%d|%b" % (lease, sealed)


class Report(StrEnum):
    """How an attempt ended, which decides what happens to the effect."""

    SENT = "sent"
    RETRY = "retry"
    """Nothing was sent: retry later."""

    DOUBT = "doubt"
    """It may have been sent: retry later, marked."""

    WAIT = "wait"
    """Nothing was tried, a gate said wait."""

    DEAD = "dead"


class Next(StrEnum):
    """What the sender of a chat does after its report."""

    MORE = "MORE"
    EMPTY = "EMPTY"
    LATER = "LATER"
    AGAIN = "AGAIN"
    FENCED = "FENCED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a report records: a journal entry, why it is dead, the gate that it waits for.

    Attributes:
        cause: why a message was not sent: the vendor's code, or a word of `state.failures`.
        told: the pages that show the chat are told, though there is no entry.
    """

    entry: Entry | None = None
    reason: str = ""
    kept: str = ""
    cause: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to perform a chat's effects, for a time; the token is passed when reporting."""

    key: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The next effect of a chat, and what earlier attempts left.

    Attributes:
        key: the chat's.
        seq: its number within the chat; never reused.
        attempt: 1 for the first.
        doubt: an earlier attempt may have been sent.
        kept: the name of the gate that has reserved a place for it.
        until: when (ms) its lease ends.
        conversation: the current record, which says who holds the chat.
        waited: it was put off before.
    """

    chat: Chat
    key: str
    seq: int
    effect: Effect
    attempt: int
    doubt: bool
    kept: str
    until: int
    conversation: Conversation
    waited: bool = False


class Outbox:
    """The outboxes of all chats, as one process sees them."""

    def __init__(
        self,
        pipeline: Pipeline,
        keyring: Keyring,
        records: Records,
        formats: Formats,
        journal: Journal,
        *,
        token: str,
    ) -> None:
        """`token` begins the names of this process's leases; no two processes may share it.

        Once a newer version of Enlace was met, no effect is begun or released any more; one in
        progress is still reported, or it would be performed twice.
        """
        self._pipeline = pipeline
        self._keyring = keyring
        self._records = records
        self._formats = formats
        self._journal = journal
        self._token = token
        self._takes = itertools.count()
        self._unreadable: set[str] = set()
        self._take = pipeline.script("take")
        self._begin = pipeline.script("begin")
        self._done = pipeline.script("done")
        self._release = pipeline.script("release")
        self._defer = pipeline.script("defer")

    def token(self) -> str:
        """Name a new lease."""
        return f"{self._token}.{next(self._takes)}"

    async def take(
        self, shards: Sequence[keys.Shard], *, now: int, until: int, most: int
    ) -> list[Lease]:
        """Take up to `most` due chats of each shard, under leases that end at `until` (ms).

        The shards' wake-ups are consumed first: a later one is noticed the next time.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()
        token = self.token()
        answer = await self._pipeline.ask(
            *(
                self._take.call(
                    keys=[shard.key("odue"), shard.key("oown"), shard.key("bell")],
                    args=[now, until, most, token],
                )
                for shard in shards
            )
        )
        return [Lease(chat.decode(), token) for chats in answer for chat in chats]

    async def begin(self, lease: Lease, *, now: int) -> Head | Next:
        """Read the next effect and record the intention to perform it.

        The lease is renewed for as long as the effect may take. `FENCED` if it is no longer ours,
        `EMPTY` if nothing waits, `LATER` if the effect or the chat's record cannot be read.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()
        key, shard = lease.key, keys.shard_of(lease.key)
        (answer,) = await self._pipeline.ask(
            self._begin.call(
                keys=[
                    shard.key(f"out:{key}"), shard.key("oown"), shard.key("odue"),
                    shard.key(f"chat:{key}"),
                ],
                args=[key, lease.token, now],
            )
        )  # fmt: skip
        if isinstance(answer, bytes):
            return Next(answer.decode())
        try:
            return self._head(key, now, answer)
        except Unsealable:  # it waits until its key is back
            self._note_unreadable(key)
            await self._take_back(lease, answer, at=now + UNREADABLE)
            return Next.LATER
        except NewerFormat:  # whose version goes on at once, and finds nothing begun
            await self._take_back(lease, answer, at=now)
            raise

    async def finish(
        self, lease: Lease, head: Head, *, report: Report, at: int, note: Note | None = None
    ) -> Next:
        """Report an attempt; `at` (ms): the time of the next one, or the end of the renewed lease.

        Waits while Redis is unavailable: what was sent must not be sent again.
        """
        noted = note or Note()
        entry = b"" if noted.entry is None else self._journal.seal(lease.key, noted.entry)
        mark = _mark(head, report, noted.kept)
        told = "1" if noted.told else ""
        call = self._report(
            lease, head.seq, report, at, mark, entry, noted.reason, told, noted.cause
        )
        answer = await self._pipeline.insist(call)
        return Next(answer.decode())

    async def _take_back(self, lease: Lease, read: Sequence[bytes], *, at: int) -> None:
        """Leave an effect as it was before it was begun, due again at that time (ms)."""
        seq, mark = read[0].partition(b"|")[0], read[1]
        await self._pipeline.ask(
            self._report(lease, seq, Report.WAIT.value, at, mark, b"", "", "", "")
        )

    def _report(self, lease: Lease, *told: str | bytes | int) -> Command:
        key, shard = lease.key, keys.shard_of(lease.key)
        return self._done.call(
            keys=[
                shard.key(f"out:{key}"), shard.key("odue"), shard.key("oown"),
                shard.key(f"log:{key}"), shard.key("feed"), shard.key("dead"),
                shard.key("stats"), shard.key("bell"), shard.key(f"receipts:{key}"),
            ],
            args=[key, lease.token, *told],
        )  # fmt: skip

    def _note_unreadable(self, key: str) -> None:
        """Log a chat whose effects wait until they can be read, once."""
        if key not in self._unreadable:
            self._unreadable.add(key)
            _log.error("effect.unreadable", chat=key)

    async def release(self, lease: Lease, *, now: int) -> None:
        """Release a chat: its next effect is due at once, for any worker.

        Raises:
            NewerFormat: a newer version of Enlace writes here; the lease ends by itself.
        """
        self._formats.check()
        shard = keys.shard_of(lease.key)
        await self._pipeline.ask(
            self._release.call(
                keys=[shard.key("odue"), shard.key("oown"), shard.key("bell")],
                args=[lease.key, lease.token, now],
            )
        )

    async def waiting_by_channel(self, *, most: int) -> Counter[str]:
        """Count the chats in which something waits, by channel; at most so many of each shard."""
        counted = Counter[str]()
        for shard in keys.ALL:
            (chats,) = await self._pipeline.ask(("ZRANGE", shard.key("odue"), 0, most - 1))
            names = [chat.decode() for chat in chats]
            heads = await self._pipeline.ask(
                *(("LINDEX", shard.key(f"out:{name}"), 0) for name in names)
            )
            for name, raw in zip(names, heads, strict=True):
                with suppress(Unsealable):  # what cannot be read is nobody's
                    counted.update([self._effect(name, raw)[0].channel] if raw else [])
        return counted

    async def defer(self, effect: TakeCall, *, now: int) -> None:
        """Queue a call in a lane of its own, for any worker with capacity; safe to repeat."""
        name = hashlib.sha256(effect.body).hexdigest()
        lane = Chat(channel=effect.channel, account="calls", id=name)
        key = self._keyring.digest(str(lane))
        shard = keys.shard_of(key)
        await self._pipeline.ask(
            self._defer.call(
                keys=[shard.key(f"out:{key}"), shard.key("odue"), shard.key("bell")],
                args=[key, waiting(lane, effect, self._keyring, key=key), now],
            )
        )

    def _head(self, key: str, now: int, read: Sequence[bytes]) -> Head:
        raw, mark, version, record = read
        seq, term, _ = raw.split(b"|", 2)
        chat, effect = self._effect(key, raw)
        _, attempt, left = mark.decode().split(":") if mark else ("", "0", "")
        return Head(
            chat=chat,
            key=key,
            seq=int(seq),
            effect=effect,
            attempt=int(attempt) + 1,
            doubt="?" in left,
            kept=left.strip("?"),
            waited=bool(mark),
            until=now + int(term),
            conversation=self._record(chat, key, version, record),
        )

    def _effect(self, key: str, raw: bytes) -> tuple[Chat, Effect]:
        return codec.effect(self._keyring.open(raw.split(b"|", 2)[2], place=f"out:{key}"))

    def _record(self, chat: Chat, key: str, version: bytes, record: bytes) -> Conversation:
        """Decrypt a chat's record; a lane has none."""
        if not record:
            return Conversation(chat=chat)
        conversation = self._records.read(key, record, version=wire.number(version))
        if conversation is None:
            raise Unsealable("no record")
        return conversation


def _mark(head: Head, report: Report, kept: str) -> str:
    """Encode the mark of the next attempt: its number, whether one is in doubt, reserved places."""
    attempt = head.attempt - 1 if report is Report.WAIT else head.attempt
    doubt = "?" if head.doubt or report is Report.DOUBT else ""
    return f"{head.seq}:{attempt}:{doubt}{kept}"
