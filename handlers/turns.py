"""The turn: the only way by which a conversation changes.

A webhook, a finished effect, a timer, a member of staff: each brings deliveries to one chat. The
record is loaded, the machine stepped, and everything committed by one script, or nothing.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

import structlog

from handlers import chronicle, texts
from handlers.errors import StoreUnavailable, place
from handlers.ports import Clock
from handlers.texts import Texts
from state.conversation import BOT, Chat, Conversation
from state.effects import Effect, Say
from state.events import Event, TimerFired
from state.journal import Entry
from state.machine.asking import Moment, Step
from state.machine.commands import hand_over
from state.machine.step import step
from state.store.conversations import Change, Loaded, Verdict
from state.store.store import Store

_log = structlog.get_logger("enlace.turns")

_ATTEMPTS = 10
_PAUSE = 0.005  # seconds; doubled at each conflict, with jitter


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing that arrived for a chat.

    Attributes:
        id: what its sender repeats when it repeats it; taken once, however often it comes.
        at: when it happened, ms since 1970.
    """

    id: str
    event: Event
    at: int


class Turns:
    """The turns of all conversations, as one process takes them."""

    def __init__(self, store: Store, texts: Texts, clock: Clock) -> None:
        """Speak these texts, at the times of this clock."""
        self._store = store
        self._texts = texts
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, chat: Chat, *deliveries: Delivery) -> None:
        """Take deliveries of one chat, in order; what was taken before changes nothing.

        Raises:
            StoreUnavailable: too many others changed the chat at the same time.
        """
        async with self._locks.setdefault(self._store.key(chat), asyncio.Lock()):
            for attempt in range(_ATTEMPTS):
                if await self._try(chat, deliveries) is not Verdict.CONFLICT:
                    return
                await asyncio.sleep(_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311  # jitter
        raise StoreUnavailable

    async def fire(self, key: str) -> None:
        """Let the due timer of a chat happen; one that somebody else let happen is gone."""
        conversation = await self._store.conversations.find(key)
        timer, now = conversation.timer, self._clock()
        if timer is not None and timer.due <= now:
            event = TimerFired(generation=timer.generation)
            delivery = Delivery(id=f"timer:{timer.generation}", event=event, at=now)
            await self.take(conversation.chat, delivery)

    async def _try(self, chat: Chat, deliveries: Sequence[Delivery]) -> Verdict:
        names = [delivery.id for delivery in deliveries]
        loaded = await self._store.conversations.load(chat, names)
        fresh = [d for d, new in zip(deliveries, loaded.fresh, strict=True) if new]
        if not fresh:
            return Verdict.DUP
        return await self._store.conversations.commit(self._change(loaded, fresh))

    def _change(self, loaded: Loaded, deliveries: Sequence[Delivery]) -> Change:
        conversation, now = loaded.conversation, self._clock()
        effects: list[Effect] = []
        entries: list[Entry] = []
        for delivery in deliveries:
            before = conversation
            moment = self._moment(before, delivery, now=now)
            conversation, asked = _stepped(before, delivery.event, moment)
            written = tuple(self._written(effect, now=now) for effect in asked)
            effects += written
            entries += chronicle.tell(before, delivery.event, conversation, written, now=now)
        return Change(
            conversation=conversation,
            version=loaded.version,
            deliveries=[delivery.id for delivery in deliveries],
            effects=effects,
            entries=entries,
            now=now,
        )

    def _moment(self, conversation: Conversation, delivery: Delivery, *, now: int) -> Moment:
        code = self._store.reference(conversation.chat, delivery.id)
        return Moment(now=now, today=texts.date(now), code=code)

    def _written(self, effect: Effect, *, now: int) -> Effect:
        return self._texts.render(effect, now=now) if isinstance(effect, Say) else effect


def _stepped(before: Conversation, event: Event, moment: Moment) -> Step:
    """Step the machine; if it breaks, a person takes the chat.

    The delivery counts as taken: content is never a reason for its sender to repeat it for ever.
    The journal keeps what was said, the log tells where it broke.
    """
    try:
        return step(before, event, moment)
    except Exception as error:  # noqa: BLE001  # whatever a programming error may be
        _log.error("turn.broken", error=type(error).__name__, where=place(error))
        counted = replace(before, turns=before.turns + 1)
        return hand_over(counted) if before.holder == BOT else (counted, ())
