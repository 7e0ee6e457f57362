"""Masks: what they show, and that it is never more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields import masks
from state.fields.table import FIELDS, Field

DIGITS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("", ""),
        ("1", "•••••"),
        ("12", "•••••2"),
        ("1234", "•••••34"),
        ("123456", "•••••56"),
        ("1098765432", "•••••432"),
        ("900123456-8", "•••••6-8"),
        ("AB123456", "•••••456"),
    ],
)
def test_document(number: str, expected: str) -> None:
    """The last three characters of a document are shown, of a short one two."""
    assert expected == masks.document(number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("", ""),
        ("123", "•••••"),
        ("2345678", "••• ••• ••78"),
        ("3001234567", "300 ••• ••67"),
        ("+573001234567", "300 ••• ••67"),
        ("+584121234567", "584 ••• ••67"),
    ],
)
def test_phone(number: str, expected: str) -> None:
    """Five digits of a phone are shown, of a short one two."""
    assert expected == masks.phone(number)


def test_phones() -> None:
    """Each number of a field is masked for itself."""
    masked = FIELDS[Field.PHONE].mask_all(("+573001234567", "+573101234568"))
    assert masked == "300 ••• ••67, 310 ••• ••68"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" ", ""),
        ("Calle 5 # 3-20 Barrio Centro", "Calle •••••"),
        ("CRA. 12-30", "CRA. •••••"),
        ("Cll5#3-20", "Cll •••••"),
        ("Vía 4", "Vía •••••"),
        ("12-30 Centro", "•••••"),
        ("Mirador del Río casa 5", "•••••"),
    ],
)
def test_address(text: str, expected: str) -> None:
    """Of an address only the kind of street is shown."""
    assert expected == masks.address(text)


@pytest.mark.parametrize(
    ("plan", "street", "expected"),
    [
        ("Plan 10MB", "Calle 5", "Plan 10MB, Calle •••••"),
        ("", "Calle 5", "Calle •••••"),
        ("Plan 10MB", "", "Plan 10MB"),
    ],
)
def test_service(plan: str, street: str, expected: str) -> None:
    """A service is told by its plan and the kind of its street."""
    assert expected == masks.service(plan, street)


@given(DIGITS)
def test_a_mask_hides_at_least_half(digits: str) -> None:
    """No mask shows more than three characters of a document or five of a phone, nor over half."""
    document = sum(character.isdigit() for character in masks.document(digits))
    phone = sum(character.isdigit() for character in masks.phone(digits))

    assert document <= min(3, len(digits) // 2)
    assert phone <= min(5, len(digits) // 2)


@given(st.text())
def test_an_address_shows_no_digit(text: str) -> None:
    """No house number passes the mask."""
    assert not any(character.isdigit() for character in masks.address(text))
