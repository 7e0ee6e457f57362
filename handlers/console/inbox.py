"""The inbox: the list of conversations, one of them open, and the requests that wait."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from handlers.console.board import list_refused
from handlers.console.decisions import find_approvers, may_approve, show_request
from handlers.console.fanout import Fanout
from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.console.history import show_history
from handlers.console.listing import Listing, read_listing, show_listing
from handlers.console.longest_waiting import find_longest
from handlers.console.open_chat import show_open_chat
from handlers.console.seats import find_seat
from handlers.console.streams import OpenPage
from handlers.console.windows import Window
from handlers.pages import changes
from handlers.pages.rendering import fragment, page, stream
from handlers.pages.rows import show_row
from state.conversation import Conversation
from state.messages import lists
from state.roles import Act
from state.store.conversations import NoSuchConversation, UnreadableRecord
from state.store.inbox import PAGE, read_cursor
from state.store.members import Member
from state.store.store import Store
from state.views import NEWEST_FIRST

_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPages:
    """The pages that a member of staff works with."""

    store: Store
    fanout: Fanout
    gate: Gate
    limit: int = PAGE

    def routes(self) -> list[BaseRoute]:
        """Build the pages and their live updates."""
        guard = self.gate.guard
        return [
            Route("/consola", guard(Act.READ, self._desk)),
            Route("/consola/c/{key}", guard(Act.READ, self._desk)),
            Route("/consola/solicitudes", guard(Act.READ, self._tasks)),
            Route("/consola/solicitudes/live", guard(Act.READ, self._queue, person=False)),
            Route("/consola/live", guard(Act.READ, self._live, person=False)),
        ]

    async def _desk(self, request: Request, member: Member) -> Response:
        listing = read_listing(request.query_params, request.path_params.get("key", ""))
        try:
            values = await self.show_desk(listing, member)
        except NoSuchConversation as error:
            unreadable = isinstance(error, UnreadableRecord)
            shown = show_frame(member)
            return page("console/missing.html", status=404, unreadable=unreadable, **shown)
        return page("console/desk.html", **values)

    async def _tasks(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        return page("console/tasks.html", **await self._waiting(member))

    async def _queue(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        opened = self._open_page(request)

        async def draw(member: Member) -> str:
            values = await self._waiting(member)
            opened.shown = frozenset(task.key for task in values["tasks"])
            return fragment("console/_queue.html", **values)

        return stream(self.fanout.stream(opened, draw))

    async def _waiting(self, member: Member) -> dict[str, Any]:
        waiting = await self.store.conversations.pending(limit=_ROWS)
        approvers = await find_approvers(self.store, [row.conversation for row in waiting])
        tasks = [
            changes.show_task(row, _show_request(row.conversation, member, approvers))
            for row in waiting
        ]
        return show_frame(member) | {"tasks": tasks}

    async def _live(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        listing = read_listing(request.query_params)
        opened = self._open_page(request, listing)

        return stream(self.fanout.stream(opened, partial(self.draw, opened, listing)))

    async def draw(self, opened: OpenPage, listing: Listing, member: Member) -> str:
        """Make a picture of everything that a page of the inbox shows, and note in it what that is.

        What is pushed to the page from then on, changes this picture.
        """
        try:
            values = await self.show_desk(listing, member)
        except NoSuchConversation:  # erased meanwhile, or it cannot be read
            values = await self.show_desk(listing.open(""), member)
        _note_shown(opened, listing, values)
        return fragment("console/_picture.html", **values)

    def _open_page(self, request: Request, listing: Listing | None = None) -> OpenPage:
        viewer, token = self.gate.watch(request, Act.READ), self.gate.cookie.read(request)
        return OpenPage(viewer=viewer, token=token, listing=listing, limit=self.limit)

    async def show_desk(self, listing: Listing, member: Member) -> dict[str, Any]:
        """Show a list, and the chat that is open beside it.

        Raises:
            NoSuchConversation: there is no such chat.
        """
        key = listing.chat
        values = show_frame(member) | {
            **await self._list(listing, member),
            "rejections": await list_refused(self.store, now=self.gate.clock()),
            "key": key,
        }
        if not key:
            waiter = await find_longest(self.store.inbox, now=self.gate.clock())
            return values | {"open": False, "newest": "", "marks": {}, "waiter": waiter}
        conversation, now = await self.store.conversations.find(key), self.gate.clock()
        approvers = await find_approvers(self.store, [conversation])
        lacks = self.fanout.template.lacks
        return values | {
            "open": True,
            **await show_history(self.store, key, conversation.chat.channel, now=now),
            **show_chat(key, conversation, member, approvers, now=now, lacks=lacks),
        }

    async def _list(self, listing: Listing, member: Member) -> dict[str, Any]:
        """Show a page of a view, and how many chats stand in each."""
        now, digest = self.gate.clock(), member.digest
        counts = await self.store.inbox.counts(now=now, member=digest)
        listed, cursor = await self.store.inbox.page(
            listing.view,
            now=now,
            member=digest,
            cursor=listing.cursor,
            limit=self.limit,
            filters=listing.filters,
        )
        rows = [show_row(one, now=now) for one in listed]
        return show_listing(listing, counts, cursor) | {
            "rows": [(row, listing.open(row.key).address) for row in rows],
            "empty": lists.EMPTY[listing.view],
            "ready": await self.store.refiling.is_done(),
        }


def show_chat(
    key: str,
    conversation: Conversation,
    member: Member,
    approvers: Collection[str] = (),
    *,
    now: int,
    lacks: str,
) -> dict[str, Any]:
    """Show the conversation that a member of staff has open."""
    seat = find_seat(conversation, member)
    shown = show_open_chat(key, conversation, seat, approvers, now=now, lacks=lacks)
    return shown | {"delivery": uuid4().hex}


def _show_request(
    conversation: Conversation, member: Member, approvers: Collection[str]
) -> dict[str, Any] | None:
    return show_request(conversation, approvers, approvable=may_approve(conversation, member))


def _note_shown(page: OpenPage, listing: Listing, values: dict[str, Any]) -> None:
    """Note in an open page what its picture shows."""
    page.window = Window(
        [(row.place, row.key) for row, _ in values["rows"]],
        newest_first=listing.view in NEWEST_FIRST,
        after=read_cursor(listing.cursor),
        more=read_cursor(values["cursor"]),
        limit=page.limit,
    )
    page.newest, page.marks = values["newest"], dict(values["marks"])
    page.parts = b""
    waiter = values.get("waiter")
    page.longest = waiter.waiting_since if waiter else 0
    page.counts, page.refused = values["counts"], values["rejections"]
    page.ready = values["ready"]
