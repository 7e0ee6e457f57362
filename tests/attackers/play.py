"""Histories played: one on two Redis databases, or many drawn by hypothesis."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings

from state.store import keys
from tests.attackers.checks import check
from tests.attackers.histories import History, histories
from tests.attackers.mutation import Mutant
from tests.attackers.world import World
from tests.embedded import running_redis
from tests.simulation import wire

Play = Callable[[History], World]
"""Plays a history, and gives the world as it is then."""


@contextmanager
def ready_to_play() -> Iterator[Play]:
    """Give what plays histories, each from an empty Redis; silent, and with one shard."""
    logs = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    before = keys.SHARDS, keys.ALL
    keys.SHARDS, keys.ALL = 1, (keys.Shard(0),)
    loop = asyncio.new_event_loop()
    try:
        with running_redis() as url:
            servers = [wire.Server(f"{url}?db={number}") for number in range(2)]
            try:
                yield lambda history: loop.run_until_complete(_play(servers, history))
            finally:
                for server in servers:
                    server.close()
    finally:
        loop.close()
        keys.SHARDS, keys.ALL = before
        structlog.configure(**logs)


async def _play(servers: Sequence[wire.Server], history: History) -> World:
    """Play a history; after every move everything is looked at."""
    world = World(servers, history.other, codes=history.codes)
    for move in history.moves:
        await move.play(world)
        check(world)
    return world


@dataclass(slots=True)
class Outcome:
    """What came of many histories.

    Attributes:
        arrivals, saves: how often the holder was let in, and saved, unless there is a fault.
        fault: what was found first; empty if nothing was.
    """

    played: int = 0
    arrivals: int = 0
    saves: int = 0
    fault: str = ""


def find_fault(play: Play, count: int, *, first: int, shrink: bool = True) -> Outcome:
    """Play so many histories drawn from a seed, or until one shows a fault."""
    outcome = Outcome()
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @seed(first)
    @settings(
        max_examples=count, phases=phases, database=None, deadline=None,
        report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(histories)
    def examine(history: History) -> None:
        outcome.played += 1
        world = play(history)
        outcome.arrivals += world.arrivals
        outcome.saves += world.saves

    try:
        examine()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        told = str(error).partition("\n")[0] or type(error).__name__
        notes = getattr(error, "__notes__", []) if shrink else []
        outcome.fault = "\n".join([told, *notes])
    return outcome


def find_fault_in_batch(first: int, count: int) -> Outcome:
    """Find a fault in a process of its own; the shortest history that shows it is told."""
    with ready_to_play() as play:
        return find_fault(play, count, first=first)


ENOUGH = 1_000
"""Histories after which a mutant counts as not noticed."""


def notice(mutant: Mutant) -> tuple[Mutant, Outcome]:
    """Play histories against a mutant until one notices."""
    with mutant.apply(), ready_to_play() as play:
        return mutant, find_fault(play, ENOUGH, first=0, shrink=False)
