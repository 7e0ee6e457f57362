"""The answer to a form that a provider published at Meta itself (a flow), as lines of text.

Meta sends what was filled in as JSON in a text, and names nothing else of the form
(flows/guides/receiveflowresponse, 2025-10-03). So its answers are read as if they had been typed.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.channels import loose
from handlers.errors import Unreadable

_TOKEN = "flow_token"  # noqa: S105  # the name of Meta's field
_BUILT = re.compile(r"\Ascreen_\d+_(?P<name>.+)_\d+\Z")
"""How Meta's own editor names a field: by its screen, its label and its place."""

_CHOSEN = re.compile(r"\A\d+_(?=\D)")
"""What that editor puts before the label of a choice."""

_DEEPEST = 3


def read_form(body: str) -> str:
    """Write the answers down, a line each: `Cedula: 1098765432`; empty if there are none."""
    try:
        answers = loose.parse(body.encode("utf-8", "surrogatepass"))
    except Unreadable:
        return ""
    return "\n".join(_lines(answers)) if isinstance(answers, dict) else ""


def _lines(answers: dict[str, Any], depth: int = 0) -> Iterator[str]:
    for name, answer in answers.items():
        if name == _TOKEN:
            continue
        if isinstance(answer, dict) and depth < _DEEPEST:
            yield from _lines(answer, depth + 1)
        elif value := _value(answer):
            yield f"{_label(name)}: {value}"


def _label(name: str) -> str:
    """Give a field's label: the numbers of its place in the form are no answers."""
    built = _BUILT.match(name)
    return " ".join((built["name"] if built else name).replace("_", " ").split())


def _value(answer: Any) -> str:
    """Write a field's answer; several choices stand in one line, a tick alone says nothing."""
    if isinstance(answer, list):
        return ", ".join(filter(None, map(_value, answer)))
    if isinstance(answer, bool) or not isinstance(answer, str | int | float):
        return ""
    return " ".join(_CHOSEN.sub("", str(answer)).split())
