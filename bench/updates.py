"""What customers write, as their vendors bring it, and the way to post it."""

import asyncio
import hmac
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import httptools

SECRET = "bench-secret-bench-secret"  # noqa: S105  # of no real bot; 3052df0 has the same
"""What Telegram's calls carry in `X-Telegram-Bot-Api-Secret-Token`, and Meta's are signed with."""

NUMBER = "102290129340398"
"""The id of our number at WhatsApp."""

WORDS = ("hola", "empezar", "sí, autorizo", "1001", "1098765432", "3001234567")
"""What a customer says from the greeting to the summary."""

_ids = itertools.count(700_000_000)

_SOME_DATE = 1_000_000_000  # as many digits as any date until 2286, and in no other number here


class Speech(NamedTuple):
    """How a vendor calls: the body of a message, and the headers of its own; both as bytes."""

    body: Callable[[int, str], bytes]
    headers: Callable[[bytes], bytes]

    def wire(self, port: int, path: str, body: bytes) -> bytes:
        """Write the call that carries a body, dated and signed now."""
        body = dated(body, time.time_ns() // 1_000_000_000)
        return b"POST %b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%b%b%d\r\n\r\n%b" % (
            path.encode(), port, self.headers(body), _LENGTH, len(body), body
        )  # fmt: skip


def dated(body: bytes, now: int) -> bytes:
    """Set a message's date (s)."""
    return body.replace(b"%d" % _SOME_DATE, b"%d" % now, 1)


_LENGTH = b"Content-Type: application/json\r\nContent-Length: "


def _update(chat: int, word: str) -> bytes:
    """Write one text message of a private chat as Telegram would."""
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


def _secret(_body: bytes) -> bytes:
    return b"X-Telegram-Bot-Api-Secret-Token: %b\r\n" % SECRET.encode()


def _call(chat: int, word: str) -> bytes:
    """Write one text message of a person who hides the number, as Meta would."""
    user = f"CO.{chat}"
    message = {
        "from_user_id": user,
        "id": f"wamid.{next(_ids)}",
        "timestamp": str(_SOME_DATE),
        "type": "text",
        "text": {"body": word},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "573000000000", "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": "Ana Ñáñez"}, "user_id": user}],
        "messages": [message],
    }
    entry = {"id": "102290129340399", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _signature(body: bytes) -> bytes:
    digest = hmac.digest(SECRET.encode(), body, "sha256").hex()
    return b"X-Hub-Signature-256: sha256=%b\r\n" % digest.encode()


SPEECHES = {"telegram": Speech(_update, _secret), "whatsapp": Speech(_call, _signature)}
"""How each vendor calls, by its name."""


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
                status = await connection.ask(wire)
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


def walks(
    speech: Speech, chats: range, words: tuple[str, ...]
) -> Iterator[tuple[int, list[bytes]]]:
    """Write what each chat will say, before the clock runs."""
    for chat in chats:
        yield chat, [speech.body(chat, word) for word in words]
