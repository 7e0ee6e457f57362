"""What the holder of a service asks of it: read afresh, and told as far as it was asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import structlog

from handlers.errors import DirectoryUnavailable, UnknownService
from handlers.ports import Directory
from handlers.use_cases import OPERATION
from state.client import Client, is_same_holder
from state.inquiry import Inquired, Inquiry

_log = structlog.get_logger("enlace.inquiries")

Answer = TypeVar("Answer")


async def ask_directory(directory: Directory, untold: Inquired, *, known: Client) -> Inquired:
    """Fill in what the directory says; it stays untold where that fails, or takes too long.

    `known` is the client as the chat was linked: what the service's next holder owes is not told.
    """
    service_id = untold.service_id
    try:
        async with asyncio.timeout(OPERATION):
            client, status = await insist(lambda: directory.read_status(service_id))
            if not is_same_holder(known, client):
                _log.warning("inquiry.other_holder", service_id=service_id)
                return untold
            if untold.inquiry is Inquiry.BALANCE:
                balance = await insist(lambda: directory.read_balance(service_id))
                return replace(untold, balance=balance)
            return replace(untold, status=status.told_for(untold.inquiry))
    except (TimeoutError, DirectoryUnavailable, UnknownService) as error:
        _log.warning("inquiry.failed", service_id=service_id, error=type(error).__name__)
        return untold


async def insist(read: Callable[[], Awaitable[Answer]]) -> Answer:
    """Read, and once more if that fails: one call in eight stalls."""
    try:
        return await read()
    except DirectoryUnavailable:
        return await read()
