"""The outbox: effects of each chat in order, performed under leases."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from state.conversation import Chat, Conversation
from state.effects import Effect
from state.journal import Entry
from state.store import codec, keys
from state.store.encryption import Keyring
from state.store.journal import Journal
from state.store.rounds import Rounds


class Report(StrEnum):
    """How an attempt ended, by what happens to the effect."""

    SENT = "sent"
    RETRY = "retry"
    DOUBT = "doubt"
    DEAD = "dead"


class Next(StrEnum):
    """What the sender of a chat does after its report."""

    MORE = "MORE"
    EMPTY = "EMPTY"
    LATER = "LATER"
    AGAIN = "AGAIN"
    FENCED = "FENCED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The next effect of a chat.

    Attributes:
        seq: its number within the chat; never used twice.
        doubt: an earlier attempt may have reached the world.
        conversation: the record as it is now, for whoever must know who holds the chat.
    """

    chat: Chat
    seq: int
    effect: Effect
    doubt: bool
    conversation: Conversation


class Outbox:
    """The outboxes of all chats, as one sender sees them."""

    def __init__(self, rounds: Rounds, keyring: Keyring, journal: Journal, *, token: str) -> None:
        """`token` names this sender's leases; no two senders may share one."""
        self._rounds = rounds
        self._keyring = keyring
        self._journal = journal
        self._token = token
        self._take = rounds.script("take")
        self._head = rounds.script("head")
        self._mark = rounds.script("mark")
        self._done = rounds.script("done")

    async def take(
        self, shards: Sequence[keys.Shard], *, now: int, until: int, most: int
    ) -> list[str]:
        """Take up to `most` due chats of each shard, under a lease that ends at `until` (ms).

        The shards' bells are silenced first: whoever rings from then on is heard the next time.
        """
        silence = ("DEL", *(shard.key("bell") for shard in shards))
        takes = [
            self._take.call(
                keys=[shard.key("odue"), shard.key("oown")], args=[now, until, most, self._token]
            )
            for shard in shards
        ]
        _, *taken = await self._rounds.ask(silence, *takes)
        return [chat.decode() for chats in taken for chat in chats]

    async def head(self, key: str) -> Head | Next:
        """Read the next effect of a chat that we hold: `FENCED` if we don't, `EMPTY` if none."""
        shard = keys.shard_of(key)
        (answer,) = await self._rounds.ask(
            self._head.call(
                keys=[shard.key(f"out:{key}"), shard.key("oown"), shard.key(f"chat:{key}")],
                args=[key, self._token],
            )
        )
        if isinstance(answer, bytes):
            return Next(answer.decode())
        raw, mark, record = answer
        seq, _, sealed = raw.partition(b"|")
        chat, effect = codec.effect(self._keyring.open(sealed, place=f"out:{key}"))
        conversation = codec.conversation(self._keyring.open(record, place=f"record:{key}"))
        return Head(
            chat=chat,
            seq=int(seq),
            effect=effect,
            doubt=mark.startswith(seq + b":"),
            conversation=conversation,
        )

    async def mark(self, key: str, *, seq: int, until: int) -> bool:
        """Write down that we are about to act, and renew the lease; false if it is not ours."""
        shard = keys.shard_of(key)
        (answer,) = await self._rounds.ask(
            self._mark.call(
                keys=[shard.key("oown"), shard.key("odue")],
                args=[key, self._token, f"{seq}:1", until],
            )
        )
        return bool(answer == b"OK")

    async def done(
        self, key: str, *, seq: int, report: Report, at: int, entry: Entry | None = None
    ) -> Next:
        """Report an attempt; `at` (ms) is when to try again, or the end of the renewed lease."""
        shard = keys.shard_of(key)
        (answer,) = await self._rounds.ask(self._done.call(
            keys=[
                shard.key(f"out:{key}"), shard.key("odue"), shard.key("oown"),
                shard.key(f"log:{key}"), shard.key("feed"), shard.key("dead"),
                shard.key("stats"), shard.key("bell"),
            ],
            args=[
                key, self._token, seq, report, at,
                b"" if entry is None else self._journal.seal(key, entry),
            ],
        ))  # fmt: skip
        return Next(answer.decode())
