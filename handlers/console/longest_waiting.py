"""Whoever has waited longest for a person, to be opened from anywhere by one press."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.frame import HOME
from handlers.console.gate import Gate
from handlers.console.listing import Listing
from handlers.pages.rows import InboxRow, show_row
from state.roles import Act
from state.store.inbox import Inbox
from state.store.members import Member
from state.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestWaitingPage:
    """Leads to the chat that has waited longest."""

    inbox: Inbox
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        """Build the one route."""
        return [Route("/consola/siguiente", self.gate.guard(Act.READ, self._open))]

    async def _open(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        row = await find_longest(self.inbox, now=self.gate.clock())
        address = HOME if row is None else replace(Listing(), chat=row.key).address
        return RedirectResponse(address, 303)


async def find_longest(inbox: Inbox, *, now: int) -> InboxRow | None:
    """Find the chat that has waited longest for a person."""
    listed, _ = await inbox.page(View.WAITING, now=now, limit=1)
    return next((show_row(one, now=now) for one in listed), None)
