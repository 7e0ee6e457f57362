"""Histories that nobody has seen before; `make attackers` plays many more."""

from concurrent.futures import ProcessPoolExecutor
from random import randrange

import pytest

from tests.attackers.play import find_fault_in_batch


@pytest.mark.slow
@pytest.mark.proof
def test_histories() -> None:
    """Strangers write nothing, learn nothing, are told nothing and keep no holder out."""
    first = randrange(1_000_000)
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(find_fault_in_batch, (first, first + 1), (100, 100)))

    assert [half.fault for half in halves] == ["", ""], f"seeds {first} and {first + 1}"
    assert sum(half.played for half in halves) == 200
    assert all(half.arrivals and half.saves for half in halves)
