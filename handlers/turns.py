"""The turn: the only way in which a conversation changes.

Webhooks, finished effects, timers and staff bring deliveries to one chat. The record is loaded,
the machine stepped, and everything committed atomically by one script.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from handlers import journaling, local
from handlers.clocks import Offsets
from handlers.errors import StoreUnavailable, place
from handlers.hours import Hours
from handlers.ports import Clock, Delivery
from handlers.retention import Retention
from handlers.texts import Texts
from state.conversation import Chat, Conversation, replace
from state.effects import Acknowledge, Effect, Resend, Say, Send
from state.events import CustomerInput, Event, TimerFired
from state.journal import Entry, Kind
from state.machine import attention
from state.machine.admission import find_refusal
from state.machine.commands import hand_over
from state.machine.moment import Moment, Step
from state.machine.step import step
from state.messages.staff import Note
from state.parts import BOT
from state.policy import Preset
from state.refusals import Refusal
from state.staff_actions import StaffAction
from state.store.conversations import (
    Change,
    Loaded,
    NoSuchConversation,
    UnreadableRecord,
    Verdict,
)
from state.store.outbox import MESSAGE, Lease
from state.store.store import Store

_log = structlog.get_logger("enlace.turns")


class Performer(Protocol):
    """Performs the effects of a turn at once, in this process."""

    def claim(self) -> str:
        """Return the token of a lease for it; empty without capacity."""
        ...

    def waive(self, token: str) -> None:
        """Give the token back: there is nothing to perform under it."""
        ...

    def perform(self, lease: Lease) -> None:
        """Start performing."""
        ...


Machine = Callable[[Conversation, Event, Moment], Step]
"""The pure rules: conversation and event to conversation and effects."""

BACKLOG = 200
"""Effects that may wait in one chat: beyond, its messages are kept but not answered."""

_LATER = 3600_000  # ms until the timers of a chat are looked at again that cannot be read
_ATTEMPTS = 10
_PAUSE = 0.005  # seconds; doubled at each conflict, with jitter


class Turns:
    """Takes the turns of all conversations, for one process."""

    def __init__(
        self,
        store: Store,
        texts: Texts,
        clock: Clock,
        *,
        machine: Machine = step,
        preset: str = Preset.BALANCED,
        codes: bool = False,
        hours: Hours | None = None,
    ) -> None:
        """Use these texts, this clock, this machine and this policy.

        `codes` tells whether one-time codes can be sent, `hours` when staff answer.
        """
        self.can_send_codes = codes
        self.hours = hours or Hours()
        self._preset = preset
        self._store = store
        self._texts = texts
        self._clock = clock
        self._machine = machine
        self.retention = Retention(store)
        self._offsets = Offsets()
        self.performer: Performer | None = None
        self.conflicts = 0
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, chat: Chat, *deliveries: Delivery) -> Refusal | None:
        """Process deliveries of one chat, in order; deliveries seen before are ignored.

        Of what staff do, tell why it changed nothing, if it did not: nothing is stored of it then.
        Where the chat's record cannot be read, its deliveries become dead letters.

        Raises:
            StoreUnavailable: too many concurrent changes of the chat.
        """
        await self._measure(chat, deliveries)
        try:
            return await self._take(chat, deliveries)
        except UnreadableRecord as error:
            for delivery in deliveries:
                await self._store.dead.keep_event(
                    self._store.key(chat), chat, delivery.event, reason=type(error).__name__
                )
            return None

    async def _take(self, chat: Chat, deliveries: Sequence[Delivery]) -> Refusal | None:
        full = False
        async with self._locks.setdefault(self._store.key(chat), asyncio.Lock()):
            for attempt in range(_ATTEMPTS):
                match await self._try(chat, deliveries, full=full):
                    case Refusal() as refusal:
                        return refusal
                    case Verdict.OK | Verdict.MINE | Verdict.DUP:
                        return None
                    case Verdict.FULL:
                        full = True
                    case Verdict.CONFLICT:
                        self.conflicts += 1
                        pause = _PAUSE * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311  # jitter
                        await asyncio.sleep(pause)
        raise StoreUnavailable

    async def _measure(self, chat: Chat, deliveries: Sequence[Delivery]) -> None:
        """Measure by customers' messages how far our clock is from the channel's."""
        now = self._clock()
        for one in deliveries:
            stamped = one.at and isinstance(one.event, CustomerInput)
            if stamped and self._offsets.measure(chat.channel, one.at, now=now):
                await self._store.clocks.note(chat.channel, self._offsets.of(chat.channel))

    async def repeat(self, chat: Chat, effect: Effect, *, name: str) -> None:
        """Have an effect performed again, once for each name, without stepping the machine.

        A message is really sent, even to someone who blocked the chat, or where a person answers.

        Raises:
            StoreUnavailable: too many concurrent changes of the chat.
        """
        for _ in range(_ATTEMPTS):
            loaded = await self._store.conversations.load(chat, [name])
            now = self._clock()
            again = Resend(message=effect) if isinstance(effect, Send) else effect
            change = Change(
                conversation=loaded.conversation,
                version=loaded.version,
                deliveries=[name],
                effects=[again],
                entries=[
                    Entry(kind=Kind.NOTE, at=now, text=Note.RETRIED),
                    *journaling.list_messages(
                        [again], loaded.conversation, now=now, seq=loaded.seq
                    ),
                ],
                now=now,
                counters=(),
            )
            if await self._store.conversations.commit(change) is not Verdict.CONFLICT:
                return
        raise StoreUnavailable

    async def tell(self, key: str, delivery: Delivery) -> None:
        """Process a delivery of the chat of that key; drop it if the chat was erased."""
        with suppress(NoSuchConversation):
            conversation = await self._store.conversations.find(key)
            await self.take(conversation.chat, delivery)

    async def fire(self, key: str) -> None:
        """Fire the due timers of a chat; one that another worker fired is ignored."""
        now = self._clock()
        try:
            conversation = await self._store.conversations.find(key)
        except UnreadableRecord:
            await self._store.schedule.postpone(key, until=now + _LATER)
            return
        if await self.retention.erase_revoked(conversation, now=now):
            return
        for timer in (conversation.timer, conversation.verification):
            if timer is not None and timer.due <= now:
                event = TimerFired(generation=timer.generation)
                name = f"timer:{timer.generation}:{timer.due}"
                await self.take(conversation.chat, Delivery(id=name, event=event, at=now))

    async def _try(
        self, chat: Chat, deliveries: Sequence[Delivery], *, full: bool
    ) -> Verdict | Refusal:
        names = [delivery.id for delivery in deliveries]
        loaded = await self._store.conversations.load(chat, names)
        fresh = [d for d, new in zip(deliveries, loaded.fresh, strict=True) if new]
        if not fresh:
            return Verdict.DUP
        if refusal := _find_refusal(loaded.conversation, fresh):
            return refusal
        change = self._change(loaded, fresh, full=full)
        verdict = Verdict.CONFLICT
        try:
            verdict = await self._store.conversations.commit(change)
        finally:
            if verdict is not Verdict.MINE and self.performer is not None:
                self.performer.waive(change.claim[0])
        if verdict is Verdict.MINE:
            await self._perform(Lease(self._store.key(chat), change.claim[0]))
        return verdict

    async def _perform(self, lease: Lease) -> None:
        if self.performer is not None:
            self.performer.perform(lease)
        else:  # stopped meanwhile
            await self._store.outbox.release(lease, now=self._clock())

    def _change(self, loaded: Loaded, deliveries: Sequence[Delivery], *, full: bool) -> Change:
        """Step the machine through the deliveries.

        Only customers' messages are subject to the backlog: an outcome must always be processed.
        """
        now, limited = self._clock(), any(isinstance(d.event, CustomerInput) for d in deliveries)
        account = _TurnResult(loaded.conversation, seq=loaded.seq)
        for delivery in deliveries:
            self._take_one(account, delivery, self._moment(account, delivery, now=now, full=full))
        return Change(
            conversation=account.conversation,
            version=loaded.version,
            deliveries=[delivery.id for delivery in deliveries],
            effects=account.effects,
            entries=account.entries,
            now=now,
            most=BACKLOG if limited and not full else None,
            claim=self._claim(now) if account.effects else ("", 0),
            letters=account.letters,
            counters=account.counters,
            before=loaded.conversation,
        )

    def _claim(self, now: int) -> tuple[str, int]:
        return (self.performer.claim() if self.performer else "", now + MESSAGE)

    def _take_one(self, account: "_TurnResult", delivery: Delivery, moment: Moment) -> None:
        before = account.conversation
        try:
            after, effects = self._machine(before, delivery.event, moment)
        except Exception as error:  # noqa: BLE001  # whatever a programming error may be
            after, effects = _put_aside(account, delivery, error)
            after = attention.note(before, delivery.event, after, moment)
        written = tuple(self._render(effect, now=moment.now) for effect in effects)
        account.conversation = after
        if delivery.handle:
            account.effects.append(Acknowledge(handle=delivery.handle))
        seq = account.seq + len(account.effects)
        account.effects += written
        account.entries += journaling.tell(before, delivery.event, after, written, moment, seq=seq)
        account.counters += journaling.counters(before, delivery.event, after, moment)

    def _moment(
        self, account: "_TurnResult", delivery: Delivery, *, now: int, full: bool
    ) -> Moment:
        code = self._store.reference(account.conversation.chat, delivery.id)
        return Moment(
            now=now,
            at=delivery.at,
            today=local.date(now),
            reference=code,
            full=full,
            offset=self._offsets.of(account.conversation.chat.channel),
            person=delivery.person,
            preset=self._preset,
            delivery=delivery.id,
            one_time_code=self._store.one_time_code(account.conversation.chat, delivery.id),
            can_send_codes=self.can_send_codes,
            terms=self._texts.terms,
            absence=self.hours.absence(now),
        )

    def _render(self, effect: Effect, *, now: int) -> Effect:
        return self._texts.render(effect, now=now) if isinstance(effect, Say) else effect


@dataclass(slots=True)
class _TurnResult:
    """What the deliveries of one turn add up to; `seq` numbers the last effect before them."""

    conversation: Conversation
    seq: int
    effects: list[Effect] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    letters: list[tuple[str, Event]] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)


def _find_refusal(conversation: Conversation, deliveries: Sequence[Delivery]) -> Refusal | None:
    """Find out why what a member of staff does would change nothing; it comes alone."""
    event = deliveries[0].event
    if len(deliveries) > 1 or not isinstance(event, StaffAction):
        return None
    return find_refusal(conversation, event)


def _put_aside(account: _TurnResult, delivery: Delivery, error: Exception) -> Step:
    """Keep a delivery that raised an error as a dead letter, and hand the chat to staff.

    The delivery counts as processed: its content is never a reason to have it repeated. The log
    says where the error was raised, the journal what was written.
    """
    _log.error("turn.broken", error=type(error).__name__, where=place(error))
    account.letters.append((type(error).__name__, delivery.event))
    account.counters.append("broken")
    conversation = replace(account.conversation, turns=account.conversation.turns + 1)
    return hand_over(conversation) if conversation.speaker == BOT else (conversation, ())
