"""What else people write about: an outage, a bill, a person, why; one matter a text.

Every word is read as the concepts it may stand for (`state.fields.concepts`); a row of the table
is an order of concepts. The first row that fits counts, so that "cancelar la factura" is a payment.
"""

import re
from enum import StrEnum
from functools import cache

from state.fields.concepts import VOCABULARY, Concept
from state.fields.folding import LONGEST, plain, strip_accents


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


_ROWS: tuple[tuple[Matter, str], ...] = (
    (Matter.ROBOT, "be .. somebody ?"),
    (Matter.ROBOT, "be .. somebody .. robot"),
    (Matter.PERSON, "no want .. robot"),
    (Matter.PERSON, "adviser"),
    (Matter.PERSON, "talk .. somebody"),
    (Matter.PERSON, "somebody .. talk"),
    (Matter.PERSON, "want .. talk"),
    (Matter.HOLDER_DIED, "relative/holder .. died"),
    (Matter.HOLDER_DIED, "died .. relative/holder"),
    (Matter.HOLDER_DIED, "deceased"),
    (Matter.WHY, "why .. ask"),
    (Matter.WHY, "for what .. ask/data/thing/want"),
    (Matter.OUTAGE, "no have .. net"),
    (Matter.OUTAGE, "no have service"),
    (Matter.OUTAGE, "no net/service"),
    (Matter.OUTAGE, "no .. works .. net/service"),
    (Matter.OUTAGE, "no .. works no"),
    (Matter.OUTAGE, "net/service .. no .. works/have"),
    (Matter.OUTAGE, "net .. broken/gone/cut/died"),
    (Matter.OUTAGE, "broken/gone/cut/died .. net/service"),
    (Matter.OUTAGE, "service .. broken/cut"),
    (Matter.OUTAGE, "light red"),
    (Matter.OUTAGE, "net .. red/light"),
    (Matter.MISSING, "no have .. bill/thing"),
    (Matter.MISSING, "no it have"),
    (Matter.MISSING, "no have it"),
    (Matter.MISSING, "lost .. bill/thing"),
    (Matter.MISSING, "it .. lost"),
    (Matter.MISSING, "no .. lost"),
    (Matter.BILL, "how_much .. pay/bill"),
    (Matter.PAYMENT, "stop .. bill"),
    (Matter.PAYMENT, "pay"),
    (Matter.BILL, "bill"),
    (Matter.MOVING, "move"),
    (Matter.MOVING, "change .. place"),
    (Matter.PLAN, "what .. plan .. have"),
    (Matter.PLAN, "how_much .. plan .. have"),
    (Matter.PLAN, "^ my plan/service $"),
    (Matter.PLAN, "know .. my plan/service"),
    (Matter.SALE, "buy"),
    (Matter.SALE, "offer"),
    (Matter.SALE, "want .. net/plan"),
    (Matter.SALE, "how_much .. net/plan"),
    (Matter.OTHERS_SERVICE, "no .. holder"),
    (Matter.OTHERS_SERVICE, "owner_name/holder/service .. relative"),
    (Matter.OTHERS_SERVICE, "of my relative"),
    (Matter.OTHERS_SERVICE, "rent"),
    (Matter.UNKNOWN, "no .. safe"),
    (Matter.SAFE, "fraud"),
    (Matter.SAFE, "be .. safe"),
    (Matter.SAFE, "safe ?"),
    (Matter.ROBOT, "robot"),
    (Matter.WAIT, "wait"),
    (Matter.WAIT, "moment"),
    (Matter.WAIT, "seek"),
    (Matter.UNKNOWN, "no .. know"),
    (Matter.UNKNOWN, "no .. remember"),
    (Matter.UNKNOWN, "^ know $"),
    (Matter.WHY, "^ why"),
    (Matter.WHY, "^ for what"),
    (Matter.WHY, "why ?"),
    (Matter.WHY, "for what ?"),
    (Matter.ANGER, "angry"),
    (Matter.COMPANY, "company"),
    (Matter.THANKS, "^ polite* thanks polite* $"),
)
"""The orders of concepts; `..` stands for up to three words, `?` for the end of a question."""

assert {matter for matter, _ in _ROWS} == set(Matter)

_GAP = r"(?:\w*;){0,3}"
_CODES = {concept: chr(0x100 + at) for at, concept in enumerate(Concept)}  # a letter each
_SIGNS = {"..": _GAP, "?": r"(?:\w*;){0,6}\?", "^": r"(?:^|(?<=\|))", "$": r"(?=\||\?|$)"}


def _compile(row: str) -> str:
    parts = (_SIGNS.get(sign) or _compile_concepts(sign) for sign in row.split())
    return "".join(parts)


def _compile_concepts(sign: str) -> str:
    codes = "".join(_CODES[Concept(name)] for name in sign.removesuffix("*").split("/"))
    word = rf"\w*[{codes}]\w*;"
    return f"(?:{word})*" if sign.endswith("*") else word


_PATTERNS = tuple((matter, re.compile(_compile(row))) for matter, row in _ROWS)
_TOKEN = re.compile(r"[a-z]+|[?.!,;|\n]")


def find_matter(text: str) -> Matter | None:
    """Tell what a text is about; nothing if it is about none of them, or an answer."""
    if len(text) > LONGEST:
        return None
    typed = strip_accents(plain(text))
    read = "".join(_read(token) for token in _TOKEN.findall(typed))
    return next((matter for matter, pattern in _PATTERNS if pattern.search(read)), None)


def _read(token: str) -> str:
    """Write a word as the codes of its concepts, a mark as what it parts."""
    if not token.isalpha():
        return "?" if token == "?" else "|" if token in ".!;" else ""
    return "".join(_encode(word) for word in VOCABULARY.take_apart(token))


def _encode(word: str) -> str:
    return "".join(_CODES[concept] for concept in VOCABULARY.find(word)) + ";"
