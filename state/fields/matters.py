"""What else people write about: an outage, a bill, a person, why; one matter a text.

Every word is read as the concepts it may stand for (`state.fields.concepts`); a row of the table
is an order of concepts. The first row that fits counts, so that "cancelar la factura" is a payment.
"""

import re
from enum import StrEnum

from state.fields.concepts import CONCEPTS, VOCABULARY
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


_ROWS: tuple[tuple[Matter | None, str], ...] = (
    (Matter.UNKNOWN, "no be* sure"),
    (Matter.UNKNOWN, "^ no me* it* se $"),
    (Matter.UNKNOWN, "^ no se no"),
    (Matter.UNKNOWN, "^ no know"),
    (Matter.UNKNOWN, "^ who know"),
    (Matter.PERSON, "no .. want/talk .. robot"),
    (Matter.ROBOT, "robot"),
    (Matter.ROBOT, "be my somebody .. ?"),
    (Matter.ROBOT, "^ polite* be my somebody"),
    (Matter.ROBOT, "be with* my* human"),
    (Matter.ROBOT, "who me be"),
    (Matter.ROBOT, "be .. somebody real"),
    (Matter.ROBOT, "^ be* be real"),
    (Matter.ROBOT, "^ polite* who be* be $"),
    (Matter.SAFE, "fraud"),
    (Matter.WHY, "^ .. why/what .. ask .. adviser"),
    (Matter.COMPANY, "adviser safe"),
    (Matter.PERSON, "adviser/human"),
    (Matter.PERSON, "talk .. office"),
    (Matter.PERSON, "want .. somebody"),
    (Matter.PERSON, "^ polite* call"),
    (Matter.PERSON, "^ with my* somebody"),
    (Matter.PERSON, "talk .. somebody"),
    (Matter.PERSON, "somebody .. talk"),
    (Matter.PERSON, "want .. talk"),
    (Matter.PERSON, "talk .. service/client"),
    (Matter.PERSON, "who .. talk"),
    (Matter.PERSON, "no have somebody"),
    (Matter.SAFE, "what .. do .. data"),
    (Matter.SAFE, "be .. real .. company"),
    (Matter.SAFE, "be .. company .. real"),
    (Matter.SAFE, "be .. safe"),
    (Matter.SAFE, "be .. sure"),
    (Matter.SAFE, "sure be"),
    (Matter.SAFE, "safe"),
    (Matter.HOLDER_DIED, "deceased"),
    (Matter.OUTAGE, "net .. died"),
    (Matter.OUTAGE, "died .. net"),
    (Matter.HOLDER_DIED, "died"),
    (Matter.MOVING, "move"),
    (Matter.MOVING, "change/pass .. place"),
    (Matter.MOVING, "net .. other place"),
    (Matter.BILL, "what .. arrive .. bill"),
    (Matter.WHY, "^ .. why .. ask/thing/data"),
    (Matter.WHY, "by/to what .. ask/thing/data/want"),
    (Matter.WHY, "by what .. ask/thing/data"),
    (Matter.WHY, "what have what know"),
    (Matter.WHY, "what purpose"),
    (Matter.WHY, "what .. do .. thing"),
    (Matter.PLAN, "what plan me"),
    (Matter.SALE, "no/want .. client"),
    (Matter.SALE, "what amount .. net/plan"),
    (Matter.SALE, "buy"),
    (Matter.OUTAGE, "no have .. net"),
    (Matter.OUTAGE, "no have service"),
    (Matter.OUTAGE, "no of* it* net/service"),
    (Matter.OUTAGE, "no .. surf"),
    (Matter.OUTAGE, "no .. function .. net/service"),
    (Matter.OUTAGE, "net/service .. no .. function/have"),
    (Matter.OUTAGE, "net .. broken/go/cut/bad"),
    (Matter.SALE, "have net .. place"),
    (Matter.OUTAGE, "broken/go/cut/repair .. net/service"),
    (Matter.OUTAGE, "service .. broken/cut"),
    (Matter.OUTAGE, "slow"),
    (Matter.OUTAGE, "light .. red"),
    (Matter.OUTAGE, "net .. red/light"),
    (Matter.PAYMENT, "cut .. stop/pay"),
    (Matter.OTHERS_SERVICE, "be who .. pay"),
    (Matter.BILL, "when .. cut"),
    (Matter.OUTAGE, "cut"),
    (Matter.ANGER, "angry"),
    (Matter.COMPANY, "name/of/be/to it* my* company/building"),
    (Matter.COMPANY, "company .. holder"),
    (Matter.WAIT, "wait"),
    (Matter.WAIT, "now/later .. tell/seek"),
    (Matter.WAIT, "tell by it $"),
    (Matter.WAIT, "^ polite* later polite* $"),
    (Matter.MISSING, "no .. have/given .. thing"),
    (Matter.MISSING, "no .. it have/given"),
    (Matter.MISSING, "no have it"),
    (Matter.MISSING, "lose .. thing"),
    (Matter.MISSING, "it .. lose"),
    (Matter.MISSING, "se me lose"),
    (Matter.MISSING, "no .. lose"),
    (Matter.MISSING, "it have my* relative"),
    (Matter.WAIT, "moment"),
    (Matter.WAIT, "want time"),
    (Matter.OTHERS_SERVICE, "no .. my name"),
    (Matter.BILL, "how_much .. pay/bill/month"),
    (Matter.BILL, "when/amount .. pay"),
    (Matter.PAYMENT, "put polite when"),
    (Matter.PAYMENT, "stop .. bill/month"),
    (Matter.PAYMENT, "now .. stop"),
    (Matter.PAYMENT, "pay"),
    (Matter.BILL, "bill"),
    (Matter.MISSING, "no .. arrive .. thing"),
    (Matter.UNKNOWN, "forget"),
    (Matter.OTHERS_SERVICE, "no .. holder"),
    (Matter.OTHERS_SERVICE, "holder .. no"),
    (Matter.OTHERS_SERVICE, "name/holder/service/of/to .. relative"),
    (Matter.OTHERS_SERVICE, "be it* relative"),
    (Matter.OTHERS_SERVICE, "relative .. name/holder"),
    (Matter.OTHERS_SERVICE, "name .. other somebody"),
    (Matter.OTHERS_SERVICE, "rent"),
    (None, "register"),
    (Matter.SALE, "what how_much .. plan"),
    (Matter.PLAN, "how_much/what .. plan .. have"),
    (Matter.PLAN, "how_much .. have .. plan"),
    (Matter.PLAN, "have .. plan/state"),
    (Matter.PLAN, "my plan/service"),
    (Matter.PLAN, "service/net .. state"),
    (Matter.SALE, "offer"),
    (Matter.SALE, "change .. plan"),
    (Matter.SALE, "want .. net/plan/service"),
    (Matter.SALE, "want put"),
    (Matter.SALE, "how_much .. net/plan"),
    (Matter.SALE, "arrive .. place"),
    (Matter.PLAN, "what .. plan"),
    (Matter.SAFE, "no give .. thing"),
    (Matter.SAFE, "who .. data"),
    (Matter.SAFE, "of where .. my data/thing/place/name"),
    (Matter.SAFE, "what .. be .. real"),
    (Matter.WAIT, "seek"),
    (Matter.UNKNOWN, "no me* it* se $"),
    (Matter.UNKNOWN, "no me* se me* it* what/data/thing/to/of/my/place/name/by/if"),
    (Matter.UNKNOWN, "no .. know/remember"),
    (Matter.UNKNOWN, "who know"),
    (Matter.ANGER, "service .. bad"),
    (Matter.ANGER, "bad service"),
    (Matter.ANGER, "no function to no"),
    (Matter.WHY, "why"),
    (Matter.WHY, "by/to what be* $"),
    (Matter.WHY, "^ .. what ask .. data/thing/ask"),
    (Matter.OTHERS_SERVICE, "holder"),
    (Matter.COMPANY, "company"),
    (Matter.PERSON, "somebody ?"),
)
"""The orders of concepts: `..` stands for up to four words but "no", `a*` for any number of a."""

