"""What stands of the utterances: their form, their number, their words, and the rates today."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

from state.fields.answers import Command
from state.machine.buttons import CHOICES
from state.states import State
from tests.utterances import MATTERS, PLACES, SLOTS, Kind, Meaning, Row, read_rows
from tests.utterances.judging import Verdict, count, judge_all
from tests.utterances.playing import reach

_ROOT = Path(__file__).parents[2]
_ROWS = read_rows()
_HELD = read_rows(held=True)

UNDERSTOOD = 0.97
"""The share of the rows that is understood, at least: 163 of 727 before any reader of them."""

WRONG = 0
"""How many rows are taken wrongly, at most."""

_NAMED = {
    Kind.OFFER: frozenset(SLOTS),
    Kind.DOUBT: frozenset(SLOTS),
    Kind.CHOICE: frozenset(
        {*CHOICES, "agree", "refuse", *(f"pick{number}" for number in range(1, 10))}
    ),
    Kind.COMMAND: frozenset(Command),
    Kind.MATTER: frozenset(MATTERS),
}
"""What a meaning may name, by its kind; the others name nothing."""


def _is_sound(meaning: Meaning) -> bool:
    named = _NAMED.get(meaning.kind)
    valued = meaning.kind in (Kind.OFFER, Kind.DOUBT)
    return bool(meaning.value) == valued and (meaning.name in named if named else not meaning.name)


def test_rows_are_sound() -> None:
    """Every row says something at a place that there is, and names only what there is."""
    for row in [*_ROWS, *_HELD]:
        assert row.text, row.source
        assert row.place in PLACES, row.source
        assert all(_is_sound(meaning) for meaning in row.named), row.source


def test_rows_are_told_once() -> None:
    """No two rows say the same at the same place, held back or not."""
    told = Counter((row.place, _words(row.text)) for row in [*_ROWS, *_HELD])

    assert [it for it, times in told.items() if times > 1] == []


def test_enough_rows() -> None:
    """There are many at every place and of every matter, and a third holds a typing error."""
    places = Counter(row.place for row in _ROWS)
    matters = Counter(name for row in _ROWS for name in {*_matters(row)})

    assert min(places[place] for place in PLACES) >= 15
    assert min(matters[matter] for matter in MATTERS) >= 20
    assert sum(row.typo for row in _ROWS) * 3 >= len(_ROWS) >= 460


def _matters(row: Row) -> list[str]:
    return [meaning.name for meaning in row.named if meaning.kind is Kind.MATTER]


async def test_places_are_reached() -> None:
    """Every place is reached as its file says, and each in a state that is known."""
    stages = {place: await reach(place) for place in PLACES}

    assert stages["first"].conversation.state is State.START
    assert {stage.conversation.state for stage in stages.values()} >= {*State} - {
        State.FINDING,
        State.UPDATING,
        State.RETRYING,
        State.CONFIRM_PHONE,
        State.OUTAGE_SINCE,
        State.OUTAGE_LIGHTS,
        State.OUTAGE_DEVICES,
    }


def test_no_utterance_is_known_whole() -> None:
    """No utterance of more than one word stands in the program: readers know stems, no rows."""
    program = "".join(
        f" {_words(path.read_text('utf-8'))} " for path in (_ROOT / "state").rglob("*.py")
    )
    spoken = [row for row in [*_ROWS, *_HELD] if " " in _words(row.text)]

    assert [row.source for row in spoken if f" {_words(row.text)} " in program] == []


def _words(text: str) -> str:
    """Fold a text of any length into its words."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"\w+", bare))


async def test_rates() -> None:
    """As much is understood as ever was, and no more is taken wrongly."""
    counts = count(await judge_all(_ROWS))

    assert counts[Verdict.UNDERSTOOD] >= UNDERSTOOD * len(_ROWS)
    assert counts[Verdict.WRONG] <= WRONG
