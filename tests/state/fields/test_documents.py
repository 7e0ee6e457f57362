"""Identity numbers: the table of samples, and what holds for any text."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.co import nit

from state.fields import documents
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.messages import CATALOGUE
from tests.growth import assert_reads_long_texts
from tests.state.fields import samples

ANY_TEXT = st.text(st.characters(exclude_categories=()))
CEDULAS = st.integers(1_000_000_000, 1_999_999_999).filter(lambda n: n != 1_111_111_111).map(str)


@pytest.mark.parametrize(("typed", "expected"), samples.load("documents.toml"))
def test_sample(typed: str, expected: Reading) -> None:
    """A document is read as its sample says."""
    assert expected == documents.read(typed)


def test_every_cause_has_its_text() -> None:
    """Whatever is asked or refused has words for the customer."""
    assert samples.causes("documents.toml") <= CATALOGUE.keys()


def test_every_text_has_a_sample() -> None:
    """No text about a document that was typed is out of reach."""
    asked_by_the_machine = {"doc_pedir", "doc_tenemos"}
    texts = {name for name in CATALOGUE if name.startswith("doc_")}

    assert texts - asked_by_the_machine == samples.causes("documents.toml")


@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    """No text, not even half a surrogate, makes the reader fail."""
    assert isinstance(documents.read(text), Accepted | Doubtful | Refused)


@given(st.text("0123456789 .-,'Oovence()no es&pasporteit", max_size=60))
def test_what_is_kept_is_plain(text: str) -> None:
    """Only ASCII capitals, digits and a NIT's hyphen are ever kept."""
    reading = documents.read(text)
    value = "" if isinstance(reading, Refused) else reading.value

    assert set(value) <= set(string.digits + string.ascii_uppercase + "-")


@given(CEDULAS, st.data())
def test_separators_change_nothing(number: str, data: st.DataObject) -> None:
    """Separators anywhere within a cédula leave it as it is; before its last digit all but "-"."""
    separators = [" ", ".", ",", "'", "’", "·", "_", "\u200b", "\u00a0"]
    gaps = [data.draw(st.sampled_from(["", "", "", "-", *separators])) for _ in number[:-2]]
    gaps += [data.draw(st.sampled_from(["", *separators])), ""]
    typed = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True))

    assert Accepted(value=number) == documents.read(typed)


@given(st.integers(100_000_000, 999_999_999))
def test_check_digit_is_found(number: int) -> None:
    """A NIT with its own check digit is accepted, with any other refused."""
    right = int(nit.calc_check_digit(str(number)))

    assert Accepted(value=f"{number}-{right}") == documents.read(f"{number}-{right}")
    assert Refused(cause="doc_dv") == documents.read(f"{number}-{(right + 1) % 10}")


@given(CEDULAS)
def test_a_cedula_is_never_taken_for_a_nit(number: str) -> None:
    """Ten digits alone stay a cédula, though one in ten ends in a check digit."""
    assert Accepted(value=number) == documents.read(number)


def test_half_a_number_is_never_read() -> None:
    """A text that is too long is not cut within a number."""
    assert Refused(cause="doc_sin_numero") == documents.read("x " * 248 + "1098765432")


@pytest.mark.parametrize("piece", ["1", " ", "no es 1 ", "a1", "-1", "1.", ".", "v", "١", "ﷺ"])
def test_long_texts_take_no_time(piece: str) -> None:
    """However shaped, the work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(documents.read, piece)
