"""Marks: how far each message that a chat's journal shows has come, read in one round trip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from state.store import keys, wire
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline
from state.store.receipts import Reach

_KEPT = 512
"""Messages of a chat whose receipts are kept (`scripts/note.lua`)."""


class Progress(StrEnum):
    """How far a message has come."""

    SENDING = "sending"
    """It is being sent for the first time, or about to be."""

    QUEUED = "queued"
    """It waits: for the channel, or for a message before it."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    """It was not sent, or not delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a message has come.

    Attributes:
        cause: why it failed: the vendor's code, or one of `state.failures`; empty if unknown.
        retried: it failed, and somebody had it sent again.
    """

    progress: Progress
    cause: str = ""
    retried: bool = False


_REACHED = {
    Reach.SENT: Progress.SENT,
    Reach.DELIVERED: Progress.DELIVERED,
    Reach.READ: Progress.READ,
}


def name_retry(seq: int) -> str:
    """Name the delivery by which a message is sent again: there is one for each message."""
    return f"retry:{seq}"


class Marks:
    """The marks of all chats."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._pipeline = pipeline
        self._keyring = keyring

    async def read(self, key: str, seqs: Sequence[int]) -> dict[int, Mark]:
        """Read how far these effects of a chat have come; nothing is told of what is too old.

        One round trip; a second one where something failed.
        """
        if not seqs:
            return {}
        noted, told, first, last = await self._pipeline.ask(
            ("HMGET", keys.name_key("receipts", key), *seqs, *(f"{seq}!" for seq in seqs)),
            ("HMGET", keys.shard_of(key).key("oown"), key, f"{key}!"),
            ("LINDEX", keys.name_key("out", key), 0),
            ("HGET", keys.name_key("chat", key), "oseq"),
        )
        waiting = _read_waiting(first, *wire.blobs(told))
        oldest = wire.number(wire.blob(last)) - _KEPT
        receipts = zip(seqs, noted[: len(seqs)], noted[len(seqs) :], strict=True)
        marks = {
            seq: waiting(seq) or _judge(receipt, cause)
            for seq, receipt, cause in receipts
            if seq > oldest
        }
        return await self._note_retries(key, marks)

    async def _note_retries(self, key: str, marks: dict[int, Mark]) -> dict[int, Mark]:
        """Tell of each that failed whether it was sent again."""
        failed = [seq for seq, mark in marks.items() if mark.progress is Progress.FAILED]
        if not failed:
            return marks
        names = [self._keyring.short_digest(name_retry(seq)) for seq in failed]
        (seen,) = await self._pipeline.ask(("ZMSCORE", keys.name_key("seen", key), *names))
        again = {
            seq: Mark(progress=Progress.FAILED, cause=marks[seq].cause, retried=True)
            for seq, score in zip(failed, seen, strict=True)
            if score is not None
        }
        return marks | again


def _read_waiting(
    first: bytes | None, owner: bytes | None, mark: bytes | None
) -> Callable[[int], Mark | None]:
    """Tell of an effect by its number whether it waits; the first one is `seq|lease|sealed`.

    What was put off has a mark with nobody who performs it, or one of a later attempt.
    """
    if first is None:
        return lambda _seq: None
    head = int(first.partition(b"|")[0])
    at, _, attempt = (mark or b"0:0").partition(b":")
    marked = int(at) == head
    put_off = marked and (owner is None or not attempt.startswith(b"1:"))
    found = Mark(progress=Progress.QUEUED if put_off else Progress.SENDING)
    return lambda seq: found if seq >= head else None


def _judge(receipt: bytes | None, cause: bytes | None) -> Mark:
    reach = None if receipt is None else Reach(int(receipt.partition(b"|")[0]))
    if reach in _REACHED and (cause is None or reach > Reach.FAILED):
        return Mark(progress=_REACHED[reach])
    if cause is None and reach is None:
        return Mark(progress=Progress.SENT)  # it left the outbox, and nothing went wrong
    return Mark(progress=Progress.FAILED, cause="" if cause is None else cause.decode())
