"""What is pushed to the consoles, as events: each made once, for all whom it concerns.

Nothing in it depends on who looks at it, nor on the address that is looked at: the browser puts a
row in its place by the row's attributes, and gives it the address of its own list.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from handlers.pages.masking import mask_lines
from handlers.pages.rendering import event, fragment
from handlers.pages.rows import InboxRow
from handlers.pages.ticks import ShownMark
from state.journal import Entry
from state.store.inbox import Place, write_cursor
from state.views import View


def show_rows(rows: Iterable[InboxRow], removed: Collection[str]) -> bytes:
    """Put rows in their place in a list, and remove others."""
    return event(fragment("console/_moves.html", rows=list(rows), removed=sorted(removed)))


def show_more(more: Place | None) -> bytes:
    """Show, or not, the way to what stands behind a list's last row."""
    return event(fragment("console/_more.html", cursor=write_cursor(more)))


def show_lines(key: str, entries: Collection[Entry], marks: Mapping[int, ShownMark]) -> bytes:
    """Append lines to an open chat."""
    if not entries:
        return b""
    return event(fragment("console/_tail.html", key=key, entries=mask_lines(entries), marks=marks))


def show_ticks(key: str, marks: Mapping[int, ShownMark]) -> bytes:
    """Replace marks of messages that an open chat shows."""
    return event(fragment("console/_ticks.html", key=key, marks=marks)) if marks else b""


def show_parts(values: Mapping[str, Any]) -> bytes:
    """Replace what is shown of an open chat besides its lines."""
    return event(fragment("console/_parts.html", **values))


def show_counts(counts: Mapping[View, int]) -> bytes:
    """Replace how many chats stand in the lists."""
    return event(fragment("console/_counts.html", counts=counts)) if counts else b""


def show_vacant(longest: InboxRow | None) -> bytes:
    """Replace what is shown where no chat is open: who waits longest."""
    return event(fragment("console/_unopened.html", waiter=longest))


def show_refused(sentences: Collection[str]) -> bytes:
    """Replace what vendors refuse us."""
    return event(fragment("console/_refused.html", rejections=sentences))
