"""Stages on which transcripts play through a vendor: its simulator calls us, and we call it.

Real HTTP both ways, real Redis; only the time is ours. What the house says is compared with what
the customer's phone shows.
"""

import asyncio
import math
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from starlette.applications import Starlette

from bot.channels.formatting import extract_bold
from bot.channels.telegram.receive import TelegramReceiver
from bot.channels.whatsapp.receive import WhatsAppReceiver
from bot.channels.whatsapp.send import Graph, WhatsAppChannel
from bot.sandbox.server import Sandbox
from bot.supervisor import create_server, listen
from handlers.ports import Channel, Delivery, OutgoingMessage, Receiver
from handlers.webhooks import create_routes
from state.conversation import Chat
from state.effects import Send
from state.events import (
    Edited,
    Event,
    Invited,
    Medium,
    OtherChatNotice,
    Pressed,
    Said,
    SentMedia,
    SharedContact,
)
from state.parts import Person
from state.staff_actions import StaffAction
from state.store import keys
from tests.house_stage import HouseStage
from tests.meta import graph as meta_graph
from tests.meta.clock import VirtualClock as MetaClock
from tests.meta.graph import GraphApi
from tests.meta.shapes import Customer
from tests.meta.webhooks import MetaWebhooks
from tests.telegram import api as bot_api
from tests.telegram.api import TOKEN, BotApi
from tests.telegram.clock import VirtualClock as TelegramClock
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones

SECRET = "un-secreto_42-un-secreto_42-un-secreto"
APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY_TOKEN = "verify-verify-verify"
_SEED = 7
_TEMPLATE = "enlace_aviso"
ANA = 42
"""The customer's chat at Telegram."""

WhatsApp = Customer(phone="573001234567", user_id="CO.13491208655302741918", name="Ana Gómez")
"""The customer at WhatsApp."""


class Recording:
    """A channel that keeps what it sent, and makes sure that the phone shows it."""

    def __init__(self, channel: Channel, shows: Callable[[OutgoingMessage], bool]) -> None:
        self._channel = channel
        self._shows = shows
        self.pace = channel.pace
        self.settling = channel.settling
        self.messages: list[Send] = []

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Send, and look at the phone."""
        sent = await self._channel.send(outgoing)
        assert self._shows(outgoing), "the phone shows something else"
        self.messages.append(outgoing.message)
        return sent

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Pass it on."""
        await self._channel.acknowledge(chat, handle, answering=answering)


class VendorStage(HouseStage):
    """One customer of a vendor; what staff do, and what timers do, happens as ever."""

    channel: Recording

    def connect(
        self, name: str, channel: Channel, shows: Callable[[OutgoingMessage], bool]
    ) -> None:
        """Send by this channel."""
        self.channel = Recording(channel, shows)
        self.sender = self.sending_by(self.channel, name=name)

    async def happen(self, event: Event) -> None:
        """Let the vendor bring it, twice; what is no customer's comes as in the house."""
        if isinstance(event, StaffAction | OtherChatNotice):
            delivery = Delivery(id=f"staff{next(self._deliveries)}", event=event, at=self._now)
            await self.turns.take(self.chat, delivery)
        else:
            await self.bring(event)
        await self._settle()

    async def bring(self, event: Event) -> None:
        """Have the vendor deliver it."""
        raise NotImplementedError

    def heard(self) -> Sequence[Send]:
        """Give what was sent; each message was seen on the phone."""
        return self.channel.messages

    async def _settle(self) -> None:
        """Perform everything that is due, and wait at the vendor's gates."""
        await super()._settle()
        while waiting := await self._next_effect():
            self._now = max(self._now, waiting)
            await super()._settle()

    async def _next_effect(self) -> int:
        """Tell when the next effect is due; 0 if none waits."""
        dues = await asyncio.gather(
            *(self.redis.zrange(shard.key("odue"), 0, 0, withscores=True) for shard in keys.ALL)
        )
        return int(min((due[0][1] for due in dues if due), default=0))


