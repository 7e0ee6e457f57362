"""Receiving a vendor's call: split it, recognise its people, commit a turn for each chat.

Webhooks and polling both use it; when it returns, everything is stored.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from handlers.errors import ChannelMissing, Unreadable
from handlers.ports import Clock, Delivery, Receipt, Receiver, UnreadPart
from handlers.turns import Turns
from state.conversation import Chat
from state.effects import TakeCall
from state.events import Renumbered, Undelivered
from state.parts import Person
from state.store.contacts import Contact, Contacts
from state.store.dead_letters import DeadLetters
from state.store.outbox import Outbox
from state.store.receipts import Reach, Receipts, UnknownTracking, parse_tracking

_log = structlog.get_logger("enlace.intake")

_TOGETHER = 64
_LONG = 32 * 1024
"""Bytes (some fifty updates) up to which a call is processed while its vendor waits."""

Arrived = tuple[Chat, Delivery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Receives all calls of all vendors."""

    turns: Turns
    contacts: Contacts
    receipts: Receipts
    dead: DeadLetters
    outbox: Outbox
    clock: Clock

    async def take(self, channel: str, receiver: Receiver, body: bytes) -> None:
        """Process a verified call, or store one that is too long to be processed at once.

        Meta wants an answer within a quarter second, and may send a thousand updates.

        Raises:
            StoreUnavailable, RedisError: it is not stored, or only partly.
        """
        if len(body) > _LONG:
            await self.outbox.defer(TakeCall(channel=channel, body=body), now=self.clock())
        else:
            await self.take_now(channel, receiver, body)

    async def take_now(self, channel: str, receiver: Receiver, body: bytes) -> None:
        """Process a call; one that cannot be parsed, or is of somebody unknown, is a dead letter.

        Raises:
            StoreUnavailable, RedisError: for some part of it; the other parts are processed.
        """
        try:
            call = receiver.parse(body)
        except Unreadable as error:
            _log.error("call.unreadable", channel=channel, bytes=len(body))
            await self.dead.keep(channel, body, reason=type(error).__name__)
            return
        work: list[Awaitable[object]] = [self._put_aside(channel, unread) for unread in call.unread]
        work += [self._note(receipt) for receipt in call.receipts]
        if len(call.arrived) == 1 and not work and not _has_names(call.arrived[0]):
            chat, delivery = call.arrived[0]
            await self.turns.take(chat, delivery)
            return
        found = await self._find_chats(call.arrived)
        known = [(chat, delivery) for chat, delivery in found if chat.id]
        if len(known) < len(found):  # somebody's name does not open: retried as a whole
            work.append(self._put_aside(channel, UnreadPart(body=body, reason="UnreadableName")))
        await _all([*work, *self._begin_turns(known)])

    async def hear(self, chat: Chat, delivery: Delivery) -> None:
        """Process what one person did, as a channel without calls brings it.

        Raises:
            StoreUnavailable, RedisError: it is not stored.
        """
        await _all(self._begin_turns(await self._find_chats([(chat, delivery)])))

    def _begin_turns(self, arrivals: Sequence[Arrived]) -> list[Awaitable[object]]:
        """Begin a turn for each chat, with its deliveries in their order."""
        chats: dict[Chat, list[Delivery]] = {}
        for chat, delivery in arrivals:
            chats.setdefault(chat, []).append(delivery)
        return [self.turns.take(chat, *deliveries) for chat, deliveries in chats.items()]

    async def _find_chats(self, arrivals: Sequence[Arrived]) -> list[Arrived]:
        """Find the chats of people whom their channel knows by several names."""
        people = dict.fromkeys(
            (chat, delivery.person)
            for chat, delivery in arrivals
            if delivery.person.is_findable and not isinstance(delivery.event, Renumbered)
        )
        met = await self.contacts.find_or_begin(list(people), now=self.clock()) if people else []
        contacts = dict(zip(people, met, strict=True))
        return [
            _arrive(await self._rename(chat, delivery.event.before, delivery), delivery)
            if isinstance(delivery.event, Renumbered)
            else _arrive(contacts.get((chat, delivery.person), Contact(chat)), delivery)
            for chat, delivery in arrivals
        ]

    async def _rename(self, chat: Chat, old: Person, delivery: Delivery) -> Contact:
        return await self.contacts.rename(chat, old, delivery.person, now=self.clock())

    async def _put_aside(self, channel: str, unread: UnreadPart) -> None:
        _log.error("call.put_aside", channel=channel, reason=unread.reason)
        await self.dead.keep(channel, unread.body, reason=unread.reason)

    async def _note(self, receipt: Receipt) -> None:
        """Record a receipt; the chat is told once if a message could not be delivered."""
        now = self.clock()
        try:
            news = await self.receipts.note(
                receipt.tracking,
                receipt.reach,
                billed=receipt.billed,
                now=now,
                cause=receipt.reason,
            )
        except UnknownTracking:
            return
        if receipt.reach is Reach.FAILED and news:
            key, seq = parse_tracking(receipt.tracking)
            event = Undelivered(reason=receipt.reason, seq=seq)
            await self.turns.tell(key, Delivery(id=f"failed:{seq}", event=event, at=0))


def inlet_of(receivers: Mapping[str, Receiver], channel: str) -> Receiver:
    """Find what reads a channel's calls.

    Raises:
        ChannelMissing: the settings do not name it (any more).
    """
    try:
        return receivers[channel]
    except KeyError:
        raise ChannelMissing(channel) from None


def _has_names(arrivals: Arrived) -> bool:
    return arrivals[1].person.is_findable


def _arrive(contact: Contact, delivery: Delivery) -> Arrived:
    """Address a delivery, and tell with its names that the number is another account's too."""
    if contact.recycled_at:
        person = replace(delivery.person, recycled_at=contact.recycled_at)
        delivery = replace(delivery, person=person)
    return contact.chat, delivery


async def _all(work: Sequence[Awaitable[object]]) -> None:
    """Run everything, many at a time; raise the first failure after all have ended.

    More at a time would not share more round trips, and would take memory that is never freed.
    """
    errors: list[BaseException] = []
    for start in range(0, len(work), _TOGETHER):
        results = await asyncio.gather(*work[start : start + _TOGETHER], return_exceptions=True)
        errors += [error for error in results if isinstance(error, BaseException)]
    if errors:
        raise errors[0]
