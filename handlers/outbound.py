"""An effect out: a message to a channel, a look-up or an update at WispHub."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import assert_never

from handlers.errors import CodeRefused, UnknownService, WispHubUnavailable
from handlers.guarding import Guard
from handlers.ports import Clients, Clock, CodeSender, Delivery, Leases
from handlers.sending import SENT, STALE, Attempt, Postman
from handlers.turns import Turns
from handlers.usecases import FAILED, find_client, perform_update, search_clients
from handlers.warning import Crier
from state.client import Changes
from state.effects import (
    Acknowledge,
    Attest,
    CountFailure,
    FindClient,
    Link,
    RecordConsent,
    RedeemInvitation,
    Say,
    Search,
    Send,
    SendCode,
    SetLock,
    TakeCall,
    Unlink,
    UpdateClient,
    Warn,
)
from state.events import (
    Attested,
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Crowded,
    Event,
    Left,
    LookupFailed,
    Outcome,
    Updated,
)
from state.journal import Entry, Kind
from state.store.consents import Consents
from state.store.invitations import Invitations, NoSuchInvitation
from state.store.outbox import MESSAGE, Head, Lease, Next, Note, Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Performs the waiting effects of a chat, in order."""

    outbox: Outbox
    turns: Turns
    postman: Postman
    clients: Clients
    leases: Leases
    invitations: Invitations
    guard: Guard
    consents: Consents
    codes: CodeSender
    crier: Crier
    calls: Callable[[str, bytes], Awaitable[None]]
    clock: Clock
    phone_style: str
    consent_years: int

    async def drain(self, lease: Lease, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Perform what waits in a chat that we hold, until nothing does or one must wait.

        Once it is enough, as when the process ends, the chat is given back for others to go on;
        so it is if we are cancelled amid an effect, which is in doubt from then on.
        """
        step = Next.MORE
        try:
            while step is Next.MORE and not enough():
                head = await self.outbox.begin(lease, now=self.clock())
                step = await self._perform(lease, head) if isinstance(head, Head) else head
        except asyncio.CancelledError:
            await self.outbox.release(lease, now=self.clock())
            raise
        if step is Next.MORE:
            await self.outbox.release(lease, now=self.clock())

    async def _perform(self, lease: Lease, head: Head) -> Next:
        attempt = await self._attempt(head)
        now = self.clock()
        entry = Entry(kind=Kind.NOTE, at=now, text=attempt.note) if attempt.note else None
        return await self.outbox.done(
            lease,
            head,
            report=attempt.report,
            at=now + (attempt.after or MESSAGE),
            note=Note(entry=entry, reason=attempt.reason, kept=attempt.kept),
        )

    async def _attempt(self, head: Head) -> Attempt:
        if self.clock() >= head.until:
            return STALE
        match head.effect:
            case Send() as message:
                attempt = await self.postman.deliver(head, message)
                if attempt.gone:
                    await self._report(head, Left())
                return attempt
            case Acknowledge(handle=handle):
                await self.postman.acknowledge(head, handle)
                return SENT
            case FindClient() | RedeemInvitation() as effect:
                await self._report(head, await self._find(head, effect))
                return SENT
            case Search() as effect:
                await self._report(head, await self._searched(head, effect))
                return SENT
            case CountFailure(service_id=service_id):
                locked = await self.guard.failed(head, service_id)
                return replace(SENT, note="El servicio quedó bloqueado 24 horas" if locked else "")
            case SetLock(service_id=service_id, locked=locked):
                await self.guard.set_lock(service_id, locked=locked)
                return SENT
            case UpdateClient() as effect:
                await self._report(head, await self._updated(head, effect))
                return SENT
            case Warn() as effect:
                await self.crier.warn(head, effect)
                return SENT
            case Attest(chat=chat) as effect:
                event = Attested(code=effect.code, own=effect.own)
                await self._tell(head, chat, Delivery(id="", event=event, at=self.clock()))
                return SENT
            case Link() as effect:
                await self._link(head, effect)
                return SENT
            case Unlink(service_id=service_id):
                await self.guard.ledger.unlinked(service_id, head.key)
                return SENT
            case SendCode() as effect:
                await self._send_code(head, effect)
                return SENT
            case RecordConsent() as record:
                await self.consents.record(head.key, record, years=self.consent_years)
                return SENT
            case TakeCall(channel=channel, body=body):
                await self.calls(channel, body)
                return SENT
            case Say():
                raise AssertionError("a turn writes every Say out")
            case never:
                assert_never(never)

    async def _updated(self, head: Head, effect: UpdateClient) -> Updated:
        """Update, unless people must decide; what was changed is noted before it is told."""
        stay = await self.guard.stay(head, effect)
        if stay is not None:
            return Updated(outcome=Outcome.STAYED, message=FAILED, stay=stay)
        updated = await perform_update(
            self.clients, self.leases, effect, phone_style=self.phone_style
        )
        if updated.outcome is Outcome.UPDATED:
            await self.guard.written(head, effect)
        return updated

    async def _link(self, head: Head, effect: Link) -> None:
        """Note the link, unless too many stand there already."""
        stay = None if effect.vouched else await self.guard.crowded(head, effect.service_id)
        if stay is None:
            await self.guard.linked(head, effect.service_id, Changes())
        else:
            await self._report(head, Crowded(stay=stay))

    async def _tell(self, head: Head, key: str, delivery: Delivery) -> None:
        """Tell another chat something, once however often this effect is performed."""
        await self.turns.tell(key, replace(delivery, id=f"told:{head.key}:{head.seq}"))

    async def _send_code(self, head: Head, effect: SendCode) -> None:
        """Send a code, unless too many were; the customer need not wait for one that fails."""
        try:
            if await self.guard.bars_code(head, effect.service_id):
                raise CodeRefused  # noqa: TRY301  # both end alike
            await self.codes.send(effect.phone, effect.code)
        except CodeRefused:
            await self._report(head, CodeUnsent(code=effect.code))

    async def _find(self, head: Head, effect: FindClient | RedeemInvitation) -> Event:
        try:
            service_id = (
                effect.service_id
                if isinstance(effect, FindClient)
                else await self.invitations.redeem(effect.code, by=str(head.chat))
            )
            client = await find_client(self.clients, service_id)
        except (UnknownService, NoSuchInvitation):
            return ClientMissing(lookup=effect.lookup)
        except WispHubUnavailable:
            return LookupFailed(lookup=effect.lookup)
        return ClientFound(client=client, lookup=effect.lookup)

    async def _searched(self, head: Head, effect: Search) -> Event:
        """Search, if the guard lets it, and tell of what it does not keep back."""
        try:
            if await self.guard.bars(head, effect.clue):
                return Barred(lookup=effect.lookup)
            clients = await search_clients(self.clients, effect.clue)
        except WispHubUnavailable:
            return LookupFailed(lookup=effect.lookup)
        free = await self.guard.unlocked(clients)
        if clients and not free and effect.clue.startswith("phone:"):
            return Barred(lookup=effect.lookup)
        alarmed = await self.guard.alarmed()
        return ClientsFound(clients=free, lookup=effect.lookup, alarmed=alarmed)

    async def _report(self, head: Head, event: Event) -> None:
        """Bring the outcome home under the effect's id, so that a repeat is dropped."""
        delivery = Delivery(id=f"effect:{head.seq}", event=event, at=self.clock())
        await self.turns.take(head.chat, delivery)
