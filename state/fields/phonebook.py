"""The phone field of a directory such as WispHub: often several numbers in one text.

For the directory's adapter, and for records of version 0.1, which held such a text: everybody
else knows the numbers.
"""

import re
from itertools import accumulate, pairwise, takewhile
from typing import NamedTuple

from state.fields import phones
from state.fields.folding import LONGEST, correct_lookalikes, plain
from state.fields.reading import Refused

_SEPARATORS = re.compile(r"[,/;|\n\r]|\s[oy]\s", re.IGNORECASE)
_GROUP = re.compile(r"(?:[+(]\s*)*\d+")
_E_MAIL = re.compile(r"\S+@\S+")
_EDGES = " \t-–—.·:_*"
_LONGEST = 17  # digits of a number with its prefixes
_SHORTEST = 6  # digits that may be a number on their own

_Span = tuple[int, int]


class _Part(NamedTuple):
    """A part of the field, in its own spelling, and its number; empty if it has none."""

    text: str
    number: str


def parse(text: str) -> tuple[str, ...]:
    """List the numbers of the field in E.164, once each; what cannot be read stays as digits.

    One part gives one number: who replaces a part by its number must not lose another one.
    """
    return tuple(dict.fromkeys(part.number for part in _parts(text) if part.number))


def compose(text: str, numbers: tuple[str, ...], style: str) -> str:
    """Write numbers into the field, new ones first, the others once each as they stand there.

    `style` of the new ones is `e164` or `national`. Words between numbers are kept with them.
    """
    parts = _parts(text)
    there = {part.number for part in parts}
    new = [phones.spell(number, style) for number in numbers if number not in there]
    once = {part.number or part.text: part for part in reversed(parts)}
    kept = [part for part in parts if part is once[part.number or part.text]]
    kept = [part for part in kept if part.number in numbers or not part.number]
    texts = [part.text for part in kept] if any(part.number for part in kept) else []
    return ",".join([*new, *texts])


def _parts(text: str) -> list[_Part]:
    """Take the field apart at its separators, and then between the numbers of a part."""
    pieces = (piece.strip() for piece in _SEPARATORS.split(text))
    return [part for piece in pieces if piece for part in _divide(piece)]


def _divide(piece: str) -> list[_Part]:
    """Take apart what holds several numbers, each with the words that stand with it."""
    reading = phones.read(piece)
    if not isinstance(reading, Refused):
        return [_Part(piece, reading.value)]
    if len(piece) > LONGEST:
        return [_Part(piece, "")]
    spans = _find_numbers(correct_lookalikes(_E_MAIL.sub(lambda match: "x" * len(match[0]), piece)))
    if not spans:
        return [_Part(piece, "" if _E_MAIL.search(piece) else _digits(piece))]
    leading = any(map(str.isalpha, piece[: spans[0][0]]))
    cuts = [end for _, end in spans[:-1]] if leading else [start for start, _ in spans[1:]]
    texts = [piece[a:b].strip(_EDGES) for a, b in pairwise([0, *cuts, len(piece)])]
    numbers = [_number(piece[start:end]) for start, end in spans]
    return [_Part(text, number) for text, number in zip(texts, numbers, strict=True)]


def _find_numbers(piece: str) -> list[_Span]:
    """Find where the numbers stand; short groups of digits that make none belong to the words."""
    groups = [match.span() for match in _GROUP.finditer(piece)]
    spans: list[_Span] = []
    loose: list[_Span] = []
    while groups:
        found = _find_first(piece, groups)
        if found:
            spans += [*_join_loose(piece, loose), *found]
            loose = []
            groups = [group for group in groups if group[0] >= found[-1][1]]
        else:
            loose.append(groups.pop(0))
    return spans + _join_loose(piece, loose)


def _find_first(piece: str, groups: list[_Span]) -> list[_Span]:
    """Find the numbers that begin with the first group: one of several groups, or some in one."""
    start, end = groups[0]
    joined = phones.split_ours(_digits(piece[start:end]))
    if len(joined) > 1:
        sizes = [*accumulate(map(len, joined), initial=end - sum(map(len, joined)))]
        return [(start, sizes[1]), *pairwise(sizes[1:])]
    ends = takewhile(lambda end: not _is_broken(piece[start:end]), (end for _, end in groups))
    runs = [(start, end) for end in ends]
    ours = [run for run in runs if phones.split_ours(_digits(piece[slice(*run)]))]
    if ours or "+" not in piece[start:end]:
        return ours[:1]
    return [run for run in runs if not isinstance(phones.read(piece[slice(*run)]), Refused)][-1:]


def _join_loose(piece: str, groups: list[_Span]) -> list[_Span]:
    """Join short groups that are no number of ours; long ones are numbers by themselves."""
    runs: list[_Span] = []
    for start, end in groups:
        first, last = runs[-1] if runs else (start, start)
        both_short = _is_short(piece[first:last]) and _is_short(piece[start:end])
        if runs and both_short and not _is_broken(piece[first:end]):
            runs[-1] = (first, end)
        else:
            runs.append((start, end))
    return [(start, end) for start, end in runs if not _is_short(piece[start:end])]


def _is_short(run: str) -> bool:
    return len(_digits(run)) < _SHORTEST


def _is_broken(run: str) -> bool:
    """Tell whether a run has a word in it, or is too long for one number."""
    return len(_digits(run)) > _LONGEST or any(map(str.isalpha, run))


def _number(part: str) -> str:
    reading = phones.read(part)
    return _digits(part) if isinstance(reading, Refused) else reading.value


def _digits(text: str) -> str:
    return "".join(character for character in plain(text) if character in "0123456789")
