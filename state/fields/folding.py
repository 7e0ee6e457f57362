"""Text as people type it, brought to one form before it is read."""

import re
import unicodedata

LONGEST = 500
"""Characters of an answer that are looked at: no document, phone or command is longer."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_LETTER_O = re.compile(r"(?<=\d)[oO]+(?=\d|\b)")
_LETTER_L = re.compile(r"(?<=\d)[lI](?=\d)")


def plain(text: str) -> str:
    """Normalise width and blanks, drop invisible marks and what cannot be printed."""
    normal = unicodedata.normalize("NFKC", text[:LONGEST])
    visible = _INVISIBLE.sub("", normal)
    kept = (c if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF else " " for c in visible)
    return " ".join("".join(kept).split())


def fold(text: str) -> str:
    """Bring words to one form: no case, no accents, no punctuation at the edges."""
    decomposed = unicodedata.normalize("NFD", plain(text).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(word.strip(".,;:!¡?¿*_\"'()") or word for word in bare.split())


def unmistaken(text: str) -> str:
    """Read letters between digits as the digits they look like: 3OO is 300."""
    return _LETTER_L.sub("1", _LETTER_O.sub(lambda found: "0" * len(found[0]), text))
