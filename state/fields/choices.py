"""A choice in other words than its button's: "déjela así", "con la cédula", "este mismo".

All the words of the text, or of one of its clauses, have to belong to the choice or be courtesy;
beside such a clause nothing may turn it ("pero", "no"). What undoes or forgets something is chosen
by its label only.
"""

import re
from collections.abc import Sequence

from state.fields.folding import LONGEST, plain, strip_accents
from state.fields.vocabulary import Vocabulary, shorten
from state.fields.ways import COMMANDS, DENIED, WAYS, Way

_COURTESY = (
    "ah aja amable amor buen buena buenas bueno buenos claro como con dale del dele dia dias "
    "dios ella en entonces es favor gracias hagale hola la las le les listo lo los me mejor mi "
    "mija mijo mis muy necesito deseo noches ok okay pa para parce pena pofa por porfa porfavor "
    "porfis fa prefiero pues que quiero quisiera se senor senora senorita seria si sii sip sisas "
    "solo su sumerce tarde tardes una un usted vale vea vecina vecino ya yo ay hay al de el y a "
    "nomas"
)
_TURNS = frozenset(
    [
        "antes", "aun", "cuando", "espere", "jamas", "ni", "no", "nunca", "pero", "primero", "sino",
        "si_no", "tampoco", "todavia", "excepto", "salvo", "aunque", "menos",
    ]
)  # fmt: skip
"""What turns a choice, wherever it stands."""

_DENIALS = frozenset(["jamas", "ni", "no", "nunca", "tampoco"])

_CLAUSE = re.compile(r"[,.;:!|]+| (?:que|porque|q|xq|para) ")
_WORD = re.compile(r"[a-z]+|\d+")
_ORDERS = {
    f"{command} {at}": way for command, ways in COMMANDS.items() for at, way in enumerate(ways)
}
_ALL = WAYS | {f"{name} no": way for name, way in DENIED.items()} | _ORDERS
_MEANINGS = Vocabulary({name: way.means for name, way in _ALL.items()}, forgiven=5)
_BESIDE = Vocabulary({name: way.beside for name, way in _ALL.items()}, forgiven=5)
_POLITE = Vocabulary({"polite": _COURTESY}, forgiven=5)

_ASKS = re.compile(
    r"(?:y |pero |a ver )*(?:como|cual|cuando|donde|quien|si no|no se|y si|"
    r"(?:para|por|pa|de|a) que)(?! esta| dice)\b|.*\b(?:para|por|pa|de|a) que\s*$"
)
_PERMITS = re.compile(r"\b(?:doy|damos|tienen?|otorgo)(?: \w+)? per[a-z]{3,5}\b")
_IDIOM = re.compile(r"\b(?:no mas|(?:sin|no hay|no tengo)(?: ningun)? problemas?)\b")
_NOT_NOW = re.compile(r"\bya no\b")
_TAG = re.compile(r"[, ]+(?:no|cierto|verdad|si|ok)\s*\?+\s*$")
_ENDING = re.compile(r"\bque termina\w* en \d{1,4}\b")

Clause = list[str]


def read_choice(text: str, offered: Sequence[tuple[str, str]]) -> str | None:
    """Read a text as one of the choices offered, pairs of name and label; none if it may be two."""
    if len(text) > LONGEST:
        return None
    typed = _ENDING.sub("", _TAG.sub("", drop_idioms(strip_accents(plain(text)))))
    typed = _PERMITS.sub("autorizo", typed)
    if "?" in typed or _ASKS.match(typed):
        return None
    names = [name for name, _ in offered if name in WAYS]
    whole = [name for name in names if _fits_any(name, _split(typed))]
    if len(whole) == 1:
        return whole[0]
    clauses = [_split(clause) for clause in _CLAUSE.split(typed)]
    fits = [name for name in names if not whole and _is_said(name, clauses)]
    return fits[0] if len(fits) == 1 else None


def drop_idioms(typed: str) -> str:
    """Leave out what has a "no" in it and denies nothing: "no más", "sin problema"."""
    return _IDIOM.sub(" ", typed)


def read_command(text: str) -> str | None:
    """Read a whole text as a command by its meaning; gives its name."""
    if len(text) > LONGEST:
        return None
    clause = _split(_NOT_NOW.sub("yano", strip_accents(plain(text))))
    return next((name.split()[0] for name in _ORDERS if _fits(name, clause)), None)


def _split(text: str) -> Clause:
    """List the words that are no courtesy."""
    said = [shorten(word) for word in _WORD.findall(text)]
    return [word for word in said if not _POLITE.find(word)]


def _is_said(name: str, clauses: list[Clause]) -> bool:
    """Tell whether a clause means the choice, and none turns it."""
    fits = [_fits_any(name, clause) for clause in clauses]
    rest = [clause for clause, fit in zip(clauses, fits, strict=True) if not fit]
    return any(fits) and all(_is_quiet(WAYS[name], clause) for clause in rest)


def _is_quiet(way: Way, clause: Clause) -> bool:
    if any(word.isdecimal() for word in clause):
        return False
    return way.denies or way.denied or _TURNS.isdisjoint(clause)


def _fits_any(name: str, clause: Clause) -> bool:
    return _fits(name, clause) or (name in DENIED and _fits(f"{name} no", clause))


def _fits(name: str, clause: Clause) -> bool:
    """Tell whether all words belong to the choice, one means it, and it is denied if it must be."""
    way, denies = _ALL[name], not _TURNS.isdisjoint(clause)
    if denies and not (way.denies or way.denied):
        return False
    means = [name in _MEANINGS.find_all(word) for word in clause]
    beside = (
        name in _BESIDE.find_all(word) or (way.denied and word in _DENIALS) for word in clause
    )
    return any(means) and all(map(max, means, beside)) and (denies or not way.denied)


_PLACES: dict[str, str] = {
    "1": "1 arriba primer primera primero uno",
    "2": "2 dos segunda segundo",
    "3": "3 tercer tercera tercero tres",
    "4": "4 cuarta cuarto cuatro",
    "5": "5 cinco quinta quinto",
    "-1": "abajo ultima ultimo",
}
_PLACE = Vocabulary(_PLACES, forgiven=6)
_UNITS = Vocabulary(
    {"unit": "casa ese esa este internet lista mb mbps mega megas numero opcion plan servicio"},
    forgiven=6,
)
"""Words of a row that tell nothing."""


def read_row(text: str, rows: Sequence[str]) -> int | None:
    """Read which row of a list is meant, by its place or its words: "el segundo", "el de los 50".

    Gives the index; `rows` are what the customer knows of each: its plan, its address.
    """
    if "?" in text or len(text) > LONGEST:
        return None
    said = [word for word in _split(strip_accents(plain(text))) if not _UNITS.find(word)]
    places = {place for word in said[:1] for place in _PLACE.find(word)} if len(said) == 1 else ()
    for place in places:
        at = int(place) - 1 if int(place) > 0 else len(rows) - 1
        if 0 <= at < len(rows):
            return at
    known = [set(_WORD.findall(strip_accents(plain(row)))) for row in rows]
    fits = [at for at, words in enumerate(known) if said and words.issuperset(said)]
    return fits[0] if len(fits) == 1 else None
