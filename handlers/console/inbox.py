"""The inbox: the list of conversations, one of them open, and the requests that wait."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from handlers.console.card import find_seat, show_card
from handlers.console.decisions import find_approvers, may_approve, show_request
from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.console.listing import Listing, read_listing, show_listing
from handlers.pages import changes, words
from handlers.pages.live import Hub
from handlers.pages.masking import mask_lines
from handlers.pages.rendering import fragment, live, page
from handlers.pages.rows import show_row
from state.conversation import Conversation
from state.messages import lists
from state.roles import Act
from state.states import STATES
from state.store.conversations import NoSuchConversation, UnreadableRecord
from state.store.members import Member
from state.store.store import Store

_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPages:
    """The pages that a member of staff works with."""

    store: Store
    hub: Hub
    gate: Gate

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
            values = await self._values(listing, member)
        except NoSuchConversation as error:
            unreadable = isinstance(error, UnreadableRecord)
            shown = show_frame(member)
            return page("console/missing.html", status=404, unreadable=unreadable, **shown)
        return page("console/desk.html", **values)

    async def _tasks(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        return page("console/tasks.html", **await self._waiting(member))

    async def _queue(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        async def picture(member: Member) -> str:
            return fragment("console/_queue.html", **await self._waiting(member))

        viewer = self.gate.watch(request, Act.READ)
        return live(self.hub, picture, about=lambda _: True, viewer=viewer)

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

        async def picture(member: Member) -> str:
            try:
                values = await self._values(listing, member)
            except NoSuchConversation:  # erased meanwhile, or it cannot be read
                values = await self._values(listing.open(""), member)
            return fragment("console/_picture.html", **values)

        viewer = self.gate.watch(request, Act.READ)
        return live(self.hub, picture, about=lambda _: True, viewer=viewer)

    async def _values(self, listing: Listing, member: Member) -> dict[str, Any]:
        key, now = listing.chat, self.gate.clock()
        refused = await self.store.rejections.list()
        closed = await self.store.rejections.list_closings(now=now)
        values = show_frame(member) | {
            **await self._list(listing, member),
            "rejections": words.show_rejections(refused, now=now) + words.show_closings(closed),
            "key": key,
        }
        if not key:
            return values | {"open": False}
        conversation = await self.store.conversations.find(key)
        entries = mask_lines(await self.store.journal.read(key))
        approvers = await find_approvers(self.store, [conversation])
        return values | {
            "open": True,
            "entries": entries,
            **show_chat(key, conversation, member, approvers),
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
            filters=listing.filters,
        )
        rows = [show_row(one, listing.view, now=now) for one in listed]
        return show_listing(listing, counts, cursor) | {
            "rows": [(row, listing.open(row.key).address) for row in rows],
            "empty": lists.EMPTY[listing.view],
            "ready": await self.store.refiling.is_done(),
        }


def show_chat(
    key: str, conversation: Conversation, member: Member, approvers: Collection[str] = ()
) -> dict[str, Any]:
    """Show the conversation that a member of staff has open."""
    return show_card(key, conversation, find_seat(conversation, member), approvers) | {
        "title": words.name_chat(key, conversation),
        "step": STATES[conversation.state].for_staff,
        "speaker": words.name_speaker(conversation),
        "speaker_kind": conversation.speaker.kind.value,
        "closed": bool(conversation.account.attention.closed_at),
        "delivery": uuid4().hex,
    }


def _show_request(
    conversation: Conversation, member: Member, approvers: Collection[str]
) -> dict[str, Any] | None:
    return show_request(conversation, approvers, approvable=may_approve(conversation, member))
