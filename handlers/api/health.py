"""Liveness and readiness, for monitoring."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from state.rejections import READINESS, Rejection, Vendor
from state.store.outage import Away

_LATER = {"Retry-After": "2"}


def create_routes(
    *,
    writes: Callable[[], Awaitable[None]],
    explain: Callable[[Away], str],
    clocks: Callable[[], Awaitable[dict[str, int]]],
    rejections: Callable[[], Awaitable[list[Rejection]]],
    closings: Callable[[], Awaitable[dict[Vendor, int]]],
) -> list[BaseRoute]:
    """Build `/health/live` and `/health/ready`.

    `writes` raises a `RedisError` unless Redis would take a write now, and `explain` says why not.
    """

    async def live(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def ready(_request: Request) -> Response:
        """Redis takes what we write; else 503, with the reason.

        Channels from whose clock ours is over a minute away are told, in seconds that ours is
        ahead: they are served all the same. So are vendors that refuse us, with the settings to
        check, and until when the gates of those whose messages wait are closed.
        """
        try:
            await writes()
            far, refused, closed = await clocks(), await rejections(), await closings()
        except Away as error:
            return JSONResponse({"ok": False, "redis": explain(error)}, 503, _LATER)
        told: dict[str, object] = {"ok": True}
        if far:
            told["clock_ahead_seconds"] = far
        if refused:
            told |= {found.vendor.value: READINESS[found.cause] for found in refused}
            told["check"] = sorted({found.setting for found in refused})
        if closed:
            told["closed_until"] = {vendor: _write(until) for vendor, until in closed.items()}
        return JSONResponse(told)

    return [Route("/health/live", live), Route("/health/ready", ready)]


def _write(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
