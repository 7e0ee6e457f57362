"""What people type, and what it is read as."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields import answers, documents, invitations, masks, phones
from state.fields.answers import Answer, Command
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.messages import CATALOGUE
from state.phonebook import add_phone

_SAMPLES = Path(__file__).parent / "samples"
_ANY = st.text(max_size=80) | st.text(alphabet="0123456789 .,-+oOlcenitppt/", max_size=40)


def _samples(name: str) -> list[tuple[str, str]]:
    return list(tomllib.loads((_SAMPLES / name).read_text("utf-8")).items())


def _told(reading: Reading) -> str:
    match reading:
        case Accepted(value=value):
            return value
        case Doubtful(value=value, cause=cause):
            return f"?{value} {cause}"
        case Refused(cause=cause):
            return f"!{cause}"


@pytest.mark.parametrize(("typed", "read"), _samples("documents.toml"))
def test_documents(typed: str, read: str) -> None:
    """Identity numbers are read as the table of samples says."""
    assert _told(documents.read(typed)) == read


@pytest.mark.parametrize(("typed", "read"), _samples("phones.toml"))
def test_phones(typed: str, read: str) -> None:
    """Phones are read as the table of samples says."""
    assert _told(phones.read(typed)) == read


@given(_ANY | st.text(alphabet="\ud800\udfff1", max_size=5) | st.just("9" * 10_000))
def test_anything_is_read(text: str) -> None:
    """Whatever is typed is read, and every doubt and refusal has a text."""
    for reading in (documents.read(text), phones.read(text), invitations.service_number(text)):
        if not isinstance(reading, Accepted):
            assert reading.cause in CATALOGUE
    answers.command(text)
    answers.yes_no(text)
    answers.choice(text, ["Sí", "No"])
    invitations.read(text)


@given(st.integers(1_000_000_000, 1_299_999_999).map(str), st.data())
def test_separators_do_not_matter(number: str, data: st.DataObject) -> None:
    """Dots and commas between the digits of a cédula change nothing."""
    typed = "".join(d + data.draw(st.sampled_from(["", ".", ","])) for d in number).strip(".,")

    assert documents.read(typed) == documents.read(number)


@given(_ANY)
def test_accepted_is_stable(text: str) -> None:
    """What was accepted as a phone is accepted again as itself."""
    reading = phones.read(text)
    if isinstance(reading, Accepted):
        assert phones.read(reading.value) == reading


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("atrás", Command.BACK),
        ("ATRAS!", Command.BACK),
        ("cancelar", Command.CANCEL),
        ("canselar", Command.CANCEL),
        ("cnacelar", Command.CANCEL),
        ("cancela", Command.CANCEL),
        ("cancelarr", Command.CANCEL),
        ("¿ayuda?", Command.HELP),
        ("?", Command.HELP),
        ("asesor por favor", Command.PERSON),
        ("quiero hablar con asesor", Command.PERSON),
        ("hola", Command.GREETING),
        ("Buenos días", Command.GREETING),
        ("/start", Command.RESTART),
        ("mis datos", Command.MY_DATA),
        ("no fui yo", Command.NOT_ME),
        ("¿por qué?", Command.WHY),
        ("Clara", None),
        ("calle de la salida 5", None),
        ("no cancelar", None),
        ("quiero", None),
        ("canceler mi cuenta del banco", None),
    ],
)
def test_commands(typed: str, command: Command | None) -> None:
    """Commands are read politely said or mistyped, never out of longer texts."""
    assert answers.command(typed) is command


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("sí, guardar", 0),
        ("SI GUARDAR", 0),
        ("1", 0),
        ("2.", 1),
        ("opción 2", 1),
        ("la segunda", 1),
        ("3", None),
        ("", None),
        ("Corregri", 1),
    ],
)
def test_choices(typed: str, index: int | None) -> None:
    """A button is chosen by its label, its number or its place."""
    assert answers.choice(typed, ["Sí, guardar", "Corregir"]) == index


def test_yes_and_no() -> None:
    """A plain yes or no has many forms."""
    assert {answers.yes_no(t) for t in ("sí", "Si, autorizo", "de una", "👍")} == {Answer.YES}
    assert {answers.yes_no(t) for t in ("no", "No gracias")} == {Answer.NO}
    assert answers.yes_no("tal vez") is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Vincular ABCD2345", "ABCD2345"),
        ("vincular abcd-2345", "ABCD2345"),
        ("código: ABCD 2345.", "ABCD2345"),
        ("ABCD2345", "ABCD2345"),
        ("vincular BCDFGHJK", "BCDFGHJK"),
        ("BCDFGHJK", None),
        ("22334455", None),
        ("hola", None),
    ],
)
def test_invitations(typed: str, code: str | None) -> None:
    """A code counts after a word that announces it, or alone if it looks like nothing else."""
    assert invitations.read(typed) == code


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12345", "12345"),
        ("servicio N.º 12345", "12345"),
        ("0012", "12"),
        ("000", "!serv_sin_numero"),
        ("mi servicio", "!serv_sin_numero"),
        ("12345 o 67890", "!serv_varios"),
        ("1234567890", "!serv_longitud"),
    ],
)
def test_service_numbers(typed: str, read: str) -> None:
    """A service number is one positive number of at most nine digits."""
    assert _told(invitations.service_number(typed)) == read


@given(_ANY)
def test_masks_hide(text: str) -> None:
    """A mask shows at most three characters of a document, five digits of a phone."""
    assert len(masks.document(text).replace("•", "")) <= 3
    assert sum(c.isdigit() for c in masks.phone(text)) <= 5


def test_masks() -> None:
    """Masks look the same everywhere."""
    assert masks.document("1098765432") == "•••••432"
    assert masks.document("123456") == "•••••56"
    assert masks.document("") == ""
    assert masks.phone("+573001234567") == "300 ••• ••67"
    assert masks.phone("12345") == "•••••"
    assert masks.phone("") == ""
    assert masks.phones("3001234567, 3109876543") == "300 ••• ••67, 310 ••• ••43"
    assert masks.service("Plan 50MB", "Calle 10 # 5-20") == "Plan 50MB, Calle •••••"
    assert masks.service("", "") == ""


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
def test_phonebook(on_file: str, after: str) -> None:
    """A new phone goes before those on file, and none stands there twice."""
    assert add_phone(on_file, "+573001234567") == after


def test_spellings() -> None:
    """A number is written as the provider wants it."""
    assert phones.spell("+573001234567", "national") == "3001234567"
    assert phones.spell("+573001234567", "e164") == "+573001234567"
    assert phones.spell("+584121234567", "national") == "+584121234567"
    assert phones.same("300 123 4567", "+573001234567")
