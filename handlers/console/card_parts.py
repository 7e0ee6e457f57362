"""What an open card fetches by itself: it is only its reader's, or it takes a while."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.gate import Gate
from handlers.pages.card import find_code
from handlers.pages.rendering import page
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

    def routes(self) -> list[BaseRoute]:
        """Build a route for each part; no person asks for one, the page does."""
        guard = self.gate.guard
        return [
            Route("/consola/c/{key}/codigo", guard(Act.READ_CODE, self._code, person=False)),
        ]

    async def _code(self, request: Request, member: Member) -> Response:
        """Tell the code to whoever reads it out, and to nobody else."""
        try:
            conversation = await self.store.conversations.find(request.path_params["key"])
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        return page("console/_code.html", code=find_code(conversation, member.name))
