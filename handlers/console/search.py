"""The search: a chat is found by a number or a name that a customer says.

What is looked for comes as a form, so that it stands in no address and no log. The audit keeps who
searched, by what kind of number, and how many were found, never the words; and there is a limit
that nobody meets who searches by hand.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.auditing import address_of
from handlers.console.frame import HOME
from handlers.console.gate import Gate
from handlers.console.listing import Listing, read_listing
from handlers.errors import DirectoryUnavailable
from handlers.pages.rendering import page
from handlers.pages.rows import show_row
from handlers.ports import Clients
from state.audit import SecurityEvent
from state.messages.lists import Search
from state.roles import Act
from state.search import SearchKind, SearchQuery, SearchTerm, read_query
from state.store.inbox import PAGE, ListedChat
from state.store.members import Member
from state.store.quotas import Quota
from state.store.store import Store
from state.views import View

PATH = "/consola/buscar"

_QUOTA = Quota("search", 30, 60_000)  # of a member, in a minute
_PATIENCE = 6.0  # seconds for which the directory is waited for
_SERVICES = 50  # of a name; whose chats are looked for
_READ = 200  # chats of which the last active are shown

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What was found.

    Attributes:
        chats: the last active first.
        services: how many the directory knows by that name; None if it did not say.
    """

    chats: list[ListedChat]
    services: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPages:
    """Finds chats for whoever may read the inbox.

    Attributes:
        show_desk: shows the page around the results, for browsers without scripts.
    """

    store: Store
    clients: Clients
    gate: Gate
    show_desk: Callable[[Listing, Member], Awaitable[Values]]

    def routes(self) -> list[BaseRoute]:
        """Build the search, and the way back for who comes by its address."""
        guard = self.gate.guard
        return [
            Route(PATH, guard(Act.READ, self._search), methods=["POST"]),
            Route(PATH, guard(Act.READ, self._leave), methods=["GET"]),
        ]

    async def _leave(self, _request: Request, _member: Member) -> Response:
        return RedirectResponse(HOME, 303)

    async def _search(self, request: Request, member: Member) -> Response:
        form = await request.form()
        listing = read_listing(QueryParams(str(form.get("list", ""))))
        words = str(form.get("words", ""))
        shown: Values = {"found": [], "failed": False, "back": listing.address}
        if not words.strip():
            return _open(request, listing)
        query = read_query(words)
        if not query.kinds:
            return await self._show(request, member, listing, shown | {"told": Search.USAGE})
        wait = await self.store.quotas.take(_QUOTA, member.digest, now=self.gate.clock())
        if wait:
            return await self._refuse(request, member, listing, shown, wait)
        result = await self._find(query)
        await self._note(request, member, query, result)
        if len(result.chats) == 1:
            return _open(request, listing.open(result.chats[0].key))
        rows = [show_row(one, now=self.gate.clock()) for one in result.chats[:PAGE]]
        found = [(row, listing.open(row.key).address) for row in rows]
        shown |= {"found": found, "told": tell(result), "failed": result.services is None}
        return await self._show(request, member, listing, shown)

    async def _find(self, query: SearchQuery) -> SearchResult:
        """Find chats by numbers, and by a name as far as the directory says whose it is."""
        services = await self._find_services(query)
        terms = {
            *query.terms,
            *(SearchTerm(SearchKind.SERVICE, str(one)) for one in services or ()),
        }
        keys = await self.store.search.find(terms)
        read = await self.store.inbox.read(keys[:_READ])
        there = [one for one in read if View.ALL in one.places]  # not erased meanwhile
        there.sort(key=lambda one: one.places[View.ALL], reverse=True)
        return SearchResult(chats=there, services=None if services is None else len(services))

    async def _find_services(self, query: SearchQuery) -> list[int] | None:
        """Ask the directory whose name it is; None if it does not say in time."""
        if not query.words:
            return []
        try:
            async with asyncio.timeout(_PATIENCE):
                clients = await self.clients.search(f"holder:{' '.join(query.words)}")
        except (TimeoutError, DirectoryUnavailable):
            return None
        return [client.service_id for client in clients[:_SERVICES]]

    async def _note(
        self, request: Request, member: Member, query: SearchQuery, result: SearchResult
    ) -> None:
        """Keep that somebody searched, before it is answered."""
        about, found = f"search:{', '.join(query.kinds)}", f"found:{len(result.chats)}"
        await self.gate.note(request, member, SecurityEvent.SEARCH, about=about, more=(found,))

    async def _refuse(
        self, request: Request, member: Member, listing: Listing, shown: Values, wait: int
    ) -> Response:
        """Refuse who searches as no person does."""
        await self.gate.auditor.refuse(
            SecurityEvent.SEARCH, actor=member.name, about=PATH, address=address_of(request)
        )
        seconds = math.ceil(wait / 1000)
        told = Search.TOO_MANY.format(seconds=seconds)
        answer = await self._show(
            request, member, listing, shown | {"told": told, "failed": True}, status=429
        )
        answer.headers["Retry-After"] = str(seconds)
        return answer

    async def _show(
        self,
        request: Request,
        member: Member,
        listing: Listing,
        shown: Values,
        *,
        status: int = 200,
    ) -> Response:
        """Show what was found: alone to a script, else within the page."""
        if _is_scripted(request):
            ready = await self.store.refiling.is_done()
            return page("console/_found.html", status=status, ready=ready, **shown)
        desk = await self.show_desk(listing.open(""), member)
        return page("console/desk.html", status=status, **desk | shown)


def tell(result: SearchResult) -> str:
    """Tell in words what was found."""
    count = len(result.chats)
    if result.services is None and not count:
        return Search.AWAY
    if not count and result.services:
        return Search.NEVER_WROTE.format(count=result.services)
    if count > PAGE:
        return Search.MORE.format(count=PAGE)
    words = {0: Search.NOTHING, 1: Search.ONE}.get(count, Search.SEVERAL)
    return words.format(count=count)


def _open(request: Request, listing: Listing) -> Response:
    """Send the browser to an address of the inbox."""
    if _is_scripted(request):
        return Response(headers={"HX-Redirect": listing.address})
    return RedirectResponse(listing.address, 303)


def _is_scripted(request: Request) -> bool:
    return "hx-request" in request.headers
