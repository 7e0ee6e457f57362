"""`/metrics`, for Prometheus: not for everybody, for it tells how busy the company is."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.pages.origins import is_from_this_machine
from state.fields.matters import Matter
from state.messages.staff import Api

COUNTERS = {
    "turns": "Turns committed.",
    "sent": "Effects performed.",
    "retry": "Attempts postponed at the channel's request.",
    "doubt": "Messages whose outcome is unknown.",
    "wait": "Messages that waited at a gate (rate limit).",
    "dead": "Effects given up.",
    "late": "Messages that came too late to be an answer.",
    "flood": "Messages beyond the limits of a chat; not answered.",
    "broken": "Deliveries on which the machine raised an error.",
    **{
        f"matter_{matter}": f"Chats whose customer began to write about this: {matter}."
        for matter in Matter
    },
    **{
        f"billed_{category}": f"Messages that WhatsApp charges as {category}."
        for category in ("service", "utility", "authentication", "marketing")
    },
}
"""Counters of the scripts, over all processes."""

OWN = {
    "conflicts": "Turns retried because another process changed the chat first.",
    "api_refused": "Calls of programs refused: a wrong key, a missing scope, or too many.",
}
"""Counters of this process."""


_BEARER = {"WWW-Authenticate": 'Bearer realm="enlace"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Counts what happens.

    Attributes:
        stats: the counters over all processes.
        own: those of this process.
        token: admits callers of other machines; empty if there is none.
    """

    stats: Callable[[], Awaitable[dict[str, int]]]
    own: Callable[[], dict[str, int]]
    token: bytes

    def routes(self, *, apart: bool = False) -> list[BaseRoute]:
        """Build the page.

        On a port of its own, `apart` from the pages, and without a token, whoever reaches the port
        may read it.
        """

        async def read(request: Request) -> Response:
            if not self._admits(request) and (self.token or not apart):
                return PlainTextResponse(Api.NO_METRICS, 401, _BEARER)
            counts = await self.stats() | self.own()
            return PlainTextResponse(_page(counts), media_type=CONTENT_TYPE_LATEST)

        return [Route("/metrics", read)]

    def _admits(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if self.token and scheme.lower() == "bearer":
            return hmac.compare_digest(given.strip().encode("latin-1"), self.token)
        return is_from_this_machine(request.scope)


def _page(counts: dict[str, int]) -> bytes:
    registry = CollectorRegistry()
    for name, meaning in (COUNTERS | OWN).items():
        gauge = Gauge(f"enlace_{name}_total", meaning, registry=registry)
        gauge.set(counts.get(name, 0))
    return generate_latest(registry)
