"""A text parted into its numbers and the words that stand between them."""

import re
from collections.abc import Iterable

from state.fields import numbers
from state.fields.documents import CHECK_DIGIT
from state.fields.labels import Word, find_labels, read_word, strike_out

Gap = list[Word]
"""The words and marks before, between or after numbers."""

_LETTERS = re.compile(r"(?<![a-z])([a-z])[. ]+(?=[a-z](?![a-z]))")
_TOKEN = re.compile(
    r"(?P<alien>(?<![a-z0-9])(?:v[-.\s]{0,2}|e[-.])\d{1,2}[. ]?\d{3}[. ]?\d{3}(?![a-z0-9]))"
    r"|(?P<mixed>(?<![a-z])[a-z]{1,3}\d[a-z\d]*|\d+[a-z]+[a-z\d]*)"
    r"|(?P<company>(?<![\d\-])\d(?:[. ]?\d){5,14}\s?-\s?\d(?![\d\-]|[ .,'’·_]\d))"
    r"|(?P<run>(?:\+[ (]*|\()?\d(?:[\d.,'’`·•_\-() ]*\d)?)"
    r"|(?P<word>[a-z]+)"
    r"|(?P<mark>[,.;:?!|~(/])"
)
_INTRODUCED = re.compile(r"([a-z]+)(\d+)")
_PLAIN = frozenset(["word", "mark"])
_GLUED = re.compile(r"(?:57)?3\d{9}|1\d{9}")
_BRACKETS = re.compile(r"[()]")
_RUN_ON = re.compile(r"(?<!\d)(\d{6,}+)(?=(?:cc|ce|cel|celular|cedula|tel|telefono|ppt|nit)\d)")
_EACH = re.compile(rf"(?:{_GLUED.pattern}){{2,}}")


def split(typed: str) -> tuple[list[str], list[Gap]]:
    """Part a text into its numbers and the words and marks before, between and after them.

    What has digits and is nobody's number is left out: a mark stands for it.
    """
    found: list[str] = []
    gaps: list[Gap] = [[]]
    joined = _LETTERS.sub(r"\1", typed) if _LETTERS.search(typed) else typed
    if CHECK_DIGIT.search(joined):
        joined = CHECK_DIGIT.sub(r"\1-\2", joined)
    joined = _RUN_ON.sub(r"\1 ", joined) if _RUN_ON.search(joined) else joined
    for token in _TOKEN.finditer(strike_out(joined)):
        if token.lastgroup in _PLAIN:
            gaps[-1].append(read_word(token[0]))
            continue
        words, listed = _take_token(str(token.lastgroup), token[0])
        gaps[-1] += map(read_word, words)
        for number in listed:
            found.append(number)
            gaps.append([])
    return found, gaps


def _take_token(kind: str, text: str) -> tuple[list[str], Iterable[str]]:
    """Tell which words and which numbers a token is."""
    match kind:
        case "alien":
            return ["~"], ()
        case "mixed":
            return _take_mixed(text)
        case "company":
            return [], (re.sub(r"[^\d-]", "", text),)
        case _:
            return [], _take_apart(text)


def _take_mixed(text: str) -> tuple[list[str], Iterable[str]]:
    """Part a word that is glued to its number: `cc79123456`; other letters belong to it."""
    introduced = _INTRODUCED.fullmatch(text)
    if introduced and find_labels(introduced[1]):
        return [introduced[1]], (introduced[2],)
    return [], (text,)


def _take_apart(run: str) -> Iterable[str]:
    """List the numbers of a run of digits and what stands between them."""
    digits = re.sub(r"\D", "", run)
    run = _BRACKETS.sub(" ", run)
    if run.startswith("+"):
        return ("+" + digits,)
    if _EACH.fullmatch(digits):
        return _GLUED.findall(digits)
    return [number for part in run.split(", ") for number in numbers.find_numbers(part)]
