"""The figures by which strangers' answers are compared."""

import math
import random

import pytest

from tests.strangers.separation import separate
from tests.strangers.stranger import Kind, Sign, Stranger, Way
from tests.strangers.table import SIGNATURES, draw_up, render


@pytest.mark.parametrize(
    ("first", "second", "area"),
    [
        ([1, 2, 3], [4, 5, 6], 1.0),
        ([4, 5, 6], [1, 2, 3], 0.0),
        ([1, 2], [1, 2], 0.5),
        ([1, 2, 3], [2, 3, 4], 7 / 9),
        ([0, 0, 0, 1], [0, 0, 1, 1], 0.625),
    ],
)
def test_area(first: list[float], second: list[float], area: float) -> None:
    """The area is the share of pairs in which the second is larger; a tie is half of one."""
    pairs = [(a < b) + (a == b) / 2 for a in first for b in second]

    assert separate(first, second).area == pytest.approx(area)
    assert separate(first, second).area == pytest.approx(sum(pairs) / len(pairs))


def test_no_difference_at_all() -> None:
    """Where everybody sees the same, nothing is told, and there is no doubt about it."""
    told = separate([1.0] * 30, [1.0] * 20)

    assert (told.area, told.error, told.off) == (0.5, 0.0, 0.0)


def test_certain_difference() -> None:
    """What one half sees and the other does not is far off, also without noise."""
    assert separate([0.0] * 30, [1.0] * 30).off > 7


@pytest.mark.parametrize("digits", [1, 9])
def test_error(digits: int) -> None:
    """Drawn alike, with ties or without, groups are off by about one standard error."""
    chance = random.Random(3)
    offs = [
        separate(
            [round(chance.random(), digits) for _ in range(60)],
            [round(chance.random(), digits) for _ in range(40)],
        ).off
        for _ in range(400)
    ]
    spread = math.sqrt(sum(off**2 for off in offs) / len(offs))

    assert 0.9 < spread < 1.1
    assert max(map(abs, offs)) < 4


def _strangers(late: float, extra: str) -> list[Stranger]:
    """Two hundred strangers; those who name what exists wait longer, or read something more."""
    chance = random.Random(5)
    return [
        Stranger(
            channel="telegram",
            way=Way.SERVICE,
            named="1",
            exists=exists,
            shown=[
                [Sign(chance.random(), Kind.MESSAGE, "¿Su nombre?")],
                [
                    Sign(chance.random(), Kind.TYPING, ""),
                    Sign(chance.random() / 9, Kind.MESSAGE, "Gracias."),
                    Sign(2.5 + chance.random() / 9 + late * exists, Kind.MESSAGE, "No"),
                    *([Sign(3.0, Kind.MESSAGE, extra)] if extra and exists else []),
                ],
            ],
        )
        for exists in [True, False] * 100
    ]


def test_table_is_clean() -> None:
    """Strangers who see the same at about the same time tell nothing."""
    rows = draw_up(_strangers(0.0, ""))

    assert [row.name for row in rows if row.fault] == []
    assert [row.beside for row in rows if row.name in SIGNATURES] == [(0, 0)] * 4


def test_table_tells_a_time() -> None:
    """An answer that is later where something exists is a fault, and only that."""
    rows = draw_up(_strangers(0.2, ""))

    assert {row.name.split(",")[0] for row in rows if row.fault} == {
        "time to the answer", "time from «one moment» to the answer",
    }  # fmt: skip
    assert "time to the answer" in render(rows)


def test_table_tells_a_message() -> None:
    """A message more where something exists is a fault."""
    rows = draw_up(_strangers(0.0, "Buen día"))

    assert {row.name for row in rows if row.fault} >= {"words", "number of messages", "order"}
