"""Which texts of the catalogue a message was made of, by its words."""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from state.effects import Send
from state.messages import CATALOGUE

_PLACE = r"(?:(?!\n\n).)*?"
_APART = "\n\n"
_CODE = re.compile(r"\b(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{4}-?[A-Z0-9]{4}\b|\b\d\d/\d\d/\d{4}\b")
"""What is another one each time: codes, dates."""


def name(message: Send) -> str:
    """Write a message of the bot as a transcript does: its texts by their names, or its words.

    The choices stand beside where they are not the text's own.
    """
    labels = tuple(button.label for button in message.buttons)
    written = "".join(f" [{label}]" for label in labels)
    names = _names(message.text)
    if not names:
        return _CODE.sub("…", " ".join(message.text.split())) + written
    own = tuple(label for _, label in CATALOGUE[names[-1]].buttons)
    if own and not labels:  # a name at the end stands for its choices as well
        return _CODE.sub("…", " ".join(message.text.split()))
    told = " ".join(f"<{text}>" for text in names)
    return told if labels == own else told + written


def _names(text: str) -> list[str]:
    """Name the texts that a message consists of; none if it says anything else."""
    whole = max(_matching(text), key=lambda found: len(found[1]), default=None)
    if whole is not None:
        return [whole[0]]
    for cut in re.finditer(_APART, text):
        first, rest = text[: cut.start()], text[cut.end() :]
        lead = max(_matching(first), key=lambda found: len(found[1]), default=None)
        others = _names(rest) if lead is not None else []
        if lead is not None and others:
            return [lead[0], *others]
    return []


def _matching(text: str) -> Iterator[tuple[str, str]]:
    for name, message in CATALOGUE.items():
        pattern, literal = _compile(message.text)
        if literal and pattern.fullmatch(text):
            yield name, literal


@cache
def _compile(text: str) -> tuple[re.Pattern[str], str]:
    """Compile a text: anything may stand in its places; gives what stands beside them too."""
    pattern, literal = "", ""
    for words, place, _, _ in Formatter().parse(text):
        pattern += re.escape(words) + ("" if place is None else _PLACE)
        literal += words
    return re.compile(pattern, re.DOTALL), literal.strip()
