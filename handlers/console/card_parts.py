"""What an open card fetches by itself: it is only its reader's, or it takes a while."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.gate import Gate
from handlers.console.readings import Readings
from handlers.console.relations import find_last_change, show_related
from handlers.console.service_card import show_reading
from handlers.pages.facts import find_code
from handlers.pages.rendering import page
from state.conversation import Conversation
from state.messages.staff import Page
from state.roles import Act
from state.store.conversations import NoSuchConversation
from state.store.members import Member
from state.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CardParts:
    """The parts of a card that are not in it when it is rendered for everybody."""

    store: Store
    gate: Gate
    readings: Readings

    def routes(self) -> list[BaseRoute]:
        """Build a route for each part: the page asks for them by itself, or a person anew."""
        guard, service = self.gate.guard, "/consola/c/{key}/servicio"
        return [
            Route("/consola/c/{key}/codigo", guard(Act.READ_CODE, self._code, person=False)),
            Route(service, guard(Act.READ, self._service, person=False), methods=["GET"]),
            Route(service, guard(Act.READ, self._renew), methods=["POST"]),
        ]

    async def _code(self, request: Request, member: Member) -> Response:
        """Tell the code to whoever reads it out, and to nobody else."""
        try:
            conversation = await self.store.conversations.find(request.path_params["key"])
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        return page("console/_code.html", code=find_code(conversation, member.name))

    async def _service(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        """Show the service as it was read a moment ago; after a change, as it stands since."""
        return await self._show(request, since=0)

    async def _renew(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        return await self._show(request, since=self.gate.clock())

    async def _show(self, request: Request, *, since: int) -> Response:
        key = request.path_params["key"]
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        return await self._answer(key, conversation, since)

    async def _answer(self, key: str, conversation: Conversation, since: int) -> Response:
        client = conversation.identity.client
        if client is None:
            return Response(status_code=204)
        history = await self.store.service_history.history(client.service_id)
        since = max(since, find_last_change(conversation, history))
        reading = await self.readings.read(client.service_id, since=since)
        now = self.gate.clock()
        return page(
            "console/_service.html",
            key=key,
            service=show_reading(client, reading, now=now),
            related=await show_related(self.store, key, conversation, history),
        )
