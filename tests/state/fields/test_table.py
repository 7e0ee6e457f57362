"""The table of fields, and what a change of one does."""

import pytest

from state.client import Change, OnFile, alike
from state.fields.table import FIELDS, Field
from state.machine.questions import ASKS, CONFIRMS
from state.messages import CATALOGUE
from state.states import STATES


@pytest.mark.parametrize("field", Field)
def test_row(field: Field) -> None:
    """A field's texts are in the catalogue, the summary tells of it, and it can be corrected."""
    info = FIELDS[field]
    named = {info.question, info.question_on_file, info.replacing or info.question}

    assert named <= CATALOGUE.keys()
    assert f"*{info.label}:* {{{info.prefix}_nuevo}}" in CATALOGUE["resumen"].text
    assert (f"fix_{field}", info.button) in CATALOGUE["corregir"].buttons
    assert f"su {info.noun}" in CATALOGUE["hola"].text
    assert STATES[CONFIRMS[field]].back is ASKS[field]


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        (Field.DOCUMENT, "52.123.456", "52123456", True),
        (Field.DOCUMENT, "900123456-8", "900 123 456 8", True),
        (Field.DOCUMENT, "ab123456", "AB123456", True),
        (Field.DOCUMENT, "52123456", "52123457", False),
        (Field.PHONE, "+573001234567", "+573001234567", True),
        (Field.PHONE, "+573001234567", "3001234567", False),
    ],
)
def test_same(field: Field, one: str, other: str, *, same: bool) -> None:
    """Two spellings of a document are one; phones are compared once they are read."""
    assert FIELDS[field].same(one, other) is same


@pytest.mark.parametrize(
    ("change", "after", "real"),
    [
        (Change(field=Field.DOCUMENT, new="1", old=OnFile(("2",))), ("1",), True),
        (Change(field=Field.DOCUMENT, new="12", old=OnFile(("1.2",))), ("12",), False),
        (Change(field=Field.PHONE, new="a"), ("a",), True),
        (Change(field=Field.PHONE, new="a", old=OnFile(("b", "c"))), ("a", "b", "c"), True),
        (Change(field=Field.PHONE, new="a", old=OnFile(("b", "a"))), ("a", "b"), False),
        (Change(field=Field.PHONE, new="a", old=OnFile(("b", "a")), replaces=True), ("a",), True),
        (Change(field=Field.PHONE, new="a", old=OnFile(("a",)), replaces=True), ("a",), False),
    ],
)
def test_change(change: Change, after: tuple[str, ...], *, real: bool) -> None:
    """A document takes the old one's place; a phone is added, unless it takes all others'."""
    assert change.applied_to(change.old.values) == after
    assert change.is_real is real


def test_alike() -> None:
    """Numbers in another order are the same numbers; one more is another field."""
    assert alike(Field.PHONE, ("a", "b"), ("b", "a"))
    assert not alike(Field.PHONE, ("a", "b"), ("a",))