_GRATEFUL, _KIND = "thanks/god", "thanks/god/polite"
"""What has to stand in a text that thanks, and what may: in a longer one it is courtesy."""

assert {matter for matter, _ in _ROWS} - {None} == set(Matter) - {Matter.THANKS}

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


_WHOLE = rf"\A(?:{_compile_concepts(_KIND)}|[|?,])*\Z"
_PATTERNS = (
    (Matter.THANKS, re.compile(_WHOLE), _list_needed(_GRATEFUL)),
    *((matter, re.compile(_compile(row)), _list_needed(row)) for matter, row in _ROWS),
)
_MARKS = {"?": "?", ",": ",", ".": "|", "!": "|", ";": "|"}
_TOKEN = re.compile(r"(?<!\d)[a-z]+(?!\d)|[?.!,;|\n]")


def list_concepts() -> set[str]:
    """List the concepts that the rows name."""
    rows = (row for _, row in (*_ROWS, (None, _KIND)))
    signs = (sign for row in rows for sign in row.split() if sign not in _SIGNS)
    return {name for sign in signs for name in sign.removesuffix("*").split("/")}


def find_matter(text: str) -> Matter | None:
    """Tell what a text is about; nothing if it is about none of them, or an answer."""
    if len(text) > LONGEST:
        return None
    typed = strip_accents(plain(text))
    read = "".join(_read(said) for said in _TOKEN.findall(typed))
    codes = set(read)
    return next(
        (
            matter
            for matter, pattern, needed in _PATTERNS
            if not any(map(codes.isdisjoint, needed)) and pattern.search(read)
        ),
        None,
    )


def _read(said: str) -> str:
    """Write a word as the codes of its concepts, a mark as what it parts."""
    if not said.isalpha():
        return _MARKS.get(said, "")
    return "".join(_encode(word) for word in VOCABULARY.take_apart(said))


def _encode(word: str) -> str:
    return "".join(_CODES[concept] for concept in VOCABULARY.find(word)) + ";"
