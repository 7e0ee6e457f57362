"""What this process hears from vendors, told to the whole installation when it changes.

The vendor's latest answer counts, whoever heard it. Answers are counted by the thousand, so a
process remembers what it last told: another answer is told at once, the same one after a minute,
and a good one then writes only if a rejection stands. Two processes with different settings, of
which one is refused, disagree: each is told at most once a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from redis.exceptions import RedisError

from handlers.errors import DirectoryUnavailable
from handlers.ports import Clock
from state.rejections import Cause, Use, Vendor
from state.store.feed import Feed
from state.store.outage import explain
from state.store.rejections import Rejections

_AGAIN = 60_000  # ms
_MINUTE = 60.0  # seconds

_VENDORS = frozenset(Vendor)

_log = structlog.get_logger("enlace.rejections")


class RejectionWatch:
    """Takes in every answer of a vendor, and tells the store what changed."""

    def __init__(self, rejections: Rejections, feed: Feed, clock: Clock) -> None:
        self._rejections = rejections
        self._feed = feed
        self._clock = clock
        self._told: dict[tuple[Vendor, Use], tuple[Cause | None, int]] = {}

    async def take(self, vendor: Vendor, use: Use, cause: Cause | None) -> None:
        """Take in one answer: refused for that cause, or not refused. Redis away does no harm."""
        now = self._clock()
        before, at = self._told.get((vendor, use), (None, 0))
        if before is cause and 0 <= now - at < _AGAIN:
            return
        self._told[vendor, use] = cause, now
        try:
            changed = await self._tell(vendor, use, cause, now)
            if changed:
                await self._feed.tell(vendor.value)
        except RedisError as error:
            self._told.pop((vendor, use))
            _log.warning("rejections.not_told", reason=explain(error), error=type(error).__name__)

    async def take_channel(self, channel: str, cause: Cause | None) -> None:
        """Take in how a channel's account fared; of a channel that is no vendor nothing is told."""
        if channel in _VENDORS:
            await self.take(Vendor(channel), Use.SEND, cause)

    async def take_closing(self, channel: str, until: int) -> None:
        """Take in until when a channel's gate is closed; 0 if it opened."""
        if channel not in _VENDORS:
            return
        vendor = Vendor(channel)
        try:
            if until:
                await self._rejections.note_closing(vendor, until)
            else:
                await self._rejections.forget_closing(vendor)
            await self._feed.tell(vendor.value)
        except RedisError as error:
            _log.warning("rejections.not_told", reason=explain(error), error=type(error).__name__)

    async def _tell(self, vendor: Vendor, use: Use, cause: Cause | None, now: int) -> bool:
        if cause is None:
            return await self._rejections.forget(vendor, use)
        return await self._rejections.note(vendor, use, cause, now=now)


class Probing:
    """While reading is refused, asks once a minute whether it still is: nobody else may call."""

    def __init__(self, rejections: Rejections, probe: Callable[[], Awaitable[None]]) -> None:
        """`probe` asks the vendor, through an adapter that tells a `RejectionWatch`."""
        self._rejections = rejections
        self._probe = probe
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Look once a minute until stopped; begin at once, for a start may have mended it."""
        while not self._stopping.is_set():
            with suppress(RedisError):
                await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _MINUTE)

    async def look(self) -> None:
        """Ask the vendor if reading is refused."""
        if any(found.use is Use.READ for found in await self._rejections.list()):
            with suppress(DirectoryUnavailable):
                await self._probe()
