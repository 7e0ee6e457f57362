"""Telegram, written to: what a message looks like there, and what its refusals mean."""

import time

from bot.channels.formatting import extract_bold
from bot.channels.telegram.api import Api, FormattedMessage, Refusal
from handlers.errors import Busy, ChannelDown, EnlaceError, Gone, Undeliverable
from handlers.ports import OutgoingMessage, SendingRate
from state.conversation import Chat
from state.effects import Send
from state.lengths import MESSAGE
from state.store.rate_limits import Rate

_TEXT = MESSAGE  # after entities are parsed
_TOGETHER = 10.0  # seconds within which two chats told to wait mean that all are

_GONE = ("bot was blocked by the user", "user is deactivated", "can't initiate conversation")
_NOWHERE = ("chat not found", "peer_id_invalid", "user not found")
_OURS = ("can't parse entities", "message is too long", "entit")
"""What only a fault of ours can cause: the message goes out once more, plain and short."""

_DONE = ("message is not modified",)
"""What was done already (Client.cpp:108-148)."""

_UNEDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class TelegramChannel:
    """Sends messages; implements `handlers.ports.Channel`."""

    pace = SendingRate(account=Rate(25, burst=25), chat=Rate(1, burst=3))
    """About 30 a second in all, one a second in a chat (the vendor's FAQ)."""

    settling = 0.0
    """No receipts come."""

    def __init__(self, api: Api) -> None:
        """Call this API."""
        self._api = api
        self._slowed: tuple[str, float] = ("", 0.0)

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Send a message, or let it take the place of an earlier one: that can be repeated."""
        chat, message = int(outgoing.chat.id), format_message(outgoing.message)
        try:
            if outgoing.replaces and await self._edit(chat, int(outgoing.replaces), message):
                return outgoing.replaces
            return await self._send_new(chat, message)
        except Refusal as refusal:
            raise self._sort_refusal(outgoing, refusal) from None

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:  # noqa: ARG002  # the handle is enough
        """Stop a button's spinner."""
        try:
            await self._api.answer(handle)
        except EnlaceError:
            return  # too old, or too late: the answer itself comes anyway

    async def _send_new(self, chat: int, message: FormattedMessage) -> str:
        try:
            return await self._api.send(chat, message)
        except Refusal as refusal:
            if refusal.code != 400 or not refusal.says(*_OURS):
                raise
            return await self._api.send(chat, FormattedMessage(text=message.text[: _TEXT // 2]))

    async def _edit(self, chat: int, place: int, message: FormattedMessage) -> bool:
        """Write over an earlier message; false if it is there no more."""
        try:
            await self._api.edit(chat, place, message)
        except Refusal as refusal:
            if refusal.says(*_UNEDITABLE):
                return False
            if not refusal.says(*_DONE):
                raise
        return True

    def _sort_refusal(self, outgoing: OutgoingMessage, refusal: Refusal) -> EnlaceError:
        """Sort a refusal by what to do next."""
        match refusal.code:
            case 429:
                return self._slow(outgoing.chat.id, refusal.retry_after or 1)
            case 401 | 404:
                return ChannelDown(str(refusal.code), certain=True, refused=True)
            case 403:
                return Gone("403")
            case 400 if refusal.says(*_NOWHERE, *_GONE):
                return Gone("400")
            case code:
                return Undeliverable(str(code))

    def _slow(self, chat: str, seconds: float) -> EnlaceError:
        """Wait in this chat; if another one was told to wait just now, everywhere."""
        other, until = self._slowed
        self._slowed = (chat, time.monotonic() + _TOGETHER)
        if other not in ("", chat) and time.monotonic() < until:
            return ChannelDown("429", retry_after=seconds, certain=True)
        return Busy(retry_after=seconds)


def format_message(message: Send) -> FormattedMessage:
    """Write a message as Telegram shows it; people's own words carry no marks."""
    text, bold = (message.text, []) if message.member else extract_bold(message)
    if len(text) > _TEXT:
        text, bold = text[: _TEXT - 1] + "…", []
    return FormattedMessage(
        text=text,
        bold=bold,
        buttons=message.buttons,
        shares=message.contact,
        changes=message.begins > 0,
        protect=message.personal or message.begins > 0,
    )
