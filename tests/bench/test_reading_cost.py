"""What reading a text costs, beside one reader's work: a ratio, measured in one run."""

import gc
from collections.abc import Callable, Sequence
from time import process_time_ns

import pytest

from state.fields import documents
from state.fields.matters import find_matter
from state.fields.offers import find_offers
from tests.utterances import read_rows

ROUNDS = 5
MOST = 3
"""How many times the work of `documents.read` finding offers and matters may take."""


def _cost(read: Callable[[str], object], texts: Sequence[str]) -> int:
    began = process_time_ns()
    for text in texts:
        read(text)
    return process_time_ns() - began


def _hear(text: str) -> None:
    find_offers(text, None)
    find_matter(text)


@pytest.mark.slow  # coverage would trace one of them more than the other
def test_reading() -> None:
    """All that a text holds is read in three times what one reader takes, over the corpus."""
    texts = [row.text for row in read_rows()]
    _cost(_hear, texts)  # words are looked up once
    gc.disable()
    try:
        costs = [(_cost(documents.read, texts), _cost(_hear, texts)) for _ in range(ROUNDS)]
    finally:
        gc.enable()

    assert min(hear for _, hear in costs) <= MOST * min(alone for alone, _ in costs)
