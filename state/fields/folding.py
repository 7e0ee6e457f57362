"""Text as people type it, brought to one form before it is read."""

import re
import unicodedata

LONGEST = 500
"""Characters of an answer that is read; a longer one is left unread, never cut: half a number
is a wrong number."""

_HIDDEN = ("Cf", "Mn", "Me")  # direction marks, joiners, stray accents, the frame of a keycap
_DASHES = dict.fromkeys(map(ord, "‐‒–—―−"), "-")
_SKINS = dict.fromkeys(range(0x1F3FB, 0x1F400))  # the tones of a thumb
_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")  # those of Spanish, before all others
_EDGES = ".,;:!¡?¿*_~\"'()"
_USUAL = re.compile(r"[ -~\náéíóúüñÁÉÍÓÚÜÑ¿¡•·→]*")
"""Characters that stay as they are, of which nearly every text consists."""

_LETTER_O = re.compile(r"(?<=\d)[oO]+(?=\d|\b)")
_CONFUSED = re.compile(r"\d[oOlI]")
_LETTER_L = re.compile(r"(?<=\d)[lI](?=\d)")


def plain(text: str) -> str:
    """Normalise width, digits, dashes and blanks; drop what cannot be seen."""
    if len(text) > LONGEST:
        return ""
    if text.isascii() and text.isprintable():  # what most people type
        return " ".join(text.split())
    return " ".join(normalize(text).split())


def normalize(text: str) -> str:
    """Normalise width, digits and dashes; drop what cannot be seen. Blanks and lines stay."""
    if text.isascii() or _USUAL.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(_show(c) for c in normal if unicodedata.category(c) not in _HIDDEN)


def _show(character: str) -> str:
    """Write the digits of every script as ours; what cannot be printed is a blank."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return character if character.isprintable() or character == "\n" else " "


def fold(text: str) -> str:
    """Bring words to one form: no case, no accents, no punctuation at the edges."""
    return " ".join(word.strip(_EDGES) or word for word in strip_accents(plain(text)).split())


def strip_accents(text: str) -> str:
    """Bring letters to one form: no case, no accents; punctuation and blanks stay."""
    bare = text.casefold().translate(_ACCENTS)
    if bare.isascii():
        return bare
    decomposed = unicodedata.normalize("NFD", bare).translate(_SKINS)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def correct_lookalikes(text: str) -> str:
    """Read letters between digits as the digits they look like: 3OO is 300."""
    if not _CONFUSED.search(text):
        return text
    return _LETTER_L.sub("1", _LETTER_O.sub(lambda match: "0" * len(match[0]), text))
