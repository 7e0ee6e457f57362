"""The protocol simulated: a seed is a schedule. `make simulate` plays many more."""

import pytest

from tests.simulation.mutants import EQUIVALENT, MUTANTS, Mutant
from tests.simulation.score import broken, caught


@pytest.mark.slow
def test_seeds() -> None:
    """Crashes, stalls, lost answers and duplicates lose nothing and double nothing."""
    assert broken(range(40)) == []


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


@pytest.mark.parametrize("mutant", [*MUTANTS, *(mutant for mutant, _ in EQUIVALENT.values())])
def test_mutants_apply(mutant: Mutant) -> None:
    """Every mutant names a place of a script as it stands today."""
    assert mutant.source(mutant.script)
