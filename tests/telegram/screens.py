"""The customers' phones, as far as the bot sees to them: what each chat shows.

What is refused is told in `checks`; facts are those of docs on Telegram, section 1.2.
"""

import math
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.checks import (
    ACTIONS,
    Arguments,
    Refused,
    Rows,
    bad,
    flag,
    nested,
    number,
    read_entities,
    read_markup,
    read_text,
    too_many,
)
from tests.telegram.server import TelegramServer
from tests.telegram.updates import BOT, chat_object

ANSWER_LIFE = 15.0  # seconds; telegraf#1839

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)  # Client.cpp:108
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass
class Shown:
    """A message of the bot on a customer's phone.

    Attributes:
        buttons: rows of `text` and `callback_data`.
        keyboard: rows of the reply keyboard it brought; empty if it took it away, or None.
        edited: how often it was changed.
    """

    message_id: int
    text: str
    entities: list[dict[str, Any]]
    buttons: Rows
    keyboard: Rows | None
    protected: bool
    sent_at: float
    edited: int = 0


@dataclass
class Screens:
    """What the bot put on the phones, and the methods that do.

    Attributes:
        server: knows the customers, dates and numbers their messages.
        pace: messages that a chat takes within a second; None for any number.
        shown: what each chat's phone shows.
        answered: texts of the answers to callback queries, by their ids.
        actions: chat and kind of each chat action.
        deleted: chat and number of what was deleted, the bot's or the customer's.
    """

    server: TelegramServer
    pace: int | None = None
    shown: dict[int, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    answered: dict[str, str] = field(default_factory=dict)
    actions: list[tuple[int, str]] = field(default_factory=list)
    deleted: set[tuple[int, int]] = field(default_factory=set)
    commands: list[dict[str, str]] = field(default_factory=list)
    _sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def chats(self) -> set[int]:
        """Those that a bot may write to; add to it as you like."""
        return self.server.chats

    @property
    def blocked(self) -> set[int]:
        """Those who stopped the bot."""
        return self.server.blocked

    async def send(self, arguments: Arguments) -> dict[str, Any]:
        """Show a message."""
        text = read_text(arguments)
        entities = read_entities(arguments, text)
        chat = self._chat(arguments)
        markup = read_markup(arguments, chat=chat)
        self._keep_pace(chat)
        shown = Shown(
            message_id=self.server.next_message_id(chat),
            text=text,
            entities=entities,
            buttons=markup.buttons,
            keyboard=markup.keyboard,
            protected=flag(arguments, "protect_content"),
            sent_at=self.server.clock.now(),
        )
        self.shown[chat].append(shown)
        return self._describe(chat, shown)

    async def edit(self, arguments: Arguments) -> dict[str, Any]:
        """Change a message; one that brought or took away a keyboard can't be (td)."""
        text = read_text(arguments)
        entities = read_entities(arguments, text)
        chat = self._chat(arguments)
        markup = read_markup(arguments, chat=chat)
        if markup.keyboard is not None:
            raise bad("inline keyboard expected")
        shown = self.find(chat, number(arguments, "message_id"))
        if shown is None:
            raise bad("message to edit not found")
        if shown.keyboard is not None:
            raise bad("message can't be edited")
        if (shown.text, shown.entities, shown.buttons) == (text, entities, markup.buttons):
            raise bad(_SAME)
        shown.text, shown.entities, shown.buttons = text, entities, markup.buttons
        shown.edited += 1
        return self._describe(chat, shown)

    async def answer(self, arguments: Arguments) -> bool:
        """Answer a press, in time (Client.cpp:148)."""
        query, text = str(arguments.get("callback_query_id", "")), str(arguments.get("text", ""))
        pressed_at = self.server.pressed.get(query, -math.inf)
        if self.server.clock.now() - pressed_at > ANSWER_LIFE:
            raise bad(_TOO_OLD)
        if len(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answered[query] = text
        return True

    async def act(self, arguments: Arguments) -> bool:
        """Show that the bot is typing, or the like (Client.cpp:13446)."""
        action = str(arguments.get("action", "")).lower()
        if action not in ACTIONS:
            raise bad("wrong parameter action in request")
        self.actions.append((self._chat(arguments), action))
        return True

    async def delete(self, arguments: Arguments) -> bool:
        """Delete a message, in private chats the customer's too (facts, 1.2)."""
        chat, message_id = self._chat(arguments), number(arguments, "message_id")
        known = 0 < message_id <= self.server.message_ids[chat]
        if not known or (chat, message_id) in self.deleted:
            raise bad("message to delete not found")
        if chat < 0 and self.find(chat, message_id) is None:
            raise bad("message can't be deleted")
        self.deleted.add((chat, message_id))
        self.shown[chat] = [kept for kept in self.shown[chat] if kept.message_id != message_id]
        return True

    async def set_commands(self, arguments: Arguments) -> bool:
        """Fill the menu of the chats."""
        commands = nested(arguments, "commands", "commands") or []
        if any(not re.fullmatch(r"/?[a-z0-9_]{1,32}", one["command"]) for one in commands):
            raise bad("BOT_COMMAND_INVALID")
        self.commands = commands
        return True

    def find(self, chat: int, message_id: int) -> Shown | None:
        """Find a message of the bot."""
        return next((one for one in self.shown[chat] if one.message_id == message_id), None)

    def _chat(self, arguments: Arguments) -> int:
        """Read the chat: one that wrote before, and still wants to hear."""
        if "chat_id" not in arguments:
            raise bad("chat_id is empty")
        chat = number(arguments, "chat_id")
        if chat not in self.chats:
            raise bad("chat not found")
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def _keep_pace(self, chat: int) -> None:
        """Refuse what comes too fast (facts, 1.2, limits)."""
        if self.pace is None:
            return
        now, sent = self.server.clock.now(), self._sent[chat]
        while sent and sent[0] <= now - 1:
            sent.popleft()
        if len(sent) >= self.pace:
            raise too_many(max(1, math.ceil(sent[0] + 1 - now)))
        sent.append(now)

    def _describe(self, chat: int, shown: Shown) -> dict[str, Any]:
        """Write a message of the bot as the result of a call."""
        message = {
            "message_id": shown.message_id,
            "from": BOT,
            "chat": chat_object(chat),
            "date": int(shown.sent_at),
            "text": shown.text,
        }
        if shown.entities:
            message["entities"] = shown.entities
        if shown.edited:
            message["edit_date"] = int(self.server.clock.now())
        if shown.buttons:
            message["reply_markup"] = {"inline_keyboard": shown.buttons}
        return message
