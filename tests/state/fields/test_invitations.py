"""Invitation codes and service numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields import invitations
from state.fields.reading import Accepted, Reading, Refused
from state.messages import CATALOGUE
from tests.growth import assert_reads_long_texts

ANY_TEXT = st.text(st.characters(exclude_categories=()))
CODES = st.text("23456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8)


@pytest.mark.parametrize(
    "typed",
    [
        "Vincular ABCD2345", "vincular abcd2345", "VINCULAR ABCD-2345", "vincular abcd 2345",
        "Vincular: AB-CD-23-45.", "*Vincular ABCD2345*", "VincularABCD2345", "/start ABCD2345",
        "hola, vincular ABCD2345", "mi código es ABCD2345", "ABCD2345", "abcd-2345", "(ABCD 2345)",
    ],
)  # fmt: skip
def test_code(typed: str) -> None:
    """A code is read however it is written."""
    assert invitations.read(typed) == "ABCD2345"


@pytest.mark.parametrize(
    "typed",
    [
        "", "Vincular", "vincular este chat", "Vincular ABCD0345", "Vincular ABCD234",
        "Vincular ABCD23456", "ABCDEFGH", "23456789", "ABCD234", "apto2345", "A B C D 2 3 4 5",
        "12345678", "1098765432",
    ],
)  # fmt: skip
def test_no_code(typed: str) -> None:
    """Words, numbers and codes of another length or alphabet are no codes."""
    assert invitations.read(typed) is None


@given(CODES)
def test_every_code_can_be_redeemed(code: str) -> None:
    """Whatever code we give away is read after `Vincular`, letters only or not."""
    assert code == invitations.read(f"Vincular {code.lower()}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12345", Accepted(value="12345")),
        ("servicio 12345", Accepted(value="12345")),
        ("servicio12345", Accepted(value="12345")),
        ("N.º 12345", Accepted(value="12345")),
        ("N.º de servicio: 12345.", Accepted(value="12345")),
        ("#12345", Accepted(value="12345")),
        ("12.345", Accepted(value="12345")),
        ("12 345", Accepted(value="12345")),
        ("00012", Accepted(value="12")),
        ("1O2", Accepted(value="102")),
        ("１２３", Accepted(value="123")),
        ("123456789", Accepted(value="123456789")),
        ("no es 12, es 13", Accepted(value="13")),
        ("", Refused(cause="serv_sin_numero")),
        ("hola", Refused(cause="serv_sin_numero")),
        ("000", Refused(cause="serv_sin_numero")),
        ("12a", Refused(cause="serv_sin_numero")),
        ("12 y 13", Refused(cause="serv_varios")),
        ("12, 13", Refused(cause="serv_varios")),
        ("12345 67890", Refused(cause="serv_varios")),
        ("12345\n6", Refused(cause="serv_varios")),
        ("1234567890", Refused(cause="serv_longitud")),
    ],
)
def test_service_number(typed: str, expected: Reading) -> None:
    """A service number is one positive number of at most nine digits, with its own refusals."""
    assert expected == invitations.service_number(typed)
    assert isinstance(expected, Accepted) or getattr(expected, "cause", "") in CATALOGUE


@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    """No text, not even half a surrogate, makes the readers fail."""
    code = invitations.read(text)

    assert code is None or (len(code) == 8 and code.isascii())
    assert isinstance(invitations.service_number(text), Accepted | Refused)


@pytest.mark.parametrize("piece", ["1", "A", "A ", "vincular ", "1.", "1 111", "ﷺ"])
def test_long_texts_take_no_time(piece: str) -> None:
    """However shaped, the work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(invitations.read, piece)
    assert_reads_long_texts(invitations.service_number, piece)
