"""What an account calls itself: whatever it is, it stays a name on a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.fields.profile_names import clean_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("María Gómez", "María Gómez"),
        ("  Ana \n\t Niño ", "Ana Niño"),
        ("Ana 🌻", "Ana 🌻"),
        ("\u202eanA\u202c \u200fX", "anA X"),
        ("Ana\u0000\u0007\u2028\u2029B", "Ana B"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("Ana · 1001 ••67", "Ana 1001 67"),
        ("z\u0334\u0335\u0336\u0337algo", "z\u0334\u0335algo"),
        ("\u3164\u2800\u200b", ""),
        ("x" * 500, "x" * 60),
        ("محمد", "محمد"),
        ("", ""),
    ],
)
def test_names(given_name: str, shown: str) -> None:
    """What turns, hides or imitates is gone; letters, accents and emoji stay."""
    assert clean_name(given_name) == shown


@given(some.text(max_size=500))
def test_any_text(text: str) -> None:
    """Any text becomes one line of sixty characters at most, and cleaning it again changes none."""
    name = clean_name(text)

    assert len(name) <= 60
    assert name == " ".join(name.split())
    assert clean_name(name) == name
