"""`/webhooks/{channel}`: receiving vendors' calls; the vendor gets 200 once all is stored.

Contents never cause a rejection: what cannot be processed is stored as a dead letter. While Redis
is unavailable the answer is 503, and the vendor repeats the call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.errors import Forbidden, Unauthorized
from handlers.intake import Intake
from handlers.ports import HandshakeReceiver, Receiver

_log = structlog.get_logger("enlace.webhooks")

PREFIX = "/webhooks/"

_DRAINED = 8 * 1024 * 1024
"""Bytes read beyond what is taken; whoever sends more may find the connection reset."""

_CHALLENGE = 200  # characters reflected at most
_REFLECTED = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'"}


def tidy_path(path: str) -> str:
    """Read a webhook's address as people type it into the vendor's form; any other path stays.

    A slash too many, or capitals: neither vendor follows a redirection.
    """
    tidy = "/" + "/".join(filter(None, path.split("/"))).casefold()
    return tidy if tidy.startswith(PREFIX) else path


class TooLarge(Exception):
    """The body is longer than the channel's vendor ever sends."""


def create_routes(intake: Intake, receivers: Mapping[str, Receiver]) -> Sequence[BaseRoute]:
    """Build one route for each channel."""
    routes = [
        Route(f"{PREFIX}{channel}", _receiver(intake, channel, receiver), methods=["POST"])
        for channel, receiver in receivers.items()
    ]
    routes += [
        Route(f"{PREFIX}{channel}", _handshaker(channel, inlet), methods=["GET"])
        for channel, inlet in receivers.items()
        if isinstance(inlet, HandshakeReceiver)
    ]
    return routes


def _receiver(
    intake: Intake, channel: str, receiver: Receiver
) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        try:
            receiver.admit(request.headers)
            body = await _body(request, receiver.longest)
            receiver.verify(request.headers, body)
        except (Unauthorized, Forbidden) as error:
            return _refuse(channel, error)
        except TooLarge:
            return PlainTextResponse("", 413, _CLOSE)
        except ClientDisconnect:  # or it came too slowly: the server ends such a connection
            return PlainTextResponse("", 408, _CLOSE)
        try:
            await intake.take(channel, receiver, body)
        except asyncio.CancelledError:  # stopped, and this took too long
            return PlainTextResponse("", 503, {"retry-after": "1"})
        return PlainTextResponse("")

    return receive


_CLOSE = {"connection": "close"}
"""Answers that close the connection: an unread body would be parsed as the next call."""


def _handshaker(
    channel: str, receiver: HandshakeReceiver
) -> Callable[[Request], Awaitable[Response]]:
    async def shake(request: Request) -> Response:
        try:
            challenge = receiver.answer_challenge(request.query_params)
        except (Unauthorized, Forbidden) as error:
            return _refuse(channel, error)
        return PlainTextResponse(challenge[:_CHALLENGE], headers=_REFLECTED)

    return shake


def _refuse(channel: str, error: Unauthorized | Forbidden) -> Response:
    """Reject without reading on; log one line."""
    _log.warning("webhook.refused", channel=channel, error=type(error).__name__)
    return PlainTextResponse("", 401 if isinstance(error, Unauthorized) else 403, _CLOSE)


async def _body(request: Request, longest: int) -> bytes:
    """Read the body; one that is too large is read to its end, but not kept.

    Who is still sending when the connection closes is reset, and never reads why.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and (len(announced) > 12 or int(announced) > longest + _DRAINED):
        raise TooLarge
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= longest:
            body += chunk
        elif size > longest + _DRAINED:
            raise TooLarge
        else:
            body.clear()
    if size > longest:
        raise TooLarge
    return bytes(body)
