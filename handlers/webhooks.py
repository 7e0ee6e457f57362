"""`POST /webhooks/{channel}`: what a channel's vendor brings, taken before it hears 200.

The answer is 200 once everything is stored, or stored as a dead letter: content is never a reason
to repeat a call. While Redis is away it is 503, and the vendor comes again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.errors import Unauthorized, Unreadable
from handlers.ports import Delivery, Inlet
from handlers.turns import Turns
from state.conversation import Chat
from state.store.deadletters import DeadLetters

_log = structlog.get_logger("enlace.webhooks")

PREFIX = "/webhooks/"

_PATIENCE = 10.0  # seconds for a body to arrive: one that drips would hold its connection for ever


class TooLarge(Exception):
    """The body is longer than the channel's vendor ever sends."""


def create_routes(
    turns: Turns, inlets: Mapping[str, Inlet], dead: DeadLetters
) -> Sequence[BaseRoute]:
    """Build one path for each channel."""
    return [
        Route(f"{PREFIX}{channel}", _receiver(turns, channel, inlet, dead), methods=["POST"])
        for channel, inlet in inlets.items()
    ]


def _receiver(
    turns: Turns, channel: str, inlet: Inlet, dead: DeadLetters
) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await _body(request, inlet.longest)
            inlet.verify(request.headers, body)
        except TooLarge:
            return PlainTextResponse("", 413)
        except (TimeoutError, ClientDisconnect):
            return PlainTextResponse("", 408, {"connection": "close"})
        except Unauthorized:
            _log.warning("webhook.unauthorized", channel=channel)
            return PlainTextResponse("", 401)
        try:
            arrived = inlet.read(body)
        except Unreadable as error:
            _log.error("webhook.unreadable", channel=channel, bytes=len(body))
            await dead.keep(channel, body, reason=type(error).__name__)
            return PlainTextResponse("")
        try:
            await _take(turns, arrived)
        except asyncio.CancelledError:  # we were told to stop, and this took too long
            return PlainTextResponse("", 503, {"retry-after": "1"})
        return PlainTextResponse("")

    return receive


async def _take(turns: Turns, arrived: Sequence[tuple[Chat, Delivery]]) -> None:
    """Take what arrived: each chat's deliveries in their order, chats side by side.

    Raises:
        StoreUnavailable, RedisError: of some chat; those of the others are taken all the same.
    """
    if len(arrived) == 1:
        chat, delivery = arrived[0]
        await turns.take(chat, delivery)
        return
    chats: dict[Chat, list[Delivery]] = {}
    for chat, delivery in arrived:
        chats.setdefault(chat, []).append(delivery)
    work = [turns.take(chat, *deliveries) for chat, deliveries in chats.items()]
    for ended in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended


async def _body(request: Request, longest: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > longest:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            raise TooLarge
    return bytes(body)
