"""Phones, as people in Colombia type them, kept in E.164.

Numbering: 10 digits; mobiles begin with 3, landlines with 60 since 2021 (CRC, Resolución 5826 of
2019). New ranges appear before the library knows them: possible but not valid is a question.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from state.fields.folding import plain, unmistaken
from state.fields.reading import Accepted, Doubtful, Reading, Refused

HOME = "CO"
NEIGHBOURS = ("VE", "EC", "PE")
"""Regions whose local spelling is tried when it is none of ours; always asked about."""

_CODE = "57"
_SEPARATORS = re.compile(r"[,/;|]|\s(?:o|y|e|u)\s", re.IGNORECASE)
_E_MAIL = re.compile(r"\S@\S")
_SHORTEST = 6  # digits that may be a number on their own


def read(text: str) -> Reading:
    """Read a phone."""
    typed = unmistaken(plain(text))
    if _E_MAIL.search(typed):
        return Refused(cause="tel_correo")
    parts = [part for part in _SEPARATORS.split(typed) if len(_digits(part)) >= _SHORTEST]
    if len(parts) > 1:
        return Refused(cause="tel_varios")
    part = parts[0] if parts else typed
    digits = _digits(part)
    if not digits:
        return Refused(cause="tel_sin_numero")
    if re.search(rf"\+\s*{digits[0]}", part) or digits.startswith("00"):
        return _international(digits.removeprefix("00"))
    return _national(digits)


def _international(digits: str) -> Reading:
    home = digits.removeprefix(_CODE)
    if digits.startswith(_CODE) and len(home) in (10, 12):
        return _national(home)
    if digits.startswith("521") and len(digits) == 13:
        digits = "52" + digits[3:]  # WhatsApp's spelling of Mexican mobiles
    return _foreign(f"+{digits}", None) or Refused(cause="tel_rango")


def _national(digits: str) -> Reading:
    number = _trunk(digits)
    if len(number) == 10 and number.startswith("3"):
        known = phonenumbers.is_valid_number(phonenumbers.parse(number, HOME))
        value = f"+{_CODE}{number}"
        return Accepted(value=value) if known else Doubtful(value=value, cause="tel_raro")
    if len(number) == 10 and re.match(r"60[1-8]", number):
        return Doubtful(value=f"+{_CODE}{number}", cause="tel_fijo")
    if len(number) == 10 and number.startswith("1"):
        return Refused(cause="tel_parece_doc")
    if len(number) == 20 and re.fullmatch(r"(3\d{9}){2}", number):
        return Refused(cause="tel_varios")
    if len(number) == 7 or re.fullmatch(r"0?3?[1-8]\d{7}", number):
        return Refused(cause="tel_fijo_viejo")
    return _elsewhere(digits) or Refused(cause="tel_longitud", values={"n": str(len(digits))})


def _trunk(digits: str) -> str:
    """Drop what used to be dialled before a mobile: 57, 57 57, 03, 0."""
    found = re.fullmatch(r"(?:57){0,2}(?:03|0)?(3\d{9}|60[1-8]\d{7})", digits)
    return found[1] if found else digits


def _elsewhere(digits: str) -> Reading | None:
    if len(digits) < 9:
        return None
    found = (_foreign(digits, region) for region in NEIGHBOURS)
    return _foreign(f"+{digits}", None) or next((reading for reading in found if reading), None)


def _foreign(number: str, region: str | None) -> Doubtful | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return Doubtful(value=_e164(parsed), cause="tel_extranjero")


def spell(e164: str, style: str) -> str:
    """Spell a number as `e164` or `national`: ten digits for ours, others stay international."""
    home = e164.removeprefix(f"+{_CODE}")
    return home if style == "national" and len(home) == 10 else e164


def listed(field: str) -> tuple[str, ...]:
    """List the numbers of WispHub's field in E.164; what is none of ours stays as digits."""
    parts = (_digits(part) for part in _SEPARATORS.split(plain(field)))
    return tuple(_as_e164(part) for part in parts if part)


def same(one: str, other: str) -> bool:
    """Tell whether two spellings are one number."""
    return listed(one) == listed(other)


def _as_e164(digits: str) -> str:
    number = _trunk(digits)
    return f"+{_CODE}{number}" if len(number) == 10 else f"+{digits}"


def _e164(parsed: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")
