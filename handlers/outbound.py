"""An effect out: a message to a channel, a look-up or an update at WispHub."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from handlers.errors import Busy, InDoubt, Undeliverable, UnknownService, WispHubUnavailable
from handlers.ports import Channel, Clients, Clock, Leases
from handlers.turns import Delivery, Turns
from handlers.usecases import find_client, perform_update
from state.conversation import BOT, QUEUE
from state.effects import FindClient, RedeemInvitation, Say, Send, UpdateClient
from state.events import ClientFound, ClientMissing, Event, LookupFailed
from state.journal import Entry, Kind
from state.store.invitations import Invitations, NoSuchInvitation
from state.store.outbox import Head, Next, Outbox, Report

LEASE = 5_000
"""Milliseconds for which a chat is held for one message: a killed sender delays it no longer."""

_LEASE_WISPHUB = 20_000  # ms; an operation at WispHub may take 12 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended; `after` in milliseconds is when to try again."""

    report: Report
    after: int = 0
    note: str = ""


_SENT = Attempt(report=Report.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Performs the waiting effects of a chat, in order."""

    outbox: Outbox
    turns: Turns
    channels: Mapping[str, Channel]
    clients: Clients
    leases: Leases
    invitations: Invitations
    clock: Clock
    phone_style: str

    async def drain(self, key: str) -> None:
        """Perform what waits in a chat that we hold, until nothing does or one must wait."""
        step = Next.MORE
        while step is Next.MORE:
            head = await self.outbox.head(key)
            step = await self._perform(key, head) if isinstance(head, Head) else head

    async def _perform(self, key: str, head: Head) -> Next:
        lease = LEASE if isinstance(head.effect, Send) else _LEASE_WISPHUB
        if not await self.outbox.mark(key, seq=head.seq, until=self.clock() + lease):
            return Next.FENCED
        attempt = await self._attempt(head)
        now = self.clock()
        entry = Entry(kind=Kind.NOTE, at=now, text=attempt.note) if attempt.note else None
        at = now + (attempt.after or LEASE)
        return await self.outbox.done(key, seq=head.seq, report=attempt.report, at=at, entry=entry)

    async def _attempt(self, head: Head) -> Attempt:
        match head.effect:
            case Send() as message:
                return await self._send(head, message)
            case FindClient() | RedeemInvitation() as effect:
                await self._report(head, await self._find(head, effect))
                return _SENT
            case UpdateClient() as effect:
                updated = await perform_update(
                    self.clients,
                    self.leases,
                    effect.service_id,
                    effect.changes,
                    phone_style=self.phone_style,
                )
                await self._report(head, updated)
                return _SENT
            case Say():
                raise AssertionError("a turn writes every Say out")
            case never:
                assert_never(never)

    async def _send(self, head: Head, message: Send) -> Attempt:
        """Send, unless a person has taken the chat: a person and the bot never both talk."""
        if message.author == BOT and head.conversation.holder not in (BOT, QUEUE):
            return Attempt(report=Report.SENT, note="No se envió: una persona tomó la conversación")
        try:
            await self.channels[head.chat.channel].send(head.chat, message)
        except Busy as busy:
            return Attempt(report=Report.RETRY, after=int(busy.retry_after * 1000))
        except InDoubt:
            return Attempt(report=Report.DOUBT, after=LEASE, note="Envío en duda: se repetirá")
        except Undeliverable:
            return Attempt(report=Report.DEAD, note="El canal no acepta este mensaje")
        repeated = "Envío repetido: el anterior quedó en duda" if head.doubt else ""
        return Attempt(report=Report.SENT, note=repeated)

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

    async def _report(self, head: Head, event: Event) -> None:
        """Bring the outcome home under the effect's id, so that a repeat is dropped."""
        delivery = Delivery(id=f"effect:{head.seq}", event=event, at=self.clock())
        await self.turns.take(head.chat, delivery)
