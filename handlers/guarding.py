"""The guard at every search: budgets, locks, and the alarm while proofs fail everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from handlers.ports import Clock
from state.client import Client
from state.store.budgets import Bar, Budgets
from state.store.outbox import Head

_log = structlog.get_logger("enlace.guard")

_LONGEST = 12  # digits of what may be one of a walk through numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Keeps strangers from trying until they know."""

    budgets: Budgets
    clock: Clock

    async def bars(self, head: Head, clue: str) -> bool:
        """Count a search by what was typed, and tell whether it must not be made.

        A search by the number that the channel vouches for is no guess, and costs nothing.
        """
        kind, _, value = clue.partition(":")
        if kind == "phone":
            return False
        guess = value.isdecimal() and len(value) <= _LONGEST
        bar = await self.budgets.attempt(
            head.key, id=str(head.seq), number=int(value) if guess else None, now=self.clock()
        )
        if bar in (Bar.CHAT, Bar.WALK):
            _log.warning("search.barred", chat=head.key, reason=bar.value)
            return True
        return False

    async def bars_code(self, head: Head, service_id: int) -> bool:
        """Count a one-time code, and tell whether too many went out."""
        barred = await self.budgets.code(
            head.key, id=str(head.seq), service=service_id, now=self.clock()
        )
        if barred:
            _log.warning("code.barred", chat=head.key)
        return barred

    async def failed(self, head: Head, service_id: int | None) -> bool:
        """Count a failed proof; true if that locked the service."""
        name = f"{head.key}:{head.seq}"
        locked = await self.budgets.failed(id=name, service=service_id, now=self.clock())
        if locked:
            _log.error("service.locked", service_id=service_id)
        return locked

    async def set_lock(self, service_id: int, *, locked: bool) -> None:
        """Lock a service until staff unlock it, or unlock it."""
        if locked:
            await self.budgets.lock(service_id, now=self.clock())
        else:
            await self.budgets.unlock(service_id)

    async def unlocked(self, clients: Sequence[Client]) -> tuple[Client, ...]:
        """Keep back the services that are locked: for a stranger they are not there."""
        now = self.clock()
        return tuple([c for c in clients if not await self.budgets.locked(c.service_id, now=now)])

    async def alarmed(self) -> bool:
        """Tell whether proofs fail everywhere."""
        return await self.budgets.under_attack(now=self.clock())
