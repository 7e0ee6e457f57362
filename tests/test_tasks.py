"""The page about the inbox tells each task as it is held by a test."""

import re
from pathlib import Path

from tests.collected import find_tests
from tests.handlers.pages.tasks import TASKS

_PAGE = Path(__file__).parents[1] / "docs" / "inbox.md"
_ROW = r"^\| (\d+) \| ([^|]+) \| (\d+) \| ([^|]*?) ?\| `(test_\w+::test_\w+)` \|$"
_NUMBERS = re.compile(r"^Tasks? (\d+)(?: and (\d+))?:")


def _rows() -> list[tuple[str, ...]]:
    return re.findall(_ROW, _PAGE.read_text("utf-8"), re.MULTILINE)


def test_page_tells_the_figures() -> None:
    """Each task stands in the page once, with its clicks and keys, and the best known."""
    told = [(int(number), name, int(here), best) for number, name, here, best, _ in _rows()]

    assert told == [(number, task.name, task.here, task.best) for number, task in TASKS.items()]


def test_every_task_has_a_test() -> None:
    """The test that a row names says that it is about this task."""
    held = {row[0]: _NUMBERS.match(find_tests().get(row[-1], "")) for row in _rows()}

    assert [n for n, found in held.items() if found is None or n not in found.groups()] == []
