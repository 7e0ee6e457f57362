"""Invitation codes and service numbers, as people type them."""

import re

from state.fields import numbers
from state.fields.folding import correct_lookalikes, plain
from state.fields.reading import Accepted, Reading, Refused

SYMBOL = "[2-9A-HJKMNP-TV-Z]"  # those of `state.store.invitations`: none looks like another
_INTRODUCED = re.compile(
    rf"(?:vincular|c[oó]digo|/start)(?: es)?\W*({SYMBOL}(?:[ -]?{SYMBOL}){{7}})(?!\w)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?<![a-z])(?:clave|c[oó]d\w{{1,4}}|invita\w*|vincul\w*)\b[^\d]{{0,40}}?"
    rf"(?<![A-Z\d])({SYMBOL}{{4}}-?{SYMBOL}{{4}})(?!\w)",
    re.IGNORECASE,
)
"""Within a sentence: only letters and digits together are a code there."""

_ALONE = re.compile(rf"\W*({SYMBOL}{{4}}[ -]?{SYMBOL}{{4}})\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:[ .,']\d{3})+(?![\d])|\d+")
_LONGEST = 9  # digits of a service number


def read(text: str) -> str | None:
    """Read an invitation code: after `Vincular`, or if it has letters and digits."""
    typed = plain(text)
    introduced = _INTRODUCED.search(typed)
    match = introduced or _ALONE.fullmatch(typed) or _NAMED.search(typed)
    if match is None:
        return None
    code = re.sub(r"[ -]", "", match[1]).upper()
    mixed = any(c.isdigit() for c in code) and any(c.isalpha() for c in code)
    # "vincular este chat" is no code; one in twelve codes has letters only
    return code if mixed or (introduced and len(match[1]) == len(code)) else None


def service_number(text: str) -> Reading:
    """Read a service number: positive, at most nine digits, one only."""
    typed = numbers.drop_corrected(correct_lookalikes(plain(text)))
    found = _NUMBER.findall(typed)
    if not found or re.search(r"\d[a-z]", typed, re.IGNORECASE):
        return Refused(cause="serv_sin_numero")
    if len(found) > 1:
        return Refused(cause="serv_varios")
    number = re.sub(r"\D", "", found[0]).lstrip("0")
    if not number:
        return Refused(cause="serv_sin_numero")
    if len(number) > _LONGEST:
        return Refused(cause="serv_longitud")
    return Accepted(value=number)
