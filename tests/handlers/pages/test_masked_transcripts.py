"""Every transcript as staff read it: nothing of the file, nor of what was given, is left."""

from pathlib import Path
from typing import Any

import pytest

from handlers import journaling
from handlers.pages.masking import mask_lines
from handlers.texts import Texts
from state.conversation import Conversation
from state.effects import Say
from state.events import Event
from state.fields.redaction import SHORTEST, list_numbers
from state.journal import OPEN, Entry, Kind
from state.machine.moment import Moment, Step
from state.machine.step import step
from state.messages import CATALOGUE
from tests import machine_stage
from tests.machine_stage import COMPANY, MachineStage
from tests.transcripts import CONVERSATIONS, Performance

_PERSONAL = ("Ana Gómez", "Luis Rueda", "Calle 10", "Carrera 7 #", "5-20", "3-45")
_EXAMPLES = {number for message in CATALOGUE.values() for number in list_numbers(message.text)}


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """The lines that the steps of a stage are told as."""
    lines: list[Entry] = []
    texts = Texts(COMPANY)

    def tell(before: Conversation, event: Event, moment: Moment) -> Step:
        after, effects = step(before, event, moment)
        written: Any = tuple(
            texts.render(effect, now=moment.now) if isinstance(effect, Say) else effect
            for effect in effects
        )
        lines.extend(journaling.tell(before, event, after, written, moment))
        return after, effects

    monkeypatch.setattr(machine_stage, "step", tell)
    return lines


@pytest.mark.slow  # the everyday part plays them without, and masks in test_masking.py
@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
async def test_masked(path: Path, journal: list[Entry]) -> None:
    """No document, no phone, and no name or address but what is said to a person."""
    await Performance(MachineStage()).perform(path)

    for line, shown in zip(journal, mask_lines(journal), strict=True):
        left = {n for n in list_numbers(shown.text.replace("•", "x")) if len(n) >= SHORTEST}
        assert left <= _EXAMPLES, line
        assert bool(shown.text) == bool(line.text)
        if line.answers != OPEN:
            assert [it for it in _PERSONAL if it in shown.text] == [], line
    assert {line.kind for line in journal} >= {Kind.CUSTOMER, Kind.BOT}
