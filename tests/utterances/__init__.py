"""Utterances: what customers write at each place of the dialog, and what is to be taken from it.

All of it in our own words, as people in Colombia and Venezuela write: slang, no accents, capitals,
run-on text, a third with typing errors. One file a place of the dialog, one a matter; `held/` holds
the rows that were held back from tuning, by files of the same names. The head of a place's file
says how the place is reached, in the language of transcripts (`tests.transcripts`), with two more:

    # customer: {agree}          presses the button of that choice, whatever its label is now
    # reaches: autorizacion      the state (`state.states`) that the lines before it lead to

Other lines that begin with `#` are remarks. Then, one a line:

    utterance | meaning; meaning or meaning | flags

A `⏎` in the utterance is a new line, `{code}` the one-time code that is awaited. The meanings:

    offer document 1098765432    kept, used, or read back in a question
    doubt document 1098765432    asked about, not kept
    choice save                  does what that button does (`state.machine.buttons`)
    command cancel               does what that command does (`state.fields.answers`)
    matter outage                heard: the conversation's last matter, or a text of its own
    fact                         taken as the answer about the file
    code                         taken as the one-time code
    question                     explained, or the question asked again; no attempt spent
    unclear                      "no entendí" is a good answer

The flags: `typo` (it holds a typing error), `at PLACE` (where it is said, if elsewhere than the
file's name says).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_HERE = Path(__file__).parent

PLACES = (
    "first", "greeting", "consent", "sharing", "method", "holder", "service", "facts_name",
    "facts_address", "facts_plan", "facts_price", "pick", "invitation", "document",
    "document_on_file", "confirm", "phone", "code", "summary", "correction", "review", "done",
    "queue",
)  # fmt: skip
"""The places of the dialog, in the order in which customers come by."""

MATTERS = (
    "outage", "bill", "payment", "moving", "sale", "person", "why", "robot", "safe", "wait",
    "missing", "unknown", "thanks", "anger", "others_service", "holder_died", "company", "plan",
)  # fmt: skip
"""What customers write about that is no answer."""

SLOTS = ("document", "phone", "service", "invitation")
"""What an offer may be."""

_PERFORMED = re.compile(r"# ((?:[a-z]+)(?: \w+)?: .*)")


class Kind(StrEnum):
    """How a meaning is judged."""

    OFFER = "offer"
    DOUBT = "doubt"
    CHOICE = "choice"
    COMMAND = "command"
    MATTER = "matter"
    FACT = "fact"
    CODE = "code"
    QUESTION = "question"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing to be taken from an utterance: `offer document 1098765432`."""

    kind: Kind
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One utterance, where it is said, and what is to be taken from it.

    Attributes:
        source: the file and the line, as an editor opens it.
        meanings: all of them are to be taken; of each, one of the alternatives.
    """

    source: str
    text: str
    place: str
    meanings: tuple[tuple[Meaning, ...], ...]
    typo: bool = False

    @property
    def named(self) -> tuple[Meaning, ...]:
        """List everything that may be taken from it."""
        return tuple(meaning for alternatives in self.meanings for meaning in alternatives)


def read_rows(*, held: bool = False) -> list[Row]:
    """Read every row: those that readers are tuned on, or those held back."""
    folder = _HERE / "held" if held else _HERE
    return [row for path in sorted(folder.glob("*.txt")) for row in _read_file(path)]


def read_head(place: str) -> list[str]:
    """Read the lines of a transcript that lead to a place."""
    text = (_HERE / f"{place}.txt").read_text("utf-8")
    return [found[1] for line in text.splitlines() if (found := _PERFORMED.fullmatch(line))]


def _read_file(path: Path) -> list[Row]:
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)
    told = [(number, line) for number, line in lines if line and not line.startswith("#")]
    return [_read_row(path, number, line) for number, line in told]


def _read_row(path: Path, number: int, line: str) -> Row:
    columns = [column.strip() for column in line.split("|")]
    source = f"{path.relative_to(_HERE)}:{number}"
    assert len(columns) in (2, 3), f"{source}: utterance | meanings | flags"
    flags = columns[2].split(",") if len(columns) == 3 and columns[2] else []
    words = [flag.strip() for flag in flags]
    places = [word.removeprefix("at ") for word in words if word.startswith("at ")]
    assert len(places) + words.count("typo") == len(words), f"{source}: flags: {words}"
    meanings = tuple(
        tuple(_read_meaning(source, told) for told in alternatives.split(" or "))
        for alternatives in columns[1].split(";")
    )
    return Row(
        source=source,
        text=columns[0].replace("⏎", "\n"),
        place=places[0] if places else path.stem,
        meanings=meanings,
        typo="typo" in words,
    )


def _read_meaning(source: str, text: str) -> Meaning:
    kind, *rest = text.split(maxsplit=2)
    assert kind in set(Kind), f"{source}: no meaning: {text}"
    name, value = [*rest, "", ""][:2]
    return Meaning(Kind(kind), name, value)
