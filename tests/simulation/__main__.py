"""`python -m tests.simulation seeds 20000` plays seeds; `… mutants` scores the scripts' mutants."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.mutants import EQUIVALENT, MUTANTS
from tests.simulation.score import broken, caught

_WORKERS = 2
_BATCH = 50


def _seeds(count: int, first: int) -> bool:
    begun = time.monotonic()
    batches = [
        range(n, min(n + _BATCH, first + count)) for n in range(first, first + count, _BATCH)
    ]
    found = []
    with ProcessPoolExecutor(_WORKERS) as pool:
        for batch in pool.map(broken, batches):
            found += batch
            for seed, error in batch:
                print(f"seed {seed}: {error}", flush=True)
    print(f"{count} seeds, {len(found)} broken, {time.monotonic() - begun:.0f} s")
    return not found


def _mutants() -> bool:
    begun = time.monotonic()
    with ProcessPoolExecutor(_WORKERS) as pool:
        results = list(pool.map(caught, MUTANTS))
    for name, seed, seen in results:
        print(f"{'not caught' if seed is None else f'seed {seed}':>10}  {name}  ({seen[:60]})")
    score = sum(seed is not None for _, seed, _ in results)
    print(f"{score} of {len(MUTANTS)} caught in {time.monotonic() - begun:.0f} s; ", end="")
    print(f"{len(EQUIVALENT)} more are equivalent")
    return score >= 0.95 * len(MUTANTS)


def main(what: str, count: str = "20000", first: str = "0") -> None:
    """Do what the command line says."""
    good = _mutants() if what == "mutants" else _seeds(int(count), int(first))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
