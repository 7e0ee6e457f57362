"""Telegram without a public address: updates are fetched, stored, and only then confirmed.

For development. aiogram's own polling confirms first: what it had under way is lost with the
process (facts of the vendor, measured).
"""

import asyncio
from contextlib import suppress

import msgspec
import structlog
from redis.exceptions import RedisError

from bot.channels import loose
from bot.channels.telegram.api import Api, Refusal
from bot.channels.telegram.receive import NAME, TelegramReceiver
from handlers.errors import ChannelDown, InDoubt, StoreUnavailable
from handlers.intake import Intake
from state.store.formats import NewerFormat

_log = structlog.get_logger("enlace.polling")

_PAUSE = 2.0  # seconds after a failure
_PASSING = (ChannelDown, InDoubt, StoreUnavailable, RedisError, Refusal, NewerFormat)


class Poller:
    """Fetches the updates of one bot."""

    def __init__(self, api: Api, receiver: TelegramReceiver, intake: Intake) -> None:
        """Read with this receiver, take with this intake."""
        self._api = api
        self._inlet = receiver
        self._intake = intake
        self._stopping = asyncio.Event()
        self.confirmed = 0

    def stop(self) -> None:
        """Fetch nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Fetch until stopped; what cannot be stored now is fetched again."""
        while not self._stopping.is_set():
            try:
                await self._until_stopped()
            except _PASSING as error:
                _log.warning("polling.failed", channel=NAME, error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), _PAUSE)

    async def _until_stopped(self) -> None:
        poll = asyncio.create_task(self._round())
        stop = asyncio.create_task(self._stopping.wait())
        done, pending = await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if poll in done:
            poll.result()

    async def _round(self) -> None:
        """Fetch once, and store all of it; the next fetch confirms what was stored."""
        for update in await self._api.updates(after=self.confirmed):
            await self._intake.take(NAME, self._inlet, msgspec.json.encode(update))
            self.confirmed = loose.number(update, "update_id") + 1
