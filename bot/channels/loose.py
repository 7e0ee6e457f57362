"""Tolerant parsing of vendors' data.

Vendors add fields, drop fields and change types without notice; strict parsing turned such days
into outages (W META-CHANGELOGS 2026-07-21, aiogram#1890). So every value is read by its path and
its type, and a missing one is empty.
"""

import json
import math
from typing import Any

import msgspec

from handlers.errors import Unreadable

_LARGEST = 2**62


def parse(body: bytes) -> Any:
    """Parse JSON; an unpaired surrogate, which a vendor may send, becomes a replacement character.

    Raises:
        Unreadable: it is not JSON, or nested too deeply.
    """
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):  # invalid UTF-8 is a ValueError too, but not a DecodeError
        pass
    try:
        return _mend(json.loads(body))
    except (ValueError, RecursionError):
        raise Unreadable from None


def at(value: Any, *path: str) -> Any:
    """Follow a path of names; None if it leads nowhere."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text(value: Any, *path: str) -> str:
    """Read a text; empty if there is none."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def number(value: Any, *path: str) -> int:
    """Read a whole number, written as one or as a text; 0 if there is none."""
    found = at(value, *path)
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 19:
        return int(found)
    if isinstance(found, float) and math.isfinite(found) and found.is_integer():
        found = int(found)
    whole = isinstance(found, int) and not isinstance(found, bool)
    return found if whole and abs(found) < _LARGEST else 0


def items(value: Any, *path: str) -> list[Any]:
    """Read a list; empty if there is none."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(name): _mend(item) for name, item in value.items()}
    return value
