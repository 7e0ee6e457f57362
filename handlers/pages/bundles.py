"""Files that pages need together, served as one: made of this table when first asked for.

Plain scripts in the head, in this order: an extension of htmx that came by `defer` would now and
then be too late for the page's stream.
"""

from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).parents[1] / "static"

_LIVE = ("vendor/htmx.min.js", "vendor/hx-sse.min.js", "live.js")
_PAGE = (*_LIVE, "session.js", "drafts.js")

BUNDLES = {
    "phone.js": (*_LIVE, "simulator.js"),
    "page.js": _PAGE,
    "desk.js": (
        *_PAGE, "moves.js", "composer.js", "console.js", "search.js", "log.js", "window.js",
        "files.js", "reveal.js",
    ),
    "phone.css": ("enlace.css", "simulator.css"),
    "page.css": ("enlace.css", "console.css"),
}  # fmt: skip
"""The files of each, by name."""

_TYPES = {"js": "text/javascript", "css": "text/css"}


@cache
def read_asset(name: str) -> bytes:
    """Read a static file, or the files of a bundle one after the other."""
    files = BUNDLES.get(name)
    if files is None:
        return (STATIC / name).read_bytes()
    between = b"\n;\n" if name.endswith(".js") else b"\n"
    return between.join((STATIC / file).read_bytes() for file in files)


async def answer_bundle(request: Request) -> Response:
    """Answer with a bundle."""
    name = request.path_params["name"]
    if name not in BUNDLES:
        raise HTTPException(404)
    return Response(read_asset(name), media_type=_TYPES[name.rpartition(".")[2]])
