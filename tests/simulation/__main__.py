"""`python -m tests.simulation seeds 20000` plays seeds; `… mutants` scores the scripts' mutants."""

import logging
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import structlog

from handlers import turns
from state.store import keys, rounds
from tests.embedded import running_redis
from tests.simulation import checks, wire
from tests.simulation.mutants import EQUIVALENT, MUTANTS, Mutant
from tests.simulation.play import play

_WORKERS = 2
_BATCH = 50
_SHARDS = 2  # few, so that chats meet in one
ENOUGH = 150
"""Seeds after which a mutant counts as not caught."""


@contextmanager
def small_house() -> Iterator[wire.Server]:
    """A house of two shards and short outboxes, silent, on a Redis of its own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    before = keys.SHARDS, keys.ALL, turns.BACKLOG
    keys.SHARDS, turns.BACKLOG = _SHARDS, checks.BACKLOG
    keys.ALL = tuple(keys.Shard(number) for number in range(_SHARDS))
    try:
        with running_redis() as url:
            server = wire.Server(url)
            try:
                yield server
            finally:
                server.close()
    finally:
        keys.SHARDS, keys.ALL, turns.BACKLOG = before


def broken(seeds: range) -> list[tuple[int, str]]:
    """Play seeds and tell those after which something did not hold."""
    found = []
    with small_house() as server:
        for seed in seeds:
            try:
                play(seed, server)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
                found.append((seed, f"{type(error).__name__}: {error}"))
    return found


def caught(mutant: Mutant, *, enough: int = ENOUGH) -> tuple[str, int | None, str]:
    """Play seeds against a mutant until one notices; tell which, and what it saw."""
    before = rounds.source
    rounds.source = mutant.source
    try:
        with small_house() as server:
            for seed in range(enough):
                try:
                    play(seed, server)
                except Exception as error:  # noqa: BLE001
                    return mutant.name, seed, str(error).partition("\n")[0] or type(error).__name__
    finally:
        rounds.source = before
    return mutant.name, None, ""


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
