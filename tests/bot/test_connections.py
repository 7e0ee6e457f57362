"""Kept connections: one that the vendor has closed costs no message, and leaves none in doubt."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.send import TelegramChannel
from bot.channels.whatsapp.send import Graph, WhatsAppChannel
from bot.connections import NOT_SENT, open_session
from handlers.errors import InDoubt
from handlers.ports import OutgoingMessage
from state.conversation import Chat
from state.effects import Send
from state.parts import Person
from tests.telegram.api import TOKEN

pytestmark = pytest.mark.slow

_ANSWERS = {"telegram": b'{"ok":true,"result":{}}', "whatsapp": b'{"messages":[{"id":"w"}]}'}
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

Sending = Callable[[], Awaitable[str]]


class Vendor:
    """Answers a request, or not, and then closes the connection without having said so."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.requests = 0
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request of a connection."""
        self.connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            size = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(size or 0))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        self.requests += 1
        if self.answer:
            writer.write(_HEAD % len(self.answer) + self.answer)
        writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve on loopback; gives the address."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def _sending(name: str, url: str) -> AsyncIterator[Sending]:
    """Send one message to Ana each time."""
    chat = Chat(channel=name, account="1", id="42")
    message, person = Send(text="Hola"), Person(phone="573001112233")
    outgoing = OutgoingMessage(chat=chat, message=message, person=person, heard_at=1, now=2)
    async with AsyncExitStack() as stack:
        channel: TelegramChannel | WhatsAppChannel
        if name == "telegram":
            api = Api(TOKEN, url=url)
            stack.push_async_callback(api.aclose)
            channel = TelegramChannel(api)
        else:
            graph = Graph("t", "1", url=url, version="v26.0")
            stack.push_async_callback(graph.aclose)
            channel = WhatsAppChannel(graph, template="", language="es_CO")
        yield lambda: channel.send(outgoing)


@pytest.mark.parametrize("name", ["telegram", "whatsapp"])
async def test_closed_behind_an_answer(name: str) -> None:
    """A connection that ends right behind its answer is not used for the next message."""
    vendor = Vendor(_ANSWERS[name])
    async with vendor.serving() as url, _sending(name, url) as send:
        for _ in range(50):
            await send()

    assert (vendor.requests, vendor.connections) == (50, 50)


@pytest.mark.parametrize("name", ["telegram", "whatsapp"])
async def test_closed_without_an_answer(name: str) -> None:
    """A message that a vendor took without an answer is in doubt, and is not sent a second time."""
    vendor = Vendor(b"")
    async with vendor.serving() as url, _sending(name, url) as send:
        with pytest.raises(InDoubt):
            await send()

    assert vendor.requests == 1


async def test_nobody_listens() -> None:
    """Without a connection nothing was sent, and that is told apart."""
    async with open_session() as session:
        with pytest.raises(NOT_SENT):
            await session.post("http://127.0.0.1:9/", data=b"x")
