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

_NUMBER = re.compile(r"\d+")
_SURE = {State.ADDRESS: 2, State.PLAN: 1, State.PRICE: 1}
"""From how many numbers on a text answers, whatever else it is about; of a name none do."""

_IN_WORDS = re.compile(
    r"\b(?:mil|cien|ciento|veinti\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)\b"
)
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
    if state in _MAY_LACK and matter is Matter.UNKNOWN:
        return True
    if state is State.PRICE and _IN_WORDS.search(fold(text)):
        return True
    if _GIVEN[state](text) is Match.NOT_GIVEN:
        return False
    if len(_NUMBER.findall(text)) >= _SURE.get(state, len(text)):
        return matter in _BESIDE or state is not State.PLAN
    return matter in _ALONG and "?" not in text and "¿" not in text


def leave_out(text: str, offers: Iterable[Offer]) -> str:
    """Leave out of a text the clauses that hold offers; gives the rest."""
    numbers = [_spelled(one) for one in offers if any(c.isdigit() for c in one.value)]
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


def _spelled(offer: Offer) -> re.Pattern[str]:
    """Make a pattern for a number, however it is grouped."""
    digits = [character for character in offer.value if character.isdigit()]
    return re.compile(_BETWEEN.join(digits))
