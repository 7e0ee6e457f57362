"""The board: what every open page tells beside its list, read once for all of them.

How many chats stand in each list, who waits longest, and what vendors refuse.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.console.fragments import show_counts, show_refused, show_vacant
from handlers.console.longest_waiting import find_longest
from handlers.console.streams import OpenPage
from handlers.pages import words
from handlers.pages.rows import InboxRow
from state.store.members import Member
from state.store.store import Store
from state.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What was read a moment ago.

    Attributes:
        mine: how many chats each member has, by digest.
        refused: what vendors refuse us, and whose messages wait; a sentence each.
        ready: the lists are whole.
        longest: who waits longest; None also if no page tells that.
    """

    counts: Mapping[View, int]
    mine: Mapping[str, int]
    refused: Sequence[str]
    ready: bool
    longest: InboxRow | None
    _made: dict[object, bytes] = field(default_factory=dict)

    def tell(self, page: OpenPage, member: Member) -> None:
        """Send a page what differs from what it shows."""
        if self.ready and not page.ready:
            page.redraw()
            return
        self._tell_counts(page, member)
        self._tell_longest(page)
        if list(page.refused) != self.refused:
            page.refused = self.refused
            page.send(show_refused(self.refused))

    def _tell_counts(self, page: OpenPage, member: Member) -> None:
        here = {**self.counts, View.MINE: self.mine[member.digest]}
        differ = {view: count for view, count in here.items() if page.counts.get(view) != count}
        page.counts = here
        known = tuple(differ.items())
        if known not in self._made:
            self._made[known] = show_counts(differ)
        page.send(self._made[known])

    def _tell_longest(self, page: OpenPage) -> None:
        waiting = self.longest.waiting_since if self.longest else 0
        if page.listing and not page.listing.chat and page.longest != waiting:
            page.longest = waiting
            page.send(show_vacant(self.longest))


async def read_board(store: Store, pages: Collection[OpenPage], *, now: int) -> Board:
    """Read what these pages tell."""
    members = sorted({page.member.digest for page in pages if page.member is not None})
    mine = await store.inbox.count_mine(members)
    vacant = any(page.listing is not None and not page.listing.chat for page in pages)
    return Board(
        counts=await store.inbox.counts(now=now),
        mine=dict(zip(members, mine, strict=True)),
        refused=await list_refused(store, now=now),
        ready=await store.refiling.is_done(),
        longest=await find_longest(store.inbox, now=now) if vacant else None,
    )


async def list_refused(store: Store, *, now: int) -> list[str]:
    """Tell what vendors refuse us, and whose messages wait; a sentence each."""
    refused = await store.rejections.list()
    closed = await store.rejections.list_closings(now=now)
    return words.show_rejections(refused, now=now) + words.show_closings(closed)
