"""The numbers that a text mentions, each with what the words around it say of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from state.fields import numbers
from state.fields.documents import CHECK_DIGIT
from state.fields.labels import STRUCK, Label, find_labels

KINDS = (
    Label.PLAIN, Label.NIT, Label.FOREIGNER, Label.PERMIT, Label.SPECIAL_PERMIT, Label.PASSPORT,
    Label.PHONE, Label.SERVICE, Label.OTHER, Label.MONEY,
)  # fmt: skip
"""Labels that name a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A number, and what is said of it.

    Attributes:
        text: its digits, with the plus before them, a NIT's hyphen, a passport's letters.
        label: what it is called.
        close: nothing but fillers stand between the label and it.
        joined: nothing stands between it and its neighbour but "o", "y" or a mark.
        taken_back: "no es …", "… perdón", "cambie el … por".
        corrects: it takes the place of what was said before.
        asked: it is within a question.
        elsewhose: it may be somebody else's.
        unknown: words stand beside it that say we do not know what.
    """

    text: str
    label: Label | None
    close: bool
    joined: bool
    taken_back: bool
    corrects: bool
    asked: bool
    elsewhose: bool
    unknown: bool

    @property
    def digits(self) -> str:
        """Its digits alone."""
        return "".join(filter(str.isdecimal, self.text))


_LETTERS = re.compile(r"(?<![a-z])([a-z])[. ]+(?=[a-z](?![a-z]))")
_TOKEN = re.compile(
    r"(?P<alien>(?<![a-z0-9])(?:v[-.\s]{0,2}|e[-.])\d{1,2}[. ]?\d{3}[. ]?\d{3}(?![a-z0-9]))"
    r"|(?P<company>(?<![\d\-])\d(?:[. ]?\d){5,14}\s?-\s?\d(?![\d\-]|[ .,'’·_]\d))"
    r"|(?P<run>(?:\+[ (]*|\()?\d(?:[\d.,'’`·•_\-() ]*\d)?)"
    r"|(?P<word>[a-z]+)"
    r"|(?P<mark>[,.;:?!|~])"
)
_STOPS = frozenset(".;?!|")
_JOINING = frozenset(["o", "y", "u", ",", "/"])
_GLUED = re.compile(r"(?:57)?3\d{9}|1\d{9}")
_EACH = re.compile(rf"(?:{_GLUED.pattern}){{2,}}")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def find_mentions(typed: str) -> list[Mention]:
    """List the numbers of a text, which has neither capitals nor accents; a bar ends a line."""
    joined = CHECK_DIGIT.sub(r"\1-\2", _LETTERS.sub(r"\1", typed))
    found, gaps = _split(STRUCK.sub(" ~ ", joined))
    return [_judge(found, gaps, index) for index in range(len(found))]


def _split(typed: str) -> tuple[list[str], list[list[str]]]:
    """Part a text into its numbers and the words and marks before, between and after them."""
    found: list[str] = []
    gaps: list[list[str]] = [[]]
    for token in _TOKEN.finditer(typed):
        match token.lastgroup:
            case "word" | "mark":
                gaps[-1].append(token[0])
            case "alien":
                gaps[-1].append("~")
            case "company":
                found.append(re.sub(r"[^\d-]", "", token[0]))
                gaps.append([])
            case _:
                for number in _take_apart(token[0]):
                    found.append(number)
                    gaps.append([])
    return found, gaps


def _take_apart(run: str) -> Iterable[str]:
    """List the numbers of a run of digits and what stands between them."""
    digits = re.sub(r"\D", "", run)
    if run.startswith("+"):
        return ("+" + digits,)
    if _EACH.fullmatch(digits):
        return _GLUED.findall(digits)
    return [number for part in run.split(", ") for number in numbers.find_numbers(part)]


def _judge(found: list[str], gaps: list[list[str]], index: int) -> Mention:
    left, right = _left(gaps[index]), _right(gaps[index + 1])
    name, close = _name(left)
    if name is None:
        name, close = _name_after(right), False
    words = [word for word in left + right if word.isalpha()]
    labels = [find_labels(word) for word in words]
    return Mention(
        text=found[index],
        label=name,
        close=close,
        joined=_joins(gaps[1:-1][index - 1 : index + 1] if index else gaps[1:-1][:1]),
        taken_back=False,
        corrects=any(Label.CORRECTING in one for one in labels),
        asked="?" in gaps[index + 1][len(right) : len(right) + 1],
        elsewhose=any(Label.ELSEWHOSE in one for one in labels),
        unknown=not all(labels),
    )


def _joins(gaps: list[list[str]]) -> bool:
    """Tell whether one of the gaps beside a number makes a list of it and its neighbour."""
    return any(set(gap) <= _JOINING for gap in gaps)


def _left(gap: list[str]) -> list[str]:
    """What belongs to the number after it."""
    trimmed = gap[:-1] if gap and gap[-1] in (".", "|", ":") else gap
    start = max((at for at, word in enumerate(trimmed, 1) if word in _STOPS), default=0)
    return trimmed[start:]


def _right(gap: list[str]) -> list[str]:
    """What belongs to the number before it."""
    end = next((at for at, word in enumerate(gap) if word in _STOPS), len(gap))
    return gap[:end]


def _name(words: list[str]) -> tuple[Label | None, bool]:
    """Find the nearest label, and whether only fillers stand between it and the number."""
    close = True
    for word in reversed(words):
        labels = find_labels(word)
        name = next((one for one in KINDS if one in labels), None)
        if name is not None:
            return name, close
        close = close and (Label.FILLER in labels or word == ":")
    return None, False


def _name_after(words: list[str]) -> Label | None:
    """Find a label right after the number: "… es mi cédula"."""
    for word in words:
        labels = find_labels(word)
        name = next((one for one in KINDS if one in labels), None)
        if name is not None:
            return name
        if Label.FILLER not in labels:
            return None
    return None
