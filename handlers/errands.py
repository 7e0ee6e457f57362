"""Errands: effects that ask outside and whose outcome returns as an event."""

from dataclasses import dataclass, replace

from handlers.errors import CodeRefused, UnknownService, WispHubUnavailable
from handlers.guarding import Guard
from handlers.ports import Clients, CodeSender, Leases
from handlers.usecases import FAILED, find_client, perform_update, search_clients
from state.effects import (
    Errand,
    FindClient,
    Link,
    RedeemInvitation,
    Search,
    SendCode,
    UpdateClient,
)
from state.events import (
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Crowded,
    LookupFailed,
    Outcome,
    Reported,
    Updated,
)
from state.store.invitations import Invitations, NoSuchInvitation
from state.store.outbox import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Errands:
    """Performs errands: at WispHub, at the phones on file, among the invitations."""

    clients: Clients
    leases: Leases
    invitations: Invitations
    guard: Guard
    codes: CodeSender

    async def run(self, head: Head, errand: Errand) -> Reported | None:
        """Perform an errand, again if it was in doubt; None if there is nothing to report."""
        match errand:
            case FindClient(service_id=service_id):
                return await self._found(service_id, errand.lookup)
            case RedeemInvitation():
                return await self._redeemed(head, errand)
            case Search():
                return await self._searched(head, errand)
            case UpdateClient():
                return await self._updated(head, errand)
            case SendCode():
                return await self._code_sent(head, errand)
            case Link():
                return await self._linked(head, errand)

    async def _found(self, service_id: int, lookup: int) -> Reported:
        try:
            client = await find_client(self.clients, service_id)
        except UnknownService:
            return ClientMissing(lookup=lookup)
        except WispHubUnavailable:
            return LookupFailed(lookup=lookup)
        return ClientFound(client=client, lookup=lookup)

    async def _redeemed(self, head: Head, errand: RedeemInvitation) -> Reported:
        try:
            redeemed = await self.invitations.redeem(errand.code, by=str(head.chat))
        except NoSuchInvitation:
            return ClientMissing(lookup=errand.lookup)
        found = await self._found(redeemed.service_id, errand.lookup)
        if isinstance(found, ClientFound):
            return replace(found, in_person=redeemed.in_person)
        return found

    async def _searched(self, head: Head, errand: Search) -> Reported:
        """Search if the guard allows it, and report the services that are not locked."""
        try:
            if await self.guard.bars(head, errand.clue):
                return Barred(lookup=errand.lookup)
            clients = await search_clients(self.clients, errand.clue)
        except WispHubUnavailable:
            return LookupFailed(lookup=errand.lookup)
        free = await self.guard.unlocked(clients)
        if clients and not free and errand.clue.startswith("phone:"):
            return Barred(lookup=errand.lookup)
        alarmed = await self.guard.alarmed()
        return ClientsFound(clients=free, lookup=errand.lookup, alarmed=alarmed)

    async def _updated(self, head: Head, errand: UpdateClient) -> Reported:
        """Update unless staff must decide; record the change before reporting it."""
        stay = await self.guard.stay(head, errand)
        if stay is not None:
            return Updated(outcome=Outcome.STAYED, message=FAILED, stay=stay)
        updated = await perform_update(self.clients, self.leases, errand)
        if updated.outcome is Outcome.UPDATED:
            await self.guard.written(head, errand)
        return updated

    async def _code_sent(self, head: Head, errand: SendCode) -> Reported | None:
        """Send a code unless the limit is reached; report a failure at once."""
        if await self.guard.bars_code(head, errand.service_id):
            return CodeUnsent(code=errand.code)
        try:
            await self.codes.send(errand.phone, errand.code)
        except CodeRefused:
            return CodeUnsent(code=errand.code)
        return None

    async def _linked(self, head: Head, errand: Link) -> Reported | None:
        """Record the link unless a limit is reached."""
        stay = None if errand.vouched else await self.guard.crowded(head, errand.service_id)
        if stay is not None:
            return Crowded(stay=stay)
        await self.guard.linked(head, errand.service_id, ())
        return None
