"""Numbers that are dictated in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.dictation import has_number, spell_out

DIGITS = "cero uno dos tres cuatro cinco seis siete ocho nueve".split()  # noqa: SIM905  # as said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("tres diez, doscientos veintidos, treinta y tres cuarenta y cuatro", "3102223344"),
        ("mi cel es tres uno cinco siete siete ocho", "mi cel es 315778"),
        ("cincuenta y dos ciento veintitres cuatrocientos cincuenta y seis", "52123456"),
        ("cero cinco once", "0511"),
        ("cien veinte treinta", "12030"),
        ("uno dos 3 4 cinco", "12345"),
        ("calle diez numero cinco veinte", "calle diez numero cinco veinte"),
        ("sesenta mil pesos", "sesenta mil pesos"),
        ("uno o dos", "uno o dos"),
        ("los dos", "los dos"),
        ("tres", "tres"),
        ("", ""),
    ],
)
def test_words(said: str, written: str) -> None:
    """Three number words in a row are digits, as people dictate them; fewer stay words."""
    assert spell_out(said) == written


@given(st.lists(st.integers(0, 9), min_size=3, max_size=15))
def test_digit_by_digit(digits: list[int]) -> None:
    """Digits that are dictated one by one are these digits."""
    assert spell_out(" ".join(DIGITS[digit] for digit in digits)) == "".join(map(str, digits))


@pytest.mark.parametrize(
    ("text", "has"),
    [("hola", False), ("2", True), ("٢", True), ("veinte", True), ("Tres", True), ("", False)],
)
def test_has_number(text: str, *, has: bool) -> None:
    """A text without a digit and a number word is read no further."""
    assert has_number(text) is has
