"""Words that mean something in every state, and answers to a choice."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from state.fields.choices import drop_idioms, read_command
from state.fields.folding import fold
from state.fields.spelling import one_error
from state.fields.vocabulary import shorten


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
    ERASE = "erase"
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
    Command.MY_DATA: ("mis datos", "mi datos"),
    Command.ERASE: (
        "borrar conversacion", "borrar la conversacion", "borrar mi conversacion",
        "borrar mis datos", "borrar chat", "borrar el chat",
    ),
    Command.REVOKE: ("revocar",),
    Command.NOT_ME: ("no fui yo", "yo no fui", "no he sido yo"),
    Command.WHY: ("por que", "para que", "porque", "por que la piden", "para que la piden"),
    Command.GREETING: (
        "hola", "buenas", "buenos dias", "buen dia", "buenas tardes", "buenas noches", "ola",
    ),
}  # fmt: skip

_YES = (
    "si", "sii", "sip", "claro", "listo", "dale", "ok", "okay", "vale", "correcto", "de una",
    "hagale", "eso es", "asi es", "esta bien", "autorizo", "acepto", "de acuerdo", "si autorizo",
    "yo autorizo", "lo autorizo", "yo acepto",
    "si claro", "claro que si", "si senor", "si senora", "si por favor", "👍",
)  # fmt: skip
_NO = ("no", "nop", "negativo", "no gracias", "no autorizo", "no acepto", "👎")
_YES_WORDS = frozenset(
    [
        "si", "sii", "sip", "sisas", "claro", "listo", "dale", "dele", "hagale", "hagamosle", "ok",
        "okay", "oki", "vale", "correcto", "bueno", "perfecto", "exacto", "afirmativo", "obvio",
        "adelante", "autorizo", "acepto", "confirmo", "👍", "👌", "✅",
    ]
)  # fmt: skip
_NO_WORDS = frozenset(
    [
        "no", "nop", "nel", "negativo", "👎",
    ]
)  # fmt: skip
_COURTESY = frozenset(
    [
        "pues", "por", "favor", "porfa", "porfavor", "gracias", "senor", "senora", "senorita",
        "muchas", "muy", "amable", "de", "una", "esta", "bien", "es", "que", "y", "mijo", "mija",
        "parce", "vecino", "vecina", "sumerce", "hombre", "doctor", "doctora", "nomas", "todo",
        "supuesto", "con", "gusto", "claro", "ahi", "mi", "amor", "corazon", "reina",
        "vida", "jefe", "veci", "🙏", "😊", "🙂", "yo", "lo", "acuerdo", "mismo", "dios",
        "quiero", "mejor",
    ]
)  # fmt: skip
"""What may stand beside a yes or a no; any other word, and it is neither."""
_DECIDE = ("si", "no")
_SURE = 6
"""Letters from which a yes or no may have a typing error: "Clara" is a name, "caro" a complaint."""

_GREETINGS = frozenset(
    ("hola", "ola", "buenas", "buenos", "buen", "dia", "dias", "tardes", "noches")
)
_POLITE = _GREETINGS | {
    "por", "favor", "porfa", "porfavor", "gracias", "quiero", "necesito", "ver", "un", "una", "con",
    "hablar", "el", "la",
}  # fmt: skip
_LONGEST = 3  # words of a message that may be a command: an address may contain "salida"
_POSITIONS = {
    "uno": 1, "dos": 2, "tres": 3, "primera": 1, "primero": 1, "primer": 1, "segunda": 2,
    "segundo": 2, "tercera": 3, "tercero": 3, "tercer": 3,
}  # fmt: skip
_OPTION = frozenset(("la", "el", "opcion", "numero", "boton", "#"))
_NUMBER = re.compile(r"#?(\d{1,2})[.)]?")
_TYPO = 5  # letters from which a word may have one typing error


_SPELLED = {spelling: meant for meant, spellings in _COMMANDS.items() for spelling in spellings}
_LONG: dict[int, list[tuple[str, Command]]] = {}  # by length: where a typing error is forgiven
for _spelling, _meant in _SPELLED.items():
    if len(_spelling) >= _TYPO and " " not in _spelling:
        _LONG.setdefault(len(_spelling), []).append((_spelling, _meant))


def words(text: str) -> list[str]:
    """Fold a text into its words."""
    return fold(text).split()


def command(text: str) -> Command | None:
    """Read a command: the whole message, or what is left of it without greeting and courtesy."""
    said = words(text)
    exact = _command(" ".join(said))
    if exact is not None:
        return exact
    rest = [word for word in said if word not in _POLITE]
    if not rest:
        return Command.GREETING if _GREETINGS.intersection(said) else None
    known = _command(" ".join(rest)) if len(rest) <= _LONGEST else None
    meant = None if known else read_command(text)
    return Command(meant) if meant else known


def _command(said: str) -> Command | None:
    if said and not said.strip("?¿ "):
        return Command.HELP
    exact = _SPELLED.get(said)
    if exact is not None:
        return exact
    near = (
        near for length in range(len(said) - 1, len(said) + 2) for near in _LONG.get(length, ())
    )
    return next((meant for spelling, meant in near if one_error(said, spelling)), None)


def yes_no(text: str) -> Answer | None:
    """Read a plain yes or no; a question is neither."""
    if "?" in text:
        return None
    said = fold(text).replace(",", " ")
    folded = drop_idioms(said).strip()
    if _one_of(folded, _YES) or _consists_of(folded, _YES_WORDS):
        return Answer.YES
    no = _one_of(said, _NO) or _consists_of(said, _NO_WORDS)
    return Answer.NO if no else None


def _consists_of(text: str, meaning: frozenset[str]) -> bool:
    """Tell whether one of those words is there, and nothing else but courtesy."""
    said = {_straighten(shorten(word), meaning) for word in text.split()}
    return not said.isdisjoint(meaning) and said <= meaning | _COURTESY


def _one_of(text: str, meanings: tuple[str, ...]) -> bool:
    return text in meanings or any(one_error(text, meant) for meant in _forgiven(meanings))


def _straighten(word: str, meaning: frozenset[str]) -> str:
    """Give the word whose letters were swapped: "lsito"; no other error is forgiven so short."""
    if word in meaning or len(word) < _TYPO:
        return word
    swapped = (m for m in meaning if sorted(m) == sorted(word) and one_error(word, m))
    return next(swapped, word)


@cache
def _forgiven(meanings: tuple[str, ...]) -> tuple[str, ...]:
    """List the words among them that may have one typing error: long ones."""
    return tuple(meant for meant in meanings if " " not in meant and len(meant) >= _SURE)


def choice(text: str, labels: Sequence[str]) -> int | None:
    """Read a text as one of the labels, or its number; gives the index. A question is none."""
    if "?" in text:
        return None
    typed, folded = fold(text), [_label(label) for label in labels]
    if typed in folded:
        return folded.index(typed)
    near = [i for i, label in enumerate(folded) if len(label) >= _TYPO and _is_near(typed, label)]
    if len(near) == 1:
        return near[0]
    position = _position(typed)
    return position - 1 if 0 < position <= len(labels) else None


def _is_near(typed: str, label: str) -> bool:
    """Tell whether a label has one typing error; never in its yes or no: «yo autorizo» is no no."""
    said, meant = typed.split(), label.split()
    wrong = [b for a, b in zip(said, meant, strict=False) if a != b]
    decides = len(said) == len(meant) and any(word in _DECIDE for word in wrong)
    return not decides and one_error(typed, label)


@cache
def _label(label: str) -> str:
    """Fold a label: there are few, and they are read again and again."""
    return fold(label)


def _position(text: str) -> int:
    """Read `2.`, `opción 2`, `la primera`; 0 if it is none."""
    rest = [word for word in text.split() if word not in _OPTION]
    if len(rest) != 1:
        return 0
    number = _NUMBER.fullmatch(rest[0])
    return int(number[1]) if number else _POSITIONS.get(rest[0], 0)
