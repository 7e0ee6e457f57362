"""Text with the personal data in it masked, for whoever may not read them.

What can be found by its look: runs of six digits and more, however they are grouped, invitation
codes, and whatever a link carries. A name or a street cannot: where the dialog knows that a text
is one, all of it is hidden (`handlers.pages.masking`).
"""

import re
from collections.abc import Iterator
from itertools import groupby

from state.fields import masks
from state.fields.documents import PASSPORT_WORD
from state.fields.folding import correct_lookalikes, fold, normalize
from state.fields.invitations import SYMBOL

SHORTEST = 6
"""Digits from which a number is personal: shorter ones are amounts, plans, houses."""

HIDDEN = "•" * 5
"""What stands where nothing may be shown."""

_ANY = re.compile(r"\d(?:[\W_]*\d)*")
_WITHIN = re.compile(r"\d(?:[^\w→*:/\n]*\d)*")
"""As the bot writes: an arrow, a star, a colon, a slash or a new line parts two numbers."""

_REFERENCE = re.compile(
    r"(?:olicitud \*?|omprobante: \*|cambio |\d(?:, | \()código |\(radicado |termina en \*)$"
)
"""After which words a code names a request or a consent, or what follows is masked already."""

_REPEATED = re.compile(r"\* ?([^\W_]{0,20}\d[^\W_]{0,20})(?=[*,\n]|$)")
"""One word with digits to which the bot gives weight: it may be a short document."""

_LINK = re.compile(r"(?<=\w\?)[^\s=]{0,100}=\S+|(?<=/start )\S{6,}")
_GAP = r"[\s-]{0,3}"
_INTRODUCED = re.compile(
    rf"(?:vincular|c[oó]digo|/start)(?: es)?\W*({SYMBOL}(?:{_GAP}{SYMBOL}){{7}})(?!\w)",
    re.IGNORECASE,
)
_CODE = re.compile(rf"\b({SYMBOL}{{4}}{_GAP}{SYMBOL}{{4}})(?!\w)", re.IGNORECASE)
_NAMES_CODE = re.compile(r"[nN][cC][uU][lL]|[dD][iI][gG][oO]|/[sS][tT]")
_WORD = re.compile(r"[^\W_]+")
_CAUSE = re.compile(r"[\d=]|vincular|c[oó]digo|/start", re.IGNORECASE)
_LEAST = 3  # digits of the shortest document
_MIXED = 5  # characters from which letters and digits together may be a passport


def redact(text: str, *, by_bot: bool = False, shown: frozenset[str] = frozenset()) -> str:
    """Mask what looks personal, whoever wrote it; digits in `shown` are known to be nobody's."""
    plain = normalize(text)
    if not _CAUSE.search(plain):
        return text
    runs = _WITHIN if by_bot else _ANY
    hidden = _hide_codes(_LINK.sub(HIDDEN, plain) if "=" in plain or "/" in plain else plain)
    if by_bot:
        hidden = _REPEATED.sub(_hide_repeated, hidden)
    masked = _replace(
        hidden, ((*run.span(), run[0]) for run in runs.finditer(correct_lookalikes(hidden))), shown
    )
    return text if masked == plain else masked


def list_numbers(text: str) -> list[str]:
    """List the digits of every number that the bot's text has, however it is grouped."""
    return ["".join(filter(str.isdigit, run)) for run in _WITHIN.findall(text)]


def redact_answer(text: str) -> str:
    """Mask every number, however short, and every word with digits in it: a document may be so."""
    if PASSPORT_WORD.search(fold(text)):
        return HIDDEN
    plain = normalize(text)
    words = [
        word for word in _WORD.finditer(correct_lookalikes(plain)) if any(map(str.isdigit, word[0]))
    ]
    digits = sum(map(str.isdigit, plain))
    if digits < _LEAST and not any(_may_be_passport(word[0]) for word in words):
        return redact(text)
    return _hide_codes(_mask_words(plain))


def _may_be_passport(word: str) -> bool:
    return len(word) >= _MIXED and not word.isdigit()


def _mask_words(plain: str) -> str:
    """Mask the words with digits; those that follow each other are one."""
    words = _WORD.finditer(correct_lookalikes(plain))
    groups = groupby(words, key=lambda word: any(map(str.isdigit, word[0])))
    spans = ([*group] for numeric, group in groups if numeric)
    return _replace(
        plain,
        ((one[0].start(), one[-1].end(), "".join(word[0] for word in one)) for one in spans),
        least=1,
    )


def _hide_codes(text: str) -> str:
    if _NAMES_CODE.search(text):
        text = _INTRODUCED.sub(_hide_code, text)
    return _CODE.sub(_hide_code, text)


def _hide_code(found: re.Match[str]) -> str:
    """Hide what the reader of invitations would take for a code, unless it names a request."""
    code, compact = found[1], found[1].isalnum()
    mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
    is_code = mixed or (found.re is _INTRODUCED and compact)
    hides = is_code and not _is_named(found)
    return found[0].replace(code, HIDDEN) if hides else found[0]


def _hide_repeated(found: re.Match[str]) -> str:
    word = found[1]
    short = len(word) < _LEAST or _is_named(found)
    return found[0] if short else found[0].replace(word, _mask(word))


def _is_named(found: re.Match[str]) -> bool:
    """Tell whether the words before it say that it is nothing personal."""
    start = found.start(1)
    return _REFERENCE.search(found.string, max(0, start - 20), start) is not None


def _replace(
    text: str,
    found: Iterator[tuple[int, int, str]],
    shown: frozenset[str] = frozenset(),
    *,
    least: int = SHORTEST,
) -> str:
    """Put masks in the place of what was found: start, end, and how it reads."""
    parts, end = [], 0
    for start, stop, read in found:
        value = "".join(filter(str.isalnum, read))
        if len(value) >= least and value not in shown:
            parts += [text[end:start], _mask(value)]
            end = stop
    return "".join([*parts, text[end:]])


def _mask(value: str) -> str:
    """Mask as the card beside the log does; of six digits, as a one-time code has, show none."""
    if len(value) == SHORTEST:
        return HIDDEN
    national = value.removeprefix("57") if len(value) == 12 else value
    if len(national) == 10 and national.startswith(("3", "60")):
        return masks.phone(national)
    return masks.document(value)
