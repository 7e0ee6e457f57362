"""Numbers in a text, as people write them: with dots, blanks, apostrophes, two at a time."""

import re

_RUN = re.compile(r"\d(?:[\d.,'’`·•_\- ]*\d)?")
_GROUP = re.compile(r"\d+")
_WHOLE = 6  # two groups this long would make 12 digits: they are two numbers, not one
_CORRECTED = re.compile(
    r"\bno (?:es|era)\b\D*\d[\d.,'’`·•_\- ]*[^\d]*?\b(?:es|sino)\b", re.IGNORECASE
)


def find_numbers(text: str) -> list[str]:
    """List the numbers of a text as digits; groups of a number may be apart: `1 098 765 432`."""
    runs = (part for run in _RUN.findall(text) for part in run.split(", "))
    return [number for run in runs for number in _separate(run)]


def drop_corrected(text: str) -> str:
    """Leave out what the customer takes back: `no es 52…, es 53…`."""
    return _CORRECTED.sub(" ", text, count=1)


def _separate(run: str) -> list[str]:
    """Join first what stands together, so that `79.123.456 1.098.765.432` stays two."""
    return _join([number for word in run.split() for number in _join(_GROUP.findall(word))])


def _join(groups: list[str]) -> list[str]:
    numbers: list[str] = []
    for group in groups:
        if numbers and not (len(numbers[-1]) >= _WHOLE and len(group) >= _WHOLE):
            numbers[-1] += group
        else:
            numbers.append(group)
    return numbers
