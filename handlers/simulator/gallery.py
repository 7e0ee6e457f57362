"""Every text of the catalogue as a phone shows it: `/simulador/textos`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from handlers.pages.rendering import page
from handlers.ports import Clock
from handlers.simulator.handsets import LOOKS
from handlers.simulator.screen import ShownBubble, lay_out
from handlers.texts import Texts
from state.effects import Line, Say, Send
from state.messages import CATALOGUE
from state.messages.places import COMPANY, MOMENT, PLACES
from state.store.simulator import Bubble


class Present(Protocol):
    """How a vendor shows a message."""

    def __call__(self, message: Send, *, look: str, asks_number: bool) -> Bubble:
        """Show it; `asks_number` if the vendor does not tell the customer's number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The page of all texts, as each vendor shows them."""

    texts: Texts
    present: Present
    company: str
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        """Build the route."""
        return [Route("/simulador/textos", self._show)]

    async def _show(self, request: Request) -> Response:
        look = request.query_params.get("look", "")
        shown = look if look in LOOKS else LOOKS[0]
        return page(
            "simulator/texts.html",
            look=shown,
            looks=LOOKS,
            key="-",
            delivery="",
            company=self.company,
            texts=list(self._all(shown)),
        )

    def _all(self, look: str) -> Iterator[tuple[str, list[ShownBubble]]]:
        """Show each text by its name, with examples in its places."""
        ours = COMPANY | MOMENT
        values = {place: info.example for place, info in PLACES.items() if place not in ours}
        for name in CATALOGUE:
            say = Say(lines=(Line(text=name, values=values),), question=1)
            message = self.texts.render(say, now=self.clock())
            asks = message.contact and look == LOOKS[0]
            bubble = self.present(message, look=look, asks_number=asks)
            yield name, lay_out([replace(bubble, at=self.clock())])
