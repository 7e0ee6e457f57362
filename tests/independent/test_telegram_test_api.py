"""Our side of Telegram against `telegram-test-api`, an emulator of the Bot API that is not ours.

It has the methods that a conversation needs (not `getWebhookInfo`). It judges little by itself: it
hands over what a phone of its own does, and keeps what a bot sends, but for acknowledgements, which
it only takes. It is laxer than Telegram: it honours no `offset` and no `timeout`, answers an edit
with nothing, and lets parts of the earlier message show through one that replaces it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.receive import NAME, TelegramReceiver
from bot.channels.telegram.send import TelegramChannel
from handlers.ports import Delivery, OutgoingMessage
from state.conversation import Chat
from state.effects import Button, Send
from state.events import Pressed, Said
from tests.independent.node import command
from tests.waiting import HUNG

pytestmark = pytest.mark.slow


TOKEN = "1234:independent"
CHAT = Chat(channel=NAME, account="1234", id="57")
CHOICES = (Button(choice="si", label="Sí, guardar", id="f.3:si"), Button(choice="no", label="No"))


@dataclass
class Emulator:
    """The emulator's process, with a phone in it."""

    process: asyncio.subprocess.Process

    async def do(self, deed: str, *words: str) -> Any:
        """Have the phone `say` or `press`, or read the `history` of what the bot sent."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps([deed, *words]).encode() + b"\n")
        return json.loads(await self.line())

    async def line(self) -> str:
        """Read what it prints next."""
        assert self.process.stdout
        return (await asyncio.wait_for(self.process.stdout.readline(), HUNG)).decode().strip()


@dataclass
class Stage:
    """The emulator, and our side of it."""

    emulator: Emulator
    api: Api
    channel: TelegramChannel

    async def arrived(self) -> list[tuple[Chat, Delivery]]:
        """Fetch what the phone did, as our receiver reads it."""
        receiver = TelegramReceiver(CHAT.account, "")
        updates = await self.api.updates(after=0)
        return [
            it for update in updates for it in receiver.update(update["update_id"], update).arrived
        ]

    async def send(self, text: str, *, replaces: str = "", **rest: Any) -> str:
        """Send a message of the bot."""
        message = Send(text=text, **rest)
        return await self.channel.send(
            OutgoingMessage(chat=CHAT, message=message, replaces=replaces)
        )

    async def recorded(self) -> Any:
        """Read the only message that the bot sent, as the emulator keeps it."""
        (message,) = await self.emulator.do("history")
        return message


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """An emulator that just started; it ends once nothing more can be asked of it."""
    pipe = asyncio.subprocess.PIPE
    words = [*command("telegram.mjs"), TOKEN]
    process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe)
    emulator = Emulator(process)
    api = Api(TOKEN, url=await emulator.line())
    yield Stage(emulator, api, TelegramChannel(api))
    await api.aclose()
    await asyncio.wait_for(process.communicate(b""), HUNG)


async def test_a_text_arrives(stage: Stage) -> None:
    """What a customer writes arrives once, as something said in that chat."""
    await stage.emulator.do("say", "Buenas 👋")

    ((chat, delivery),) = await stage.arrived()

    assert isinstance(delivery.event, Said)
    assert (chat, delivery.event.text) == (CHAT, "Buenas 👋")
    assert await stage.arrived() == []


async def test_a_button_comes_back(stage: Stage) -> None:
    """A button that we offer comes back, pressed, by its name; its spinner can be stopped."""
    await stage.send("¿Guardamos?", buttons=CHOICES[:1])
    ((button,),) = (await stage.recorded())["reply_markup"]["inline_keyboard"]
    await stage.emulator.do("press", button["callback_data"])

    ((chat, delivery),) = await stage.arrived()

    assert (CHAT, Pressed(button="f.3:si")) == (chat, delivery.event)
    await stage.api.answer(delivery.handle)  # raises where it is refused
    await stage.channel.acknowledge(CHAT, delivery.handle, answering=True)


async def test_a_plain_text(stage: Stage) -> None:
    """A text goes out to its chat as it is, without a parse mode, a preview or an old keyboard."""
    place = await stage.send("¿Su número? <b>_1_ & 2")

    message = await stage.recorded()

    assert place == str(message["id"])
    assert (message["chat_id"], message["text"]) == (57, "¿Su número? <b>_1_ & 2")
    assert message["reply_markup"] == {"remove_keyboard": True}
    assert message["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in message


async def test_bold_after_emoji(stage: Stage) -> None:
    """What JavaScript, which counts as Telegram does, cuts out as bold is what was marked."""
    await stage.send("👩‍👧 Hola *Ana 🎉*: su plan 🚀 es *200 megas*")

    message = await stage.recorded()

    assert message["text"] == "👩‍👧 Hola Ana 🎉: su plan 🚀 es 200 megas"
    assert message["marked"] == [["bold", "Ana 🎉"], ["bold", "200 megas"]]


async def test_asking_for_the_number(stage: Stage) -> None:
    """The own number is shared by a button of the keyboard, the choices stand beneath as words."""
    await stage.send("¿Su número?", buttons=CHOICES, contact=True, personal=True)

    message = await stage.recorded()

    assert message["reply_markup"]["keyboard"] == [
        [{"text": "Compartir mi número", "request_contact": True}],
        [{"text": "Sí, guardar"}],
        [{"text": "No"}],
    ]
    assert message["protect_content"] is True


async def test_a_message_takes_the_place_of_another(stage: Stage) -> None:
    """A result replaces "one moment" where that stands: there is one message, with the new text."""
    place = await stage.send("Un momento…", begins=1)
    assert place == await stage.send("Listo: *guardado*", replaces=place, ends=1)

    message = await stage.recorded()

    assert (place, "Listo: guardado") == (str(message["id"]), message["text"])
    assert message["marked"] == [["bold", "guardado"]]
