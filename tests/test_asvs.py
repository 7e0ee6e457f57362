"""The table of OWASP's rows names, for each, a test that is there, or why it does not hold."""

import re
from functools import cache
from pathlib import Path

from tests.collected import find_tests

_ROOT = Path(__file__).parents[1]
_ROW = r"^\| (V[\d.]+) \| (L[12]) \| (.+) \|$"
_TEST = r"`(test_\w+::test_\w+)`"
_OPEN = "Open: "
_MOST_OPEN = 12

L1 = frozenset(
    """
    V3.3.1 V3.4.1 V6.1.1 V6.2.2 V6.2.3 V6.2.4 V6.3.1 V6.4.2 V7.2.4 V7.4.1 V7.4.2 V8.1.1
    V8.2.1 V8.2.2 V8.3.1 V14.2.1 V14.3.1 V15.1.1 V15.2.1
    """.split()  # noqa: SIM905
)
L2 = frozenset(
    """
    V2.3.2 V2.4.1 V3.3.3 V3.5.4 V4.1.3 V6.1.2 V6.2.11 V6.2.12 V6.3.3 V6.4.3 V6.5.5 V7.1.1
    V7.1.2 V7.3.1 V7.4.3 V7.4.4 V7.4.5 V7.5.1 V7.5.2 V8.1.2 V8.2.3 V11.1.1 V11.1.2 V11.3.3
    V11.4.2 V12.3.1 V13.2.1 V13.2.3 V13.2.4 V13.3.1 V13.4.5 V14.2.4 V15.1.2 V15.2.2 V15.3.4
    V16.1.1 V16.2.1 V16.3.1 V16.3.2 V16.3.3 V16.4.2 V16.5.3
    """.split()  # noqa: SIM905
)
"""The rows of ASVS 5.0 that failed on version 0.1."""


@cache
def _rows() -> dict[str, tuple[str, str]]:
    page = (_ROOT / "docs" / "security.md").read_text("utf-8")
    rows = re.findall(_ROW, page, re.MULTILINE)
    assert len(rows) == len({row for row, *_ in rows})
    return {row: (level, held) for row, level, held in rows}


def test_every_row_is_there() -> None:
    """Each row that failed once stands in the table, with its level."""
    assert {row: level for row, (level, _) in _rows().items()} == (
        dict.fromkeys(L1, "L1") | dict.fromkeys(L2, "L2")
    )
    assert len(_rows()) == 61


def test_every_row_has_a_test() -> None:
    """What is said to hold is held by a test that is there; what does not hold says so."""
    named = {row: set(re.findall(_TEST, held)) for row, (_, held) in _rows().items()}
    open_rows = {row for row, (_, held) in _rows().items() if held.startswith(_OPEN)}

    assert {row for row, tests in named.items() if not tests} == open_rows
    assert sorted({test for tests in named.values() for test in tests} - set(find_tests())) == []


def test_few_rows_are_open() -> None:
    """No row of level 1 is open, and at most twelve of level 2."""
    open_rows = [row for row, (_, held) in _rows().items() if held.startswith(_OPEN)]

    assert [row for row in open_rows if row in L1] == []
    assert len(open_rows) <= _MOST_OPEN
