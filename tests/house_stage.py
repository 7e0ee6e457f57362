"""A stage for transcripts on which the whole house plays: real Redis, real HTTP to WispHub."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from redis.asyncio import Redis, RedisCluster

from bot.leases import BusyLeases
from bot.sandbox.customers import invent
from bot.sandbox.faults import Fault
from bot.sandbox.server import KEY, Sandbox
from bot.wisphub.adapter import WispHub
from handlers.effects.messages import MessageSender
from handlers.effects.performer import Dependencies, EffectPerformer, build_performer
from handlers.errors import CodeRefused
from handlers.hours import Hours
from handlers.intake import Intake, inlet_of
from handlers.ports import Account, Channel, Delivery, OutgoingMessage, Receiver, SendingRate
from handlers.texts import Texts
from handlers.turns import Machine, Turns
from state.client import Client
from state.conversation import Chat
from state.effects import Send
from state.events import Event, Said, SentMedia
from state.machine.step import step
from state.parts import NOBODY, Person, Speaker
from state.records import TimerName
from state.staff_actions import HandedBack, TakenOver, Vouched
from state.store import keys
from state.store.conversations import NoSuchConversation
from state.store.encryption import Keyring
from state.store.outbox import MESSAGE
from state.store.store import Store
from tests.accounts import Values
from tests.clients import make_client, phone_text
from tests.machine_stage import COMPANY, NINE_O_CLOCK
from tests.waiting import HUNG

_MANNERS = {
    "responde": Fault.NONE,
    "caído": Fault.ERROR,
    "dice sin guardar": Fault.ECHO,
    "guarda sin decirlo": Fault.LOST,
}


class Courteous:
    """What channels of tests have in common: no pace, no receipts, and manners."""

    pace: SendingRate | None = None
    settling = 0.0

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Show nothing."""


class Inbox(Courteous):
    """A channel that keeps what it is given, as a phone does."""

    def __init__(self) -> None:
        self.messages: list[Send] = []

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Keep a message."""
        self.messages.append(outgoing.message)
        return f"{outgoing.chat.channel}:{len(self.messages)}"


class Pigeons:
    """One-time codes as they arrive, or not."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.grounded = False

    async def send(self, phone: str, code: str) -> None:
        """Bring a code to a phone."""
        if self.grounded:
            raise CodeRefused
        self.sent.append((phone, code))


