"""What stands on a message of ours in the log: how far it has come, or why it did not arrive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from state.journal import Entry, Kind
from state.messages import failures
from state.store.marks import Mark, Progress
from state.store.receipts import KEPT_FOR

_SHOWN = (Kind.BOT, Kind.STAFF)
_LAST = (Progress.READ, "unsent")
_FOLLOWED = 20
"""Messages of an open chat whose marks are followed: older ones change with the next picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMark:
    """The mark of one message.

    Attributes:
        look: how far it has come; the name of its look.
        sign: a tick or two.
        words: what is read out; of a failure, why.
        remedy: what to do about it, a sentence, or `""`.
        retry: the number by which it can be sent again; 0 if it cannot, or was.
    """

    look: str
    sign: str = ""
    words: str = ""
    remedy: str = ""
    retry: int = 0


def list_marked(entries: Iterable[Entry], *, now: int) -> list[int]:
    """List the effects whose marks these lines show: of messages whose receipts are still kept."""
    return [
        entry.seq
        for entry in entries
        if entry.seq and entry.kind in _SHOWN and entry.at > now - KEPT_FOR
    ]


def list_moving(marks: Mapping[int, ShownMark]) -> list[int]:
    """List the last effects whose marks may still be others."""
    return sorted(seq for seq, mark in marks.items() if mark.look not in _LAST)[-_FOLLOWED:]


def show_marks(marks: Mapping[int, Mark], channel: str) -> dict[int, ShownMark]:
    """Show marks by the numbers of their effects."""
    return {seq: _show(seq, mark, channel) for seq, mark in marks.items()}


def fold_notes(entries: Sequence[Entry], marks: Mapping[int, ShownMark]) -> list[Entry]:
    """Leave out the notes that tell what a message's own mark tells."""
    told = {seq for seq, mark in marks.items() if not mark.sign}
    return [entry for entry in entries if entry.kind in _SHOWN or entry.seq not in told]


def _show(seq: int, mark: Mark, channel: str) -> ShownMark:
    if mark.progress is not Progress.FAILED:
        sign, words = failures.PROGRESS[mark.progress]
        return ShownMark(look=mark.progress, sign=sign, words=words)
    failure = failures.find_failure(channel, mark.cause)
    if failures.is_obsolete(mark.cause):
        return ShownMark(look="unsent", words=failures.UNSENT.format(cause=failure.cause))
    words = failures.UNDELIVERED.format(cause=failure.cause)
    if mark.retried:
        return ShownMark(look="failed", words=words, remedy=failures.RETRIED)
    return ShownMark(look="failed", words=words, remedy=failure.remedy, retry=seq)
