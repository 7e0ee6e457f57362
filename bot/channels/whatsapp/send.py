"""WhatsApp, written to: the Cloud API by aiohttp, its errors sorted by what to do next.

No call has an idempotency key: after a time-out nobody knows whether a message went out. So each
carries our own name of it, which every receipt brings back, and one in doubt waits for that.
"""

import asyncio
from typing import Any

import msgspec
from aiohttp import ClientError, ClientResponse

from bot.channels import loose
from bot.channels.whatsapp.shapes import Body, address, content, read, template
from bot.connections import NOT_SENT, open_session
from handlers.errors import (
    Busy,
    ChannelDown,
    EnlaceError,
    Gone,
    InDoubt,
    Undeliverable,
    Unreadable,
)
from handlers.ports import OutgoingMessage, SendingRate
from state.conversation import Chat
from state.reply_window import LONGEST
from state.store.rate_limits import Rate

_JSON = {"Content-Type": "application/json"}
_CALL = 4.0  # seconds: below the lease on a message
_COURTESY = 1.5  # seconds for an acknowledgement, which the answer waits for
_CLOSED = 131047
_BUSY_NUMBER = frozenset({130429, 4, 80007})
_BUSY_CHAT = 131056
_PASSING = frozenset({1, 2, 131000, 131016, 133004, 131057})
_ACCOUNT = frozenset(
    {
        190, 0, 3, 10, 131005,  # the token, its permissions
        368, 131031, 130497,  # policy
        131042, 131044,  # payment
        131045, 133010, 133016, 131037,  # registration, display name
        33,
    }
)  # fmt: skip
"""What only a person can mend: nothing goes out until then, and nothing is lost."""

_GONE = frozenset({131026})
_TRIES = 3  # of what may pass, or may be our own mistake


class GraphError(EnlaceError):
    """What the Graph API answered, if it took nothing."""

    def __init__(self, code: int, subcode: int, retry_after: float) -> None:
        super().__init__(f"Meta answers with error {code}")
        self.code = code
        self.subcode = subcode
        self.retry_after = retry_after


class Graph:
    """The Graph API of one number."""

    def __init__(self, token: str, number: str, *, url: str, version: str) -> None:
        """Call it at that address, in that version."""
        self._url = f"{url.rstrip('/')}/{version}/{number}"
        self._http = open_session(headers={"Authorization": f"Bearer {token}"})

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def post(self, body: Body, *, patience: float = _CALL) -> Any:
        """Post a message, or that one was read.

        Raises:
            GraphError: it was not taken.
            ChannelDown: the API cannot be reached; nothing was sent.
            InDoubt: nobody knows.
        """
        sent = msgspec.json.encode(body)
        return await self._call("POST", f"{self._url}/messages", patience, data=sent, headers=_JSON)

    async def number(self) -> str:
        """Read the number as people dial it: international digits."""
        answer = await self._call(
            "GET", self._url, _CALL, params={"fields": "display_phone_number"}
        )
        name = loose.text(answer, "display_phone_number")
        return "".join(character for character in name if character.isdecimal())

    async def _call(self, method: str, url: str, patience: float, **rest: Any) -> Any:
        try:
            async with (
                asyncio.timeout(patience),
                self._http.request(method, url, allow_redirects=False, **rest) as answer,
            ):
                body = await answer.read()
        except NOT_SENT:
            raise ChannelDown("unreachable") from None
        except (TimeoutError, ClientError):
            raise InDoubt from None
        return _read(answer, body)


class WhatsAppChannel:
    """Sends messages; implements `handlers.ports.Channel`."""

    pace = SendingRate(account=Rate(60, burst=20), chat=Rate(1 / 6, burst=40))
    """80 a second in all, with what comes in; a message in 6 s in a chat, 45 of them borrowed."""

    settling = 20.0
    """Receipts mostly come within two seconds; a webhook of ours that was away is called again."""

    def __init__(self, graph: Graph, *, template: str, language: str) -> None:
        """Call this API; outside the window, write by that template of one variable."""
        self._graph = graph
        self._template = template
        self._language = language

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Send one message, as a template where the window is closed."""
        try:
            if outgoing.message.variable or outgoing.now >= outgoing.heard_at + LONGEST:
                return await self._send_template(outgoing)
            asks_number = not outgoing.person.phone
            return await self._post(outgoing, content(outgoing.message, asks_number=asks_number))
        except GraphError as error:
            if error.code == _CLOSED:
                return await self._send_template(outgoing)
            raise _sort_error(error, outgoing) from None

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:  # noqa: ARG002  # the handle is enough
        """Turn the ticks blue, and show that an answer is coming, if one is."""
        try:
            await self._graph.post(read(handle, answering=answering), patience=_COURTESY)
        except EnlaceError:
            return  # the answer itself comes anyway

    async def _send_template(self, outgoing: OutgoingMessage) -> str:
        if not self._template:
            raise Undeliverable(str(_CLOSED))
        try:
            body = template(self._template, self._language, outgoing.message)
            return await self._post(outgoing, body)
        except GraphError as error:
            raise _sort_error(error, outgoing) from None

    async def _post(self, outgoing: OutgoingMessage, body: Body) -> str:
        answer = await self._graph.post(address(outgoing) | body)
        messages = loose.items(answer, "messages")
        return loose.text(messages[0], "id") if messages else ""


def _read(answer: ClientResponse, content: bytes) -> Any:
    """Judge an answer by its code, not by its status or title (error_codes, 2025-12-12)."""
    try:
        body = loose.parse(content)
    except Unreadable:
        body = None
    error = loose.at(body, "error")
    if isinstance(error, dict):
        wait = answer.headers.get("retry-after", "")
        raise GraphError(
            loose.number(error, "code"),
            loose.number(error, "error_subcode"),
            float(wait) if wait.isdecimal() else 0.0,
        )
    taken = 200 <= answer.status < 300
    if taken and isinstance(body, dict):
        return body
    if taken or answer.status >= 500:
        raise InDoubt
    raise ChannelDown(str(answer.status))


def _sort_error(error: GraphError, outgoing: OutgoingMessage) -> EnlaceError:
    """Sort an error by what to do next."""
    code, reason = error.code, str(error.code)
    if code == _BUSY_CHAT:
        return Busy(retry_after=max(error.retry_after, 4.0 ** min(outgoing.attempt - 1, 5)))
    if code in _BUSY_NUMBER:
        return ChannelDown(reason, retry_after=error.retry_after or 5.0, certain=True)
    if code in _ACCOUNT or 200 <= code < 300 or (code == 100 and error.subcode == 33):
        return ChannelDown(reason, certain=True, refused=True)
    if code in _PASSING and (code != 1 or outgoing.attempt < _TRIES):
        return Busy(retry_after=error.retry_after or 2.0)
    return Gone(reason) if code in _GONE else Undeliverable(reason)
