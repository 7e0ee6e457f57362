"""What keeps names plain: verbs for functions, nouns for values, one word for each concept."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_CODE = sorted(p for floor in ("bot", "handlers", "state") for p in (_ROOT / floor).rglob("*.py"))

_IRREGULAR = frozenset(
    [
        "asked",
        "been",
        "begun",
        "bound",
        "broken",
        "brought",
        "built",
        "caught",
        "chosen",
        "done",
        "drawn",
        "driven",
        "fallen",
        "felt",
        "found",
        "frozen",
        "given",
        "gone",
        "grown",
        "heard",
        "held",
        "hidden",
        "hung",
        "kept",
        "known",
        "laid",
        "led",
        "left",
        "lent",
        "lost",
        "made",
        "meant",
        "met",
        "overtaken",
        "overwritten",
        "paid",
        "proven",
        "redone",
        "rewritten",
        "risen",
        "rung",
        "said",
        "seen",
        "sent",
        "shown",
        "shrunk",
        "slept",
        "sold",
        "spent",
        "spoken",
        "stolen",
        "stood",
        "struck",
        "sworn",
        "taken",
        "taught",
        "thought",
        "thrown",
        "told",
        "torn",
        "undone",
        "unsent",
        "withdrawn",
        "woken",
        "won",
        "worn",
        "written",
    ]
)
_NO_PARTICIPLES = frozenset(["embed", "exceed", "feed", "need", "proceed", "seed", "shed", "speed"])


def _is_participle(name: str) -> bool:
    """Tell whether a name is one bare past participle, by its ending or by the list."""
    word = name.strip("_")
    if "_" in word or word in _NO_PARTICIPLES:
        return False
    return word in _IRREGULAR or (len(word) > 3 and word.endswith("ed"))


def _functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            of_value = any(ast.unparse(by).endswith("property") for by in node.decorator_list)
            if not of_value:  # a property is a value, and may say what is true of it
                yield node.name


@pytest.mark.parametrize("path", _CODE, ids=lambda path: str(path.relative_to(_ROOT)))
def test_names_are_no_bare_participles(path: Path) -> None:
    """No module or function, private ones too, is called by what happened before."""
    names = [path.stem, *_functions(path)]

    assert [name for name in names if _is_participle(name)] == []


_DOMAIN = ("state", "handlers")


_OF_ONE_KIND = ("errors.py", "events.py", "effects.py", "staff_actions.py")
"""Modules whose classes are all of one kind, which has one row."""


def _public(path: Path) -> Iterator[str]:
    """List what other modules may call by name: the module, and its public classes."""
    yield path.stem
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and path.name not in _OF_ONE_KIND:
            is_error = any("Exception" in ast.unparse(base) for base in node.bases)
            is_error |= any(ast.unparse(base).endswith("Error") for base in node.bases)
            if not node.name.startswith("_") and not is_error:
                yield node.name


def test_domain_words_are_in_the_glossary() -> None:
    """Every module and public class of the domain has its row in the glossary."""
    page = (_ROOT / "docs" / "glossary.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    words = {
        name
        for floor in _DOMAIN
        for path in (_ROOT / floor).rglob("*.py")
        if path.name != "__init__.py"
        for name in _public(path)
    }

    assert sorted(words - named) == []
    assert sorted(named - words) == []


def test_glossary_stays_short() -> None:
    """A newcomer reads the glossary before the first change: sixty rows at most."""
    page = (_ROOT / "docs" / "glossary.md").read_text("utf-8")

    assert len(re.findall(r"^\| \*\*", page, re.MULTILINE)) <= 60
