"""What a text of an installation's own must keep to: its places, both vendors' limits, its choices.

A fault is refused at the start; advice is told by `enlace texts check`.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from string import Formatter

from bot.channels.whatsapp.shapes import BODY, TITLE
from state.fields import answers
from state.fields.folding import fold
from state.lengths import count_units
from state.messages import DEFAULTS, TERMS
from state.messages.message import Message
from state.messages.places import COMPANY, MOMENT, PLACES

PHONE = 32
"""Characters in a line of a small phone."""

_MOST_LINES = 15
_BOLD = re.compile(r"\*([^*\n]+)\*")


def list_places(text: str) -> list[str]:
    """List the places that a text names, in order.

    Raises:
        ValueError: a brace stands alone, or what is in braces is no plain name.
    """
    parts = list(Formatter().parse(text))
    named = [field for _, field, _, _ in parts if field is not None]
    plain = all(field.isidentifier() for field in named)
    if not plain or any(form or mark for _, _, form, mark in parts):
        raise ValueError
    return list(dict.fromkeys(named))


def list_allowed(name: str) -> list[str]:
    """List what a text may name: what its own words in our catalogue do, and the company's data."""
    return list(dict.fromkeys([*list_places(DEFAULTS[name].text), *COMPANY, *MOMENT]))


def list_kept(name: str) -> list[str]:
    """List what a text must name; in the consent that is whatever the law asks for."""
    lawful = name in TERMS
    return [
        place
        for place in list_places(DEFAULTS[name].text)
        if PLACES[place].kept and (lawful or place not in COMPANY)
    ]


def judge_text(name: str, text: str) -> Iterator[str]:
    """Tell what is wrong with the words of a text, each with its remedy."""
    if not text.strip():
        yield "is empty: write its words, or remove it to have ours"
        return
    try:
        named = list_places(text)
    except ValueError:
        yield "has a brace that is no place: write places as {isp}, and a brace itself as {{ or }}"
        return
    allowed, kept = list_allowed(name), list_kept(name)
    unknown = [place for place in named if place not in allowed]
    if unknown:
        yield f"names {_spell(unknown)}, which nothing fills here; it may name {_spell(allowed)}"
    missing = [place for place in kept if place not in named]
    if missing:
        yield f"must name {_spell(missing)}"
    if not unknown:
        yield from _judge_length(text)


def judge_labels(name: str, labels: Mapping[str, str]) -> Iterator[str]:
    """Tell what is wrong with the labels given to a text's choices, each with its remedy."""
    offered = dict(DEFAULTS[name].buttons)
    unknown = [choice for choice in labels if choice not in offered]
    if unknown:
        known = ", ".join(offered) or "none"
        yield f"has no choice {', '.join(unknown)}; its choices are: {known}"
    for choice, label in labels.items():
        if not re.search(r"[^\W\d_]", label) or re.search(r"[\n{}*]", label):
            yield f"the label of {choice} must be plain words on one line"
        elif count_units(label) > TITLE:
            yield f"the label of {choice} has {count_units(label)} characters, and {TITLE} fit"
    said = list((offered | dict(labels)).values())
    if any(answers.choice(label, said) != number for number, label in enumerate(said)):
        yield "its labels cannot be told apart when they are typed: make them different words"


def list_advice(name: str, message: Message) -> Iterator[str]:
    """Tell what works, but could be better."""
    lines = count_lines(fill_longest(message.text))
    if lines > max(_MOST_LINES, count_lines(fill_longest(DEFAULTS[name].text))):
        yield f"takes {lines} lines of a small phone, so that its buttons are off the screen"
    ours = {fold(label): choice for choice, label in DEFAULTS[name].buttons}
    labels = {fold(label) for _, label in message.buttons}
    for words in _BOLD.findall(message.text):
        if fold(words) in ours and fold(words) not in labels:
            yield f"speaks of *{words}*, but that button is called otherwise now"


def count_lines(text: str) -> int:
    """Count the lines that a text takes on a small phone."""
    plain = text.replace("*", "")
    return sum(max(1, len(textwrap.wrap(line, PHONE))) for line in plain.split("\n"))


def fill_longest(text: str) -> str:
    """Fill each place of a text with its longest value."""
    return text.format_map({place: PLACES[place].longest_value for place in list_places(text)})


def _judge_length(text: str) -> Iterator[str]:
    size = count_units(fill_longest(text))
    if size > BODY:
        yield f"has {size} characters once its places are filled, and {BODY} fit"


def _spell(places: list[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)
