"""An exception in a page leaves one line: its class, and where in our code; never its words."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.app import create_app
from bot.bootstrap import Application
from handlers.pages import rendering
from handlers.ports import Receiver
from tests.campaign.plain import PlainReceiver
from tests.endpoint import serving
from tests.handlers.console.test_console import house

__all__ = ["house"]  # a fixture

_SECRET = "Rosa Melano, 52.987.654"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged meanwhile, as production writes it."""
    written = io.StringIO()
    (handler,) = (h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


class Torn(PlainReceiver):
    """A receiver with a mistake in it."""

    def admit(self, headers: Mapping[str, str]) -> None:
        """Make the mistake."""
        rendering.moment(headers)  # type: ignore[arg-type]


async def _raises(_request: Request) -> Response:
    return Response({"a": ""}[_SECRET])


async def _group(_request: Request) -> Response:
    try:
        rendering.asset(_SECRET)
    except FileNotFoundError as error:
        raise ExceptionGroup(_SECRET, [error]) from error
    return Response("")


async def _template(_request: Request) -> Response:
    return rendering.page("console/_facts.html", request=None, unsettled=None, secret=_SECRET)


async def _within(_request: Request) -> Response:
    return Response(str(rendering.asset(_SECRET)))


async def _stream(_request: Request) -> Response:
    async def parts() -> AsyncIterator[str]:
        yield "data: 1\n\n"
        rendering.moment(_SECRET)  # type: ignore[arg-type]

    return StreamingResponse(parts(), media_type="text/event-stream")


@pytest.mark.parametrize(
    ("method", "path", "error", "where"),
    [
        ("GET", "/raises", "KeyError", "handlers/pages/compression.py:"),
        ("GET", "/group", "FileNotFoundError", "handlers/pages/bundles.py:"),
        ("GET", "/template", "UndefinedError", "handlers/templates/console/_facts.html:"),
        ("GET", "/within", "FileNotFoundError", "handlers/pages/bundles.py:"),
        ("GET", "/stream", "TypeError", "handlers/local.py:"),
        ("POST", "/webhooks/plain", "TypeError", "handlers/local.py:"),
    ],
)
async def test_one_line(  # noqa: PLR0917
    house: Application, log: io.StringIO, method: str, path: str, error: str, where: str
) -> None:
    """Wherever it is raised, one line tells the class and the innermost place of ours."""
    routes = [
        Route("/raises", _raises),
        Route("/group", _group),
        Route("/template", _template),
        Route("/within", _within),
        Route("/stream", _stream),
    ]
    receivers: dict[str, Receiver] = {"plain": Torn()}
    object.__setattr__(house, "receivers", receivers)
    async with (
        serving(create_app(house, routes, front="/consola")) as url,
        httpx.AsyncClient(base_url=url) as client,
    ):
        try:
            await client.request(method, path, content=_SECRET.encode())
        except httpx.RemoteProtocolError:
            assert path == "/stream"

    (line,) = (json.loads(line) for line in log.getvalue().splitlines())
    assert line["error"] == error
    assert line["where"].startswith(where)
    assert line["where"].removeprefix(where).isdigit()
    assert line["logger"] == "uvicorn.error"
    assert not [word for word in ("Rosa", "52.987") if word in log.getvalue()]
