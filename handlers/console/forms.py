"""What a member wrote in a form of a chat: read, and held to how long it may be."""

from collections.abc import Mapping
from uuid import uuid4

from starlette.requests import Request

from state.lengths import REASON, count_units
from state.messages.staff import Page

Words = Mapping[str, str]

_CODE = 20  # more than any code of ours has
_PLAIN = ("code", "over", "step", "takes", "greets", "delivery")


async def read_words(request: Request) -> Words:
    """Read a form; what is missing is empty."""
    form = await request.form()
    return {name: str(form.get(name, "")).strip() for name in ("text", "reason", *_PLAIN)}


def find_excess(words: Words, longest: int) -> str:
    """Tell what is too long, and by how much; empty if nothing is. Nothing is ever cut.

    `longest` is of the text, in UTF-16 units.
    """
    for name, most in (("text", longest), ("reason", REASON), ("code", _CODE)):
        length = count_units(words[name])
        if length > most:
            return Page.TOO_LONG.format(length=_write(length), longest=_write(most))
    return ""


def name_delivery(words: Words) -> str:
    """Name the delivery: the same form sent again is the same one."""
    return f"staff:{words['delivery'] or uuid4().hex}"


def _write(number: int) -> str:
    return f"{number:,}".replace(",", ".")
