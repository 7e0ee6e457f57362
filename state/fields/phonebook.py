"""The phone field of a directory such as the directory: often several numbers in one text.

For the directory's adapter, and for records of version 0.1, which held such a text: everybody
else knows the numbers.
"""

import re

from state.fields import phones
from state.fields.folding import plain
from state.fields.reading import Refused

_SEPARATORS = re.compile(r"[,/;]|\s[oy]\s", re.IGNORECASE)


def parse(text: str) -> tuple[str, ...]:
    """List the numbers of the field in E.164; what cannot be read stays as digits.

    One part gives one number: who replaces a part by its number must not lose another one.
    """
    return tuple(_number(part) for part in _parts(text) if _digits(part))


def compose(text: str, numbers: tuple[str, ...], style: str) -> str:
    """Write numbers into the field, new ones first, the others as they stand there.

    `style` of the new ones is `e164` or `national`. Words between numbers are kept with them.
    """
    there = parse(text)
    new = [phones.spell(number, style) for number in numbers if number not in there]
    kept = [part for part in _parts(text) if _number(part) in numbers or not _digits(part)]
    return ",".join([*new, *kept] if any(map(_digits, kept)) else new)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _number(part: str) -> str:
    reading = phones.read(part)
    return _digits(part) if isinstance(reading, Refused) else reading.value


def _digits(text: str) -> str:
    return "".join(character for character in plain(text) if character in "0123456789")
