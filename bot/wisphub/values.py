"""Single values of WispHub's answers, read leniently: what cannot be read is none.

A number may come as a text and a text as a number; days come as `2026-12-05` and as `5/12/2026`,
the day first (SOCIUM), amounts as `65000.00`, as a number, or as people write them.
"""

import html
import json
import math
import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

_LARGEST_NUMBER = 10**30
_LARGEST_AMOUNT = 10**12
_WORDS = 120  # characters kept of what the provider says
_LINK = 400  # characters of an address, at most

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)", re.ASCII)
_PLAIN = re.compile(r"-?\d+([.,]\d{1,2})?", re.ASCII)
_POINTS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d{1,2})?", re.ASCII)
_COMMAS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?", re.ASCII)
_NOT_IN_LINKS = frozenset(" *\"'<>\\")
_YEARS = range(2000, 2100)


def read_json(body: bytes) -> Any:
    """Read an answer.

    Raises:
        ValueError: it is no JSON, or too deep.
    """
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), parse_int=_integer)
    except RecursionError:
        raise ValueError("too deep") from None


def read_text(value: Any) -> str | None:
    """Read a text, or a number as one; none if it is neither."""
    match value:
        case None:
            return ""
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case bool():
            return None
        case int() | float() if abs(value) < _LARGEST_NUMBER:  # neither infinite nor NaN
            return str(int(value)) if value == int(value) else str(value)
    return None


def read_day(value: Any) -> str:
    """Read a day as `2026-12-05`; empty if it cannot be read."""
    text = (read_text(value) or "").strip()
    if iso := _ISO.match(text):
        year, month, day = map(int, iso.groups())
    elif slashes := _SLASHES.match(text):
        day, month, year = map(int, slashes.groups())
        if month > 12:
            day, month = month, day
    else:
        return ""
    try:
        return date(year, month, day).isoformat() if year in _YEARS else ""
    except ValueError:
        return ""


def read_amount(value: Any) -> Decimal | None:
    """Read an amount of pesos; none if it cannot be read."""
    text = (read_text(value) or "").replace("$", "").replace("COP", "").strip().replace(" ", "")
    if isinstance(value, int | float) and text:
        amount = Decimal(text)
    elif _POINTS.fullmatch(text):
        amount = Decimal(text.replace(".", "").replace(",", "."))
    elif _COMMAS.fullmatch(text):
        amount = Decimal(text.replace(",", ""))
    elif _PLAIN.fullmatch(text):
        amount = Decimal(text.replace(",", "."))
    else:
        return None
    return amount if abs(amount) < _LARGEST_AMOUNT else None


def read_link(value: Any) -> str:
    """Read an address that a customer may be sent to: https, to a host by name, no more."""
    text = (read_text(value) or "").strip()
    if (
        not text.isascii()
        or not text.isprintable()
        or len(text) > _LINK
        or set(text) & _NOT_IN_LINKS
    ):
        return ""
    try:
        parts = urlsplit(text)
        named = parts.hostname is not None and "." in parts.hostname and parts.port in (None, 443)
    except ValueError:
        return ""
    return text if parts.scheme == "https" and named and "@" not in parts.netloc else ""


def read_words(value: Any) -> str:
    """Read what the provider says, which may be a piece of a page, as plain words on one line."""
    bare = re.sub(r"<[^>]*>", " ", read_text(value) or "")
    text = re.sub(r"[*_~`]", "", html.unescape(bare))
    line = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    words = re.sub(r" (?=[.,;:!?])", "", line).rstrip(".")
    return words if len(words) <= _WORDS else f"{words[:_WORDS].rsplit(' ', 1)[0]}…"


def is_yes(value: Any) -> bool:
    """Tell whether something is so, as a flag, a number or a word."""
    return str(value).strip().casefold() in ("true", "1", "si", "sí")


def _integer(digits: str) -> int | float:
    """Read an integer of JSON; Python refuses to read, or to write, a very long one."""
    return int(digits) if len(digits) < len(str(_LARGEST_NUMBER)) else math.nan
