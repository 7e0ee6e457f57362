"""Numbers in a text, as people write them: with dots, blanks, apostrophes, two at a time."""

import re

_RUN = re.compile(r"\d(?:[\d.,'´’`\- ]*\d)?")
_INNER = re.compile(r"[.,'´’`\-]")
_WHOLE = 5  # digits from which a group between blanks is a number of its own


def found(text: str) -> list[str]:
    """List the numbers of a text as digits; groups of a number may be apart: `1 098 765 432`."""
    return [number for run in _RUN.findall(text) for number in _separated(run)]


def _separated(run: str) -> list[str]:
    groups = [_INNER.sub("", group) for group in run.split()]
    numbers: list[str] = []
    for group in groups:
        if numbers and not (len(numbers[-1]) >= _WHOLE and len(group) >= _WHOLE):
            numbers[-1] += group
        else:
            numbers.append(group)
    return numbers
