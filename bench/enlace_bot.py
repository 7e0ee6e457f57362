"""Enlace as one process, `enlace run` with a channel that speaks Telegram's shapes.

    python -m bench.enlace_bot --port 8080 --redis <url> --vendor http://127.0.0.1:8081

Everything is as customers meet it but for two things: the channel is the benchmark's own (the
real one is another matter), and no question is overtaken by the next one, so that each message
gets its answer as the stock bot's do, although the load does not wait for it.
"""

import argparse
import asyncio
import hmac
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import msgspec
import uvloop
from pydantic import SecretStr

from bench.updates import SECRET
from bot import app, bootstrap
from bot.redis.wait import Wait
from bot.settings import Settings
from bot.supervisor import listen
from handlers.errors import InDoubt, Unauthorized
from handlers.ports import Delivery, OutgoingMessage, SendingRate, VendorCall
from state.conversation import Chat, Conversation
from state.effects import Say
from state.events import Event, Said
from state.machine.moment import Moment, Step
from state.machine.step import step
from state.store.encryption import Keyring

PATH = "/webhooks/telegram"
WORDS = ("hola", "empezar", "sí, autorizo", "no sé", "estado", "ayuda")
"""Six turns through four states; none asks WispHub, as the stock bot does not."""

_HEADER = "x-telegram-bot-api-secret-token"


class _Person(msgspec.Struct):
    id: int


class _Message(msgspec.Struct):
    chat: _Person
    date: int
    text: str


class _Update(msgspec.Struct):
    update_id: int
    message: _Message


_update = msgspec.json.Decoder(_Update)


class Receiver:
    """Reads text messages."""

    longest = 512 * 1024

    def admit(self, headers: Mapping[str, str]) -> None:
        """Compare the secret."""
        if not hmac.compare_digest(headers.get(_HEADER, "").encode(), SECRET.encode()):
            raise Unauthorized

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Nothing is signed."""

    def parse(self, body: bytes) -> VendorCall:
        """Read one update."""
        update = _update.decode(body)
        said = Said(text=update.message.text)
        chat = Chat(channel="telegram", account="42", id=str(update.message.chat.id))
        at = update.message.date * 1000
        return VendorCall(arrived=[(chat, Delivery(id=str(update.update_id), event=said, at=at))])


class Channel:
    """Sends text messages with buttons."""

    pace: SendingRate | None = None
    settling = 0.0

    def __init__(self, vendor: str, session: aiohttp.ClientSession) -> None:
        self._url = f"{vendor}/bot42:bench/sendMessage"
        self._session = session

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Nothing is to be acknowledged."""

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Send one message."""
        chat, message = outgoing.chat, outgoing.message
        buttons = [{"text": b.label, "callback_data": b.id} for b in message.buttons]
        body = {"chat_id": int(chat.id), "text": message.text}
        if buttons:
            body["reply_markup"] = {"inline_keyboard": [buttons]}
        headers = {"content-type": "application/json"}
        try:
            async with self._session.post(
                self._url, data=msgspec.json.encode(body), headers=headers
            ) as answer:
                if msgspec.json.decode(await answer.read())["ok"]:
                    return ""
        except aiohttp.ClientError:
            raise InDoubt from None
        raise InDoubt


def patient(conversation: Conversation, event: Event, moment: Moment) -> Step:
    """Step as always, but let no question be overtaken."""
    after, effects = step(conversation, event, moment)
    return after, tuple(
        replace(effect, prompt=False) if isinstance(effect, Say) else effect for effect in effects
    )


async def serve(port: int, redis: str, vendor: str) -> None:
    """Serve until a signal."""
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))
        settings = Settings(
            _env_file=None, port=port, redis_url=SecretStr(redis), data_dir=place,
            company_name="FibraNet",
        )  # fmt: skip
        session = await stack.enter_async_context(aiohttp.ClientSession())
        application = await stack.enter_async_context(
            bootstrap.build_application(
                settings, keyring=Keyring((bytes(32),)), wisphub=("http://127.0.0.1:9", ""),
                machine=patient, more={"telegram": (Receiver(), Channel(vendor, session))},
            )
        )  # fmt: skip
        front = app.open_front(settings, listen("127.0.0.1", port), Wait(), stack)
        await app.serve(
            application, app.create_app(application, front="/consola"), front, worker=True
        )


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--vendor", required=True)
    given = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(given.port, given.redis, given.vendor))


if __name__ == "__main__":
    main()
