"""Server-rendered pages: the same partial renders the page and its live update."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, StreamingResponse

from handlers.local import local
from handlers.pages.badges import abbreviate, pick_hue, pick_icon
from handlers.pages.bundles import BUNDLES, read_asset
from handlers.pages.live import ANY, Hub
from state.fields.redaction import redact
from state.store.outage import Away

_HERE = Path(__file__).parents[1]

TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

BYE = b"event: bye\ndata: fin\n\n"
"""What a stream says last when it is for nobody any more."""

ALIVE = b": vivo\n\n"
"""A sign of life: proxies cut silent connections."""

_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class StreamEnded(Exception):
    """Nobody may see this stream any more: its session ended, or the role for it is gone."""


def fragment(template: str, **values: object) -> str:
    """Render a template."""
    return TEMPLATES.get_template(template).render(**values)


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Answer with a whole page."""
    return HTMLResponse(fragment(template, **values), status)


def live(
    hub: Hub, picture: Callable[[], Awaitable[str]], *, about: Callable[[str], bool]
) -> StreamingResponse:
    """Stream the rendering at once and after every change of a chat that it is about.

    A rendering replaces the one before it, so a lost or repeated one does no harm: a page that
    reconnects has missed nothing. Anybody may see it. A stream outlives Redis: what could not be
    read is read again a second later.
    """
    return stream(_events(hub, picture, about))


def stream(events: AsyncIterator[bytes]) -> StreamingResponse:
    """Answer with events."""
    return StreamingResponse(events, media_type="text/event-stream", headers=_STREAM)


async def _events(
    hub: Hub, picture: Callable[[], Awaitable[str]], about: Callable[[str], bool]
) -> AsyncIterator[bytes]:
    with hub.subscribe() as subscription:
        yield event(await picture())
        async for changed in subscription.changes():
            try:
                relevant = ANY in changed or any(about(key) for key in changed)
                part = event(await picture()) if relevant else ALIVE
            except Away:
                part = ALIVE
                subscription.tell_later()
            yield part


def event(html: str) -> bytes:
    """Write a fragment as an event of a stream."""
    return ("".join(f"data: {line}\n" for line in html.splitlines()) + "\n").encode()


@cache
def asset(name: str) -> str:
    """Address a static file by its content, so that browsers may cache it forever."""
    digest = hashlib.sha256(read_asset(name)).hexdigest()[:12]
    place = "bundles/" if name in BUNDLES else ""
    return f"/static/{place}{name}?v={digest}"


def moment(milliseconds: int, look: str = "%H:%M") -> Markup:
    """Write a time for people and for machines; the full date is in the title."""
    at = local(milliseconds)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(timespec="seconds"), at.strftime("%d/%m/%Y %H:%M:%S"), at.strftime(look)
    )


def date(milliseconds: int) -> Markup:
    """Write a time that may be days ago."""
    return moment(milliseconds, "%d/%m %H:%M")


def bold(text: str) -> Markup:
    """Show the catalogue's *bold* as bold, as both vendors do; escape everything else."""
    parts = str(escape(text)).split("*")
    if len(parts) % 2 == 0:
        return Markup(str(escape(text)))  # noqa: S704  # escaped just before
    marked = (f"<b>{part}</b>" if odd % 2 else part for odd, part in enumerate(parts))
    return Markup("".join(marked))  # noqa: S704  # escaped part by part


TEMPLATES.globals["asset"] = asset
TEMPLATES.filters["moment"] = moment
TEMPLATES.filters["dated"] = date
TEMPLATES.filters["bold"] = bold
TEMPLATES.filters["redact"] = redact
TEMPLATES.filters["abbreviate"] = abbreviate
TEMPLATES.filters["hue"] = pick_hue
TEMPLATES.filters["channel_icon"] = pick_icon
