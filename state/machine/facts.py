"""Answers about the file: whether a text is one, before anybody looks at the file."""

import re
from collections.abc import Callable, Iterable

from state.fields import matching
from state.fields.folding import fold
from state.fields.matching import Match
from state.fields.matters import Matter
from state.fields.offers import Offer
from state.states import FACTS, State

_GIVEN: dict[State, Callable[[str], Match]] = {
    State.NAME: lambda text: matching.name(text, "ana"),
    State.ADDRESS: lambda text: matching.address(text, "calle 1"),
    State.PLAN: lambda text: matching.plan(text, "plan 1"),
    State.PRICE: lambda text: matching.price(text, "60000"),
}
"""Judges whether a text says enough: against any file, for that does not depend on it."""

assert _GIVEN.keys() == set(FACTS)

_MAY_LACK = (State.PLAN, State.PRICE)
"""What a customer may not know, and still be believed."""

_ALONG = (None, Matter.THANKS)
_BESIDE = (*_ALONG, Matter.PAYMENT, Matter.BILL, Matter.PLAN, Matter.UNKNOWN)
"""What a plan may be told beside; any other matter is asked about."""

_MISTAKEN = (Matter.OTHERS_SERVICE, Matter.COMPANY, Matter.PAYMENT, Matter.BILL)
"""What an answer in so many words may read as."""

_LONGEST_PLAN = 6
"""Words of a plan told without a number: what is longer is a sentence about something else."""

_NUMBER = re.compile(r"\d+")
_SURE = {State.ADDRESS: 2, State.PLAN: 1, State.PRICE: 1}
"""From how many numbers on a text answers, whatever else it is about; of a name none do."""

_IN_WORDS = re.compile(
    r"\b(?:mil|cien|ciento|veinti\w+|treinta|cuarenta|[cs]incuenta|[sc]e[sc]enta|setenta|ochenta|"
    r"noventa|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|"
    r"veinte|dieci\w+)\b"
)
"""Numbers in words, which the file's own reader does not know."""

_STREET = re.compile(
    r"\b(?:ca?l?le?|cll?|carrera|cra|kra|diagonal|transversal|avenida|manzana|mz)\b"
)
_UNKNOWN = re.compile(r"\b(?:no (?:me )?(?:se|acuerdo|recuerdo)|ni idea|quien sabe)\b")
_MEGAS = re.compile(r"\b(?:megas?|mb|mbps|gigas?|fibra)\b")
_CALLED = re.compile(
    r".*\b(?:a nombre de|titular es|se llama|es de)\s+"
    r"(?:mi \w+ )?(?:don |dona |la senora |el senor |el |la )?(?=\w+ \w)"
)
_COMPANY = re.compile(r"\b(?:s ?\.? ?a ?\.? ?s|ltda|limitada|inversiones|cia|fundacion|e ?u)\b")
_CLAUSE = re.compile(r"[,;\n]|\.(?=\s)|\sy\s", re.IGNORECASE)
_LABELS = frozenset(
    [
        "cc", "c", "ce", "cedula", "cedul", "cel", "celu", "celular", "con", "de", "doc",
        "documento", "el", "es", "identidad", "la", "mi", "movil", "nit", "no", "nro", "num",
        "numero", "pasaporte", "pep", "ppt", "sedula", "selular", "servicio", "su", "tel",
        "telefono", "whatsapp", "y",
    ]
)  # fmt: skip
_BETWEEN = r"[\s.,'’()-]{0,3}"


def is_fact(state: State, text: str, matter: Matter | None) -> bool:
    """Tell whether a text answers what is asked about the file, whatever stands there.

    Numbers decide an address, a price, and a plan; of a name any two words might be one, so that
    a question or another matter is no name.
    """
    folded = fold(text)
    if state in _MAY_LACK and (matter is Matter.UNKNOWN or _UNKNOWN.search(folded)):
        return True
    if _is_in_words(state, folded):
        return True
    if _GIVEN[state](text) is Match.NOT_GIVEN:
        return False
    if len(_NUMBER.findall(text)) >= _SURE.get(state, len(text)):
        return matter in _BESIDE or state is not State.PLAN
    if state is State.PLAN and len(folded.split()) > _LONGEST_PLAN:
        return _is_named(state, folded)
    plain = matter in _ALONG or (matter in _MISTAKEN and _is_named(state, folded))
    return plain and "?" not in text and "¿" not in text


def strip(state: State, text: str) -> str:
    """Leave of an answer what stands on file: "a nombre de mi mamá, Ana Gómez"."""
    found = _CALLED.match(fold(text)) if state is State.NAME else None
    return text if found is None else fold(text)[found.end() :]


def _is_in_words(state: State, folded: str) -> bool:
    """Tell whether numbers are given in words: they are no less an answer."""
    numbers = len(_IN_WORDS.findall(folded))
    return (state is State.PRICE and numbers > 0) or (
        state is State.ADDRESS and numbers > 1 and _STREET.search(folded) is not None
    )


def _is_named(state: State, folded: str) -> bool:
    """Tell whether a text says itself that it is the answer, though it reads as another matter."""
    by = {State.NAME: (_CALLED, _COMPANY), State.PLAN: (_MEGAS,)}
    return any(pattern.search(folded) for pattern in by.get(state, ()))


def leave_out(text: str, offers: Iterable[Offer]) -> str:
    """Leave out of a text the clauses that hold offers; gives the rest."""
    numbers = [_spell(one) for one in offers if any(c.isdigit() for c in one.value)]
    kept = [_cut(clause, numbers) for clause in _CLAUSE.split(text)] if numbers else [text]
    return ", ".join(clause for clause in kept if clause)


def _cut(clause: str, numbers: list[re.Pattern[str]]) -> str:
    """Leave what stands in a clause before a number and its label."""
    found = [match.start() for number in numbers if (match := number.search(clause))]
    if not found:
        return clause.strip()
    words = clause[: min(found)].split()
    while words and fold(words[-1]).strip(" .:#-") in _LABELS:
        words.pop()
    return " ".join(words)


def _spell(offer: Offer) -> re.Pattern[str]:
    """Make a pattern for a number, however it is grouped."""
    digits = [character for character in offer.value if character.isdigit()]
    return re.compile(_BETWEEN.join(digits))
