"""Words that mean something in every state, and answers to a choice."""

import re
from collections.abc import Sequence
from enum import StrEnum

from state.fields.folding import fold


class Command(StrEnum):
    """What works in every state."""

    BACK = "back"
    CANCEL = "cancel"
    HELP = "help"
    REPEAT = "repeat"
    PERSON = "person"
    RESTART = "restart"
    STATUS = "status"
    MY_DATA = "my_data"
    REVOKE = "revoke"
    NOT_ME = "not_me"
    WHY = "why"
    GREETING = "greeting"


class Answer(StrEnum):
    """A plain yes or no."""

    YES = "yes"
    NO = "no"


_COMMANDS = {
    Command.BACK: ("atras", "volver", "devolver", "anterior", "regresar"),
    Command.CANCEL: ("cancelar", "salir", "terminar", "chao", "ya no", "ya no quiero", "/cancel"),
    Command.HELP: ("ayuda", "help", "?", "opciones", "menu", "/help", "/ayuda"),
    Command.REPEAT: ("repetir", "otra vez", "no vi", "repita", "/repetir"),
    Command.PERSON: ("asesor", "asesora", "humano", "persona", "agente", "soporte", "alguien"),
    Command.RESTART: ("reiniciar", "empezar de nuevo", "inicio", "/start", "comenzar de nuevo"),
    Command.STATUS: ("estado", "en que va", "como va"),
    Command.MY_DATA: ("mis datos",),
    Command.REVOKE: ("revocar",),
    Command.NOT_ME: ("no fui yo",),
    Command.WHY: ("por que", "para que", "porque", "por que la piden", "para que la piden"),
    Command.GREETING: (
        "hola", "buenas", "buenos dias", "buen dia", "buenas tardes", "buenas noches", "ola",
    ),
}  # fmt: skip

_YES = (
    "si", "sii", "claro", "listo", "dale", "ok", "okay", "correcto", "de una", "hagale", "eso es",
    "autorizo", "acepto", "de acuerdo", "si autorizo", "si claro", "si senor", "si senora", "👍",
)  # fmt: skip
_NO = ("no", "nop", "negativo", "no gracias", "no autorizo", "no acepto")
_POLITE = ("por favor", "porfa", "porfavor", "gracias", "quiero", "un", "una", "con", "hablar", "el", "la")
_LONGEST = 3  # words of a message that may be a command: an address may contain "salida"
_ORDINALS = {"primera": 1, "primero": 1, "segunda": 2, "segundo": 2, "tercera": 3, "tercero": 3}
_NUMBER = re.compile(r"(?:la |el )?(?:opcion |numero )?(\d{1,2})[.)]?")
_TYPO = 5  # letters from which a word may have one typing error


def words(text: str) -> list[str]:
    """Fold a text into its words."""
    return fold(text).split()


def command(text: str) -> Command | None:
    """Read a command: the whole message, or a short one that says it politely."""
    folded = fold(text)
    for meant, spellings in _COMMANDS.items():
        if any(_alike(folded, spelling) for spelling in spellings):
            return meant
    said = folded.split()
    rest = [word for word in said if word not in _POLITE]
    if len(said) > _LONGEST + 1 or len(rest) != 1 or rest == said:
        return None
    return command(rest[0])


def yes_no(text: str) -> Answer | None:
    """Read a plain yes or no."""
    folded = fold(text)
    if folded in _YES:
        return Answer.YES
    return Answer.NO if folded in _NO else None


def choice(text: str, labels: Sequence[str]) -> int | None:
    """Read a text as one of the labels, or its number; gives the index."""
    folded = fold(text)
    for index, label in enumerate(labels):
        if folded and _alike(folded, fold(label)):
            return index
    number = _NUMBER.fullmatch(folded)
    ordinal = _ORDINALS.get(folded.removeprefix("la ").removeprefix("el "))
    position = int(number[1]) if number else ordinal
    return position - 1 if position and position <= len(labels) else None


def _alike(typed: str, meant: str) -> bool:
    """Tell whether two texts are the same but for one typing error in a long word."""
    if typed == meant:
        return True
    if " " in meant or len(meant) < _TYPO or abs(len(typed) - len(meant)) > 1:
        return False
    return _one_error(typed, meant)


def _one_error(typed: str, meant: str) -> bool:
    """One letter more, less, other, or two neighbours swapped (Damerau-Levenshtein 1)."""
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    left, right = typed[start:], meant[start:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
