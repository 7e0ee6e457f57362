"""How a copied conversation writes what the bot said: by the texts' names, or word for word."""

import pytest

from handlers.simulator.naming import name
from state.effects import Button, Line, Send
from state.messages import CATALOGUE
from state.messages.places import COMPANY, PLACES
from tests.transcripts import wording

_VALUES = {place: info.example for place, info in PLACES.items() if place not in COMPANY}


def _say(*names: str, choices: tuple[tuple[str, str], ...] = ()) -> Send:
    return wording.render(*(Line(text=one, values=_VALUES) for one in names), choices=choices)


@pytest.mark.parametrize("text", CATALOGUE)
def test_every_text(text: str) -> None:
    """What is written of a text plays again as that text, alone and after another."""
    for message in (_say(text), _say("consent_ok", text)):
        assert wording.pattern(name(message)).fullmatch(wording.shown(message))


def test_other_choices() -> None:
    """Choices that are not the text's own stand beside its name."""
    message = _say("hola", choices=(("pick1", "Plan 50MB · •20"), ("none", "Ninguno")))

    assert name(message) == "<hola> [Plan 50MB · •20] [Ninguno]"
    assert wording.pattern(name(message)).fullmatch(wording.shown(message))


def test_no_choices() -> None:
    """A text whose own choices are not offered stands word for word."""
    message = Send(text=_say("hola").text)

    assert name(message) == wording.shown(message)


def test_unknown_words() -> None:
    """Other words stand as they are, but for what is another each time."""
    yes = Button(choice="x", label="Sí")
    message = Send(text="Su código QWER2345\nes del 23/11/2026, Ana.", buttons=(yes,))

    assert name(message) == "Su código … es del …, Ana. [Sí]"
