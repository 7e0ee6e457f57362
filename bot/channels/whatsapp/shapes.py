"""A message as the Cloud API takes it, within every limit: one too long is cut, never refused.

Limits are in characters; how an emoji counts is not documented, so UTF-16 units are counted too.
"""

from typing import Any

from handlers.ports import OutgoingMessage
from state.effects import Button, Send
from state.lengths import MESSAGE, count_units
from state.reply_window import flatten

TEXT = MESSAGE
BODY = 1024
BUTTONS = 3
TITLE = 20
ROWS = 10
ROW = 24
DESCRIPTION = 72
VARIABLE = 1024

_MORE = "Elegir"

Body = dict[str, Any]


def address(outgoing: OutgoingMessage) -> Body:
    """Address it: by number where we know it, which keeps Meta showing it; else by account.

    Not by a number that is, or was, another account's too: it may lead there.

    Always with `+`: without it Meta may put the business's own country code in front.
    """
    named = {"biz_opaque_callback_data": outgoing.tracking} if outgoing.tracking else {}
    whom = {"recipient": outgoing.person.user}
    person = outgoing.person
    if person.phone and not (person.recycled_at and person.user):
        whom = {"to": f"+{person.phone}"}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **whom, **named}


def content(message: Send, *, asks_number: bool) -> Body:
    """Shape a message: with buttons, a list, the request for a number, or as plain text."""
    text, buttons = message.text, message.buttons
    if message.contact and asks_number:
        return _interactive(
            "request_contact_info", _spell_out(text, buttons), {"name": "request_contact_info"}
        )
    if not buttons or count_units(text) > BODY or len(buttons) > ROWS:
        return {"type": "text", "text": {"body": cut(_spell_out(text, buttons), TEXT)}}
    if len(buttons) > BUTTONS or len({cut(b.label, TITLE) for b in buttons}) < len(buttons):
        rows = [_row(button) for button in buttons]
        return _interactive("list", text, {"button": _MORE, "sections": [{"rows": rows}]})
    replies = [
        {"type": "reply", "reply": {"id": button.id, "title": cut(button.label, TITLE)}}
        for button in buttons
    ]
    return _interactive("button", text, {"buttons": replies})


def template(name: str, language: str, message: Send) -> Body:
    """Shape a message for a chat whose window is closed: one variable, which takes no newline."""
    words = message.variable or flatten(_spell_out(message.text, message.buttons))
    variable = {"type": "text", "text": cut(words, VARIABLE)}
    return {
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": [variable]}],
        },
    }


def read(handle: str, *, answering: bool) -> Body:
    """Say that a message was read, and that an answer is coming (dismissed after 25 s)."""
    said = {"messaging_product": "whatsapp", "status": "read", "message_id": handle}
    return said | {"typing_indicator": {"type": "text"}} if answering else said


def cut(text: str, most: int) -> str:
    """Cut a text to so many characters, an emoji counted as two."""
    if count_units(text) <= most:
        return text
    kept = text[: most - 1]
    while count_units(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _interactive(kind: str, text: str, action: Body) -> Body:
    body = {"type": kind, "body": {"text": cut(text, BODY)}, "action": action}
    return {"type": "interactive", "interactive": body}


def _row(button: Button) -> Body:
    short = {"id": button.id, "title": cut(button.label, ROW)}
    if short["title"] == button.label:
        return short
    return {**short, "description": cut(button.label, DESCRIPTION)}


def _spell_out(text: str, buttons: tuple[Button, ...]) -> str:
    """Write the choices out as words: their numbers and labels are understood as well."""
    choices = [f"{number}. {button.label}" for number, button in enumerate(buttons, 1)]
    return "\n".join([text, "", *choices]) if choices else text
