"""The protocol simulated: a seed is a schedule. `make simulate` plays many more."""

from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.simulation.__main__ import broken, caught
from tests.simulation.mutants import EQUIVALENT, MUTANTS, Mutant


def test_seeds() -> None:
    """Crashes, stalls, lost answers and duplicates lose nothing and double nothing."""
    assert broken(range(150)) == []


@pytest.mark.slow
def test_more_seeds() -> None:
    """Neither do they on schedules that nobody has seen before, in good weather and bad."""
    assert broken(range(150, 500)) == []


@pytest.mark.slow
def test_mutants() -> None:
    """Of all checks and writes of the scripts, nearly every one is missed when it is not there."""
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(caught, MUTANTS))

    unnoticed = [name for name, seed, _ in results if seed is None]
    assert len(MUTANTS) >= 40
    assert len(unnoticed) <= len(MUTANTS) * 0.05, unnoticed


@pytest.mark.parametrize("mutant", [*MUTANTS, *(mutant for mutant, _ in EQUIVALENT.values())])
def test_mutants_apply(mutant: Mutant) -> None:
    """Every mutant names a place of a script as it stands today."""
    assert mutant.source(mutant.script)
