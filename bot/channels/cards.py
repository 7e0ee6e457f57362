"""Contact cards, which hold several numbers in any order."""

import re
from collections.abc import Iterable

_MOBILE = re.compile(r"(?:57)?3[0-9]{9}")


def choose_phone(phones: Iterable[str]) -> str:
    """Choose from a card's numbers, in digits: the first mobile, or else the first; else empty."""
    found = [phone for phone in phones if phone]
    return next((phone for phone in found if _MOBILE.fullmatch(phone)), next(iter(found), ""))
