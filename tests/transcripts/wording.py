"""How a message is written in a transcript: word for word, elided by `…`, or by its texts' names.

The language of it stands in `tests.transcripts`.
"""

import re
from string import Formatter

from handlers.texts import Texts
from state.effects import Line, Say, Send
from state.messages import CATALOGUE
from tests.machine_stage import COMPANY

TEXTS = Texts(COMPANY)
NAMED = re.compile(r"<(?P<name>\w+)(?P<values>(?: \w+=[^>]*)?)>")
"""A text by its name: `<hola>`, or `<doc_tenemos ult3=456>` with what fills its places."""

_VALUE = re.compile(r"(\w+)=((?:(?! \w+=).)*)")


def shown(message: Send) -> str:
    """Write a message as the customer sees it: one line, its buttons in brackets."""
    return folded(message.text + "".join(f" [{button.label}]" for button in message.buttons))


def folded(text: str) -> str:
    """Fold all white space to single blanks."""
    return " ".join(text.split())


def values(text: str) -> dict[str, str]:
    """Read `document=52123456 phone=3001112233`; a value goes on to the next name."""
    return dict(_VALUE.findall(text))


def pattern(text: str) -> re.Pattern[str]:
    """Compile what a transcript writes: it has to match the whole message with its buttons."""
    pieces, end = [], 0
    text = folded(text)
    for found in NAMED.finditer(text):
        last = found.end() == len(text)
        pieces += [_elided(text[end : found.start()]), _named(found, with_buttons=last)]
        end = found.end()
    return re.compile("".join([*pieces, _elided(text[end:])]), re.DOTALL)


def named_in(text: str) -> dict[str, dict[str, str]]:
    """Give the texts that a piece of a transcript names, and what it tells of their places."""
    return {found["name"]: values(found["values"]) for found in NAMED.finditer(text)}


def render(*lines: Line, choices: tuple[tuple[str, str], ...] = ()) -> Send:
    """Write texts of the catalogue out, as one message."""
    return TEXTS.render(Say(lines=lines, choices=choices, question=0), now=0)


def places(name: str) -> set[str]:
    """Name what the machine fills in a text; the rest of it is the company's."""
    fields = {field for _, field, _, _ in Formatter().parse(CATALOGUE[name].text) if field}
    return fields - set(TEXTS._company)


def _elided(text: str) -> str:
    return ".*".join(re.escape(part) for part in text.split("…"))


def _named(found: re.Match[str], *, with_buttons: bool) -> str:
    name, given = found["name"], values(found["values"])
    assert name in CATALOGUE, f"no text has the name {name!r}"
    assert given.keys() <= places(name), f"{name!r} has no places {given.keys() - places(name)}"
    marks = {place: f"\0{place}\0" for place in places(name)}
    message = render(Line(text=name, values=marks))
    written = shown(message) if with_buttons else folded(message.text)
    parts = written.split("\0")
    parts[::2] = [re.escape(literal) for literal in parts[::2]]
    parts[1::2] = [_elided(given.get(place, "…")) for place in parts[1::2]]
    return "".join(parts)
