"""The fan-out: what changes is read and rendered once in a process, and sent to whom it concerns.

One loop, which runs while a page is open: a batch of changed chats is read, the sessions are looked
at, then every page is sent its pieces. Once a second it looks at what changes by time alone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from handlers.console.batches import Batch, OpenChat, number_line
from handlers.console.board import read_board
from handlers.console.decisions import find_approvers
from handlers.console.streams import OpenPage
from handlers.pages.live import ANY, Hub, Subscription
from handlers.pages.rendering import ALIVE, BYE, StreamEnded, event
from handlers.pages.ticks import list_marked, list_moving, show_marks
from handlers.ports import Clock, ReplyTemplate
from state.rejections import Vendor
from state.store.conversations import NoSuchConversation
from state.store.members import Member
from state.store.outage import Away
from state.store.store import Store

_TICK = 1.0  # seconds from one look at what changes by time to the next

Draw = Callable[[Member], Awaitable[str]]
_VENDORS = frozenset(vendor.value for vendor in Vendor)


@dataclass(eq=False, kw_only=True)
class Fanout:
    """All pages of the console that are open in this process."""

    store: Store
    hub: Hub
    clock: Clock
    template: ReplyTemplate
    _pages: dict[OpenPage, asyncio.Task[None]] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None
    _subscription: Subscription | None = None
    _ticked: float = 0.0
    _checked: float = 0.0
    _due: int = 0  # until when (ms) chats that became stuck were looked for

    async def stream(self, page: OpenPage, draw: Draw) -> AsyncIterator[bytes]:
        """Stream a page: a picture at once and whenever it is stale, and what is sent between.

        `draw` reads and renders everything that the page shows, and notes in it what that was.
        """
        with self._open(page) as task:
            try:
                while not page.closed:
                    if page.stale:
                        yield await self._draw(page, draw)
                    elif waiting := page.take():
                        yield waiting
                    else:
                        await page.wait()
            except StreamEnded:
                yield BYE
            if task.done():
                task.result()  # a fault of ours is told like any other

    @contextmanager
    def _open(self, page: OpenPage) -> Iterator[asyncio.Task[None]]:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._close)
        self._pages[page] = self._task
        try:
            yield self._task
        finally:
            del self._pages[page]

    def _close(self, task: asyncio.Task[None]) -> None:
        """End the pages that this task served."""
        for page, served_by in self._pages.items():
            if served_by is task:
                page.close()

    async def _draw(self, page: OpenPage, draw: Draw) -> bytes:
        """Make a picture for whoever may see it before and after it was read."""
        page.begin()
        try:
            page.member = await page.viewer()
            picture = await draw(page.member)
            (mark,) = await self._read_marks([page])
            if await page.viewer() != page.member:
                page.stale = True
                return ALIVE
        except Away:
            page.redraw_later()
            return ALIVE
        page.mark, page.drawing = mark, False
        if page.missed and self._subscription is not None:
            self._subscription.tell(frozenset(page.missed))
        page.missed.clear()
        return event(picture)

    async def _run(self) -> None:
        """Pass changes on until no page is open, or the process ends."""
        try:
            with self.hub.subscribe(ping=min(_TICK, self.hub.ping)) as subscription:
                self._subscription = subscription
                async for changed in subscription.changes():
                    if not self._pages:
                        return
                    try:
                        await self._look(changed)
                    except Away:
                        self._redraw()
        finally:
            self._subscription = None

    async def _look(self, changed: frozenset[str]) -> None:
        if ANY in changed:
            self._redraw()
        now, clock = time.monotonic(), self.clock()
        ticks = now - self._ticked >= min(_TICK, self.hub.ping) or bool(changed & _VENDORS)
        if ticks:
            self._ticked = now
            due = await self.store.inbox.list_due(after=self._due or clock, until=clock)
            self._due, changed = clock, changed | frozenset(due)
        await self._pass_on(changed - {ANY}, clock)
        if ticks:
            await self._tell_board(clock)
        for page in self._pages:
            page.ping(now - self.hub.ping)

    async def _pass_on(self, changed: frozenset[str], now: int) -> None:
        """Read what changed, look at the sessions, and send to every page what concerns it."""
        for page in list(self._pages):
            if not page.is_shown:
                page.missed |= changed
        planned = []
        if changed:
            batch = await self._read(changed, now)
            shown = [page for page in self._pages if page.is_shown]
            planned = [(page, page.window, await batch.plan(page)) for page in shown]
        await self._check_sessions()
        for page, window, pieces in planned:
            if page.is_shown and page.window is window:
                for piece in pieces:
                    page.send(piece)

    async def _read(self, changed: frozenset[str], now: int) -> Batch:
        looked_at = {page.listing.chat for page in self._pages if page.listing is not None}
        opened = {key: await self._open_chat(key) for key in changed & looked_at}
        listed = await self.store.inbox.read(sorted(changed))
        chats = {chat.key: chat for chat in listed}
        return Batch(store=self.store, now=now, chats=chats, opened=opened)

    async def _open_chat(self, key: str) -> OpenChat | None:
        """Read what is new of a chat that pages have open; None if they have to be drawn anew."""
        pages = [
            page
            for page in self._pages
            if page.is_shown and page.listing is not None and page.listing.chat == key
        ]
        ids = [page.newest for page in pages]
        lines = await self.store.journal.follow(key, min(ids, key=number_line, default=""))
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            return None
        approvers = await find_approvers(self.store, [conversation])
        if lines is None:
            return None
        moving = {seq for page in pages for seq in list_moving(page.marks)}
        seqs = sorted(moving | {*list_marked(lines, now=self.clock())})
        marks = show_marks(await self.store.marks.read(key, seqs), conversation.chat.channel)
        return OpenChat(
            conversation=conversation,
            approvers=approvers,
            lines=lines,
            marks=marks,
            lacks=self.template.lacks,
        )

    async def _check_sessions(self) -> None:
        """End the pages whose session ended; whoever's roles changed gets a picture."""
        whole = time.monotonic() - self._checked >= self.hub.ping
        if whole:
            self._checked = time.monotonic()
        pages = [page for page in self._pages if page.is_shown and page.member is not None]
        for page, mark in zip(pages, await self._read_marks(pages), strict=True):
            if not whole and mark == page.mark:
                continue
            page.mark = mark
            try:
                member = await page.viewer()
            except StreamEnded:
                page.end()
                continue
            if member != page.member:
                page.redraw()

    async def _read_marks(self, pages: Collection[OpenPage]) -> Collection[tuple[object, ...]]:
        asked = [(page.token, page.member.digest) for page in pages if page.member is not None]
        return await self.store.staff.sessions.read_marks(asked)

    async def _tell_board(self, now: int) -> None:
        """Tell every page how many chats stand in the lists, and what vendors refuse."""
        pages = [one for one in self._pages if one.is_shown and one.listing is not None]
        board = await read_board(self.store, pages, now=now)
        for page in pages:
            if page.is_shown and page.member is not None:
                board.tell(page, page.member)

    def _redraw(self) -> None:
        for page in self._pages:
            page.redraw()
