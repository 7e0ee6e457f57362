"""One batch of changed chats, read and rendered once for all pages that are open.

Whatever two pages show alike is made once: a row for each place in a list, the lines of a chat, its
parts for each seat. What was read is not sent before the sessions were looked at again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.console.fragments import show_lines, show_more, show_parts, show_rows, show_ticks
from handlers.console.frame import HOME
from handlers.console.listing import Listing
from handlers.console.open_chat import show_open_chat
from handlers.console.seats import Seat, find_seat
from handlers.console.streams import OpenPage
from handlers.console.windows import Moves
from handlers.pages.rows import show_row
from handlers.pages.ticks import ShownMark, fold_notes
from state.conversation import Conversation
from state.journal import Entry
from state.store.filing import name_list
from state.store.inbox import ListedChat, read_cursor
from state.store.store import Store
from state.views import View

Page = tuple[list[ListedChat], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChat:
    """What is needed of a chat that some page has open."""

    conversation: Conversation
    approvers: Collection[str]
    lines: Sequence[Entry]
    marks: Mapping[int, ShownMark]
    lacks: str

    def show_parts(self, key: str, seat: Seat, *, now: int) -> bytes:
        """Show it besides its lines, to one seat."""
        shown = show_open_chat(
            key, self.conversation, seat, self.approvers, now=now, lacks=self.lacks
        )
        return show_parts({"back": HOME} | shown)


@dataclass(slots=True, kw_only=True)
class Batch:
    """What changed, read a moment ago; `now` in ms.

    Attributes:
        chats: the chats that changed, as the lists know them.
        opened: those of them that a page has open; None if that page has to be drawn anew.
    """

    store: Store
    now: int
    chats: Mapping[str, ListedChat]
    opened: Mapping[str, OpenChat | None]
    _pages: dict[tuple[object, ...], Page] = field(default_factory=dict)
    _made: dict[tuple[object, ...], bytes] = field(default_factory=dict)

    async def plan(self, page: OpenPage) -> Sequence[bytes]:
        """Give the pieces for a page, in their order."""
        if page.listing is None:
            if self.concerns_requests(page.shown):
                page.redraw()
            return ()
        return *await self.move_rows(page), *self.show_opened(page)

    async def move_rows(self, page: OpenPage) -> Sequence[bytes]:
        """Move the rows of a page's list, and tell it how."""
        listing, window = page.listing, page.window
        if listing is None or window is None or page.member is None or not self.chats:
            return ()
        more = window.more
        name = name_list(listing.view, page.member.digest)
        moves = window.move(self._places(name, listing))
        if window.lacks_rows(moves):
            listed, cursor = await self._read_page(name, listing, page)
            window.fill([(one.place, one.key) for one in listed], read_cursor(cursor), moves)
        pieces = [self._show_moves(moves)]
        if window.more != more:
            pieces.append(self._make(("more", window.more), lambda: show_more(window.more)))
        return pieces

    def show_opened(self, page: OpenPage) -> Sequence[bytes]:
        """Tell a page what is new of the chat that it has open."""
        listing, member = page.listing, page.member
        if listing is None or member is None or listing.chat not in self.opened:
            return ()
        key, found = listing.chat, self.opened[listing.chat]
        if found is None:
            page.redraw()
            return ()
        told = *self._follow_marks(page, key, found), self._follow_lines(page, key, found)
        seat = find_seat(found.conversation, member)
        parts = self._make(("parts", key, seat), lambda: found.show_parts(key, seat, now=self.now))
        if parts == page.parts:
            return told
        page.parts = parts
        return *told, parts

    def _follow_lines(self, page: OpenPage, key: str, found: OpenChat) -> bytes:
        """Show the lines that a page lacks, with their marks."""
        lines = [line for line in found.lines if number_line(line.id) > number_line(page.newest)]
        since, page.newest = page.newest, lines[-1].id if lines else page.newest
        shown = fold_notes(lines, found.marks)
        page.marks |= {one.seq: found.marks[one.seq] for one in shown if one.seq in found.marks}
        return self._make(("lines", key, since), lambda: show_lines(key, shown, found.marks))

    def _follow_marks(self, page: OpenPage, key: str, found: OpenChat) -> Sequence[bytes]:
        """Show the marks that are others now than a page shows."""
        known = page.marks.items() & found.marks.items()
        others = {seq: found.marks[seq] for seq in found.marks.keys() & page.marks.keys()}
        changed = dict(sorted(others.items() - known))
        page.marks |= changed
        made = self._make(("ticks", key, *changed.items()), lambda: show_ticks(key, changed))
        return (made,) if changed else ()

    def concerns_requests(self, shown: Collection[str]) -> bool:
        """Tell whether a request came, changed or went, among those shown."""
        return any(key in shown or View.DECIDING in chat.places for key, chat in self.chats.items())

    def _places(self, name: str, listing: Listing) -> dict[str, int | None]:
        return {key: self._find(chat, name, listing) for key, chat in self.chats.items()}

    def _find(self, chat: ListedChat, name: str, listing: Listing) -> int | None:
        place = chat.places.get(name)
        if place is None or not listing.filters.let_pass(chat.row):
            return None
        return None if listing.view is View.STUCK and place > self.now else place

    async def _read_page(self, name: str, listing: Listing, page: OpenPage) -> Page:
        """Read a page of a list, once for all who look at it."""
        known = (name, listing.cursor, listing.filters)
        member = page.member.digest if page.member else ""
        if known not in self._pages:
            self._pages[known] = await self.store.inbox.page(
                listing.view,
                now=self.now,
                member=member,
                cursor=listing.cursor,
                limit=page.limit,
                filters=listing.filters,
            )
        return self._pages[known]

    def _show_moves(self, moves: Moves) -> bytes:
        return self._make(("rows", *moves.key), lambda: self._render(moves))

    def _render(self, moves: Moves) -> bytes:
        if not moves.put and not moves.removed:
            return b""
        known = {**self.chats}
        known |= {one.key: one for listed, _ in self._pages.values() for one in listed}
        rows = [
            show_row(replace(known[key], place=place), now=self.now)
            for key, place in moves.put.items()
        ]
        return show_rows(rows, moves.removed)

    def _make(self, known: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
        if known not in self._made:
            self._made[known] = make()
        return self._made[known]


def number_line(id_: str) -> tuple[int, ...]:
    """Order the lines of a chat by their ids; `""` comes before all."""
    return tuple(map(int, id_.split("-"))) if id_ else ()
