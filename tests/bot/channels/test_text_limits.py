"""Every text of the catalogue within every limit of both vendors, with the longest values.

Meta: 1 to 3 buttons of 20 characters each with its own, a body of 1,024; a list of ten rows of 24
and 72 (docs "interactive reply buttons", "interactive list"). Telegram: 4,096 characters of text,
64 bytes of a button's data (Bot API, sendMessage and InlineKeyboardButton).
"""

from typing import Any

import pytest

from bot.channels.whatsapp import shapes
from handlers.texts import Texts
from state.conversation import Chat, Conversation, replace
from state.effects import Line, Say, button_id
from state.machine.asking import choices
from state.machine.buttons import CHOICES
from state.messages import CATALOGUE
from state.parts import Lookup, Shown
from state.states import STATES, State
from tests.clients import make_client
from tests.longest import COMPANY, fill, list_places

_TEXTS = Texts(COMPANY)
_FLOW, _QUESTION = "ABCD2345", 999_999_999
_LISTED = {"corregir"}
"""Texts with more than three choices of their own: WhatsApp makes lists of them."""


def _shape(name: str) -> tuple[str, dict[str, Any]]:
    """Render a text with the longest values; gives the text and what WhatsApp gets."""
    values = {place: fill(place) for place in list_places(CATALOGUE[name].text)}
    say = Say(lines=(Line(text=name, values=values),), question=_QUESTION, flow=_FLOW)
    message = _TEXTS.render(say, now=0)
    return message.text, shapes.content(message, asks_number=False)


@pytest.mark.parametrize("name", CATALOGUE)
def test_whatsapp(name: str) -> None:
    """Nothing is cut, no choice is spelled out for want of room, and labels stand whole."""
    text, body = _shape(name)
    buttons = CATALOGUE[name].buttons

    assert len(text.encode("utf-16-le")) // 2 <= shapes.BODY
    assert "…" not in text.replace("Guardando…", "")
    assert body["type"] == ("interactive" if buttons else "text")
    assert len(buttons) <= (shapes.ROWS if name in _LISTED else shapes.BUTTONS)
    assert all(len(label) <= shapes.TITLE for _, label in buttons)
    assert len({label for _, label in buttons}) == len(buttons)


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGUE)
def test_telegram(name: str) -> None:
    """A text is never cut, and what is in bold is marked by entities within it."""
    from bot.channels.telegram.send import format_message  # noqa: PLC0415  # imports aiogram: 3 s

    text, _ = _shape(name)
    values = {place: fill(place) for place in list_places(CATALOGUE[name].text)}
    say = Say(lines=(Line(text=name, values=values),), question=_QUESTION, flow=_FLOW)
    formatted = format_message(_TEXTS.render(say, now=0))

    assert 1 <= len(formatted.text) <= len(text) <= 4096
    assert CATALOGUE[name].text.count("*") % 2 == 0
    assert all(mark.offset + mark.length <= len(formatted.text) for mark in formatted.bold)


@pytest.mark.parametrize("choice", [*CHOICES, "agree", "refuse", "pick9"])
def test_button_data(choice: str) -> None:
    """What a button carries back fits 64 bytes, however long the conversation gets."""
    assert len(button_id(_FLOW, _QUESTION, choice).encode()) <= 64


def test_list_of_services() -> None:
    """Nine services with the longest plans are ten rows that read apart."""
    plan = "Plan Familiar Simétrico 900 Megas con Televisión"
    found = tuple(make_client(number, plan=plan) for number in range(1, 10))
    talk = Conversation(
        chat=Chat(channel="test", account="1", id="ana"),
        state=State.PICK,
        lookup=Lookup(found=found),
        shown=Shown(asked="id_varios"),
    )

    labels = [label for _, label in choices(talk)]

    assert len(set(labels)) == len(labels) == shapes.ROWS
    assert all(len(label) <= shapes.ROW for label in labels)


_ASKED = {state: info.question for state, info in STATES.items() if info.question}


@pytest.mark.parametrize("name", [n for n, message in CATALOGUE.items() if message.keeps])
def test_refusal_keeps_choices(name: str) -> None:
    """A refusal offers what its question offers, in three buttons, or ten rows, at most."""
    for state, question in _ASKED.items():
        asking = Conversation(chat=Chat(channel="test", account="1", id="ana"), state=state)
        asked = replace(asking, shown=Shown(asked=question, question=1, prompted=1))
        refused = replace(asking, shown=Shown(asked=name, question=2, prompted=1))

        offered, kept = choices(asked), choices(refused)

        assert kept[: len(offered)] == offered
        assert len(kept) <= max(shapes.BUTTONS, len(offered))
