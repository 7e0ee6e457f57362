"""Warnings of a change: to the service's other chats and to the numbers that were on file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from handlers.effects.guard import Guard
from handlers.effects.links import Links
from handlers.ports import Account, Clock, Delivery
from handlers.turns import Turns
from state.conversation import Chat
from state.effects import Attest, TellFormer, Warn
from state.events import Attested, Displaced, NumberPassed, Warned
from state.parts import Person
from state.store.contacts import Contacts
from state.store.outbox import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """Sends a warning to everyone concerned, once each."""

    turns: Turns
    contacts: Contacts
    guard: Guard
    links: Links
    accounts: Sequence[Account]
    clock: Clock

    async def warn(self, head: Head, effect: Warn) -> None:
        """Warn the other chats that possess the service, then those of the old numbers.

        A chat is created for a number where that is allowed.
        """
        await self._tell(_delivery_id(head), effect, head)

    async def warn_of_program(self, effect: Warn, *, id: str) -> None:  # noqa: A002
        """Warn the same people of what a program writes, once for each `id`.

        Once this returns, every warning is in the outbox of its chat.
        """
        await self._tell(id, effect)

    async def _tell(self, id: str, effect: Warn, head: Head | None = None) -> None:  # noqa: A002
        own = head.key if head else ""
        recent = effect.held and await self.guard.phone_recent(effect.service_id)
        event = Warned(
            service_id=effect.service_id,
            action=effect.action,
            chat=own,
            code=effect.code,
            held=effect.held,
            phones=() if recent else effect.phones,
        )
        for key in await self.links.list_holders(effect.service_id):
            if key != own:
                await self.turns.tell(key, Delivery(id=id, event=event, at=self.clock()))
        async for chat, person in self._at(id, effect, head):
            delivery = Delivery(id=id, event=event, at=self.clock(), person=person)
            await self.turns.take(chat, delivery)

    async def attest(self, head: Head, effect: Attest) -> None:
        """Tell the chat that made a change what this one says about it."""
        event = Attested(code=effect.code, own=effect.own)
        delivery = Delivery(id=_delivery_id(head), event=event, at=self.clock())
        await self.turns.tell(effect.chat, delivery)

    async def tell_former(self, head: Head, effect: TellFormer) -> None:
        """Tell the chat whose account had the number before; one that was erased is not begun."""
        key = await self.contacts.find_former(head.chat, effect.phone)
        if key is not None and key != head.key:
            event = NumberPassed(phone=effect.phone)
            await self.turns.tell(
                key, Delivery(id=_delivery_id(head), event=event, at=self.clock())
            )

    async def displace(self, head: Head, key: str, service_id: int) -> None:
        """Tell the chat of that key that the holder took its place."""
        event = Displaced(service_id=service_id)
        await self.turns.tell(key, Delivery(id=_delivery_id(head), event=event, at=self.clock()))

    async def is_recycled(self, number: str) -> bool:
        """Tell whether two accounts of a channel have shown a number (E.164)."""
        phone = number.removeprefix("+")
        found = [await self.contacts.find_by_phone(_anybody(one), phone) for one in self.accounts]
        return any(contact is not None and contact.recycled_at for contact in found)

    async def _at(
        self,
        id: str,  # noqa: A002
        effect: Warn,
        head: Head | None,
    ) -> AsyncIterator[tuple[Chat, Person]]:
        """Find the chats of the old numbers; create one where there is none, if allowed.

        Who has a number that another account had before is not told: it may be anybody.
        """
        for number in effect.phones:
            person = Person(phone=number.removeprefix("+"))
            for account in self.accounts:
                found = await self.contacts.find_by_phone(_anybody(account), person.phone)
                if found is None and account.cold and not await self._blocks(id, effect, head):
                    people = [(_anybody(account), person)]
                    (found,) = await self.contacts.find_or_begin(people, now=self.clock())
                own = head is not None and found is not None and found.chat == head.chat
                if found is not None and found.chat.id and not found.recycled_at and not own:
                    yield found.chat, person

    async def _blocks(self, id: str, effect: Warn, head: Head | None) -> bool:  # noqa: A002
        if head is None:
            return await self.guard.blocks_program_notice(id, effect.service_id)
        return await self.guard.blocks_notice(head, effect.service_id)


def _delivery_id(head: Head) -> str:
    """Name a warning, so that it is delivered once however often the effect is performed."""
    return f"told:{head.key}:{head.seq}"


def _anybody(account: Account) -> Chat:
    return Chat(channel=account.channel, account=account.id, id="")
