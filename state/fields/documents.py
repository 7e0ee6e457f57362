"""Identity numbers of Colombia, as people type them.

Bounds are wider than the norm: outside the norm the customer is asked, outside the bounds refused.
Sources and samples: the ranges of the Registraduría's series, Resolución 572 of 2022 (PPT), the
check digit of the DIAN (`stdnum.co.nit`).
"""

import re
from collections.abc import Callable

from stdnum.co import nit

from state.fields import numbers
from state.fields.folding import correct_lookalikes, fold, plain
from state.fields.reading import Accepted, Doubtful, Reading, Refused

NAMES = frozenset(
    [
        "cedula", "cc", "ce", "ciudadania", "dni", "doc", "documento", "extranjeria", "id",
        "identidad", "identificacion", "nit", "nuip", "pas", "pasaporte", "passport", "pep",
        "permiso", "ppt", "proteccion", "rut",
    ]
)  # fmt: skip
"""What customers call a document beside its number, folded."""


def read(text: str) -> Reading:
    """Read an identity number: digits, `900123456-8` for a NIT, capitals for a passport."""
    words = fold(numbers.drop_corrected(correct_lookalikes(plain(text))))
    words = CHECK_DIGIT.sub(r"\1-\2", words)
    if _EITHER.search(words) and not _HYPHENATED.search(words):
        return _citizen(words)
    for pattern, kind in _KINDS:
        if pattern.search(words):
            return kind(words)
    return _citizen(words)


def same(one: str, other: str) -> bool:
    """Tell whether two spellings are one document: dots, blanks, hyphens and capitals are none."""
    return condense(one) == condense(other)


def list_spellings(document: str) -> tuple[str, ...]:
    """Spell a document as files have it: plain, with points between thousands; a NIT joined too."""
    number, hyphen, digit = document.partition("-")
    if not number.isdecimal():
        return (document,)
    pointed = f"{int(number):,}".replace(",", ".") + hyphen + digit
    return tuple(dict.fromkeys((document, number + digit, pointed)))


def condense(document: str) -> str:
    """Leave of a document its letters and digits: in two spellings of one they are the same."""
    return "".join(character for character in document.casefold() if character.isalnum())


def add_check_digit(number: str) -> str:
    """Write a NIT of nine digits with the one that it ends in."""
    return f"{number}-{nit.calc_check_digit(number)}"


def _citizen(words: str) -> Reading:
    """Cédula de ciudadanía; the hyphen before one last digit makes it a NIT."""
    if _VENEZUELAN.search(words):
        return Refused(cause="doc_venezolana")
    if _HYPHENATED.search(words):
        return _company(words)
    return _single(words, _cedula)


def _cedula(number: str) -> Reading:
    """3 to 10 digits; the norm is 6 to 8, or 10 that begin with 1."""
    size = len(number)
    if number.startswith("0"):
        return Refused(cause="doc_cero")
    if size < 3 or size > 10:
        return Refused(cause="doc_longitud", values={"n": str(size)})
    if size == 10 and number.startswith("3"):
        return Doubtful(value=number, cause="doc_parece_cel")
    if size == 9:
        return Doubtful(value=number, cause="doc_nueve")
    usual = 6 <= size <= 8 or (size == 10 and number.startswith("1"))
    return _usual(number, usual=usual and not _ALIKE.match(number))


def _foreigner(words: str) -> Reading:
    return _single(words, lambda number: _check_length(number, least=3, most=12, usual=(5, 7)))


def _permit(words: str) -> Reading:
    return _single(words, lambda number: _check_length(number, least=5, most=15, usual=(6, 8)))


def _special_permit(words: str) -> Reading:
    return _single(words, lambda number: _check_length(number, least=10, most=15, usual=(10, 15)))


def _company(words: str) -> Reading:
    hyphened = bool(_HYPHENATED.search(words))
    return _single(words, lambda number: _nit(number, hyphened=hyphened))


def _nit(number: str, *, hyphened: bool) -> Reading:
    """A wrong check digit is refused, a missing one computed and asked about.

    One in ten random cédulas ends in what would be its check digit: only a hyphen, or the ten
    digits of a company, are taken without a question.
    """
    if not 8 <= len(number) <= 16:
        return Refused(cause="doc_otro_longitud", values={"n": str(len(number))})
    if len(number) == 9 and not hyphened:
        return Doubtful(value=f"{number}-{nit.calc_check_digit(number)}", cause="doc_raro")
    if not nit.is_valid(number):
        return Refused(cause="doc_dv")
    value = f"{number[:-1]}-{number[-1]}"
    certain = hyphened or (len(number) == 10 and number.startswith(("8", "9")))
    return Accepted(value=value) if certain else Doubtful(value=value, cause="doc_raro")


