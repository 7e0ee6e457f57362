"""The catalogue's *bold* as Telegram wants it: entities, counted in UTF-16 units.

No parse mode is ever used: one `<` or `_` in the operation's message would be a 400, and a reply
lost. Entities leave every character what it is.
"""

import re
from dataclasses import dataclass

from state.effects import Send
from state.lengths import count_units

_BOLD = re.compile(r"\*([^*\n]+)\*")


@dataclass(frozen=True, slots=True)
class Bold:
    """A part in bold: offset and length in UTF-16 code units."""

    offset: int
    length: int


def extract_bold(message: Send) -> tuple[str, list[Bold]]:
    """Take the stars out of a message's own words, and tell what they marked."""
    if not message.verbatim:
        return _parse(message.text, 0)
    before, verbatim, after = message.text.partition(message.verbatim)
    plain, bold = _parse(before, 0)
    start = plain + verbatim
    rest, more = _parse(after, count_units(start))
    return start + rest, bold + more


def _parse(text: str, offset: int) -> tuple[str, list[Bold]]:
    plain, bold, end = "", [], 0
    for match in _BOLD.finditer(text):
        plain += text[end : match.start()]
        bold.append(Bold(offset + count_units(plain), count_units(match[1])))
        plain += match[1]
        end = match.end()
    return plain + text[end:], bold
