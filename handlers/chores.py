"""Chores: fire-and-forget effects."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.guarding import Guard
from handlers.warning import Crier
from state.effects import (
    Attest,
    Chore,
    CountFailure,
    EraseJournal,
    RecordConsent,
    SetLock,
    TakeCall,
    Unlink,
    Warn,
)
from state.messages.staff import Note
from state.store.consents import Consents
from state.store.journal import Journal
from state.store.outbox import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Chores:
    """Performs chores; each may run twice and counts once."""

    guard: Guard
    consents: Consents
    journal: Journal
    crier: Crier
    calls: Callable[[str, bytes], Awaitable[None]]
    consent_years: int

    async def do(self, head: Head, chore: Chore) -> str:
        """Perform a chore; return a line for the journal, usually empty."""
        match chore:
            case CountFailure(service_id=service_id):
                return Note.LOCKED if await self.guard.failed(head, service_id) else ""
            case SetLock(service_id=service_id, locked=locked):
                await self.guard.set_lock(service_id, locked=locked)
            case RecordConsent():
                await self.consents.record(head.key, chore, years=self.consent_years)
            case Unlink(service_id=service_id):
                await self.guard.ledger.unlinked(service_id, head.key)
            case Warn():
                await self.crier.warn(head, chore)
            case Attest():
                await self.crier.attest(head, chore)
            case EraseJournal():
                await self.journal.erase(head.key)
                return Note.ERASED
            case TakeCall(channel=channel, body=body):
                await self.calls(channel, body)
        return ""
