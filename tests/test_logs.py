"""The page of log lines names every line that the product writes, and no other."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.logs import HARMLESS
from state.audit import SecurityEvent
from state.roles import Act

_ROOT = Path(__file__).parents[1]
_PAGE = (_ROOT / "docs" / "logs.md").read_text("utf-8")
_CODE = sorted(p for floor in ("bot", "handlers", "state") for p in (_ROOT / floor).rglob("*.py"))
_LEVELS = ("debug", "info", "warning", "error", "critical", "exception")
_ONCE = "_complain"  # logs an error, once until all is well again
_OF_LIBRARIES = "library"
_ROW = r"^\| `([\w.]+)` \| (\w+) \|([^|]*)\|[^|]+\|[^|]+\|$"


def _calls(path: Path) -> Iterator[ast.Call]:
    """List the calls that write a line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_log = ast.unparse(node.func.value) == "_log" and node.func.attr in _LEVELS
            if of_log or node.func.attr == _ONCE:
                yield node


def _level(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return "error" if call.func.attr == _ONCE else call.func.attr


@cache
def _written() -> dict[tuple[str, str], set[str]]:
    """Read the code: event and level of every line, and the fields that it names."""
    lines: dict[tuple[str, str], set[str]] = {}
    for path in _CODE:
        for call in _calls(path):
            event = call.args[0]
            if isinstance(event, ast.Constant):
                fields = {keyword.arg for keyword in call.keywords if keyword.arg}
                lines.setdefault((str(event.value), _level(call)), set()).update(fields)
    return lines


def _told() -> dict[tuple[str, str], set[str]]:
    """Read the page."""
    rows = re.findall(_ROW, _PAGE, re.MULTILINE)
    return {(event, level): set(re.findall(r"`(\w+)`", fields)) for event, level, fields in rows}


def test_every_line_is_told() -> None:
    """Every event that the code logs stands on the page with its level, and nothing else does."""
    told = _told().keys() - {(_OF_LIBRARIES, "warning")}

    assert sorted(_written().keys() - told) == []
    assert sorted(told - _written().keys()) == []
    assert len(told) > 40


def test_fields_are_told() -> None:
    """The page names the fields that a line has."""
    told = _told()

    assert {line for line, fields in _written().items() if not fields <= told[line]} == set()


def test_fields_are_harmless() -> None:
    """Every field on the page may be logged: what is not on the list is dropped."""
    assert {field for fields in _told().values() for field in fields} - HARMLESS == set()


@pytest.mark.parametrize("path", _CODE, ids=lambda path: str(path.relative_to(_ROOT)))
def test_lines_have_names(path: Path) -> None:
    """Every line is logged by a name that stands in the code: it can be looked up."""
    unnamed = [
        ast.unparse(call)
        for call in _calls(path)
        if not isinstance(call.args[0], ast.Constant)
        and ast.unparse(call) != "_log.error(event, **values)"  # _complain's own
    ]

    assert unnamed == []


def test_audited_acts_are_told() -> None:
    """The page names every act and event of the audit's lines."""
    named = set(re.findall(r"`([\w.]+)`", _PAGE))

    assert {*Act, *SecurityEvent} - named == set()
