"""Performing effects: messages, errands and chores, in the order of their chat."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from handlers.chores import Chores
from handlers.errands import Errands
from handlers.errors import ChannelMissing
from handlers.guarding import Guard
from handlers.ports import Account, Clients, Clock, CodeSender, Delivery, Leases
from handlers.sending import SENT, STALE, Attempt, Postman
from handlers.turns import Turns
from handlers.warning import Crier
from state.effects import Acknowledge, Errand, Resend, Say, Send
from state.events import Left, Reported
from state.journal import Entry, Kind
from state.store.outbox import MESSAGE, Head, Lease, Next, Note, Outbox, Report
from state.store.store import Store

_log = structlog.get_logger("enlace.outbound")

MISSING = 60_000
"""Milliseconds until we look again whether the settings name the channel of what waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Performs the waiting effects of a chat, in order."""

    outbox: Outbox
    turns: Turns
    postman: Postman
    errands: Errands
    chores: Chores
    clock: Clock
    _missing: set[str] = field(default_factory=set, init=False)
    """Channels that the settings do not name, and of which the log has told."""

    async def drain(self, lease: Lease, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Perform the effects of a chat that we hold, until none is left or one must wait.

        Once `enough()`, as when the process ends, the chat is released for other workers; also if
        we are cancelled during an effect, which is then in doubt.
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
        stale = self.clock() >= head.until
        attempt = STALE if stale else await self._tried(head)
        now = self.clock()
        entry = Entry(kind=Kind.NOTE, at=now, text=attempt.note) if attempt.note else None
        return await self.outbox.done(
            lease,
            head,
            report=attempt.report,
            at=now + (attempt.after or MESSAGE),
            note=Note(entry=entry, reason=attempt.reason, kept=attempt.kept),
        )

    async def _tried(self, head: Head) -> Attempt:
        """Perform the effect; what needs a channel that is not set up waits until it is."""
        try:
            return await self._attempt(head)
        except ChannelMissing as missing:
            if missing.channel not in self._missing:
                self._missing.add(missing.channel)
                _log.error("channel.missing", channel=missing.channel)
            return Attempt(report=Report.WAIT, after=MISSING, kept=head.kept)

    async def _attempt(self, head: Head) -> Attempt:
        match head.effect:
            case Send() as message:
                return await self._deliver(head, message)
            case Resend(message=message):
                return await self._deliver(head, message, insisted=True)
            case Acknowledge(handle=handle):
                await self.postman.acknowledge(head, handle)
                return SENT
            case Say():
                raise AssertionError("turns render every Say")
            case errand if isinstance(errand, Errand):
                outcome = await self.errands.run(head, errand)
                if outcome is not None:
                    await self._report(head, outcome)
                return SENT
            case chore:
                return replace(SENT, note=await self.chores.do(head, chore))

    async def _deliver(self, head: Head, message: Send, *, insisted: bool = False) -> Attempt:
        attempt = await self.postman.deliver(head, message, insisted=insisted)
        if attempt.gone:
            await self._report(head, Left())
        return attempt

    async def _report(self, head: Head, event: Reported | Left) -> None:
        """Return the outcome as an event under the effect's id, so that a repeat is dropped."""
        delivery = Delivery(id=f"effect:{head.seq}", event=event, at=self.clock())
        await self.turns.take(head.chat, delivery)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The dependencies outside: channels and accounts, WispHub, code sender, vendors' calls.

    Attributes:
        consent_years: how long the proof of a consent is kept.
    """

    postman: Postman
    clients: Clients
    leases: Leases
    codes: CodeSender
    calls: Callable[[str, bytes], Awaitable[None]]
    accounts: Sequence[Account] = ()
    consent_years: int = 10


def sender_of(store: Store, turns: Turns, outside: Outside, clock: Clock) -> Sender:
    """Build a sender from the store and the dependencies outside."""
    guard = Guard(budgets=store.budgets, ledger=store.ledger, clock=clock)
    errands = Errands(
        clients=outside.clients,
        leases=outside.leases,
        invitations=store.invitations,
        guard=guard,
        codes=outside.codes,
    )
    crier = Crier(
        turns=turns, people=store.people, guard=guard, accounts=outside.accounts, clock=clock
    )
    chores = Chores(
        guard=guard,
        consents=store.consents,
        journal=store.journal,
        crier=crier,
        calls=outside.calls,
        consent_years=outside.consent_years,
    )
    return Sender(
        outbox=store.outbox,
        turns=turns,
        postman=outside.postman,
        errands=errands,
        chores=chores,
        clock=clock,
    )
