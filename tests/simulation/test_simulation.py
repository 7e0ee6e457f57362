"""The protocol simulated: a seed is a schedule. `make simulate` plays many more."""

from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.simulation.mutants import EQUIVALENT, MUTANTS, Mutant
from tests.simulation.score import broken, caught


def test_seeds() -> None:
    """Crashes, stalls, lost answers and duplicates lose nothing and double nothing."""
    assert broken(range(40)) == []


@pytest.mark.slow
@pytest.mark.proof
def test_more_seeds() -> None:
    """Neither do they on schedules that nobody has seen before, in good weather and bad."""
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(broken, (range(40, 220), range(220, 400))))

    assert halves == [[], []]


def test_a_mutant_is_noticed() -> None:
    """A commit that remembers no delivery is noticed at once, and told by name."""
    mutant = next(m for m in MUTANTS if m.before == "redis.call('ZADD', KEYS[5], now, ARGV[i])")

    name, seed, seen = caught(mutant, enough=20)

    assert name == mutant.name
    assert seed is not None
    assert seen


def test_an_equivalent_mutant_is_not() -> None:
    """What nobody can notice is not noticed."""
    mutant, _ = EQUIVALENT["a bell that is not silenced"]

    assert caught(mutant, enough=3) == (mutant.name, None, "")


@pytest.mark.slow
@pytest.mark.proof
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
