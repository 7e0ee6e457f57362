"""A fake Telegram Bot API and a fake Graph API, small and fast, as a process of its own.

    python -m bench.vendor --port 8081

`POST /bot<token>/<method>` answers like Telegram: the message sent, the bot for `getMe`, `true` for
anything else. `POST /<version>/<number>/messages` answers like Meta: the message's id, or that it
was marked as read. Of each message it notes when it arrived, chat by chat, on the machine's
monotonic clock, which all processes share.

`GET /count` tells how many messages were sent, `GET /arrivals` when: `{"<chat>": [ns, ...]}`.
`GET /wait/<chat>/<n>` is answered once that chat got n messages. `GET /reset` forgets them.
"""

import argparse
import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import cast
from urllib.parse import parse_qsl

import httptools
import uvloop

_BOT = {"id": 42, "is_bot": True, "first_name": "Enlace", "username": "enlace_bot"}
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


class Vendor:
    """What was sent, and the answers to it."""

    def __init__(self) -> None:
        self._arrivals: defaultdict[str, list[int]] = defaultdict(list)
        self._waiting: dict[str, tuple[int, Callable[[], None]]] = {}
        self._count = 0

    def when(self, chat: str, count: int, tell: Callable[[], None]) -> None:
        """Tell once the chat got so many messages; one waits for a chat at a time."""
        if len(self._arrivals[chat]) >= count:
            tell()
        else:
            self._waiting[chat] = count, tell

    def answer(self, path: str, body: bytes, at: int) -> object:
        """Answer one request that was complete at that time."""
        match path.rpartition("/")[2]:
            case "count":
                return {"count": self._count}
            case "arrivals":
                return self._arrivals
            case "reset":
                self._arrivals.clear()
                self._count = 0
                return {"count": 0}
            case "getMe":
                return {"ok": True, "result": _BOT}
            case "sendMessage":
                return {"ok": True, "result": self._sent(_fields(body), at)}
            case "messages":
                return self._posted(_fields(body), at)
            case _:
                return {"ok": True, "result": True}

    def _arrived(self, chat: str, at: int) -> None:
        self._arrivals[chat].append(at)
        self._count += 1
        count, tell = self._waiting.get(chat, (0, None))
        if tell is not None and len(self._arrivals[chat]) >= count:
            del self._waiting[chat]
            tell()

    def _posted(self, fields: dict[str, object], at: int) -> dict[str, object]:
        if "status" in fields:
            return {"success": True}
        whom = str(fields.get("to") or fields["recipient"])
        self._arrived("".join(filter(str.isdecimal, whom)), at)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": whom, "user_id": whom}],
            "messages": [{"id": f"wamid.{self._count}", "message_status": "accepted"}],
        }

    def _sent(self, fields: dict[str, object], at: int) -> dict[str, object]:
        chat = str(fields["chat_id"])
        self._arrived(chat, at)
        message: dict[str, object] = {
            "message_id": 1_000_000 + self._count,
            "from": _BOT,
            "chat": {"id": int(chat), "first_name": "Ana", "type": "private"},
            "date": _now(),
            "text": fields["text"],
        }
        if "reply_markup" in fields:  # an inline keyboard comes back with the message
            message["reply_markup"] = fields["reply_markup"]
        return message


def _now() -> int:
    return time.time_ns() // 1_000_000_000


def _fields(body: bytes) -> dict[str, object]:
    """Read a request's body: JSON, or a form with JSON in some of its fields."""
    if body.startswith(b"{"):
        fields: dict[str, object] = json.loads(body)
        return fields
    form: dict[str, object] = dict(parse_qsl(body.decode()))
    if "reply_markup" in form:
        form["reply_markup"] = json.loads(str(form["reply_markup"]))
    return form


class Connection(asyncio.Protocol):
    """One kept-alive connection; `httptools` calls the methods `on_...`."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._parser = httptools.HttpRequestParser(self)
        self._path = ""
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        """A request begins."""
        self._path, self._body = url.decode(), []

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """It is complete: answer."""
        arrived = time.monotonic_ns()
        if self._path.startswith("/wait/"):
            _, _, chat, count = self._path.split("/")
            self._vendor.when(chat, int(count), partial(self._write, {"ok": True}))
            return
        answer = self._vendor.answer(self._path, b"".join(self._body), arrived)
        self._write(answer)

    def _write(self, answer: object) -> None:
        body = json.dumps(answer).encode()
        self._transport.write(_HEAD % (len(body), body))


async def serve(port: int) -> None:
    """Serve until killed."""
    vendor = Vendor()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(vendor), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
