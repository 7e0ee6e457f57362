"""A house: the real machine, turns, effects and store, on a Redis and a clock of its own.

Everything happens at once and in order: no worker, no tasks, no waiting. Only the vendors, the
directory and the lock of a service are played.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from handlers.effects.messages import MessageSender
from handlers.effects.performer import Dependencies, build_performer
from handlers.intake import Intake
from handlers.ports import Account, Delivery, VendorCall
from handlers.texts import Texts
from handlers.turns import Turns
from state.client import Client
from state.conversation import Chat, Conversation
from state.events import (
    CustomerInput,
    Event,
    Said,
    SharedContact,
)
from state.machine.moment import Moment, Step
from state.machine.step import step
from state.parts import NOBODY, Person
from state.staff_actions import StaffAction
from state.states import State
from state.store import keys
from state.store.conversations import NoSuchConversation
from state.store.encryption import Keyring
from state.store.outbox import Lease
from state.store.store import Store
from tests.attackers.direct import Direct
from tests.attackers.outside import (
    CODES,
    CountedInvitations,
    Directory,
    Done,
    Everybody,
    Inlet,
    NoLocks,
    Phones,
    is_within,
    nobody_calls,
)
from tests.attackers.people import Actor
from tests.machine_stage import COMPANY, NINE_O_CLOCK
from tests.simulation import wire

KEYRING = Keyring((bytes(range(32)),))
_TEXTS = Texts(COMPANY)
_PAUSE = 3_000  # ms from one message of a customer to the next: an answer is held for less


class House:
    """One installation of ours.

    Attributes:
        said: what each chat was told, and when.
        talks: the record of each chat as its last turn left it.
        redeemed: the invitations that were tried.
        codes: the phones to which one-time codes went.
    """

    def __init__(
        self, server: wire.Server, clients: Iterable[Client], *, codes: bool = False
    ) -> None:
        server.one("FLUSHDB")
        self.server = server
        self.now = NINE_O_CLOCK
        self.said: defaultdict[Chat, list[tuple[int, str]]] = defaultdict(list)
        self.talks: dict[Chat, Conversation] = {}
        self.redeemed: list[Done] = []
        self.codes: list[str] = []
        self.directory = Directory(self, {client.service_id: client for client in clients})
        self.store = self._build_store(server)
        self.turns = Turns(self.store, _TEXTS, self._clock, machine=self._step, codes=codes)
        self.turns.performer = self
        self._sender = build_performer(self.store, self.turns, self._outside(), self._clock)
        self._inlet = Inlet()
        self._intake = Intake(
            turns=self.turns, contacts=self.store.contacts, receipts=self.store.receipts,
            dead=self.store.dead, outbox=self.store.outbox, clock=self._clock,
        )  # fmt: skip
        self._leases: list[Lease] = []
        self._acting = ""
        self._chats: dict[Actor, Chat] = {}
        self._heard: Chat | None = None
        self._counts: Counter[str] = Counter()

    def _build_store(self, server: wire.Server) -> Store:
        client: Any = Direct(server)
        store = Store(client, KEYRING, token="house")
        counting = CountedInvitations(client, KEYRING)
        counting.house = self
        store.invitations = counting
        return store

    def _outside(self) -> Dependencies:
        channel = Everybody(self)
        return Dependencies(
            messages=MessageSender(
                channels={"tg": channel, "wa": channel}, rate_limits=self.store.rate_limits,
                receipts=self.store.receipts, clock=self._clock,
            ),
            clients=self.directory, leases=NoLocks(), codes=Phones(self), calls=nobody_calls,
            accounts=[Account(channel="wa", id="1", cold=True)],
        )  # fmt: skip

    # What happens

    async def hear(self, actor: Actor, *events: Event) -> None:
        """Let somebody say something, or several things at once; a moment passes."""
        chat = Chat(channel=actor.channel, account="1", id=actor.person.user or actor.name)
        self._inlet.call = VendorCall(
            arrived=[(chat, self._delivery(event, actor)) for event in events]
        )
        await self._intake.take_now(actor.channel, self._inlet, b"")
        assert self._heard is not None
        self._chats[actor] = self._heard
        await self._settle()
        await self.pass_time(until=self.now + _PAUSE)

    async def say(self, actor: Actor, *texts: str) -> None:
        """Let somebody write texts, all of them before they are answered."""
        await self.hear(actor, *(Said(text=text) for text in texts))

    async def decide(self, actor: Actor, *events: StaffAction) -> None:
        """Let staff do something in a chat."""
        for event in events:
            await self.turns.take(self._chats[actor], self._delivery(event))
            await self._settle()

    async def pass_time(self, *, until: int) -> None:
        """Let time pass, and timers fire."""
        while (due := self._nearest()) is not None and due[0] <= until:
            self.now = max(self.now, due[0])
            before = self.talks[due[1]]
            await self.turns.fire(self.store.key(due[1]))
            await self._settle()
            if self.talks[due[1]] is before:
                await self._look_again(due[1])
        self.now = until

    # What is seen

    def talk(self, actor: Actor) -> Conversation:
        """Give the record of somebody's chat; an empty one before the first word."""
        chat = self._chats.get(actor)
        nobody = Conversation(chat=Chat(channel=actor.channel, account="1", id=actor.name))
        return nobody if chat is None else self.talks.get(chat, nobody)

    def transcript(self, actor: Actor) -> list[tuple[int, str]]:
        """Tell what somebody read, and when."""
        chat = self._chats.get(actor)
        return [] if chat is None else self.said[chat]

    def key(self, actor: Actor) -> str:
        """Name somebody's chat as the store does; empty before the first word."""
        chat = self._chats.get(actor)
        return "" if chat is None else self.store.key(chat)

    def list_searches(self, actor: Actor) -> list[int]:
        """Tell when it was searched for somebody, but by the number that the channel tells."""
        key, done = self.key(actor), self.directory.searches
        return [at for who, at, clue in done if who == key and not clue.startswith("phone:")]

    def list_compared(self, actor: Actor) -> list[int]:
        """Tell when it was looked whose a document is that somebody gave."""
        key = self.key(actor)
        return [at for who, at, _ in self.directory.compared if who == key]

    def list_codes(self, actor: Actor) -> list[int]:
        """Tell when somebody tried an invitation for the first time."""
        key = self.key(actor)
        first = {code: at for who, at, code in reversed(self.redeemed) if who == key}
        return sorted(first.values())

    def may_invite(self, actor: Actor) -> bool:
        """Tell whether another invitation is within what one chat may try."""
        times = [*self.list_codes(actor), self.now]
        return all(is_within(times, *limit) for limit in CODES)

    def locked_until(self, service: int) -> int:
        """Tell until when (ms) a service is locked."""
        name = keys.name_key("barred", self.store.attempts._service(service))
        return int((self.server.one("GET", name) or b"0").partition(b"|")[0])

    def is_updating(self) -> bool:
        """Tell whether the chat for which something is done waits for its update."""
        talks = (talk for chat, talk in self.talks.items() if self.store.key(chat) == self._acting)
        return any(talk.state is State.UPDATING for talk in talks)

    def done(self, what: Any) -> Done:
        """Note for whom something is done."""
        return self._acting, self.now, what

    # What turns need of a process

    def claim(self) -> str:
        """Take every chat whose turn has effects."""
        return self.store.outbox.token()

    def waive(self, token: str) -> None:
        """There is room enough."""

    def perform(self, lease: Lease) -> None:
        """Perform them after the turn, in order."""
        self._leases.append(lease)

    async def _settle(self) -> None:
        while self._leases:
            lease = self._leases.pop(0)
            self._acting = lease.key
            await self._sender.perform_all(lease)

    def _clock(self) -> int:
        return self.now

    def _step(self, conversation: Conversation, event: Event, moment: Moment) -> Step:
        after, effects = step(conversation, event, moment)
        self.talks[after.chat] = after
        if isinstance(event, CustomerInput):
            self._heard = after.chat
        return after, effects

    def _delivery(self, event: Event, actor: Actor | None = None) -> Delivery:
        """Name it after whom it comes from: what others do makes no difference to the name."""
        by = "staff" if actor is None else actor.name
        self._counts[by] += 1
        name = f"{by}{self._counts[by]}"
        named = replace(event, message=name) if isinstance(event, Said) else event
        person = NOBODY if actor is None else actor.person
        if actor is not None and isinstance(event, SharedContact) and event.own:
            person = Person(user=actor.person.user or actor.name, phone=event.phone)
        return Delivery(id=name, event=named, at=self.now, person=person)

    def _nearest(self) -> tuple[int, Chat] | None:
        dues = [(talk.due, chat) for chat, talk in self.talks.items() if talk.due is not None]
        return min(dues, key=lambda due: due[0], default=None)

    async def _look_again(self, chat: Chat) -> None:
        """Forget a chat whose timer erased it."""
        with suppress(NoSuchConversation):
            await self.store.conversations.find(self.store.key(chat))
            raise AssertionError("a timer is due, and does not fire")
        del self.talks[chat]
