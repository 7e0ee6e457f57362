"""Amounts and days as customers read them."""

from decimal import Decimal

import pytest

from state.fields.amounts import spell_day, spell_pesos


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("65000", "$ 65.000"), ("65000.00", "$ 65.000"), ("65000.5", "$ 65.000,50"),
        ("500", "$ 500"), ("1234567", "$ 1.234.567"), ("-30000", "$ 30.000"), ("0.05", "$ 0,05"),
        ("999.999", "$ 1.000"),
    ],
)  # fmt: skip
def test_pesos(amount: str, text: str) -> None:
    """An amount is written with points, and its cents only where there are any."""
    assert spell_pesos(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("day", "today", "text"),
    [
        ("2026-12-05", "2026-11-23", "5 de diciembre"),
        ("2027-01-31", "2026-11-23", "31 de enero de 2027"),
        ("2026-12-05", "", "5 de diciembre de 2026"),
    ],
)
def test_days(day: str, today: str, text: str) -> None:
    """A day is written with its year only if that is another one."""
    assert spell_day(day, today) == text
