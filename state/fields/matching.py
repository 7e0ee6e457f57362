"""What a customer says of the service's file: right, wrong, or too little to be judged.

The rules face someone who types whatever may pass. What is typed must say enough by itself, before
the file is looked at, and then everything that counts in it must be in the file: neither one
letter, nor a word of every address, nor a list of guesses is ever right. Every word and number
counts once, however often it is typed, and stands for one word of the file.
"""

import re
from enum import StrEnum

from state.fields.folding import LONGEST, fold
from state.fields.spelling import one_error


class Match(StrEnum):
    """A verdict on one field."""

    NOT_GIVEN = "not_given"  # nothing, too little or "no sé"; or the file itself says nothing
    RIGHT = "right"
    WRONG = "wrong"


_LEAST_NAMES = 2
_TYPO = 5  # letters from which one word of a name may have one typing error
_WORD = 4  # letters from which a word may tell an address
_PLAN_WORD = 3  # letters from which a word may tell a plan: "oro", "vip"
_LEAST_PRICE = 1_000_00  # of cents: "40" may be megas, or a guess
_ROUNDED = 1_000_00

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_NUMBER = re.compile(r"(\d++)([a-h](?![^\W\d_]))?")  # 10, 10a
_LETTERED = re.compile(r"(?<!\d)(\d++)\W{0,3}([a-h])(?![^\W\d_])")  # 10a, 10 A, 10-A
_RUN = re.compile(r"(\d(?:[\d.,'’ ]*\d)?)(?:\s?(mil|k|lucas)(?![^\W\d_]))?")
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,'’ ]\d{3}){1,4}|\d{1,12})(?:[.,](\d{1,2}))?")

_UNKNOWING = frozenset((
    "acuerdo", "ahora", "aplica", "bien", "cual", "decir", "decirle", "el", "es", "estoy", "idea",
    "la", "lo", "me", "na", "nada", "ni", "ninguna", "ninguno", "no", "nose", "que", "recuerdo",
    "sabe", "sabria", "se", "segura", "seguro", "senor", "senora", "tengo",
))  # fmt: skip
"""Words of an answer that, of these alone, says nothing: "no sé", "no me acuerdo bien"."""

_CALLED = frozenset((
    "a", "de", "del", "don", "dona", "e", "el", "es", "esta", "la", "las", "lo", "los", "nombre",
    "senor", "senora", "servicio", "soy", "sr", "sra", "titular", "y",
))  # fmt: skip
"""Words around a name: "de la" are two words of many names, and tell none."""

_STREETS = {
    "calle": "calle", "cl": "calle", "cll": "calle", "clle": "calle",
    "carrera": "carrera", "cra": "carrera", "cr": "carrera", "kr": "carrera", "kra": "carrera",
    "diagonal": "diagonal", "dg": "diagonal", "diag": "diagonal",
    "transversal": "transversal", "tv": "transversal", "tr": "transversal", "trv": "transversal",
    "transv": "transversal",
}  # fmt: skip
"""The streets of a grid: the same numbers of another kind are another house."""

_PLACES = frozenset((
    *_STREETS, "altos", "apartamento", "apto", "autopista", "avenida", "barrio", "bloque", "casa",
    "centro", "cerca", "colombia", "conjunto", "corregimiento", "departamento", "desde",
    "direccion", "edificio", "entrada", "entre", "esquina", "esta", "etapa", "este", "finca",
    "frente", "hacienda", "hasta", "interior", "internet", "junto", "kilometro", "lado", "local",
    "lote", "manzana", "municipio", "norte", "nueva", "nuevo", "numero", "occidente", "oeste",
    "oriente", "para", "parcela", "piso", "predio", "principal", "residencial", "rural", "salida",
    "santa", "santo", "sector", "servicio", "sobre", "torre", "urbanizacion", "urbano", "vereda",
    "villa", "vivo",
))  # fmt: skip
"""Words of any address; shorter ones (`apt`, `mz`, `no`, `v/`, `vda`, `b/`) never count."""

_UNITS = frozenset((
    "bps", "de", "el", "es", "internet", "la", "m", "mb", "mbit", "mbits", "mbps", "mbs", "mega",
    "megabit", "megabits", "megabyte", "megabytes", "megas", "mi", "plan",
))  # fmt: skip
_ANY_PLAN = _PLACES | {"ancha", "banda", "con", "fibra", "inalambrico", "optica", "red", "wifi"}


def name(text: str, on_file: str) -> Match:
    """Judge a name: two words of it or more, in any order, at most one with a typing error."""
    said, known = _tokens(text) - _CALLED, _tokens(on_file) - _CALLED
    enough = sum(word.isalpha() and len(word) > 1 for word in said) >= _LEAST_NAMES
    return _verdict(enough and bool(known), right=_names_match(said, known))


