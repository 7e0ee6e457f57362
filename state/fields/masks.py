"""The few characters of a datum that may be shown to whoever has not proven that it is theirs."""

import re

from state.fields.folding import fold

_DOT = "•"
_STREETS = {
    "ac", "ak", "autopista", "av", "avenida", "barrio", "calle", "carrera", "circular", "cl",
    "cll", "conjunto", "corregimiento", "cr", "cra", "dg", "diag", "diagonal", "finca",
    "kilometro", "km", "kr", "kra", "manzana", "mz", "tr", "trans", "transversal", "transv", "tv",
    "urb", "urbanizacion", "vda", "vereda", "via",
}  # fmt: skip
"""Words that tell the kind of an address; any other first word may be the address itself."""


def document(number: str) -> str:
    """Keep the last three characters, of a short number the last two."""
    if not number:
        return ""
    shown = 3 if len(number) > 6 else min(2, len(number) // 2)
    return _DOT * 5 + number[len(number) - shown :]


def phone(number: str) -> str:
    """Keep the first three and the last two digits: `300 ••• ••67`; of a short number two."""
    digits = "".join(c for c in number.removeprefix("+57") if c.isdigit())
    if len(digits) < 7:
        return _DOT * 5 if digits else ""
    first = digits[:3] if len(digits) >= 10 else _DOT * 3
    return f"{first} {_DOT * 3} {_DOT * 2}{digits[-2:]}"


def name(full: str) -> str:
    """Keep the first word, and the initials of the others: `Luis A. P.`."""
    first, *others = full.split() or [""]
    return " ".join([first, *(f"{word[0]}." for word in others)])


def show_end(ending: str) -> str:
    """Tell a number by its last digits only: `••67`."""
    return f"{_DOT * 2}{ending}" if ending else ""


def address(text: str) -> str:
    """Keep the kind of street only."""
    if not text.strip():
        return ""
    kind = re.match(r"\s*([^\W\d_]+)\.?", text)
    known = kind is not None and fold(kind[1]) in _STREETS
    return f"{kind[0].strip()} {_DOT * 5}" if kind and known else _DOT * 5


def service(plan: str, street: str) -> str:
    """Tell a service by its plan and the kind of street it is in."""
    return ", ".join(part for part in (plan, address(street)) if part)


def row(plan: str, street: str) -> str:
    """Tell a service in a list of choices, in 24 characters: its plan, and its last two digits."""
    digits = "".join(character for character in street if character.isdigit())[-2:]
    ending = f" · {_DOT}{digits}" if digits else ""
    return f"{plan[: 24 - len(ending)] or 'Servicio'}{ending}"