class TelegramStage(VendorStage):
    """A private chat with a bot."""

    message = 0

    def begin(self, server: TelegramServer, api: BotApi) -> None:
        """Be a customer there."""
        self.server, self.api, self.phones = server, api, Phones(server)
        self.chat = Chat(channel="telegram", account="4242", id=str(ANA))

    def shows(self, outgoing: OutgoingMessage) -> bool:
        """Compare a message with the phone's last one, or one that was changed."""
        message = outgoing.message
        text, bold = (message.text, []) if message.member else extract_bold(message)
        return any(
            (shown.text, len(shown.entities)) == (text, len(bold))
            for shown in self.api.shown[int(outgoing.chat.id)][-2:]
        )

    async def bring(self, event: Event) -> None:
        """Have Telegram post an update."""
        self.server.post(self._update(event))
        await self.server.deliver()

    def _update(self, event: Event) -> dict[str, Any]:
        phones = self.phones
        match event:
            case Said(text=text):
                update = phones.text(ANA, text)
                self.message = int(update["message"]["message_id"])
                return update
            case Pressed(button=button):
                last = self.api.shown[ANA][-1].message_id
                return phones.press(ANA, ANA, button, last)
            case SharedContact(phone=phone, own=own):
                return phones.contact(ANA, ANA, phone, own)
            case Edited(text=text):
                return phones.edited(ANA, self.message, text)
            case Invited(code=code):
                return phones.start(ANA, code)
            case SentMedia(medium=Medium.VOICE):
                return phones.voice(ANA)
            case SentMedia(medium=Medium.IMAGE, caption=caption):
                return phones.photo(ANA, caption)
            case _:
                update = phones.text(ANA, "x")
                del update["message"]["text"]
                update["message"]["sticker"] = {"file_id": "CAAC1", "emoji": "👍"}
                return update


class WhatsAppStage(VendorStage):
    """A chat with a number."""

    inlet: WhatsAppReceiver
    message = ""
    receipts = True

    def begin(self, meta: MetaWebhooks, api: GraphApi) -> None:
        """Be a customer there."""
        self.meta, self.api = meta, api
        self.customer = replace(WhatsApp, shows_phone=False)
        api.know(self.customer)
        self.chat = Chat(channel="whatsapp", account=meta.phone_number_id, id=WhatsApp.user_id)

    def shows(self, outgoing: OutgoingMessage) -> bool:
        """Compare a message with the phone's last one; of a stranger only the number is known."""
        if not outgoing.person.user:
            return True
        message, shown = outgoing.message, self.api.shown[outgoing.person.user][-1]
        choices = [title for _, title in shown.buttons] or [title for _, title in shown.rows]
        labels = [button.label for button in message.buttons]
        if shown.template:
            return True
        if shown.kind in ("text", "request_contact_info"):  # choices are spelled out
            return shown.text.startswith(message.text)
        return (shown.text, choices) == (message.text, labels)

    async def bring(self, event: Event) -> None:
        """Have Meta post a call."""
        item = self._item(event)
        if isinstance(event, Said):
            self.message = str(item["id"])
        self.meta.add(item, self.customer)
        await self.meta.deliver()

    async def known(self, phone: str) -> None:
        """Show the number from now on."""
        self.customer = replace(WhatsApp, phone=phone)
        self.api.know(self.customer)

    async def recycle(self, phone: str) -> None:
        """Let another account have shown the number, and show it from now on."""
        people = [(replace(self.chat, id=""), Person(user="CO.1", phone=phone))]
        await self.store.contacts.find_or_begin(people, now=self.clock())
        await self.known(phone)

    async def _settle(self) -> None:
        """Let receipts come in before time passes, unless they are held back."""
        await HouseStage._settle(self)
        if self.receipts:
            await self.meta.deliver()
        await super()._settle()

    def _item(self, event: Event) -> dict[str, Any]:
        shapes = self.meta.shapes
        match event:
            case Said(text=text):
                return shapes.text(self.customer, text)
            case Pressed(button=button):
                shown = self.api.shown[self.customer.user_id]
                last = shown[-1].id if shown else "wamid.none"
                return shapes.button_reply(self.customer, last, button, "Sí")
            case SharedContact(phone=phone, own=own, others=others):
                if own:  # Meta shares the account's own number, and no other
                    self.customer = replace(self.customer, phone=phone)
                    self.api.know(self.customer)
                return shapes.contact(self.customer, phone, requested=own, others=others)
            case Edited(text=text):
                return shapes.edit(self.customer, self.message, text)
            case Invited(code=code):
                return shapes.text(self.customer, f"Vincular {code}")
            case SentMedia(medium=Medium.VOICE):
                return shapes.audio(self.customer)
            case SentMedia(medium=Medium.IMAGE, caption=caption):
                return shapes.image(self.customer, caption=caption)
            case _:
                return shapes.text(self.customer, "x") | {"type": "sticker", "sticker": {"id": "3"}}


