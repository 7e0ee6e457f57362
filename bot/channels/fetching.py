"""Fetching what customers sent, from a vendor, a piece at a time: nothing of it is kept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import ClientError

from bot.channels import loose
from bot.connections import open_session
from handlers.errors import ChannelDown, FileGone, Unreadable

_CALL = 8.0  # seconds for an answer
_PIECE = 64 * 1024  # bytes
_SILENCE = 20.0  # seconds for the next piece


async def ask(method: str, url: str, **rest: Any) -> tuple[int, Any]:
    """Ask about a file; the status and the answer, None if it is no JSON.

    Raises:
        ChannelDown: there is no answer.
    """
    try:
        async with (
            asyncio.timeout(_CALL),
            open_session() as http,
            http.request(method, url, allow_redirects=False, **rest) as answer,
        ):
            status, body = answer.status, await answer.read()
    except (TimeoutError, ClientError):
        raise ChannelDown("unreachable") from None
    try:
        return status, loose.parse(body)
    except Unreadable:
        return status, None


async def fetch(url: str, *, headers: Mapping[str, str] | None = None) -> AsyncIterator[bytes]:
    """Fetch a file.

    Raises:
        FileGone: it is there no more.
        ChannelDown: it cannot be fetched now, or no further.
    """
    try:
        async with (
            open_session(headers=headers) as http,
            http.get(url, allow_redirects=False) as answer,
        ):
            if answer.status in (404, 410):
                raise FileGone
            if answer.status != 200:
                raise ChannelDown(str(answer.status))
            while piece := await asyncio.wait_for(answer.content.read(_PIECE), _SILENCE):
                yield piece
    except (TimeoutError, ClientError):
        raise ChannelDown("unreachable") from None
