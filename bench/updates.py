"""Telegram's updates, as a walk through the dialog makes them, and the way to post them."""

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Iterator
from typing import cast

import httptools

SECRET = "bench-secret-bench-secret"  # noqa: S105  # of no real bot
"""What the webhook expects in `X-Telegram-Bot-Api-Secret-Token`."""

WORDS = ("hola", "empezar", "sí, autorizo", "1001", "1098765432", "3001234567")
"""What a customer says from the greeting to the summary."""

_ids = itertools.count(700_000_000)


_SOME_DATE = 1_000_000_000  # as many digits as any date until 2286


def update(chat: int, word: str) -> bytes:
    """Write one text message of a private chat as Telegram would; its date is set by `dated`."""
    number = next(_ids)
    person = {"id": chat, "first_name": "Ana", "last_name": "Ñáñez", "username": f"ana{chat}"}
    message = {
        "message_id": number - 699_000_000,
        "from": {**person, "is_bot": False, "language_code": "es"},
        "chat": {**person, "type": "private"},
        "date": _SOME_DATE,
        "text": word,
    }
    return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()


def dated(wire: bytes) -> bytes:
    """Set the message's date to now, when it is posted."""
    now = time.time_ns() // 1_000_000_000
    return wire.replace(b'"date": %d' % _SOME_DATE, b'"date": %d' % now, 1)


def request(port: int, path: str, body: bytes) -> bytes:
    """Write the webhook call that carries it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Connection(asyncio.Protocol):
    """One kept-alive connection: one request at a time; `httptools` calls the `on_...`."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[int] | None = None
        self._body: list[bytes] = []
        self.body = b""
        self.open = True

    async def ask(self, wire: bytes) -> int:
        """Send a request and give its status; the body is left in `body`.

        Raises:
            ConnectionError: the other end went away.
        """
        self._answer = asyncio.get_running_loop().create_future()
        self._body = []
        self._transport.write(wire)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for an answer."""
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(str(exc)))

    def on_body(self, body: bytes) -> None:
        """A part of the answer's body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The answer is complete."""
        self.body = b"".join(self._body)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._parser.get_status_code())

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


async def connect(port: int) -> Connection:
    """Open a connection to a port of this machine."""
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(Connection, "127.0.0.1", port))[1]


class Connections:
    """Kept-alive connections, as many as Telegram would use at most."""

    def __init__(self, port: int, most: int) -> None:
        self._port = port
        self._free: deque[Connection] = deque()
        self._permits = asyncio.Semaphore(most)

    async def open(self, count: int) -> None:
        """Open them before the clock runs."""
        self._free.extend([await connect(self._port) for _ in range(count)])

    async def post(self, wire: bytes) -> tuple[int, int]:
        """Send one request as soon as a connection is free: its time (ns) and its status.

        A connection that breaks while the answer is awaited counts as status 0.
        """
        async with self._permits:
            connection = await self._connection()
            posted = time.monotonic_ns()
            try:
                status = await connection.ask(dated(wire))
            except ConnectionError:
                return posted, 0
            self._free.append(connection)
            return posted, status

    async def _connection(self) -> Connection:
        while self._free:
            connection = self._free.popleft()
            if connection.open:
                return connection
        return await connect(self._port)


def walks(chats: range, words: tuple[str, ...]) -> Iterator[tuple[int, list[bytes]]]:
    """Write what each chat will say, before the clock runs."""
    for chat in chats:
        yield chat, [update(chat, word) for word in words]
