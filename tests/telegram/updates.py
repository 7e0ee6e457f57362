"""What customers do in Telegram, as the updates it makes; post them to the server.

Chats above 0 are private and have the number of their user; groups have negative numbers.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.telegram.queues import Update
from tests.telegram.server import TelegramServer

BOT = {"id": 4242, "is_bot": True, "first_name": "Enlace", "username": "enlace_bot"}
GROUP_MEMBER = 77
"""Who speaks in a group, unless somebody else is named."""


def chat_object(chat: int) -> dict[str, Any]:
    """Describe a chat as the vendor does."""
    if chat > 0:
        return {"id": chat, "type": "private", "first_name": "Ana"}
    return {"id": chat, "type": "supergroup", "title": "Vecinos"}


def user_object(user: int) -> dict[str, Any]:
    """Describe a customer as the vendor does."""
    return {"id": user, "is_bot": False, "first_name": "Ana", "language_code": "es"}


@dataclass
class Phones:
    """The customers' phones: the server's clock dates what they send, the server numbers it.

    Attributes:
        dates: when each message was sent, by chat and number.
    """

    server: TelegramServer
    dates: dict[tuple[int, int], int] = field(default_factory=dict)
    _presses: int = 0

    def text(
        self, chat: int, text: str, date: int | None = None, *, user: int | None = None
    ) -> Update:
        """Write a text; a command is marked as one."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._message(chat, content, date, user)

    def start(self, chat: int, payload: str = "") -> Update:
        """Follow a link to the bot, or press its start button (facts, 1.3)."""
        return self.text(chat, f"/start {payload}".rstrip())

    def press(self, chat: int, user: int, data: str, message_id: int) -> Update:
        """Press a button of a message that the bot sent, or pretend to (facts, 1.4)."""
        self._presses += 1
        message = {
            "message_id": message_id,
            "from": BOT,
            "chat": chat_object(chat),
            "date": self.dates.get((chat, message_id), self._now()),
            "text": "…",
        }
        return {
            "callback_query": {
                "id": str((user << 32) + self._presses),
                "from": user_object(user),
                "message": message,
                "chat_instance": str(chat * 7919),
                "data": data,
            }
        }

    def contact(self, chat: int, user: int, phone: str, own: bool = True) -> Update:  # noqa: FBT001, FBT002
        """Share a card: one's own, whose user the server fills in, or another's (td#2575)."""
        card: dict[str, Any] = {"phone_number": phone, "first_name": "Ana"}
        card["user_id"] = user if own else user + 1
        return self._message(chat, {"contact": card}, None, user)

    def edited(self, chat: int, message_id: int, text: str, *, user: int | None = None) -> Update:
        """Change a message sent before."""
        update = self._message(chat, {"text": text}, None, user, message_id=message_id)
        content = update["message"]
        date = self.dates.get((chat, message_id), self._now())
        return {"edited_message": content | {"date": date, "edit_date": self._now()}}

    def photo(self, chat: int, caption: str = "") -> Update:
        """Send a picture."""
        size = {"file_id": "AgAC1", "file_unique_id": "AQAD1", "width": 90, "height": 67}
        return self._message(chat, {"photo": [size]} | ({"caption": caption} if caption else {}))

    def voice(self, chat: int) -> Update:
        """Send a spoken message."""
        return self._message(
            chat, {"voice": {"file_id": "AwAC1", "file_unique_id": "AgAD1", "duration": 3}}
        )

    def member(self, chat: int, status: str) -> Update:
        """Stop the bot, `kicked`, or start it again, `member`."""
        old = "member" if status == "kicked" else "kicked"
        return {
            "my_chat_member": {
                "chat": chat_object(chat),
                "from": user_object(_sender(chat, None)),
                "date": self._now(),
                "old_chat_member": _membership(old),
                "new_chat_member": _membership(status),
            }
        }

    def _now(self) -> int:
        return int(self.server.clock.now())

    def _message(
        self,
        chat: int,
        content: dict[str, Any],
        date: int | None = None,
        user: int | None = None,
        *,
        message_id: int | None = None,
    ) -> Update:
        number = message_id or self.server.next_message_id(chat)
        date = self._now() if date is None else date
        self.dates.setdefault((chat, number), date)
        head = {
            "message_id": number,
            "from": user_object(_sender(chat, user)),
            "chat": chat_object(chat),
            "date": date,
        }
        return {"message": head | content}


def _sender(chat: int, user: int | None) -> int:
    if user is not None:
        return user
    return chat if chat > 0 else GROUP_MEMBER


def _membership(status: str) -> dict[str, Any]:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": BOT, "status": status} | until
