"""Liveness, readiness and metrics, for monitoring."""

from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from state.rejections import Rejection

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


def create_routes(
    *,
    stats: Callable[[], Awaitable[dict[str, int]]],
    own: Callable[[], dict[str, int]],
    clocks: Callable[[], Awaitable[dict[str, int]]],
    rejections: Callable[[], Awaitable[list[Rejection]]],
) -> list[BaseRoute]:
    """Build `/health/live`, `/health/ready` and `/metrics`."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def ready(_request: Request) -> Response:
        """Redis answers; a failure becomes 503 in the exception handlers.

        Channels from whose clock ours is over a minute away are told, in seconds that ours is
        ahead: they are served all the same. So are vendors that refuse us, with the settings to
        check.
        """
        far, refused = await clocks(), await rejections()
        told: dict[str, object] = {"ok": True}
        if far:
            told["clock_ahead_seconds"] = far
        if refused:
            told |= {found.vendor.value: "rejected" for found in refused}
            told["check"] = sorted({found.setting for found in refused})
        return JSONResponse(told)

    async def metrics(_request: Request) -> Response:
        return PlainTextResponse(_page(await stats() | own()), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
    ]


def _page(counts: dict[str, int]) -> bytes:
    registry = CollectorRegistry()
    for name, meaning in (COUNTERS | OWN).items():
        gauge = Gauge(f"enlace_{name}_total", meaning, registry=registry)
        gauge.set(counts.get(name, 0))
    return generate_latest(registry)
