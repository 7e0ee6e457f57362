"""The histories at length, on all cores; `make attackers` plays many more, and others."""

from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.attackers.play import find_fault_in_batch


@pytest.mark.slow
@pytest.mark.proof
def test_histories() -> None:
    """Strangers write nothing, learn nothing, are told nothing and keep no holder out."""
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(find_fault_in_batch, (1, 2), (60, 60)))

    assert [half.fault for half in halves] == ["", ""]
    assert sum(half.played for half in halves) == 120
    assert all(half.arrivals and half.saves for half in halves)