class _Telegram(TelegramClock):
    """The stage's time, as Telegram knows it."""

    def __init__(self, stage: HouseStage) -> None:
        super().__init__()
        self._stage = stage

    def now(self) -> float:
        return self._stage.clock() / 1000

    async def reach(self, at: float) -> None:
        await asyncio.sleep(0)
        self._stage.reach(math.ceil(at * 1000))


class _Meta(MetaClock):
    """The stage's time, as Meta knows it."""

    def __init__(self, stage: HouseStage) -> None:
        super().__init__(0)
        self._stage = stage

    def now(self) -> float:
        return self._stage.clock() / 1000

    async def reach(self, at: float) -> None:
        await asyncio.sleep(0)
        self._stage.reach(math.ceil(at * 1000))


@asynccontextmanager
async def telegram_stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[TelegramStage]:
    """A house with a bot, and Telegram around it."""
    from bot.channels.telegram.api import Api  # noqa: PLC0415  # costs 3 s: not the everyday part
    from bot.channels.telegram.send import TelegramChannel  # noqa: PLC0415

    stage, chance = TelegramStage(redis, sandbox), random.Random(_SEED)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(stage.aclose)
        server = TelegramServer(_Telegram(stage), chance, repeats=0.3)
        vendor = await stack.enter_async_context(
            bot_api.running(BotApi(server=server, chance=chance))
        )
        stage.begin(server, vendor)
        api = Api(TOKEN, url=vendor.url)
        stack.push_async_callback(api.aclose)
        stage.connect("telegram", TelegramChannel(api), stage.shows)
        receiver = TelegramReceiver("4242", SECRET)
        url = await stack.enter_async_context(webhook(stage, "telegram", receiver))
        server.webhook(url, SECRET)
        yield stage


@asynccontextmanager
async def whatsapp_stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[WhatsAppStage]:
    """A house with a number, and Meta around it."""
    stage, chance = WhatsAppStage(redis, sandbox), random.Random(_SEED)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(stage.aclose)
        meta = MetaWebhooks(url="", secret=APP_SECRET, chance=chance, clock=_Meta(stage), batch=3)
        vendor = await stack.enter_async_context(
            meta_graph.running(GraphApi(webhooks=meta, token="EAAG", chance=chance))
        )
        stage.begin(meta, vendor)
        graph = Graph("EAAG", meta.phone_number_id, url=vendor.url, version="v26.0")
        stack.push_async_callback(graph.aclose)
        channel = WhatsAppChannel(graph, template=_TEMPLATE, language="es_CO")
        stage.connect("whatsapp", channel, stage.shows)
        stage.inlet = WhatsAppReceiver(meta.phone_number_id, [APP_SECRET], VERIFY_TOKEN)
        meta.url = await stack.enter_async_context(webhook(stage, "whatsapp", stage.inlet))
        yield stage


@asynccontextmanager
async def webhook(stage: HouseStage, name: str, receiver: Receiver) -> AsyncIterator[str]:
    """Serve a house's webhook on loopback; gives its address."""
    stage.inlets[name] = receiver
    socket = listen("127.0.0.1", 0)
    server = create_server(Starlette(routes=list(create_routes(stage.intake(), {name: receiver}))))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        try:
            yield f"http://127.0.0.1:{socket.getsockname()[1]}/webhooks/{name}"
        finally:
            server.stop()
