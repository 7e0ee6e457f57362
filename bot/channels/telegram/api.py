"""The Bot API by aiogram: its typed methods, a session of ours, our own reading of the answer.

The only file that imports aiogram, and itself imported only where this channel speaks. An answer
is judged by `ok`, `error_code` and `parameters`: a result that aiogram cannot read, after a message
that was sent, must not have it sent again.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    EditMessageText,
    GetMe,
    GetUpdates,
    GetWebhookInfo,
    SendMessage,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiohttp import ClientError

from bot.channels import loose
from bot.channels.formatting import Bold
from bot.channels.telegram.receive import KINDS
from bot.connections import NOT_SENT, open_session
from handlers.errors import ChannelDown, EnlaceError, InDoubt, Unreadable
from state.effects import Button

CALL = 4.0
"""Seconds for a call: below the lease on a message."""

_COURTESY = 1.5  # seconds for an acknowledgement, which the answer waits for
_POLL = 25  # seconds that Telegram may keep a poll open
_SHARE = "Compartir mi número"
_JSON = {"Content-Type": "application/json"}
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


class Refusal(EnlaceError):
    """What Telegram answered, if it was not ok."""

    def __init__(self, code: int, description: str, retry_after: int) -> None:
        """Keep the sentence, by which causes are told apart, out of the message."""
        super().__init__(f"Telegram answers {code}: is the token right?")
        self.code = code
        self.description = description.casefold()
        self.retry_after = retry_after

    def says(self, *sentences: str) -> bool:
        """Look for one of the vendor's own sentences."""
        return any(sentence in self.description for sentence in sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedMessage:
    """A message as the Bot API takes it.

    Attributes:
        shares: offer "share my number" on a keyboard, and the choices beside it as words.
        changes: another one will take its place: it may bring no keyboard, nor take one away.
    """

    text: str
    bold: Sequence[Bold] = ()
    buttons: Sequence[Button] = ()
    shares: bool = False
    changes: bool = False
    protect: bool = False


class Session(BaseSession):
    """A session of aiogram's: JSON out, and our reading of the answer."""

    def __init__(self, url: str) -> None:
        """Call the Bot API at that address."""
        super().__init__(api=TelegramAPIServer.from_base(url))
        self._http = open_session()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109  # whoever calls limits the time
    ) -> Any:
        """Post a method, and give what Telegram calls its result.

        Only what was set goes out: what is not has Telegram's default, for we give aiogram none.
        """
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = method.model_dump_json(exclude_unset=True, exclude_none=True).encode()
        async with self._http.post(url, data=body, headers=_JSON, allow_redirects=False) as answer:
            return _result(answer.status, await answer.read())

    def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002  # aiogram's signature
    ) -> AsyncGenerator[bytes, None]:
        """Aiogram fetches no file: what staff open, `files.py` fetches without it."""
        raise NotImplementedError


def _result(status: int, body: bytes) -> Any:
    """Take any answer that says ok.

    Raises:
        Refusal: it says something else.
        InDoubt: it says nothing that we understand: a gateway's page, half an answer.
    """
    try:
        answer = loose.parse(body)
    except Unreadable:
        raise InDoubt from None
    if loose.at(answer, "ok") is True:
        return loose.at(answer, "result")
    code = loose.number(answer, "error_code") or status
    if code >= 500 or loose.at(answer, "ok") is not False:
        raise InDoubt
    raise Refusal(
        code,
        loose.text(answer, "description"),
        loose.number(answer, "parameters", "retry_after"),
    )


class Api:
    """The Bot API of one bot; each call raises `Refusal`, `ChannelDown` or `InDoubt`."""

    def __init__(self, token: str, *, url: str) -> None:
        """Call it at that address."""
        self._bot = Bot(token, session=Session(url.rstrip("/")))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._bot.session.close()

    async def send(self, chat: int, message: FormattedMessage) -> str:
        """Send a message and give its id."""
        sent = await self._call(
            SendMessage(
                chat_id=chat,
                text=message.text,
                entities=_entities(message),
                reply_markup=_keyboard(message),
                protect_content=message.protect or None,
                link_preview_options=_NO_PREVIEW,
            )
        )
        return str(loose.number(sent, "message_id"))

    async def edit(self, chat: int, place: int, message: FormattedMessage) -> None:
        """Write over a message: the same again is refused as "not modified"."""
        markup = _keyboard(message)
        await self._call(
            EditMessageText(
                chat_id=chat,
                message_id=place,
                text=message.text,
                entities=_entities(message),
                reply_markup=markup if isinstance(markup, InlineKeyboardMarkup) else None,
                link_preview_options=_NO_PREVIEW,
            )
        )

    async def answer(self, query: str) -> None:
        """Stop the spinner of a pressed button."""
        await self._call(AnswerCallbackQuery(callback_query_id=query), patience=_COURTESY)

    async def updates(self, *, after: int) -> list[Any]:
        """Wait for updates; asking for those after one confirms it and all before."""
        method = GetUpdates(offset=after, timeout=_POLL, allowed_updates=list(KINDS))
        return loose.items({"it": await self._call(method, patience=_POLL + CALL)}, "it")

    async def set_webhook(self, url: str, secret: str, *, connections: int) -> None:
        """Have updates posted; what waits is kept: dropping it would lose messages."""
        method = SetWebhook(
            url=url,
            secret_token=secret,
            max_connections=connections,
            allowed_updates=list(KINDS),
        )
        await self._call(method, patience=_POLL)

    async def delete_webhook(self) -> None:
        """Have them posted no more; they wait for a day."""
        await self._call(DeleteWebhook())

    async def webhook(self) -> Any:
        """Tell how Telegram fares with our webhook."""
        return await self._call(GetWebhookInfo())

    async def name(self) -> str:
        """Tell the bot's name, as links have it."""
        return loose.text(await self._call(GetMe()), "username")

    async def _call(self, method: TelegramMethod[Any], *, patience: float = CALL) -> Any:
        try:
            async with asyncio.timeout(patience):
                return await self._bot(method)
        except NOT_SENT:
            raise ChannelDown("unreachable") from None
        except (TimeoutError, ClientError):
            raise InDoubt from None


def _keyboard(message: FormattedMessage) -> Markup | None:
    if message.changes:
        return None
    if message.shares:
        rows = [[KeyboardButton(text=_SHARE, request_contact=True)]]
        rows += [[KeyboardButton(text=button.label)] for button in message.buttons]
        return ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True, one_time_keyboard=True)
    if not message.buttons:
        return ReplyKeyboardRemove(remove_keyboard=True)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=button.label, callback_data=button.id)]
            for button in message.buttons
        ]
    )


def _entities(message: FormattedMessage) -> list[MessageEntity] | None:
    marks = [MessageEntity(type="bold", offset=b.offset, length=b.length) for b in message.bold]
    return marks or None
