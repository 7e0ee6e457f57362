"""Warnings of a change: to the service's other chats and to the numbers that were on file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from handlers.guarding import Guard
from handlers.ports import Account, Clock, Delivery
from handlers.turns import Turns
from state.conversation import Chat
from state.effects import Attest, Warn
from state.events import Attested, Warned
from state.parts import Person
from state.store.outbox import Head
from state.store.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Crier:
    """Sends a warning to everyone concerned, once each."""

    turns: Turns
    people: People
    guard: Guard
    accounts: Sequence[Account]
    clock: Clock

    async def warn(self, head: Head, effect: Warn) -> None:
        """Warn the other chats, then the old numbers' chats, creating one where allowed."""
        recent = effect.held and await self.guard.phone_recent(effect.service_id)
        event = Warned(
            service_id=effect.service_id,
            action=effect.action,
            chat=head.key,
            code=effect.code,
            held=effect.held,
            phones=() if recent else effect.phones,
        )
        named = _named(head)
        history = await self.guard.ledger.history(effect.service_id)
        for key in history.chats:
            if key != head.key:
                await self.turns.tell(key, Delivery(id=named, event=event, at=self.clock()))
        async for chat, person in self._at(head, effect):
            told = Delivery(id=named, event=event, at=self.clock(), person=person)
            await self.turns.take(chat, told)

    async def attest(self, head: Head, effect: Attest) -> None:
        """Tell the chat that made a change what this one says about it."""
        event = Attested(code=effect.code, own=effect.own)
        told = Delivery(id=_named(head), event=event, at=self.clock())
        await self.turns.tell(effect.chat, told)

    async def _at(self, head: Head, effect: Warn) -> AsyncIterator[tuple[Chat, Person]]:
        """Find the chats of the old numbers; create one where there is none, if allowed."""
        for number in effect.phones:
            person = Person(phone=number.removeprefix("+"))
            for account in self.accounts:
                chat = await self._known(account, person)
                if chat is None and account.cold:
                    chat = await self._met(head, effect, account, person)
                if chat is not None and chat != head.chat:
                    yield chat, person

    async def _known(self, account: Account, person: Person) -> Chat | None:
        return await self.people.of_phone(_anybody(account), person.phone)

    async def _met(self, head: Head, effect: Warn, account: Account, person: Person) -> Chat | None:
        if await self.guard.bars_notice(head, effect.service_id):
            return None
        (chat,) = await self.people.meet([(_anybody(account), person)])
        return chat


def _named(head: Head) -> str:
    """Name a warning, so that it is delivered once however often the effect is performed."""
    return f"told:{head.key}:{head.seq}"


def _anybody(account: Account) -> Chat:
    return Chat(channel=account.channel, account=account.id, id="")
