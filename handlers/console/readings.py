"""How services stand in the directory, as the console shows it.

What was read is kept for two minutes, in this process only, so that forty chats do not burden the
directory; while that is away, what it said last is shown with its age.
"""

import asyncio
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from handlers.errors import DirectoryUnavailable, UnknownService
from handlers.inquiries import insist
from handlers.ports import Clock, Directory
from handlers.use_cases import OPERATION
from state.client import Client
from state.inquiry import Balance, ServiceStatus

FRESH = 120_000
"""Milliseconds for which a reading is as good as another."""

_AGAIN = 10_000  # ms until it is tried again after a failure
_SHOWN = 3_600_000  # ms for which the last reading is better than none
_MOST = 500  # services
_AT_ONCE = 4  # readings at a time: the customers' own come first


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the directory said of a service.

    Attributes:
        at: when that was asked, ms; 0 if it never answered.
        client: None if it has no such service.
        balance: None if it cannot be told.
        tried_at: when it was asked last, ms; `failed` if there was no answer then.
    """

    at: int = 0
    client: Client | None = None
    status: ServiceStatus = ServiceStatus()  # noqa: RUF009  # frozen
    balance: Balance | None = None
    tried_at: int = 0
    failed: bool = False

    def is_good(self, *, since: int, now: int) -> bool:
        """Tell whether there is no need to ask again."""
        life = _AGAIN if self.failed else FRESH
        return self.tried_at >= since and now - self.tried_at < life


class Readings:
    """Reads services for all consoles of this process."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        """Ask this directory."""
        self._directory = directory
        self._clock = clock
        self._kept: dict[int, Reading] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def read(self, service_id: int, *, since: int = 0) -> Reading:
        """Read a service; what was asked before `since` (ms) is not good enough any more."""
        async with self._locks.setdefault(service_id, asyncio.Lock()):
            now = self._clock()
            kept = self._kept.get(service_id)
            if kept is None or now - kept.at >= _SHOWN:
                kept = replace(kept, at=0, client=None, balance=None) if kept else Reading()
            if not kept.is_good(since=since, now=now):
                kept = await self._ask(service_id, kept, now)
                self._keep(service_id, kept)
            return kept

    async def _ask(self, service_id: int, kept: Reading, now: int) -> Reading:
        try:
            async with asyncio.timeout(OPERATION), self._gate:
                client, status = await insist(lambda: self._directory.read_status(service_id))
                balance = await self._read_balance(service_id)
        except UnknownService:
            return Reading(at=now, tried_at=now)
        except (TimeoutError, DirectoryUnavailable):
            return replace(kept, tried_at=self._clock(), failed=True)
        return Reading(at=now, client=client, status=status, balance=balance, tried_at=now)

    async def _read_balance(self, service_id: int) -> Balance | None:
        """Read what is owed; without it the rest can still be told."""
        try:
            return await self._directory.read_balance(service_id)
        except DirectoryUnavailable:
            return None

    def _keep(self, service_id: int, reading: Reading) -> None:
        """Keep a reading; those that are not shown any more go, and the oldest of too many."""
        self._kept.pop(service_id, None)
        self._kept[service_id] = reading
        for oldest in list(self._kept):
            old = reading.tried_at - self._kept[oldest].tried_at >= _SHOWN
            if not old and len(self._kept) <= _MOST:
                break
            del self._kept[oldest]
