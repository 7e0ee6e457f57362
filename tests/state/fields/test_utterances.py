"""What the readers take from the corpus of utterances, before any machine does."""

import pytest

from state.fields.concepts import CONCEPTS
from state.fields.matters import Matter, find_matter, list_concepts
from state.fields.offers import Offer, Slot, find_offers
from state.fields.reading import Refused
from tests.utterances import Kind, Meaning, Row, read_rows

EXPECTED = {
    "holder": Slot.DOCUMENT,
    "service": Slot.SERVICE,
    "document": Slot.DOCUMENT,
    "document_on_file": Slot.DOCUMENT,
    "confirm": Slot.DOCUMENT,
    "phone": Slot.PHONE,
    "summary": Slot.DOCUMENT,
    "correction": Slot.DOCUMENT,
}
ROWS = read_rows()


def _offers(row: Row) -> tuple[Offer, ...]:
    found = find_offers(row.text, EXPECTED.get(row.place))
    return found.certain + found.doubtful


def _value(offer: Offer) -> str:
    reading = offer.read()
    return offer.value if isinstance(reading, Refused) else reading.value


def _is_found(meaning: Meaning, offers: tuple[Offer, ...]) -> bool:
    digits = meaning.value.replace("-", "").lower()
    values = [_value(one) for one in offers if one.slot == meaning.name]
    return any(value.replace("-", "").lower().endswith(digits) for value in values)


@pytest.mark.parametrize("kind", [Kind.OFFER, Kind.DOUBT])
def test_offers_of_rows(kind: Kind) -> None:
    """Of a hundred data that the rows hold the readers find ninety-nine."""
    sought = [(one, row) for row in ROWS for one in row.named if one.kind is kind]
    missed = [
        f"{row.source}: {row.text}" for one, row in sought if not _is_found(one, _offers(row))
    ]

    assert len(sought) >= 10
    assert len(missed) * 100 <= len(sought), missed


def test_nothing_else_is_offered() -> None:
    """A row that holds no datum offers none for certain."""
    without = [
        row for row in ROWS if not any(m.kind in (Kind.OFFER, Kind.DOUBT) for m in row.named)
    ]
    wrong = [
        row.source for row in without if find_offers(row.text, EXPECTED.get(row.place)).certain
    ]

    assert wrong == []


@pytest.mark.parametrize("matter", Matter)
def test_matters_of_rows(matter: Matter) -> None:
    """Of twenty rows about a matter nineteen are read as one of those that they name."""
    rows = [row for row in ROWS if row.meanings[0][0] == Meaning(Kind.MATTER, matter.value)]
    missed = [
        row.text
        for row in rows
        if Meaning(Kind.MATTER, find_matter(row.text) or "") not in row.named
    ]

    assert len(rows) >= 15
    assert len(missed) * 20 <= len(rows), missed


def test_every_concept_is_used() -> None:
    """Every concept stands in an order of concepts, but for words that only look like others."""
    assert CONCEPTS.keys() - list_concepts() == {"unrelated"}
