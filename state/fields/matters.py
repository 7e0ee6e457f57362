"""What else people write about: an outage, a bill, a person, why; one matter a text.

Every word is read as the concepts it may stand for (`state.fields.concepts`); a row of the table
is an order of concepts. The first row that fits counts, so that "cancelar la factura" is a payment.
"""

import re
from enum import StrEnum
from functools import lru_cache

from state.fields.concepts import CONCEPTS, VOCABULARY
from state.fields.folding import LONGEST, plain, strip_accents
from state.fields.orders import ORDERS


class Matter(StrEnum):
    """What a text is about that is no answer; the values are stored."""

    OUTAGE = "outage"
    BILL = "bill"
    PAYMENT = "payment"
    MOVING = "moving"
    SALE = "sale"
    PERSON = "person"
    WHY = "why"
    ROBOT = "robot"
    SAFE = "safe"
    WAIT = "wait"
    MISSING = "missing"
    UNKNOWN = "unknown"
    THANKS = "thanks"
    ANGER = "anger"
    OTHERS_SERVICE = "others_service"
    HOLDER_DIED = "holder_died"
    COMPANY = "company"
    PLAN = "plan"


_GRATEFUL, _KIND = "thanks/god", "thanks/god/polite"
"""What has to stand in a text that thanks, and what may: in a longer one it is courtesy."""

assert {matter for matter, _ in ORDERS if matter} == set(Matter) - {Matter.THANKS}

_CODES = {concept: chr(0x100 + at) for at, concept in enumerate(CONCEPTS)}  # a letter each
_GAP = rf"(?:,?[^{_CODES['no']},;|?]*;){{0,4}}"
_SIGNS = {"..": _GAP, "?": r"(?:,?\w*;){0,3}\?", "^": r"(?:^|(?<=\|))", "$": r"(?=[|?,]|$)"}


def _compile(row: str) -> str:
    parts = (_SIGNS.get(sign) or _compile_concepts(sign) for sign in row.split())
    return "".join(parts)


def _compile_concepts(sign: str) -> str:
    codes = "".join(_CODES[name] for name in sign.removesuffix("*").split("/"))
    word = rf",?\w*[{codes}]\w*;"
    return f"(?:{word})*" if sign.endswith("*") else word


def _list_needed(row: str) -> tuple[frozenset[str], ...]:
    """List for each sign of a row that has to stand in a text the codes that it may be."""
    signs = (sign for sign in row.split() if sign not in _SIGNS and not sign.endswith("*"))
    return tuple(frozenset(_CODES[name] for name in sign.split("/")) for sign in signs)


def _count_words(codes: frozenset[str]) -> int:
    return sum(len(CONCEPTS[name].split()) for name, code in _CODES.items() if code in codes)


_WHOLE = rf"\A(?:{_compile_concepts(_KIND)}|[|?,])*\Z"
_PATTERNS = (
    (Matter.THANKS, re.compile(_WHOLE), _list_needed(_GRATEFUL)),
    *(
        (Matter(matter) if matter else None, re.compile(_compile(row)), _list_needed(row))
        for matter, row in ORDERS
    ),
)
_BY_CODE: dict[str, list[int]] = {}
"""Which patterns a text may fit, by the code of each that the fewest words have."""

for _at, _pattern in enumerate(_PATTERNS):
    for _code in min(_pattern[2], key=_count_words):
        _BY_CODE.setdefault(_code, []).append(_at)

_REMEMBERED = 4096  # words whose codes are remembered: most that is written is said again
_MARKS = {"?": "?", ",": ",", ".": "|", "!": "|", ";": "|"}
_TOKEN = re.compile(r"(?<!\d)[a-z]+(?!\d)|[?.!,;|\n]")


def list_concepts() -> set[str]:
    """List the concepts that the rows name."""
    rows = (row for _, row in (*ORDERS, ("", _KIND)))
    signs = (sign for row in rows for sign in row.split() if sign not in _SIGNS)
    return {name for sign in signs for name in sign.removesuffix("*").split("/")}


def find_matter(text: str) -> Matter | None:
    """Tell what a text is about; nothing if it is about none of them, or an answer."""
    if len(text) > LONGEST:
        return None
    typed = strip_accents(plain(text))
    read = "".join(_read(said) for said in _TOKEN.findall(typed))
    codes = set(read)
    for at in sorted({at for code in codes for at in _BY_CODE.get(code, ())}):
        matter, pattern, needed = _PATTERNS[at]
        if not any(map(codes.isdisjoint, needed)) and pattern.search(read):
            return matter
    return None


@lru_cache(maxsize=_REMEMBERED)
def _read(said: str) -> str:
    """Write a word as the codes of its concepts, a mark as what it parts."""
    if not said.isalpha():
        return _MARKS.get(said, "")
    return "".join(_encode(word) for word in VOCABULARY.take_apart(said))


def _encode(word: str) -> str:
    return "".join(_CODES[concept] for concept in VOCABULARY.find(word)) + ";"
