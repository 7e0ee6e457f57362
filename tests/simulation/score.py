"""Seeds played one after the other, on the scripts as they are or on a mutant of them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from handlers import turns
from state.store import keys, pipeline, walk
from tests.embedded import running_redis
from tests.simulation import checks, wire
from tests.simulation.mutants import Mutant
from tests.simulation.play import play

_SHARDS = 2  # few, so that chats meet in one
_SLICE = 2  # chats of a walk, so that it takes some
ENOUGH = 150
"""Seeds after which a mutant counts as not caught."""

_TELLING = (1, 11, 12, 2, 16, 4, 3, 9, 18, 52, 76, 31, 91)
"""Seeds that mutants meet first: the most telling, then those that some are first noticed by."""


@contextmanager
def small_house() -> Iterator[wire.Server]:
    """A house of two shards and short outboxes, silent, on a Redis of its own."""
    logs = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    before = keys.SHARDS, keys.ALL, turns.BACKLOG, walk._SLICE
    keys.SHARDS, turns.BACKLOG, walk._SLICE = _SHARDS, checks.BACKLOG, _SLICE
    keys.ALL = tuple(keys.Shard(number) for number in range(_SHARDS))
    try:
        with running_redis() as url:
            server = wire.Server(url)
            try:
                yield server
            finally:
                server.close()
    finally:
        keys.SHARDS, keys.ALL, turns.BACKLOG, walk._SLICE = before
        structlog.configure(**logs)


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
    before = pipeline.source
    pipeline.source = mutant.source
    try:
        with small_house() as server:
            for seed in list(dict.fromkeys((*_TELLING, *range(ENOUGH))))[:enough]:
                try:
                    play(seed, server)
                except Exception as error:  # noqa: BLE001
                    return mutant.name, seed, str(error).partition("\n")[0] or type(error).__name__
    finally:
        pipeline.source = before
    return mutant.name, None, ""
