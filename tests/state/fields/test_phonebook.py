"""Several phones in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.phonebook import compose, parse

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("on_file", "after"),
    [
        ("", "+573001234567"),
        ("3109876543", "+573001234567,3109876543"),
        ("3109876543 / 6012345678", "+573001234567,3109876543,6012345678"),
        ("3109876543, su esposa", "+573001234567,3109876543,su esposa"),
        ("sin teléfono", "+573001234567"),
    ],
)
def test_new_phone_goes_first(on_file: str, after: str) -> None:
    """A new phone goes before those on file, which keep their spelling and what is said there."""
    assert compose(on_file, ("+573001234567", *parse(on_file)), "e164") == after


def test_only_phone() -> None:
    """A phone that takes the place of the others stands there alone, in the style asked for."""
    assert compose("3109876543 / 6012345678, casa", ("+573001234567",), "national") == "3001234567"
    assert compose("310 987 6543 / 6012345678", ("+573109876543",), "e164") == "310 987 6543"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", ()),
        ("sin teléfono", ()),
        ("3001234567", ("+573001234567",)),
        ("300 123 4567, +57 310 1234567", ("+573001234567", "+573101234567")),
        ("3001234567/3101234567", ("+573001234567", "+573101234567")),
        ("3001234567;3101234567,", ("+573001234567", "+573101234567")),
        ("3001234567 o 6012345678 Y 2345678", ("+573001234567", "+576012345678", "2345678")),
        ("0057 3001234567", ("+573001234567",)),
        ("+58 412 1234567", ("+584121234567",)),
        ("3001234567 3101234567", ("30012345673101234567",)),
    ],
)
def test_field_of_several(field: str, expected: tuple[str, ...]) -> None:
    """The field is taken apart; a part that is not one number stays digits."""
    assert expected == parse(field)


@given(ANY_TEXT)
def test_any_field_is_taken_apart(field: str) -> None:
    """The field may hold anything at all."""
    assert all(set(number) <= set("+0123456789") for number in parse(field))
