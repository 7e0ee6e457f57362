"""What keeps the templates readable, and the pages free of what the policy forbids."""

import re
from pathlib import Path

import pytest

_TEMPLATES = sorted((Path(__file__).parents[1] / "handlers" / "templates").rglob("*.html"))
_PHRASES = {
    "a",
    "b",
    "bdi",
    "br",
    "circle",
    "code",
    "kbd",
    "path",
    "s",
    "small",
    "span",
    "svg",
    "time",
    "use",
}
"""What stands within a line of text, and may stand in a line with other elements."""

_TAG = re.compile(r"<([a-z][a-z0-9-]*)")
_INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")

each = pytest.mark.parametrize(
    "path", _TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}"
)


@each
def test_one_element_a_line(path: Path) -> None:
    """No line opens two elements, those within a line of text aside."""
    opened = [
        (number, [tag for tag in _TAG.findall(line) if tag not in _PHRASES])
        for number, line in enumerate(_read(path), 1)
    ]

    assert [(number, tags) for number, tags in opened if len(tags) > 1] == []


@each
def test_lines_are_short(path: Path) -> None:
    """No line has more than 120 columns."""
    assert [number for number, line in enumerate(_read(path), 1) if len(line) > 120] == []


@each
def test_nothing_inline(path: Path) -> None:
    """No template holds a script, a style or a handler of its own: the policy would stop it."""
    assert [number for number, line in enumerate(_read(path), 1) if _INLINE.search(line)] == []


def test_one_frame() -> None:
    """Every page of the console that a member sees stands in the same frame."""
    whole = [path for path in _TEMPLATES if path.parent.name == "console" and path.name[0] != "_"]
    framed = [path for path in whole if '"console/layout.html"' in path.read_text("utf-8")]

    assert {path.name for path in whole} - {path.name for path in framed} == {
        "enter.html",
        "first.html",
        "layout.html",
    }


def _read(path: Path) -> list[str]:
    """Give the lines of a template, what only its readers see left out."""
    return re.sub(r"(?s){#.*?#}", "", path.read_text("utf-8")).splitlines()


def test_keys_are_tabled() -> None:
    """Every key that a template gives to a button stands in the table of keys, which tells all."""
    script = (_TEMPLATES[0].parents[1] / "static" / "console.js").read_text("utf-8")
    table = re.search(r"(?s)\nconst KEYS = {\n(.*?)\n};", script)
    assert table
    tabled = re.findall(r'(?m)^  "?([^":\s]+)"?: \["([^"]+)",', table[1])
    given = {key for path in _TEMPLATES for key in re.findall(r'data-key="?(\S)', path.read_text())}

    assert len(tabled) == len(table[1].splitlines())
    assert given <= {key for key, _ in tabled}
    assert {"j", "k", "t", "b", "e", "r", "n", "/", "?", "[", "]"} <= {key for key, _ in tabled}
