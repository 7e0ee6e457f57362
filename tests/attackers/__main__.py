"""Plays histories, then the mutants: `python -m tests.attackers [COUNT [FIRST]]`."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.attackers.mutants import MUTANTS
from tests.attackers.play import find_fault_in_batch, notice

_WORKERS = 2
_BATCH = 250


def _play(pool: ProcessPoolExecutor, count: int, first: int) -> bool:
    begun = time.monotonic()
    counts = [min(_BATCH, count - start) for start in range(0, count, _BATCH)]
    seeds = range(first, first + len(counts))
    outcomes = []
    for seed, outcome in zip(seeds, pool.map(find_fault_in_batch, seeds, counts), strict=True):
        outcomes.append(outcome)
        print(f"seed {seed}: {outcome.played} histories; {outcome.fault or 'clean'}", flush=True)
    faults = [outcome for outcome in outcomes if outcome.fault]
    print(
        f"\n{sum(one.played for one in outcomes)} histories, {len(faults)} faults; the holder was "
        f"let in {sum(one.arrivals for one in outcomes)} times and saved "
        f"{sum(one.saves for one in outcomes)} times; {time.monotonic() - begun:.0f} s\n"
    )
    return not faults


def _score(pool: ProcessPoolExecutor) -> bool:
    begun = time.monotonic()
    results = list(pool.map(notice, MUTANTS))
    print("| what is wrong | where | histories until it is noticed | as |\n|-|-|-|-|")
    for mutant, outcome in results:
        seen = outcome.fault.partition(":")[0]
        print(f"| {mutant.fault} | `{mutant.name}` | {outcome.played if seen else '-'} | {seen} |")
    noticed = sum(bool(outcome.fault) for _, outcome in results)
    print(f"\n{noticed} of {len(MUTANTS)} noticed, {time.monotonic() - begun:.0f} s")
    return noticed == len(MUTANTS)


def main(count: str = "5000", first: str = "0") -> None:
    """Do what the command line says."""
    with ProcessPoolExecutor(_WORKERS) as pool:
        clean = _play(pool, int(count), int(first))
        sys.exit(0 if _score(pool) and clean else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
