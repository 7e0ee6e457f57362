"""The tables of samples: what people type, and what it is read as."""

import tomllib
from pathlib import Path

from state.fields.reading import Accepted, Doubtful, Reading, Refused


def load(name: str) -> list[tuple[str, Reading]]:
    """Read a table beside this module."""
    table = tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    accepted = [(typed, Accepted(value=value)) for typed, value in table["accepted"].items()]
    doubtful = [
        (typed, Doubtful(value=value, cause=cause))
        for typed, (value, cause) in table["doubtful"].items()
    ]
    refused = [(typed, _refused(*expected)) for typed, expected in table["refused"].items()]
    return [*accepted, *doubtful, *refused]


def _refused(cause: str, digits: str = "") -> Refused:
    return Refused(cause=cause, values={"n": digits} if digits else {})


def causes(name: str) -> set[str]:
    """List the texts that the samples of a table lead to."""
    return {r.cause for _, r in load(name) if not isinstance(r, Accepted)}
