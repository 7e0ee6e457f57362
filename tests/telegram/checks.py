"""What Telegram refuses, in its own words, and the words of a request it understands.

The sentences are those of tdlib/telegram-bot-api (Client.cpp) and tdlib/td.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

TEXT = 4096
BUTTON_DATA = 64  # bytes
ACTIONS = {"typing", "upload_photo", "record_voice", "upload_voice", "upload_document"} | {
    "choose_sticker", "find_location", "record_video", "upload_video"
}  # fmt: skip

Rows = list[list[dict[str, Any]]]
Arguments = dict[str, Any]


class Refused(Exception):
    """Telegram says no.

    Attributes:
        retry_after: seconds, with a 429.
    """

    def __init__(self, status: int, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Write the answer (Client.cpp:214, JsonQueryError)."""
        told = {"ok": False, "error_code": self.status, "description": self.description}
        more = {"parameters": {"retry_after": self.retry_after}} if self.retry_after else {}
        return told | more


def bad(sentence: str) -> Refused:
    """Make the usual refusal."""
    return Refused(400, f"Bad Request: {sentence}")


def too_many(seconds: int) -> Refused:
    """Refuse for so long."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


async def read_arguments(request: Request) -> Arguments:
    """Collect the arguments of a call from its address and its body of whatever kind."""
    arguments: Arguments = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        body = nested({"": (await request.body()).decode()}, "", "request") or {}
        return arguments | {name: value for name, value in body.items() if value is not None}
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                raise bad("files are not simulated")
            arguments[name] = value
    return arguments


def number(arguments: Arguments, name: str, default: int = 0) -> int:
    """Read a whole number, as text or not; nonsense is the default (get_integer_arg)."""
    text = str(arguments.get(name, default))
    return int(text) if re.fullmatch(r"-?\d+", text) else default


def flag(arguments: Arguments, name: str) -> bool:
    """Read a yes or no (to_bool)."""
    return str(arguments.get(name, "")).lower() in ("true", "yes", "1")


def nested(arguments: Arguments, name: str, called: str) -> Any:
    """Read an argument that is JSON inside the form; None without it (Client.cpp:9704-9708)."""
    value = arguments.get(name)
    if not isinstance(value, str) or value == "":
        return value or None
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad(f"can't parse {called} JSON object") from error


def units(text: str) -> int:
    """Count UTF-16 units, as entities do."""
    return len(text.encode("utf-16-le")) // 2


def read_text(arguments: Arguments) -> str:
    """Read the text of a message (facts, 1.2: 1 to 4096)."""
    text = str(arguments.get("text", ""))
    if not text.strip():
        raise bad("message text is empty")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise bad("strings must be encoded in UTF-8")
    if units(text) > TEXT:
        raise bad("message is too long")
    return text


def read_entities(arguments: Arguments, text: str) -> list[dict[str, Any]]:
    """Read the entities: within the text, apart from each other or one inside the other.

    Stricter than the vendor, who mends some of these in silence.
    """
    entities: list[dict[str, Any]] = nested(arguments, "entities", "entities") or []
    open_until = [units(text)]
    for entity in sorted(entities, key=lambda found: (found["offset"], -found["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        while len(open_until) > 1 and open_until[-1] <= start:
            open_until.pop()
        if start < 0 or end <= start or end > open_until[-1]:
            raise bad(f"can't parse entities: entity at {start} is out of its place")
        open_until.append(end)
    return entities


@dataclass(frozen=True)
class Markup:
    """What hangs below a message.

    Attributes:
        buttons: those of an inline keyboard.
        keyboard: the rows of a reply keyboard; empty if it goes away, None if it stays as it is.
    """

    buttons: Rows = field(default_factory=list)
    keyboard: Rows | None = None


def read_markup(arguments: Arguments, *, chat: int) -> Markup:
    """Read `reply_markup`."""
    markup = nested(arguments, "reply_markup", "reply keyboard markup") or {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for button in _every(markup.get("inline_keyboard", [])):
        _check_button(button)
    keyboard = [
        [{"text": button} if isinstance(button, str) else button for button in row]
        for row in markup.get("keyboard", [])
    ]
    asking = any(button.get("request_contact") for button in _every(keyboard))
    if asking and chat < 0:
        raise bad("phone number can be requested in private chats only")  # td, ReplyMarkup.cpp
    touched = keyboard or markup.get("remove_keyboard")
    return Markup(markup.get("inline_keyboard", []), keyboard if touched else None)


def _every(rows: Rows) -> list[dict[str, Any]]:
    return [button for row in rows for button in row]


def _check_button(button: dict[str, Any]) -> None:
    if button.keys() <= {"text"}:  # Client.cpp:9694
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= BUTTON_DATA:
        raise bad("BUTTON_DATA_INVALID")


def check_secret(secret: str) -> None:
    """Check the webhook's secret (Client.cpp:16018-16024)."""
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