def _names_match(said: set[str], known: set[str]) -> bool:
    """A word with an error must mean one that was not said: "María Mario" is not "María Gómez"."""
    unknown = said - known
    if not unknown:
        return True
    word = unknown.pop()
    return not unknown and any(_is_mistyped(word, meant) for meant in known - said)


def address(text: str, on_file: str) -> Match:
    """Judge an address: two of its numbers, or one and a word that is not of every address.

    The order, and with two numbers any further word, is free: people add the town or the floor.
    """
    said, known = _tokens(text), _tokens(on_file)
    numbers, words = _numbers(text), _places(said)
    certain = len({number.rstrip("abcdefgh") for number in numbers}) > 1  # 10 and 10a are one
    enough = certain or (bool(numbers) and bool(words))
    right = (
        numbers <= _numbers(on_file) | _spellings(on_file)
        and _same_street(said, known)
        and (certain or words <= _places(known))
    )
    return _verdict(enough and bool(known), right=right)


def _numbers(text: str) -> set[str]:
    """List numbers with the letter that hangs on them, without leading zeros."""
    return {_trim(digits) + letter for digits, letter in _NUMBER.findall(_fold(text))}


def _spellings(text: str) -> set[str]:
    """List how else the numbers of a file may be written: 10A is also 10, and 10 A is 10a."""
    found = _LETTERED.findall(_fold(text))
    return {_trim(digits) + other for digits, letter in found for other in ("", letter)}


def _trim(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _places(tokens: set[str]) -> set[str]:
    return {word for word in tokens - _PLACES if word.isalpha() and len(word) >= _WORD}


def _same_street(said: set[str], known: set[str]) -> bool:
    """A calle is not a carrera; whoever names neither does not contradict."""
    kinds = {_STREETS[word] for word in said if word in _STREETS}
    known_kinds = {_STREETS[word] for word in known if word in _STREETS}
    return not kinds or not known_kinds or bool(kinds & known_kinds)


def plan(text: str, on_file: str) -> Match:
    """Judge a plan: the same but for words such as "plan" and "megas"."""
    said, known = _tokens(text) - _UNITS, _tokens(on_file) - _UNITS
    enough = any(word.isdecimal() or len(word) >= _PLAN_WORD for word in said - _ANY_PLAN)
    return _verdict(enough and bool(known), right=said == known)


def price(text: str, on_file: str) -> Match:
    """Judge a monthly price in pesos: to one per cent, or rounded to thousands.

    A peso more or less is within one per cent of any price.
    """
    said, known = _cents(text), _cents(on_file)
    apart = abs(said - known)
    rounded = said % _ROUNDED == 0 and apart * 2 <= _ROUNDED
    return _verdict(min(said, known) >= _LEAST_PRICE, right=apart * 100 <= known or rounded)


def _cents(text: str) -> int:
    """Read the only amount of a text, `$40.000`, `40,000.00`, `40 mil`; 0 if there is not one."""
    runs = _RUN.findall(_fold(text))
    amount = _AMOUNT.fullmatch(runs[0][0]) if len(runs) == 1 else None
    if amount is None:
        return 0
    pesos = int(re.sub(r"\D", "", amount[1]))
    cents = pesos * 100 + int((amount[2] or "").ljust(2, "0"))
    return cents * 1000 if runs[0][1] and pesos < 1000 else cents  # "40.000 mil" is said too


def knows(name: Match, address: Match, plan: Match, price: Match) -> bool:
    """Tell whether somebody knows the file: three fields, among them the name and the address.

    Plan and price are on the provider's web page.
    """
    return name == address == Match.RIGHT and Match.RIGHT in (plan, price)


def knows_all(name: Match, address: Match, plan: Match, price: Match) -> bool:
    """Tell whether all four fields were given, and right."""
    return name == address == plan == price == Match.RIGHT


def _verdict(enough: bool, *, right: bool) -> Match:  # noqa: FBT001  # reads as a sentence
    if not enough:
        return Match.NOT_GIVEN
    return Match.RIGHT if right else Match.WRONG


def _tokens(text: str) -> set[str]:
    """Fold a text into its words and numbers: `Cll5` is two; of a text that says nothing, none."""
    found = set(_TOKEN.findall(_fold(text)))
    return set() if found <= _UNKNOWING else found


def _fold(text: str) -> str:
    """Fold a text; what is too long, if only once folded (ﷺ is 18 letters), is left unread."""
    folded = fold(text)
    return folded if len(folded) <= LONGEST else ""


def _is_mistyped(text: str, meant: str) -> bool:
    """Forgive a long word one error; what has digits in it is right or wrong."""
    long = min(len(text), len(meant)) >= _TYPO
    return long and (text + meant).isalpha() and one_error(text, meant)
