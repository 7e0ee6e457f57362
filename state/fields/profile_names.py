"""The name that an account gives itself at its channel, as its owner likes: no one vouches for it.

It is shown to staff beside what we know, so it may not look like that, nor hide or turn it.
"""

import unicodedata

_LONGEST = 60  # characters
_READ = 400  # characters that are looked at
_MARKS = 2  # accents on one letter
_BREAKS = ("Cc", "Zl", "Zp", "Zs")
_DROPPED = ("Cf", "Cs", "Co", "Cn")
"""Kinds of characters that show nothing themselves: marks of direction, joiners, private use."""

_OURS = "·•"
"""What separates and masks beside the name."""

_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters that look like nothing."""


def clean_name(text: str) -> str:
    """Make a name fit for a line: 60 characters at most, none of which hides or turns others.

    `""` if nothing is left that can be seen.
    """
    kept, marks = "", 0
    for character in unicodedata.normalize("NFC", text[:_READ]):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind in _BREAKS or character in _OURS or character in _BLANK:
            kept += " "
        elif kind not in _DROPPED and marks <= _MARKS:
            kept += character
    name = " ".join(kept.split())[:_LONGEST].strip()
    return name if any(unicodedata.category(sign)[0] in "LNSP" for sign in name) else ""
