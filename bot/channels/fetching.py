"""Fetching what customers sent, from a vendor, a piece at a time: nothing of it is kept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from bot.channels import loose
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
        async with asyncio.timeout(_CALL), _open() as client:
            answer = await client.request(method, url, **rest)
    except (TimeoutError, httpx.HTTPError):
        raise ChannelDown("unreachable") from None
    try:
        return answer.status_code, loose.parse(answer.content)
    except Unreadable:
        return answer.status_code, None


async def fetch(url: str, *, headers: Mapping[str, str] | None = None) -> AsyncIterator[bytes]:
    """Fetch a file.

    Raises:
        FileGone: it is there no more.
        ChannelDown: it cannot be fetched now, or no further.
    """
    try:
        async with _open() as client, client.stream("GET", url, headers=headers) as answer:
            if answer.status_code in (404, 410):
                raise FileGone
            if answer.status_code != 200:
                raise ChannelDown(str(answer.status_code))
            async for piece in answer.aiter_bytes(_PIECE):
                yield piece
    except (TimeoutError, httpx.HTTPError):
        raise ChannelDown("unreachable") from None


def _open() -> httpx.AsyncClient:
    from bot.connections import Transport  # noqa: PLC0415  # only when a file is opened: 10 MB

    return httpx.AsyncClient(transport=Transport(most=1), timeout=_SILENCE, trust_env=False)
