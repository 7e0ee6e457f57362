"""How what the bot says is written anew in the style in which it was written before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from state.effects import Line, Say, Send
from state.messages import CATALOGUE
from tests.transcripts import wording

_CODE = re.compile(r"ABCD\d{4}")
"""A code as the machine's stage makes it; on other stages it is another one."""

_COUNTED = frozenset({"n_paso", "n_pasos", "n_dato", "n_datos"})
_UNTOLD = frozenset({"saludo", "fecha", "codigo"}) | _COUNTED
"""What fills these places is not told again wherever a text is named."""

_TOKEN = re.compile(r"<[^>]*>|\S+")


@dataclass(frozen=True, slots=True)
class Style:
    """Which texts are written by their names.

    Attributes:
        known: in new lines, and in those that name a text already.
        asked: in every line.
    """

    known: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def write(self, message: Send, say: Say | None, old: str = "") -> str:
        """Write a message; the old line stays if it holds and names what it should.

        `say` is what the message was made of, if it is the bot's.
        """
        holds = old != "" and _holds(old, message)
        texts = {line.text for line in say.lines} if say else set()
        if holds and not (texts & self.asked) - wording.named_in(old).keys():
            return old
        if say is None:
            return wording.shown(message)
        known = self.known if not old or wording.named_in(old) else frozenset()
        parts = [
            _by_name(say, line, old, holds=holds)
            if line.text in self.asked | known
            else wording.folded(wording.render(line).text)
            for line in say.lines
        ]
        if not parts[-1].startswith("<") or say.choices:
            parts += [f"[{button.label}]" for button in message.buttons]
        new = _CODE.sub("…", " ".join(parts))
        elided = _elided_like(old, new)
        return elided if _holds(elided, message) else new


def _holds(text: str, message: Send) -> bool:
    return wording.pattern(text).fullmatch(wording.shown(message)) is not None


def _by_name(say: Say, line: Line, old: str, *, holds: bool) -> str:
    """Name a text, and tell of its places what the old line told."""
    told = wording.named_in(old).get(line.text)
    places = sorted(wording.places(line.text), key=CATALOGUE[line.text].text.index)
    if told is not None:
        places = [place for place in places if place in told]
    elif holds:
        places = [p for p in places if p not in _UNTOLD and _matters(say, line, p, old)]
    else:
        places = [place for place in places if place not in _UNTOLD]
    kept = {place: value for place, value in (told or {}).items() if "…" in value}
    values = "".join(f" {p}={kept.get(p) or wording.folded(line.values[p])}" for p in places)
    return f"<{line.text}{values}>"


def _matters(say: Say, line: Line, place: str, old: str) -> bool:
    """Tell whether the old line would not hold if something else filled the place."""
    other = replace(line, values=line.values | {place: "\0"})
    lines = tuple(other if each is line else each for each in say.lines)
    return not _holds(old, wording.render(*lines, choices=say.choices))


def _elided_like(old: str, new: str) -> str:
    """Leave out of a new line what was left out of the old one."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return " ".join(_merged(before, after)) if "…" in before else new


def _merged(before: list[str], after: list[str]) -> Iterator[str]:
    """Give the new words, but for those in the place of `…` and as many words around it."""
    matching = SequenceMatcher(a=before, b=after, autojunk=False)
    for _, old_from, old_to, new_from, new_to in matching.get_opcodes():
        gap, words = before[old_from:old_to], after[new_from:new_to]
        if "…" in gap:
            first, last = gap.index("…"), gap[::-1].index("…")
            if len(words) > first + last:
                words = [*words[:first], "…", *words[len(words) - last :]]
        yield from words
