"""Performing effects: messages and actions, in the order of their chat."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from handlers.effects.actions import Actions
from handlers.effects.guard import Guard
from handlers.effects.links import Links
from handlers.effects.messages import SENT, STALE, Attempt, MessageSender
from handlers.effects.notifier import Notifier
from handlers.errors import ChannelMissing
from handlers.ports import Account, Clock, CodeSender, Delivery, Directory, Leases
from handlers.turns import Turns
from state.effects import Acknowledge, Resend, Say, Send
from state.events import EffectResult, Left, Undelivered
from state.journal import Entry, Kind
from state.rejections import Cause
from state.store.outbox import MESSAGE, Head, Lease, Next, Note, Outbox, Report
from state.store.store import Store

_log = structlog.get_logger("enlace.outbound")

MISSING = 60_000
"""Milliseconds until we look again whether the settings name the channel of what waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPerformer:
    """Performs the waiting effects of a chat, in order."""

    outbox: Outbox
    turns: Turns
    messages: MessageSender
    actions: Actions
    clock: Clock
    _missing: set[str] = field(default_factory=set, init=False)
    """Channels that the settings do not name, and of which the log has told."""

    async def perform_all(
        self, lease: Lease, *, enough: Callable[[], bool] = lambda: False
    ) -> None:
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
        attempt = STALE if stale else await self._try(head)
        now = self.clock()
        about = head.seq if attempt.cause else 0
        note = Entry(kind=Kind.NOTE, at=now, text=attempt.note, seq=about) if attempt.note else None
        return await self.outbox.finish(
            lease,
            head,
            report=attempt.report,
            at=now + (attempt.after or MESSAGE),
            note=Note(
                entry=note,
                reason=attempt.reason,
                kept=attempt.kept,
                cause=attempt.cause,
                told=_concerns_pages(head, attempt),
            ),
        )

    async def _try(self, head: Head) -> Attempt:
        """Perform the effect; what needs a channel that is not set up waits until it is."""
        try:
            return await self._attempt(head)
        except ChannelMissing as missing:
            if missing.channel not in self._missing:
                self._missing.add(missing.channel)
                _log.error("channel.missing", channel=missing.channel)
            await self.messages.tell(missing.channel, Cause.MISSING)
            return Attempt(report=Report.WAIT, after=MISSING, kept=head.kept)

    async def _attempt(self, head: Head) -> Attempt:
        match head.effect:
            case Send() as message:
                return await self._deliver(head, message)
            case Resend(message=message):
                return await self._deliver(head, message, insisted=True)
            case Acknowledge(handle=handle):
                await self.messages.acknowledge(head, handle)
                return SENT
            case Say():
                raise AssertionError("turns render every Say")
            case action:
                begun = self.clock()
                result = await self.actions.perform(head, action)
                if isinstance(result, str):
                    return replace(SENT, note=result)
                if result is not None:
                    await self._report(head, result, begun=begun)
                return SENT

    async def _deliver(self, head: Head, message: Send, *, insisted: bool = False) -> Attempt:
        attempt = await self.messages.deliver(head, message, insisted=insisted)
        if attempt.gone:
            await self._report(head, Left(), begun=self.clock())
        elif attempt.report is Report.DEAD:
            await self._report(head, Undelivered(reason=""), begun=self.clock())
        return attempt

    async def _report(
        self, head: Head, event: EffectResult | Left | Undelivered, *, begun: int
    ) -> None:
        """Return the outcome as an event under the effect's id, so that a repeat is dropped."""
        delivery = Delivery(id=f"effect:{head.seq}", event=event, at=begun)
        await self.turns.take(head.chat, delivery)


def _concerns_pages(head: Head, attempt: Attempt) -> bool:
    """Tell whether the log of an open chat shows another mark by it.

    The bot's message that goes out at once is shown as sent whenever the chat is shown again; one
    that must wait, and whatever a person wrote, is followed.
    """
    match head.effect:
        case Send(member=member) | Resend(message=Send(member=member)):
            ended = attempt.report in (Report.SENT, Report.DEAD)
            return (head.waited or bool(member)) if ended else not head.waited
        case _:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The dependencies outside: channels and accounts, the directory, code sender, vendors' calls.

    Attributes:
        consent_years: how long the proof of a consent is kept.
    """

    messages: MessageSender
    clients: Directory
    leases: Leases
    codes: CodeSender
    calls: Callable[[str, bytes], Awaitable[None]]
    accounts: Sequence[Account] = ()
    consent_years: int = 10


def build_performer(
    store: Store, turns: Turns, outside: Dependencies, clock: Clock
) -> EffectPerformer:
    """Build a sender from the store and the dependencies outside."""
    notifier = build_notifier(store, turns, outside.accounts, clock)
    actions = Actions(
        clients=outside.clients,
        leases=outside.leases,
        invitations=store.invitations,
        guard=notifier.guard,
        links=notifier.links,
        codes=outside.codes,
        consents=store.consents,
        journal=store.journal,
        notifier=notifier,
        calls=outside.calls,
        consent_years=outside.consent_years,
    )
    return EffectPerformer(
        outbox=store.outbox,
        turns=turns,
        messages=outside.messages,
        actions=actions,
        clock=clock,
    )


def build_notifier(
    store: Store, turns: Turns, accounts: Sequence[Account], clock: Clock
) -> Notifier:
    """Build what warns of changes, with its guard."""
    history = store.service_history
    links = Links(service_history=history, conversations=store.conversations, clock=clock)
    return Notifier(
        turns=turns,
        contacts=store.contacts,
        guard=Guard(attempts=store.attempts, service_history=history, links=links, clock=clock),
        links=links,
        accounts=accounts,
        clock=clock,
    )
