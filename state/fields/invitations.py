"""Invitation codes and service numbers, as people type them."""

import re

from state.fields import numbers
from state.fields.folding import plain
from state.fields.reading import Accepted, Reading, Refused

_CODE = r"[2-9A-HJKMNP-TV-Z]{4}[ -]?[2-9A-HJKMNP-TV-Z]{4}"
_LINKED = re.compile(rf"(?:vincular|c[oó]digo|/start)\W+({_CODE})\W*", re.IGNORECASE)
_ALONE = re.compile(rf"({_CODE})", re.IGNORECASE)
_LONGEST = 9  # digits of a service number


def read(text: str) -> str | None:
    """Read an invitation code: after `Vincular`, or alone if it has letters and digits."""
    typed = plain(text)
    linked = _LINKED.fullmatch(typed)
    alone = linked or _ALONE.fullmatch(typed)
    if alone is None:
        return None
    code = re.sub(r"[ -]", "", alone[1]).upper()
    mixed = any(c.isdigit() for c in code) and any(c.isalpha() for c in code)
    return code if linked or mixed else None


def service_number(text: str) -> Reading:
    """Read a service number: positive, at most nine digits, one only."""
    found = numbers.found(plain(text))
    if not found:
        return Refused(cause="serv_sin_numero")
    if len(found) > 1:
        return Refused(cause="serv_varios")
    number = found[0].lstrip("0")
    if not number:
        return Refused(cause="serv_sin_numero")
    if len(number) > _LONGEST:
        return Refused(cause="serv_longitud")
    return Accepted(value=number)
