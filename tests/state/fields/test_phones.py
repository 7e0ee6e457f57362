"""Phones: the table of samples, WispHub's field, and what holds for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields import phones
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.messages import CATALOGUE
from tests.growth import assert_reads_long_texts
from tests.state.fields import samples

ANY_TEXT = st.text(st.characters(exclude_categories=()))
DIALLED = st.text("0123456789+ ()-.o/,", max_size=30)


@pytest.mark.parametrize(("typed", "expected"), samples.load("phones.toml"))
def test_sample(typed: str, expected: Reading) -> None:
    """A phone is read as its sample says."""
    assert expected == phones.read(typed)


def test_every_cause_has_its_text() -> None:
    """Whatever is asked or refused has words for the customer."""
    assert samples.causes("phones.toml") <= CATALOGUE.keys()


def test_every_text_has_a_sample() -> None:
    """No text about a phone that was typed is out of reach."""
    asked_by_the_machine = {"tel_pedir", "tel_escribir", "tel_quitar"}
    texts = {name for name in CATALOGUE if name.startswith("tel_")}

    assert texts - asked_by_the_machine == samples.causes("phones.toml")


@given(ANY_TEXT | DIALLED)
def test_any_text_is_read(text: str) -> None:
    """No text, not even half a surrogate, makes the reader fail."""
    assert isinstance(phones.read(text), Accepted | Doubtful | Refused)


@given(DIALLED)
def test_what_is_kept_is_read_the_same_again(text: str) -> None:
    """A number that was taken is taken again as it was kept."""
    reading = phones.read(text)

    assert isinstance(reading, Refused) or phones.read(reading.value) == reading


@given(st.integers(3_000_000_000, 3_059_999_999), st.sampled_from(["", "+57", "57", "0057", "03"]))
def test_ways_to_dial_a_mobile(number: int, prefix: str) -> None:
    """Every way to dial one of our mobiles is the same number."""
    assert Accepted(value=f"+57{number}") == phones.read(f"{prefix}{number}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0412 1234567", Accepted(value="+584121234567")),
        ("+58 412 1234567", Accepted(value="+584121234567")),
        ("+57 300 1234567", Doubtful(value="+573001234567", cause="tel_extranjero")),
        ("123456", Refused(cause="tel_rango")),
        ("hola", Refused(cause="tel_sin_numero")),
    ],
)
def test_another_country(typed: str, expected: Reading) -> None:
    """In another country its own numbers are no question, and ours are one."""
    assert expected == phones.read(typed, country="VE")


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("national", "+573001234567", "3001234567"),
        ("national", "+584121234567", "+584121234567"),
        ("e164", "+573001234567", "+573001234567"),
    ],
)
def test_spelling(style: str, number: str, expected: str) -> None:
    """Only our own numbers lose their country code, and only where that is wanted."""
    assert expected == phones.spell(number, style)


@pytest.mark.parametrize(
    "piece", ["3", " ", "3001234567 ", "no es 3 ", "+", "(", "o", "@", "٣", "ﷺ"]
)
def test_long_texts_take_no_time(piece: str) -> None:
    """However shaped, the work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(phones.read, piece)
