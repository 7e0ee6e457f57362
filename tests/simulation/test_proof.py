"""The simulation at length, on all cores; `make simulate` and `make mutants` go on from here."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.score import broken, caught

_ENOUGH = 60  # seeds; `make mutants` plays 150

pytestmark = [pytest.mark.slow, pytest.mark.proof]


def test_more_seeds() -> None:
    """Nothing is lost on schedules that nobody has seen before, in good weather and bad."""
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(broken, (range(40, 100), range(100, 160))))

    assert halves == [[], []]


def test_mutants() -> None:
    """Of all checks and writes of the scripts, nearly every one is missed when it is not there."""
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(partial(caught, enough=_ENOUGH), MUTANTS))

    unnoticed = [name for name, seed, _ in results if seed is None]
    assert len(MUTANTS) >= 40
    assert len(unnoticed) <= len(MUTANTS) * 0.05, unnoticed
