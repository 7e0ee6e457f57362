"""A choice in other words than its button's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.choices import read_choice, read_row
from state.fields.ways import WAYS
from state.machine.buttons import CHOICES
from tests.growth import assert_reads_long_texts

ANY_TEXT = st.text(st.characters(exclude_categories=()))
CONSENT = ("agree", "refuse", "more")
METHOD = ("by_document", "by_service", "by_facts")
PHONE = ("keep", "replace", "own_number")
SUMMARY = ("save", "correct", "cancel")
SERVICE = ("mine", "not_mine", "person")
CODE = ("resend", "no_number")
EVERY = tuple((name, name) for name in WAYS)
ROWS = ("Plan 50MB Calle 10 # 5-20", "Plan 100MB Carrera 7 # 45-10")


def _read(text: str, names: tuple[str, ...]) -> str | None:
    return read_choice(text, [(name, name) for name in names])


@pytest.mark.parametrize(
    ("text", "names", "choice"),
    [
        ("sí, autorizo el uso de mis datos", CONSENT, "agree"),
        ("le doy permiso pues", CONSENT, "agree"),
        ("yo le autorizo, para eso escribí", CONSENT, "agree"),
        ("no quiero que usen mis datos", CONSENT, "refuse"),
        ("no estoy de acuerdo", CONSENT, "refuse"),
        ("quiero leer más", CONSENT, "more"),
        ("con la cédula", METHOD, "by_document"),
        ("por el número de servicio", METHOD, "by_service"),
        ("con lo que dice la factura", METHOD, "by_facts"),
        ("déjelo así", PHONE, "keep"),
        ("el que está registrado", PHONE, "keep"),
        ("ese mismo", PHONE, "keep"),
        ("quite el anterior, que lo perdí", PHONE, "replace"),
        ("este mismo", PHONE, "own_number"),
        ("este whatsapp", PHONE, "own_number"),
        ("todo bien, guárdelo", SUMMARY, "save"),
        ("no, hay un error", SUMMARY, "correct"),
        ("ese es el mío", SERVICE, "mine"),
        ("ese no es", SERVICE, "not_mine"),
        ("mándelo otra vez", CODE, "resend"),
        ("sigamos sin código", CODE, "no_number"),
    ],
)
def test_sample(text: str, names: tuple[str, ...], choice: str) -> None:
    """A choice is read by its meaning, with courtesy, in one clause of a text."""
    assert _read(text, names) == choice


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sí, pero no me manden propaganda", CONSENT),
        ("y si no autorizo qué pasa", CONSENT),
        ("autorizo?", CONSENT),
        ("cómo hago para autorizar", CONSENT),
        ("mis datos", CONSENT),
        ("para qué autorizo", CONSENT),
        ("con permiso", CONSENT),
        ("de acuerdo a qué", CONSENT),
        ("todavía no autorizo", CONSENT),
        ("autorizo cuando me expliquen", CONSENT),
        ("no, no hay problema", CONSENT),
        ("quiero saber antes de autorizar", CONSENT),
        ("con la cédula o la factura", METHOD),
        ("no es la cédula, pero bueno", METHOD),
        ("no guarde nada", SUMMARY),
        ("no, deje", SUMMARY),
        ("ese número 3001234567", PHONE),
        ("", SUMMARY),
    ],
)
def test_no_choice(text: str, names: tuple[str, ...]) -> None:
    """A word more that turns it, a question, or two meanings: nothing is chosen."""
    assert _read(text, names) is None


def test_only_what_is_offered() -> None:
    """What was not offered is not chosen."""
    assert _read("guárdelo", CONSENT) is None
    assert _read("guárdelo", ()) is None


_BY_LABEL = {
    "cancel",
    "cancel_yes",
    "erase",
    "erase_yes",
    "revoke",
    "revoke_yes",
    "unlink",
    "restart",
}


def test_what_undoes_has_no_other_words() -> None:
    """Cancelling, erasing, revoking, unlinking and beginning anew are chosen by their label."""
    assert WAYS.keys().isdisjoint(_BY_LABEL)
    assert CHOICES.keys() >= _BY_LABEL


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("el primero", 0), ("el segundo por favor", 1), ("el seugndo", 1), ("el 2", 1),
        ("el último", 1), ("el de arriba", 0), ("el de 100 megas", 1), ("el de la carrera 7", 1),
        ("la opción uno", 0), ("los dos son míos", None), ("cuál es cuál?", None), ("", None),
        ("el tercero", None), ("el plan", None), ("ninguno", None),
    ],
)  # fmt: skip
def test_row(text: str, row: int | None) -> None:
    """A row of a list is meant by its place, or by words that only it has."""
    assert read_row(text, ROWS) == row


@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    """No text, not even half a surrogate, makes the readers fail."""
    assert read_choice(text, EVERY) in {None, *WAYS}
    assert read_row(text, ROWS) in {None, 0, 1}


@pytest.mark.parametrize("piece", ["a", "no ", "si,", "que ", "mismo ", "ﷺ"])
def test_long_texts_take_no_time(piece: str) -> None:
    """The work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(lambda text: read_choice(text, EVERY), piece)
    assert_reads_long_texts(lambda text: read_row(text, ROWS), piece)
