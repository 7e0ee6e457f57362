"""Several phones in one string."""

import pytest

from state.phonebook import add_phone


@pytest.mark.parametrize(
    ("on_file", "after"),
    [
        ("", "+573001234567"),
        ("3109876543", "+573001234567,3109876543"),
        ("3109876543 / 6012345678", "+573001234567,3109876543,6012345678"),
        ("3109876543, 300 123 4567", "+573001234567,3109876543"),
        ("3109876543; 573001234567 y 3151112233", "+573001234567,3109876543,3151112233"),
    ],
)
def test_new_phone_goes_first(on_file: str, after: str) -> None:
    """A new phone goes before those on file, and none stands there twice."""
    assert add_phone(on_file, "+573001234567") == after