def _passport(words: str) -> Reading:
    """6 to 14 letters and digits; letters that stand apart are joined, and asked about."""
    found = _PASSPORT.findall(PASSPORT_WORD.sub(" ", words))
    if len(found) > 1:
        return Refused(cause="doc_varios")
    letters, rest = found[0] if found else ("", "")
    apart = letters if letters not in _FILLERS else ""
    value = (apart + rest).upper()
    if not 6 <= len(value) <= 14:
        return Refused(cause="doc_pasaporte")
    return Doubtful(value=value, cause="doc_raro") if apart else Accepted(value=value)


def _minor(_words: str) -> Reading:
    """Tarjeta de identidad: of minors, whose data are not collected (Ley 1581, art. 7)."""
    return Refused(cause="doc_menor")


def _single(words: str, judge: Callable[[str], Reading]) -> Reading:
    """Judge the only number of a text; neither a letter nor a second number is dropped."""
    bare = _GLUED.sub(" ", words)
    if _MIXED.search(bare):
        return Refused(cause="doc_letras")
    found = list(dict.fromkeys(numbers.find_numbers(bare)))
    if not found:
        return Refused(cause="doc_sin_numero")
    if len(found) > 1:
        return Refused(cause="doc_varios")
    return judge(found[0])


def _check_length(number: str, *, least: int, most: int, usual: tuple[int, int]) -> Reading:
    if not least <= len(number) <= most:
        return Refused(cause="doc_otro_longitud", values={"n": str(len(number))})
    return _usual(number, usual=usual[0] <= len(number) <= usual[1])


def _usual(number: str, *, usual: bool) -> Reading:
    return Accepted(value=number) if usual else Doubtful(value=number, cause="doc_raro")


def _abbreviation(letters: str, also: str = "") -> re.Pattern[str]:
    """Match `ce`, `c.e.`, `c e`, but not the "ce" of "cedula" nor the second half of "c.c e"."""
    dotted = r"\.?\s?".join(letters)
    return re.compile(rf"(?<![a-z.]){dotted}(?![a-z])" + (also and f"|{also}"))


_ALIKE = re.compile(r"(\d)\1+$")
_VENEZUELAN = re.compile(
    r"(?<![a-z0-9])(?:v[-.\s]{0,2}|e[-.])\d{1,2}[. ]?\d{3}[. ]?\d{3}(?![a-z0-9])"
    r"|venezol|venezuela"
)
_HYPHENATED = re.compile(r"(?<![\d\-])\d(?:[. ]?\d){5,14}\s?-\s?\d(?![\d\-]|[ .,'’·_]\d)")
CHECK_DIGIT = re.compile(r"(\d)[\s.,-]*(?<![a-z])d\.?\s?v\b[\s.:#-]*(\d)(?!\d)")
"""How forms print a NIT's check digit: `900.123.456 DV 8`."""

_EITHER = re.compile(
    r"(?<![a-z.])(?:n\.?i\.?t\.?\s?(?:/|o|-|y)?\s?c\.?\s?c|c\.?\s?c\.?\s?(?:/|o|-|y)?\s?n\.?i\.?t)(?![a-z])"
)
"""What forms print for both; without the check digit the number is a person's."""

_MIXED = re.compile(r"(?<![a-z0-9])(?:[a-z]+\d|\d+[a-z])")
_GLUED = re.compile(
    r"(?<![a-z0-9])(?:cc|ce|ppt|pep|nit|nuip|cedula|documento|doc|es|la|el|no|nro|n|numero)(?=\d)"
)
PASSPORT_WORD = re.compile(r"pasaporte|passport|(?<![a-z0-9])pas?(?![a-z0-9])")
"""Names a passport, whose letters may stand apart from its digits."""

_PASSPORT = re.compile(r"(?<![a-z0-9])(?:([a-z]{1,3})[ -])?([a-z0-9]*\d[a-z0-9]*)")
_FILLERS = ("no", "n", "nro", "num", "es", "el", "la", "mi", "de", "con", "y", "o", "e", "n°")
_NUMBERED = r"(?![a-z])[\s.:#°-]*(?:(?:no|nro|num|numero|n|es)[\s.:#°]*)?\d"

_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], Reading]], ...] = (
    (_abbreviation("nit"), _company),
    (_abbreviation("pas", r"pasaporte|passport|(?<![a-z.])pa\s[a-z]{1,3}\d"), _passport),
    (_abbreviation("ppt", "proteccion temporal"), _permit),
    (_abbreviation("pep"), _special_permit),
    (_abbreviation("ce", "extranjeria"), _foreigner),
    # "ti" is a word of its own ("a ti"): the abbreviations count only before a number
    (re.compile(rf"(?<![a-z.])(?:t\.?\s?i|r\.?\s?c)\.?{_NUMBERED}"), _minor),
    (re.compile("tarjeta de identidad|registro civil"), _minor),
)
