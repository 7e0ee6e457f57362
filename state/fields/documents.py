"""Identity numbers of Colombia, as people type them.

Bounds are wider than the norm: outside the norm the customer is asked, outside the bounds refused.
Sources and samples: the ranges of the Registraduría's series, Resolución 572 of 2022 (PPT), the
check digit of the DIAN (`stdnum.co.nit`).
"""

import re
from collections.abc import Callable

from stdnum.co import nit

from state.fields import numbers
from state.fields.folding import fold, plain, unmistaken
from state.fields.reading import Accepted, Doubtful, Reading, Refused

_CORRECTED = re.compile(r"\bno (?:es|era)\b.*?\d.*\b(?:es|sino)\b(.*)", re.IGNORECASE | re.DOTALL)
_CITIZEN = re.compile(r"(?<![a-z])c\.?\s?c\.?(?![a-z])|cedula")
_VENEZUELAN = re.compile(r"(?<![a-z0-9])[ve][-.\s]{0,2}\d{1,2}[.\d]{5,9}(?!\w)")
_HYPHENATED = re.compile(r"\d{3}[. ]?\d{3}[. ]?\d{3}\s?-\s?\d\b")
_MIXED = re.compile(r"(?<![a-z0-9])(?:[a-z]+\d|\d+[a-z])[a-z0-9]*")
_PASSPORT = re.compile(r"(?<![a-z0-9])(?=[a-z0-9]*\d)[a-z]{0,3}\d[a-z0-9]{3,12}(?![a-z0-9])")
_ALIKE = re.compile(r"^(\d)\1+$")


def read(text: str) -> Reading:
    """Read an identity number: digits, `900123456-8` for a NIT, capitals for a passport."""
    typed = unmistaken(plain(text))
    corrected = _CORRECTED.search(typed)
    words = fold(corrected[1] if corrected else typed)
    for pattern, kind in _KINDS:
        if pattern.search(words):
            return kind(words)
    return _citizen(words)


def _citizen(words: str) -> Reading:
    """Cédula de ciudadanía: 3 to 10 digits; the norm is 6 to 8, or 10 that begin with 1."""
    if _VENEZUELAN.search(words):
        return Refused(cause="doc_venezolana")
    if _HYPHENATED.search(words):
        return _company(words)
    if not _CITIZEN.search(words) and _MIXED.search(words):
        return Refused(cause="doc_letras")
    return _single(words, _cedula)


def _cedula(number: str) -> Reading:
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
    return _single(words, lambda number: _sized(number, least=3, most=12, usual=(5, 7)))


def _permit(words: str) -> Reading:
    return _single(words, lambda number: _sized(number, least=5, most=15, usual=(6, 8)))


def _special_permit(words: str) -> Reading:
    return _single(words, lambda number: _sized(number, least=10, most=15, usual=(10, 15)))


def _company(words: str) -> Reading:
    """NIT: a wrong check digit is refused, a missing one computed and asked about."""
    return _single(words, _nit)


def _nit(number: str) -> Reading:
    if len(number) == 9:
        return Doubtful(value=f"{number}-{nit.calc_check_digit(number)}", cause="doc_raro")
    if not nit.is_valid(number):
        return Refused(cause="doc_dv")
    return Accepted(value=f"{number[:-1]}-{number[-1]}")


def _passport(words: str) -> Reading:
    found = _PASSPORT.findall(re.sub(r"pasaporte|\bpas\b", " ", words))
    if len(found) == 1 and 6 <= len(found[0]) <= 14:
        return Accepted(value=found[0].upper())
    return Refused(cause="doc_varios" if len(found) > 1 else "doc_pasaporte")


def _minor(_words: str) -> Reading:
    """Tarjeta de identidad: of minors, whose data are not collected (Ley 1581, art. 7)."""
    return Refused(cause="doc_menor")


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], Reading]], ...] = (
    (re.compile(r"(?<![a-z])nit(?![a-z])"), _company),
    (re.compile(r"pasaporte|(?<![a-z])pas(?![a-z])"), _passport),
    (re.compile(r"(?<![a-z])ppt(?![a-z])|proteccion temporal"), _permit),
    (re.compile(r"(?<![a-z])pep(?![a-z])"), _special_permit),
    (re.compile(r"(?<![a-z])c\.?\s?e\.?(?![a-z])|extranjeria"), _foreigner),
    (re.compile(r"(?<![a-z])t\.?\s?i\.?(?![a-z])|tarjeta de identidad"), _minor),
)


def _single(words: str, judge: Callable[[str], Reading]) -> Reading:
    """Judge the only number of a text; a second one is never dropped silently."""
    found = numbers.found(words)
    if not found:
        return Refused(cause="doc_sin_numero")
    if len(found) > 1:
        return Refused(cause="doc_varios")
    return judge(found[0])


def _sized(number: str, *, least: int, most: int, usual: tuple[int, int]) -> Reading:
    if not least <= len(number) <= most:
        return Refused(cause="doc_otro_longitud", values={"n": str(len(number))})
    return _usual(number, usual=usual[0] <= len(number) <= usual[1])


def _usual(number: str, *, usual: bool) -> Reading:
    return Accepted(value=number) if usual else Doubtful(value=number, cause="doc_raro")
