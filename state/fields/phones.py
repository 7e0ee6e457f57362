"""Phones, as people in Colombia type them, kept in E.164.

Numbering: 10 digits; mobiles begin with 3, landlines with 60 since 2021 (CRC, Resolución 5826 of
2019). New ranges appear before the library knows them: possible but not valid is a question.
"""

import re
from collections.abc import Iterable

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from state.fields import numbers
from state.fields.folding import correct_lookalikes, plain
from state.fields.reading import Accepted, Doubtful, Reading, Refused

HOME = "CO"
NEIGHBOURS = ("PE", "VE", "EC")
"""Regions whose local spelling is tried when it is none of ours; always asked about."""

NAMES = frozenset(
    ["cel", "celular", "movil", "tel", "telefono", "wasap", "whatsap", "whatsapp", "wpp", "wsp"]
)  # fmt: skip
"""What customers call a phone beside its number, folded."""

_CODE = "57"
_E_MAIL = re.compile(r"\S@\S")
_RUN = re.compile(r"(?:\+[ (]*|\()?\d[\d().\-'’_· ]*")
_SHORTEST = 6  # digits that may be a number on their own
_LONGEST = 15  # digits of a number (E.164)
_TRUNK = re.compile(r"(?:0{0,2}57){0,2}(?:03|0)?(3\d{9}|60[1-8]\d{7})")
_EACH = re.compile(r"(?:57)?(?:3\d{9}|60[1-8]\d{7})")
_SEVERAL = re.compile(rf"(?:{_EACH.pattern}){{2,}}")
_MOBILE = re.compile(r"\+573\d{9}")
_OLD = re.compile(r"\d{7}|(?:57|03|0)?[124-8]\d{7}")


def read(text: str, *, country: str = HOME) -> Reading:
    """Read a phone; numbers of another country than `country` are asked about."""
    typed = numbers.drop_corrected(correct_lookalikes(plain(text)))
    if _E_MAIL.search(typed):
        return Refused(cause="tel_correo")
    runs = {_digits(run): run for run in _RUN.findall(typed) if len(_digits(run)) >= _SHORTEST}
    if len(runs) > 1:
        return Refused(cause="tel_varios")
    if any(_holds_several(run) for run in runs.values()):
        return Refused(cause="tel_varios")
    digits, run = next(iter(runs.items()), (_digits(typed), typed))
    if not digits:
        return Refused(cause="tel_sin_numero")
    if "+" in run or digits.startswith("00"):
        reading = _international(digits.lstrip("0"))
    elif country == HOME:
        reading = _national(digits)
    else:
        reading = _foreign(digits, country) or Refused(cause="tel_rango")
    return _seen_from(country, reading)


def _holds_several(run: str) -> bool:
    """Tell whether a run, too long for one number, is two whole ones with a blank between."""
    whole = [found for found in numbers.find_numbers(run) if len(found) >= _SHORTEST]
    return len(_digits(run)) > _LONGEST and len(whole) > 1


def _seen_from(country: str, reading: Reading) -> Reading:
    """Abroad, the country's own numbers are no question, and ours are one."""
    if country == HOME or isinstance(reading, Refused):
        return reading
    region = phonenumbers.region_code_for_number(phonenumbers.parse(reading.value))
    if region == country:
        return Accepted(value=reading.value)
    return Doubtful(value=reading.value, cause="tel_extranjero")


def _international(digits: str) -> Reading:
    if digits.startswith(_CODE):
        local = digits.removeprefix(_CODE)
        return _home(local) or Refused(cause="tel_longitud", values={"n": str(len(local))})
    # a "+" before a number of ours is a slip, not another country
    return _foreign(f"+{_mend_prefix(digits)}") or _home(digits) or Refused(cause="tel_rango")


def _national(digits: str) -> Reading:
    reading = _home(digits) or _elsewhere(digits)
    return reading or Refused(cause="tel_longitud", values={"n": str(len(digits))})


def _home(digits: str) -> Reading | None:
    """Read a number of ours; none if it is not one, nor looks like what we know."""
    trunk = _TRUNK.fullmatch(digits)
    if trunk:
        return _ours(trunk[1])
    if len(digits) == 10 and digits.startswith("1"):
        return Refused(cause="tel_parece_doc")
    if _SEVERAL.fullmatch(digits):
        return Refused(cause="tel_varios")
    return Refused(cause="tel_fijo_viejo") if _OLD.fullmatch(digits) else None


def _ours(number: str) -> Reading:
    value = f"+{_CODE}{number}"
    if number.startswith("60"):
        return Doubtful(value=value, cause="tel_fijo")
    known = phonenumbers.is_valid_number(phonenumbers.parse(value))
    return Accepted(value=value) if known else Doubtful(value=value, cause="tel_raro")


def _elsewhere(digits: str) -> Reading | None:
    """Try the neighbours' local spelling, then an international number without its plus."""
    if len(digits) < 9:
        return None
    for region in NEIGHBOURS:
        reading = _foreign(digits, region)
        if reading and digits in _locally(reading.value):
            return reading
    return _foreign(f"+{_mend_prefix(digits)}")


def _locally(e164: str) -> tuple[str, str]:
    """Spell a number as it is dialled in its country, with and without the leading zero."""
    spelling = phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.NATIONAL)
    return _digits(spelling), _digits(spelling).lstrip("0")


def _mend_prefix(digits: str) -> str:
    """Mend what WhatsApp and habit keep: Mexico's old 1, Brazil's mobiles without their 9."""
    if digits.startswith("521") and len(digits) == 13:
        return "52" + digits[3:]
    if re.fullmatch(r"55\d\d[6-9]\d{7}", digits):
        return f"{digits[:4]}9{digits[4:]}"
    return digits


def _foreign(number: str, region: str | None = None) -> Doubtful | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return Doubtful(value=_e164(parsed), cause="tel_extranjero")


def split_ours(digits: str) -> tuple[str, ...]:
    """Take digits apart that are numbers of ours and nothing else: one, or several in a row."""
    if _TRUNK.fullmatch(digits):
        return (digits,)
    return tuple(_EACH.findall(digits)) if _SEVERAL.fullmatch(digits) else ()


def spell(e164: str, style: str) -> str:
    """Spell a number as `e164` or `national`: ten digits for ours, others stay international."""
    home = e164.removeprefix(f"+{_CODE}")
    return home if style == "national" and len(home) == 10 else e164


def mobile(numbers: Iterable[str]) -> str:
    """Give the first of these numbers that takes messages; empty if none does."""
    return next((number for number in numbers if _MOBILE.fullmatch(number)), "")


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")
