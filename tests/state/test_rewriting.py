"""`make transcripts` writes what the bot says now, as a transcript was written before."""

from dataclasses import replace
from pathlib import Path

import pytest

from state.effects import Line
from state.messages import CATALOGUE
from tests.transcripts import CONVERSATIONS, IN_FULL, wording
from tests.transcripts.rewriting import rewrite_all

_SERVICE = "service 1001: document= phone=3159741951\n"


@pytest.fixture
def greeted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue greets in other words."""
    hola = CATALOGUE["hola"]
    text = hola.text.replace("Hola, {saludo}.", "Reciba un saludo.")
    monkeypatch.setitem(CATALOGUE, "hola", replace(hola, text=text))


async def _rewritten(path: Path, text: str, *names: str, name: str = "one.txt") -> str:
    """Rewrite a transcript; gives what was said of it, and the new one without its head."""
    written = path / name
    written.write_text(text, "utf-8")
    told = await rewrite_all([written], names)
    return "".join(told.values()) + written.read_text("utf-8")


async def test_nothing_changed(tmp_path: Path) -> None:
    """A transcript that holds stays as it is."""
    copies = [tmp_path / path.name for path in CONVERSATIONS if path.stem.startswith(IN_FULL)]
    for copy in copies:
        copy.write_bytes((CONVERSATIONS[0].parent / copy.name).read_bytes())

    assert len(copies) >= 3
    assert await rewrite_all(copies) == {}


@pytest.mark.usefixtures("greeted_anew")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<hola>", "<hola>"),
        ("Hola, … [Empezar] [Hablar con asesor]", "Reciba … [Empezar] [Hablar con asesor]"),
        (
            "Hola, buenos días. Soy el … *Hablar con asesor*. [Empezar] [Hablar con asesor]",
            "Reciba un saludo. Soy el … *Hablar con asesor*. [Empezar] [Hablar con asesor]",
        ),
        ("… [Empezar] [Hablar con asesor]", "… [Empezar] [Hablar con asesor]"),
        ("<consent>", "<hola>"),
        ("<ayuda> <consent>", "<hola>"),
    ],
)
async def test_new_words(tmp_path: Path, before: str, after: str) -> None:
    """New words are written where the old ones stood; names and `…` stay where they hold."""
    talk = "customer: hola\nbot: {}\ncustomer: repetir\nbot: <hola>\n"

    assert await _rewritten(tmp_path, talk.format(before)) == talk.format(after)


@pytest.mark.usefixtures("greeted_anew")
async def test_in_full(tmp_path: Path) -> None:
    """What stands word for word is written word for word."""
    before = "customer: hola\nbot: Hola, buenos días. [Empezar]\n"

    after = await _rewritten(tmp_path, before)

    assert "bot: Reciba un saludo. Soy el asistente automático de FibraNet." in after
    assert after.endswith("toque *Hablar con asesor*. [Empezar] [Hablar con asesor]\n")


async def test_more_and_fewer_messages(tmp_path: Path) -> None:
    """What is said besides is added, and what is not said any more is left out."""
    before = (
        f"# A head.\n\n{_SERVICE}customer: hola\nbot: (nada)\ncustomer: [Empezar]\nbot: <consent>\n"
        "bot: <hola>\ncustomer: [Sí, autorizo]\nbot: <consent_ok> <id_compartir>\n"
        "customer: (contacto 573159741951)\nbot: <doc_pedir>\nstaff ana: (toma)\n"
        "ana: Hola, soy …\nstaff ana: Cuénteme\ncustomer: (foto)\nbot: (nada)\n"
    )

    after = await _rewritten(tmp_path, before)

    expected = before.replace("bot: <hola>\n", "").replace("bot: (nada)", "bot: <hola>", 1)
    expected = expected.replace("bot: <doc", "bot: Un momento mientras lo reviso.\nbot: <doc")
    assert after == expected.replace("ana: Cuénteme\n", "ana: Cuénteme\nana: Cuénteme\n")


_TALK = """service 1001: document= phone=3159741951
customer: hola
bot: {}
customer: [Empezar]
bot: {}
customer: [Sí, autorizo]
bot: {}
customer: (contacto 573159741951)
bot: {}
bot: {}
customer: cédula
bot: {}
"""


async def test_named_from_now_on(tmp_path: Path) -> None:
    """A text is named on demand; a line that left something of it out leaves it open."""
    before = _TALK.format(
        "Hola, … [Empezar] [Hablar con asesor]",
        "… [Sí, autorizo] [No autorizo] [Ver más]",
        "Gracias, … (código …). … invitación. [Prefiero no hacerlo]",
        "Un momento mientras lo reviso.",
        "Escriba su número de cédula. …",
        "Aquí necesito … pueda. [Hablar con asesor]",
    )
    after = _TALK.format(
        "<hola>",
        "… [Sí, autorizo] [No autorizo] [Ver más]",
        "Gracias, … (código …). <id_compartir>",
        "Un momento mientras lo reviso.",
        "<doc_pedir>",
        "Aquí necesito … pueda. [Hablar con asesor]",
    )
    names = ("hola", "id_compartir", "doc_pedir")

    assert await _rewritten(tmp_path, before, *names) == after
    assert await _rewritten(tmp_path, before, *names, name=f"{IN_FULL}x.txt") == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Tengo registrado … *456*. … [Sí, es correcto] [Cambiarlo]",
            "<doc_tenemos ult3=456>",
        ),
        ("Tengo registrado … [Sí, es correcto] [Cambiarlo]", "<doc_tenemos>"),
        ("Otra cosa.", "<doc_tenemos ult3=456>"),
        ("<doc_tenemos ult3=432>", "<doc_tenemos ult3=456>"),
        ("<doc_tenemos ult3=4…>", "<doc_tenemos ult3=4…>"),
        ("<doc_tenemos>", "<doc_tenemos>"),
    ],
)
async def test_places(tmp_path: Path, before: str, after: str) -> None:
    """What fills a place of a named text is told if the old line told it."""
    talk = (
        "service 1001: document=52123456 phone=3159741951\ncustomer: hola\nbot: <hola>\n"
        "customer: [Empezar]\nbot: <consent>\ncustomer: [Sí, autorizo]\n"
        "bot: <consent_ok> <id_compartir>\ncustomer: (contacto 573159741951)\n"
        "bot: <id_gracias>\nbot: <sin_cambios>\ncustomer: [Cambiar mis datos]\n"
        "bot: <id_gracias>\nbot: {}\n"
    )

    assert await _rewritten(tmp_path, talk.format(before), "doc_tenemos") == talk.format(after)


async def test_cannot_go_on(tmp_path: Path) -> None:
    """From a line that cannot be performed any more a transcript stays, and it is told why."""
    before = "customer: hola\nbot: Qué tal.\ncustomer: [Adelante]\nbot: Bueno.\n"

    after = await _rewritten(tmp_path, before)

    assert after.startswith("one.txt:3: no button 'Adelante' among ['Empezar', ")
    assert after.endswith("[Hablar con asesor]\ncustomer: [Adelante]\nbot: Bueno.\n")


@pytest.mark.parametrize("text", ["<holla>", "<hola nombre=Ana>", "<hola isp=FibraNet>"])
def test_unknown(text: str) -> None:
    """A name that no text has, or a place that the machine does not fill, is refused."""
    with pytest.raises(AssertionError, match=r"no text|no places"):
        wording.pattern(text)


def test_whole_message() -> None:
    """A text by its name is the whole message: no word more, no button less or another."""
    said = wording.shown(wording.render(Line(text="corregir")))
    before, buttons = said.split(" [", 1)

    assert wording.pattern("<corregir>").fullmatch(said)
    for other in (f"Bien. {said}", f"{said} [Otro]", before, f"{before}. [{buttons}", said[:-12]):
        assert not wording.pattern("<corregir>").fullmatch(other)
