"""A channel as plain as can be: lists of messages in, one message out, over real HTTP."""

import asyncio
import hmac
from collections.abc import Mapping

import httpx
import msgspec

from handlers.errors import Busy, Forbidden, InDoubt, Unauthorized, Undeliverable, Unreadable
from handlers.ports import Delivery, OutgoingMessage, SendingRate, VendorCall
from state.conversation import Chat
from state.events import Said

NAME = "plain"
SECRET = "plain secret"
HEADER = "x-plain-secret"

_TOGETHER = 8  # httpx slows down badly with many calls under way


class Written(msgspec.Struct):
    """One message of a customer; `at` in milliseconds."""

    chat: str
    id: str
    text: str
    at: int = 0


_written = msgspec.json.Decoder(list[Written])


class PlainReceiver:
    """Reads lists of messages."""

    longest = 512 * 1024

    def admit(self, headers: Mapping[str, str]) -> None:
        """Compare the secret."""
        if HEADER not in headers:
            raise Unauthorized
        if not hmac.compare_digest(headers[HEADER].encode(), SECRET.encode()):
            raise Forbidden

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Nothing is signed."""

    def parse(self, body: bytes) -> VendorCall:
        """Read the list."""
        try:
            written = _written.decode(body)
        except msgspec.MsgspecError:
            raise Unreadable from None
        return VendorCall(
            arrived=[
                (chat_of(one.chat), Delivery(id=one.id, event=Said(text=one.text), at=one.at))
                for one in written
            ]
        )


class PlainChannel:
    """Posts messages to a vendor."""

    pace: SendingRate | None = None
    settling = 0.0

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=4.0)
        self._room = asyncio.Semaphore(_TOGETHER)

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Nothing of this vendor's turns."""

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Post one message; only a clear answer is taken for one."""
        try:
            async with self._room:
                answer = await self._client.post(
                    "/send", json={"chat": outgoing.chat.id, "text": outgoing.message.text}
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Busy(retry_after=0.2) from None
        except httpx.HTTPError:
            raise InDoubt from None
        if answer.status_code == 429:
            raise Busy(retry_after=float(answer.headers["retry-after"]))
        if answer.status_code == 403:
            raise Undeliverable
        if answer.is_error:
            raise InDoubt
        return answer.text


def chat_of(name: str) -> Chat:
    """Give the address of a chat."""
    return Chat(channel=NAME, account="1", id=name)
