"""Commands, a plain yes or no, and the choice among buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields import answers
from state.fields.answers import Answer, Command
from tests.growth import assert_reads_long_texts

ANY_TEXT = st.text(st.characters(exclude_categories=()))
LABELS = ("Sí, autorizo", "No autorizo", "Ver más")

COMMANDS = {
    Command.BACK: ["atras", "ATRÁS.", "*atrás*", "volver", "devolver", "anterior", "atras porfa"],
    Command.CANCEL: ["cancelar", "canselar", "quiero cancelar", "salir", "chao", "ya no"],
    Command.HELP: ["ayuda", "Ayuda!", "auyda", "ayda", "help", "?", "¿?", "??", "menú", "opciones"],
    Command.REPEAT: ["repetir", "repetri", "otra vez", "otra vez por favor", "no vi"],
    Command.PERSON: [
        "asesor", "acesor", "asesora", "humano", "persona", "agente", "soporte", "alguien",
        "hablar con asesor", "quiero hablar con un asesor por favor", "hola, un asesor",
    ],
    Command.RESTART: ["inicio", "reiniciar", "empezar de nuevo", "/start"],
    Command.STATUS: ["estado", "¿en qué va?"],
    Command.MY_DATA: ["mis datos", "ver mis datos"],
    Command.ERASE: ["borrar conversación", "borrar mis datos", "quiero borrar mis datos por favor"],
    Command.REVOKE: ["revocar", "rebocar"],
    Command.NOT_ME: ["no fui yo", "No fuí yo", "yo no fui"],
    Command.WHY: ["¿por qué?", "para qué", "¿Por qué la piden?"],
    Command.GREETING: ["hola", "Hola!", "holA", "buenas", "Buenos días", "hola buenas tardes"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, meant) for meant, all_ in COMMANDS.items() for typed in all_]
)
def test_command(typed: str, meant: Command) -> None:
    """A command is understood with courtesy, accents, marks and one typing error."""
    assert meant is answers.command(typed)


def test_every_command_has_a_sample() -> None:
    """No command is without words."""
    assert set(Command) == set(COMMANDS)


@pytest.mark.parametrize(
    "typed",
    [
        "", "Clara", "salida", "no cancelar", "no quiero cancelar", "no asesor", "ayuda asesor",
        "calle la salida 5", "mi persona favorita es Clara", "cancelar y volver a empezar", "el",
        "gracias", "holanda", "1098765432", "ayudaaa",
    ],
)  # fmt: skip
def test_no_command(typed: str) -> None:
    """A word within another text, a name, or a refusal is no command."""
    assert answers.command(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "si", "Sí.", "SI", "claro", "listo", "dale", "ok", "correcto", "correto", "de una",
        "Hágale", "eso es", "sí, por favor", "👍", "👍🏽", "autorzo", "yo autorizo", "lo autorizo",
        "dele pues", "sí señora", "siiii", "listo, gracias", "hágale no más", "lsito",
        "dele sin problema",
    ],
)  # fmt: skip
def test_yes(typed: str) -> None:
    """A plain yes is understood, a thumb too."""
    assert Answer.YES is answers.yes_no(typed)


@pytest.mark.parametrize("typed", ["no", "No.", "nop", "negativo", "negatvo", "no gracias", "👎"])
def test_no(typed: str) -> None:
    """A plain no is understood."""
    assert Answer.NO is answers.yes_no(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Clara",
        "caro",
        "visto",
        "incorrecto",
        "si no",
        "no sé",
        "sino",
        "tal vez",
        "cómo así",
        "no, no hay problema",
        "eso",
        "sí, pero no",
        "gracias",
    ],
)
def test_neither_yes_nor_no(typed: str) -> None:
    """What is no clear yes is none: the authorisation hangs on it."""
    assert answers.yes_no(typed) is None


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("sí, autorizo", 0), ("SI AUTORIZO", 0), ("si autorzo", 0), ("no autorizo", 1),
        ("ver mas", 2), ("1", 0), ("2.", 1), ("3)", 2), ("#1", 0), ("opción 2", 1), ("la 3", 2),
        ("la primera", 0), ("el segundo", 1), ("tercera opción", 2), ("dos", 1), ("1️⃣", 0),
    ],
)  # fmt: skip
def test_choice(typed: str, index: int) -> None:
    """A button may be typed as its label or its number."""
    assert index == answers.choice(typed, LABELS)


@pytest.mark.parametrize(
    "typed", ["", "0", "4", "10", "so autorizo", "autorizo", "la última", "1 2", "1098765432", "la"]
)
def test_no_choice(typed: str) -> None:
    """What is no label, or as near to one as to another, chooses nothing."""
    assert answers.choice(typed, LABELS) is None


@pytest.mark.parametrize("typed", ["yo autorizo", "lo autorizo", "ya autorizo", "ni autorizo"])
def test_a_short_word_is_not_mistyped(typed: str) -> None:
    """Where one letter of a short word turns a yes into a no, no typing error is forgiven."""
    assert answers.choice(typed, LABELS) is None


def test_a_blank_may_be_missing() -> None:
    """Words written together are a label too."""
    assert answers.choice("siautorizo", LABELS) == 0
    assert answers.choice("noautorizo", LABELS) == 1


def test_no_labels() -> None:
    """Where nothing is offered nothing is chosen."""
    assert answers.choice("1", ()) is None


@given(st.sampled_from(["asesor", "cancelar", "repetir"]), st.data())
def test_one_typing_error(word: str, data: st.DataObject) -> None:
    """A letter lost, doubled or swapped with its neighbour does not hide a command."""
    at = data.draw(st.integers(0, len(word) - 2))
    lost = word[:at] + word[at + 1 :]
    doubled = word[:at] + word[at] + word[at:]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    assert {answers.command(word)} == {answers.command(t) for t in (lost, doubled, swapped)}


@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    """No text, not even half a surrogate, makes the readers fail."""
    answers.command(text)
    answers.yes_no(text)
    index = answers.choice(text, LABELS)

    assert index is None or 0 <= index < len(LABELS)


@pytest.mark.parametrize("piece", ["a", "?", "hola ", "no ", "👍", "ﷺ"])
def test_long_texts_take_no_time(piece: str) -> None:
    """The work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(answers.command, piece)
    assert_reads_long_texts(answers.yes_no, piece)
    assert_reads_long_texts(lambda text: answers.choice(text, LABELS), piece)