class HouseStage:
    """One chat in a house whose clock stands still until time is passed."""

    def __init__(
        self,
        redis: Redis | RedisCluster,
        sandbox: Sandbox,
        *,
        machine: Machine = step,
        keyring: Keyring | None = None,
        patience: float = HUNG,
    ) -> None:
        self.redis = redis
        self.person = NOBODY
        self._texts_written = 0
        self.inlets: dict[str, Receiver] = {}
        self.chat = Chat(channel="test", account="1", id=uuid4().hex)
        self.inbox = Inbox()
        self.pigeons = Pigeons()
        self._deliveries = itertools.count()
        self.sandbox = sandbox
        self._now = NINE_O_CLOCK
        self.store = Store(redis, keyring or Keyring((bytes(32),)), token=uuid4().hex)
        self.turns = Turns(self.store, Texts(COMPANY), self.clock, machine=machine)
        self._clients = WispHub(sandbox.url, KEY, patience=patience)
        self.outside = Dependencies(
            messages=self.postman(self.inbox),
            clients=self._clients,
            leases=BusyLeases(self.store.leases),
            codes=self.pigeons,
            calls=self._take_now,
        )
        self.sender = build_performer(self.store, self.turns, self.outside, self.clock)

    def postman(self, channel: Channel, *, name: str = "test") -> MessageSender:
        return MessageSender(
            channels={name: channel},
            rate_limits=self.store.rate_limits,
            receipts=self.store.receipts,
            clock=self.clock,
        )

    def intake(self) -> Intake:
        return Intake(
            turns=self.turns,
            contacts=self.store.contacts,
            receipts=self.store.receipts,
            dead=self.store.dead,
            outbox=self.store.outbox,
            clock=self.clock,
        )

    async def _take_now(self, channel: str, body: bytes) -> None:
        await self.intake().take_now(channel, inlet_of(self.inlets, channel), body)

    def sending_by(self, channel: Channel, *, name: str = "test") -> EffectPerformer:
        return replace(self.sender, messages=self.postman(channel, name=name))

    def tell_numbers(self) -> None:
        """Let warnings go to the old numbers too, as at WhatsApp with an approved template."""
        accounts = [Account(channel="test", id="1", cold=True)]
        outside = replace(self.outside, accounts=accounts)
        self.sender = build_performer(self.store, self.turns, outside, self.clock)

    def reach(self, at: int) -> None:
        """Let it become so late (ms), unless it is later already."""
        self._now = max(self._now, at)

    def clock(self) -> int:
        return self._now

    def ticking(self) -> int:
        """A clock on which a second passes at every look."""
        self._now += 1000
        return self._now

    async def aclose(self) -> None:
        await self._clients.aclose()

    async def place(self, client: Client) -> None:
        row = invent(count=1)[1001] | {
            "id_servicio": client.service_id,
            "nombre": client.name,
            "cedula": client.document,
            "telefono": phone_text(client),
            "direccion": client.address,
            "plan_internet": {"id": 1, "nombre": client.plan},
            "precio_plan": client.price,
        }
        self.sandbox.rows[client.service_id] = row

    async def charge(self, service_id: int, columns: Values, balance: Values) -> None:
        self.sandbox.rows[service_id] |= columns
        self.sandbox.balances[service_id] = dict(balance)

    async def invite(self, service_id: int, *, in_person: bool = False) -> str:
        return (await self.store.invitations.issue(service_id, in_person=in_person)).code

    async def happen(self, event: Event) -> None:
        delivery = Delivery(
            id=f"d{next(self._deliveries)}",
            event=self._named(event),
            at=self._now,
            person=self.person,
        )
        await self.turns.take(self.chat, delivery)
        await self._settle()
        await self.turns.take(self.chat, delivery)  # vendors repeat: nothing may come of it
        await self._settle()

    async def vouch(self, *, agent: str = "luis") -> None:
        """Let a member of staff take the chat, make sure who the customer is, and hand it back."""
        await self.happen(TakenOver(agent=agent))
        await self.happen(Vouched(agent=agent, reason="vino a la oficina"))
        await self.happen(HandedBack(agent=agent))

    async def pass_time(self, milliseconds: int) -> None:
        end = self._now + milliseconds
        while (dues := await self.store.schedule.nearest(keys.ALL)) and min(dues.values()) <= end:
            self._now = max(self._now, min(dues.values()))
            for key in await self.store.schedule.timers(now=self._now, most=8):
                await self.turns.fire(key)
            await self._settle()
        self._now = end

    async def known(self, phone: str) -> None:
        self.person = Person(phone=phone)

    async def recycle(self, phone: str) -> None:
        self.person = Person(phone=phone, recycled_at=self._now)

    async def change(self) -> str:
        try:
            found = await self.store.conversations.find(self.store.key(self.chat))
        except NoSuchConversation:
            return ""
        return found.last_change.code if found.last_change else ""

    async def codes(self, manner: str) -> None:
        self.turns.can_send_codes = True
        self.pigeons.grounded = manner == "no salen"

    def hours(self, text: str) -> None:
        self.turns.hours = Hours(text)

    async def code(self) -> str:
        found = await self.store.conversations.find(self.store.key(self.chat))
        assert found.identity.challenge is not None
        if not found.identity.challenge.read_by:
            assert self.pigeons.sent[-1] == (
                found.identity.challenge.phone,
                found.identity.challenge.code,
            )
        return found.identity.challenge.code

    async def request(self) -> str:
        try:
            found = await self.store.conversations.find(self.store.key(self.chat))
        except NoSuchConversation:
            return ""
        return found.change.request.code if found.change.request else ""

    def written(self) -> str:
        return str(self._texts_written)

    def _named(self, event: Event) -> Event:
        """Give a text, or a caption, the id that a channel would give it."""
        if not isinstance(event, Said | SentMedia) or _is_wordless(event):
            return event
        self._texts_written += 1
        return replace(event, message=str(self._texts_written))

    async def behave(self, manner: str) -> None:
        self.sandbox.fault = _MANNERS[manner]

    async def client(self, service_id: int) -> Client:
        row = self.sandbox.rows[service_id]
        return make_client(
            service_id,
            name=row["nombre"],
            document=row["cedula"],
            phone=row["telefono"],
            address=row["direccion"],
            plan=row["plan_internet"]["nombre"],
        )

    async def speaker(self) -> Speaker:
        return (await self.store.conversations.find(self.store.key(self.chat))).speaker

    def heard(self) -> Sequence[Send]:
        return self.inbox.messages

    async def _settle(self) -> None:
        """Perform everything that is due now."""
        until = self._now + MESSAGE
        while due := await self.store.outbox.take(keys.ALL, now=self._now, until=until, most=8):
            for lease in due:
                await self.sender.perform_all(lease)
        await self._answer()

    async def _answer(self) -> None:
        """Let an answer that is held back be given."""
        try:
            timer = (await self.store.conversations.find(self.store.key(self.chat))).timer
        except NoSuchConversation:
            return
        if timer is not None and timer.name is TimerName.ANSWER:
            self._now = max(self._now, timer.due)
            await self.turns.fire(self.store.key(self.chat))
            await self._settle()


def _is_wordless(event: Said | SentMedia) -> bool:
    return isinstance(event, SentMedia) and not event.caption
