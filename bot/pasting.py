"""What a paste, an editor or a shell adds around a value, and what cannot be meant in any value."""

import re
import unicodedata
from ipaddress import ip_address

QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}
"""The quotes that people put around a value: which opens, and which closes."""

VISIBLE = re.compile(r"[!-~]*")
"""What keys and addresses consist of."""

_UNSEEN = "Cf"  # zero-width characters, marks of direction, a byte-order mark
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_STRAY = "\"'`<>“”‘’ \t\r\n"


def clean(text: str) -> str:
    """Drop blanks and one or more pairs of quotes around a value, and what cannot be seen in it.

    Raises:
        ValueError: it was written in another encoding, or holds what nobody types.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("not UTF-8: save the file as UTF-8 (Notepad: Save as, Encoding)")
    seen = "".join(letter for letter in text if unicodedata.category(letter) != _UNSEEN)
    inner = _unquote(seen.strip())
    while inner != seen:
        seen, inner = inner, _unquote(inner.strip())
    if any(unicodedata.category(letter) == "Cc" and not letter.isspace() for letter in seen):
        raise ValueError("holds a control character: delete the value, and type or paste it again")
    if "\ufffd" in seen:
        raise ValueError("a letter was lost when the file was saved (\ufffd): type it again")
    return seen


def drop_strays(text: str) -> str:
    """Clean what can hold no quotes at all: a key, an address."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != _UNSEEN)
    return seen.strip(_STRAY)


def is_host(name: str) -> bool:
    """Tell whether a name or IP address, without brackets, can be looked up or connected to."""
    labels = name.removesuffix(".").split(".")
    return len(name) <= 253 and (all(map(_LABEL.fullmatch, labels)) or _is_ip(name))


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _unquote(text: str) -> str:
    """Drop a pair of quotes around the whole text."""
    closing = QUOTES.get(text[:1])
    inner = text[1:-1]
    if len(text) < 2 or closing is None or text[-1] != closing or closing in inner:
        return text
    return inner
