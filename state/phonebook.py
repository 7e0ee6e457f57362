"""WispHub's phone field: often several numbers in one string."""

import re

from state.fields.phones import listed

_SEPARATORS = re.compile(r"[,/;]|\s[oy]\s", re.IGNORECASE)


def add_phone(on_file: str, new: str) -> str:
    """Put a number before those on file; one that stands there already moves to the front."""
    (number,) = listed(new) or (new,)
    others = (part.strip() for part in _SEPARATORS.split(on_file))
    kept = [part for part in others if part and number not in listed(part)]
    return ",".join([new, *kept])
