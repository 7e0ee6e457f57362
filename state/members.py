"""What a member of staff may be called, and what a member's password may not be: the rules."""

import unicodedata
from collections.abc import Collection
from enum import StrEnum

from state.fields.folding import fold, plain

NAME_LENGTHS = range(2, 41)
"""Characters of a member's name."""

PASSWORD_LENGTHS = range(10, 129)
"""Characters of a member's password; nothing else is asked of them (ASVS 6.2.5)."""

RESERVED = (
    "bot", "asistente", "fila", "cola", "pide una persona", "celular", "celular de la empresa",
    "empresa", "enlace", "sistema", "cliente", "nota", "queue", "api", "whatsapp", "telegram",
    "wisphub", "simulador", "operador", "operator", "servidor",
    "operador del servidor", "nadie", "nadie que se conozca",
)  # fmt: skip
"""Who else speaks or acts in a chat, as pages call them: no member may be called so."""

_MARKS = " .-'"
_TWINS = str.maketrans({"0": "o", "1": "l", "i": "l"})


class NameProblem(StrEnum):
    """Why nobody may be called so."""

    LENGTH = "length"
    LETTERS = "letters"
    """Something else than Latin letters, digits, blanks, points, hyphens and apostrophes."""

    RESERVED = "reserved"
    """The assistant, the queue, or somebody else who speaks in a chat is called so."""

    TAKEN = "taken"
    """A member has that name, or one that looks like it."""


class PasswordProblem(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    """It has leaked somewhere, or is guessed soon."""


def skeleton(name: str) -> str:
    """Reduce a name to what one sees of it: `Ana María`, `ana-maria` and `Ana Mar1a` are alike."""
    return "".join(c for c in fold(name) if c not in _MARKS).translate(_TWINS)


def find_problem(name: str, *, also: Collection[str] = ()) -> NameProblem | None:
    """Tell why nobody may be called so; `also` are further reserved names, as the company's.

    Whether a member is called so already is another question.
    """
    bare = plain(name)
    if len(bare) not in NAME_LENGTHS:
        return NameProblem.LENGTH
    if not all(map(_is_allowed, bare)) or not any(map(str.isalpha, bare)):
        return NameProblem.LETTERS
    if is_reserved(bare, also=also):
        return NameProblem.RESERVED
    return None


def is_reserved(name: str, *, also: Collection[str] = ()) -> bool:
    """Tell whether somebody else is called so, or nearly so."""
    return skeleton(name) in {skeleton(word) for word in (*RESERVED, *also)}


def _is_allowed(character: str) -> bool:
    if character in _MARKS or character in "0123456789":
        return True
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
