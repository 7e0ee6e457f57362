"""What a text calls the number in it: the field that is asked for, something else, or nothing.

At the field's own question a number alone is an answer; anywhere else it may be the price of the
plan. What is not named is asked about, what is named as something else is not the field.
"""

import re
from enum import StrEnum

from state.fields import numbers
from state.fields.folding import correct_lookalikes, fold, plain
from state.fields.offers import Slot, find_offers
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.fields.spelling import one_error
from state.fields.table import FIELDS, Field


class Naming(StrEnum):
    """What a text calls its number."""

    OWN = "own"  # the field
    OTHER = "other"  # another field, or what is none
    CORRECTING = "correcting"  # nothing, beside words that take an answer back
    ALONE = "alone"  # nothing, and there is nothing else
    UNCLEAR = "unclear"  # nothing, within a sentence; both; or it is a question


SLOTS = {Field.DOCUMENT: Slot.DOCUMENT, Field.PHONE: Slot.PHONE}
"""What a text has to offer for a field."""

_AT_A_LOSS = ("doc_sin_numero", "doc_varios", "doc_letras", "tel_sin_numero", "tel_varios")

_ELSE = re.compile(
    r"\$|abonad|cobr|codigo|contrat|cuent|cuot|debe|debo|deud|factur|mensualidad|pag|pedid|peso|"
    r"plan|precio|radicad|recib|referenci|sald|serial|servici|suscri|tarifa|ti(?:cket|quet)|valor"
)
"""How the words begin that tell that a number is no document and no phone."""

_TAKES_BACK = re.compile(
    r"no$|mal$|sino|otr[oa]|mejor|ponga|quise|perdon|disculp|error|equivo|cambi|corr[ei]"
)
_BESIDE = frozenset(
    [
        "a", "ahi", "ahora", "al", "amable", "aqui", "asi", "bien", "buen", "buenas",
        "buenos", "claro", "como", "con", "dale", "de", "decir", "del", "dia", "dias", "el",
        "en", "era", "es", "esa", "ese", "eso", "esta", "este", "expedida", "favor",
        "gracias", "gusto", "hola", "la", "listo", "lo", "mas", "me", "mi", "mia", "mio",
        "muchas", "muy", "n", "noches", "nro", "nueva", "nuevo", "num", "numero", "o", "ok",
        "por", "que", "sea", "senor", "senora", "seria", "si", "soy", "su", "tardes",
        "titular", "vale", "y", "ya",
    ]
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|\$")
_LETTERS = re.compile(r"(?<![a-z])([a-z])[. ]+(?=[a-z](?![a-z]))")
_DENIED = re.compile(r"\bno (?:es|era)\b[^\d,;.]*\d", re.IGNORECASE)
_FORGIVEN = 6  # letters from which a name may have one typing error


def judge(field: Field, text: str) -> Naming:
    """Tell what a text calls its number."""
    typed = correct_lookalikes(plain(text))
    words = _WORD.findall(_LETTERS.sub(r"\1", fold(typed)))
    own, other = _names(field, words), _names_else(field, words)
    if other and not own:
        return Naming.OTHER
    if other or "?" in typed or _DENIED.search(numbers.drop_corrected(typed)):
        return Naming.UNCLEAR
    if own:
        return Naming.OWN
    rest = [word for word in words if word not in _BESIDE]
    if not rest:
        return Naming.ALONE
    corrects = all(_TAKES_BACK.match(word) for word in rest)
    return Naming.CORRECTING if corrects else Naming.UNCLEAR


def read_answer(field: Field, text: str) -> Reading:
    """Read an answer to the field's own question; letters and hyphens make a number plain.

    Where the field's reader is at a loss (a date beside the number, a number in words, a word
    mistyped), what the text offers for the field is the answer.
    """
    info = FIELDS[field]
    reading = info.read(text)
    if isinstance(reading, Refused):
        lost = reading.cause in _AT_A_LOSS
        return (lost and _read_offer(field, text)) or reading
    if info.unmistakable:
        return reading
    naming = judge(field, text)
    if naming is Naming.OTHER:
        return Refused(cause="numero_ajeno", values={"dato": info.noun})
    unclear = naming is Naming.UNCLEAR or not find_offers(text, SLOTS[field])
    if unclear and isinstance(reading, Accepted) and reading.value.isdecimal():
        return Doubtful(value=reading.value, cause=f"{info.prefix}_raro")
    return reading


def _read_offer(field: Field, text: str) -> Reading | None:
    """Read the only number that a text offers for a field, if it surely does."""
    offers = find_offers(text, SLOTS[field])
    alone = len(offers.certain) == 1 and not offers.doubtful and offers.numbers == 1
    return offers.certain[0].read() if alone and offers.certain[0].slot is SLOTS[field] else None


def _names(field: Field, words: list[str]) -> bool:
    """Tell whether one of the words is a name of the field, with one typing error at most."""
    names = FIELDS[field].names
    return any(
        word in names or any(len(n) >= _FORGIVEN and one_error(word, n) for n in names)
        for word in words
    )


def _names_else(field: Field, words: list[str]) -> bool:
    """Tell whether one of the words names what is not the field."""
    fields = (other for other in FIELDS if other is not field)
    return any(_ELSE.match(word) for word in words) or any(_names(f, words) for f in fields)
