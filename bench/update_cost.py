"""What an update costs, of this checkout or beside another one; both are driven by this bench.

    python -m bench.update_cost --channel telegram
    python -m bench.update_cost --beside ../before --rounds 9 --channel whatsapp
    python -m bench.update_cost --channel telegram --rate 20

`--channel telegram` and `whatsapp` are what is shipped: `enlace run`, signed webhooks, a vendor on
loopback. Its gates are asked and wide open; with `--rate` they are as shipped, and updates come
so many a second. `bench` is the bench's own channel, which each checkout brings in
`bench/enlace_bot.py`: no vendor's client, no gates.

The other checkout is run by the Python of its own `.venv`, if it has one, else by this one's: it is
said which. The two take turns, so that the machine's moods fall on both. Printed is for each
measure the median of both, and the median of the rounds' ratios with the least and the most.
"""

import argparse
import asyncio
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench import enlace_bot, shipped
from bench.arena import ROOT, Contestant, Phase, Size, run_phase
from bench.processes import cores

MEASURES: tuple[tuple[str, Callable[[Phase], float]], ...] = (
    ("bot's CPU µs per update", lambda phase: phase.load["used"]["cpu"] / _updates(phase) / 1000),
    ("Redis' own CPU µs", lambda phase: phase.redis.cpu),
    ("Redis commands, with scripts' own", lambda phase: phase.redis.commands),
    ("Redis socket reads", lambda phase: phase.redis.reads),
    ("Redis bytes in and out", lambda phase: phase.redis.bytes),
    ("bytes to the append-only file", lambda phase: phase.redis.file),
    ("updates per second", lambda phase: _updates(phase) / phase.load["seconds"]),
)


def _updates(phase: Phase) -> float:
    updates: float = phase.load["updates"]
    return updates


def _bench_channel() -> Contestant:
    return Contestant(
        name="Enlace, bench's channel",
        argv=("-m", "bench.enlace_bot"),
        path=enlace_bot.PATH,
        words=enlace_bot.WORDS,
        replies=(1,) * len(enlace_bot.WORDS),
    )


def _contestant(channel: str, *, opened: bool) -> Contestant:
    return _bench_channel() if channel == "bench" else shipped.contestant(channel, opened=opened)


def of_checkout(contestant: Contestant, root: Path) -> Contestant:
    """The same, of another checkout, by the Python of its `.venv` if there is one."""
    python = root / ".venv" / "bin" / "python"
    chosen = str(python) if python.exists() else sys.executable
    return replace(contestant, root=root, python=chosen)


def _checked(phase: Phase) -> Phase:
    """Refuse a run that lost something: its cost would be of something else."""
    load = phase.load
    if load["failed"] or load["replies"] != load["expected"]:
        raise SystemExit(
            f"{load['failed']} failed, {load['replies']} of {load['expected']} replies"
        )
    return phase


async def _rounds(
    contestants: Sequence[Contestant], size: Size, pipeline: int
) -> list[list[Phase]]:
    """Let each run once a round; whoever begins takes turns too."""
    runs: list[list[Phase]] = [[] for _ in contestants]
    for number in range(pipeline):
        order = range(len(contestants))
        for place in order if number % 2 == 0 else reversed(order):
            phase = _checked(await run_phase(contestants[place], size))
            runs[place].append(phase)
            cpu = MEASURES[0][1](phase)
            root = contestants[place].root
            print(f"round {number + 1} of {pipeline}: {root} {cpu:,.0f} µs", flush=True)
    return runs


def table(runs: Sequence[Sequence[Phase]]) -> str:
    """Draw the table: medians, and the ratios of the rounds."""
    lines = []
    for label, measure in MEASURES:
        columns = [[measure(phase) for phase in column] for column in runs]
        line = f"{label:<36}" + "".join(f"{statistics.median(c):>12,.2f}" for c in columns)
        if len(columns) == 2:
            ratios = [this / other for this, other in zip(*columns, strict=True)]
            middle = statistics.median(ratios)
            line += f"   ratio {middle:.3f} ({min(ratios):.3f}–{max(ratios):.3f})"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beside", type=Path, help="another checkout")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--channel", choices=("bench", "telegram", "whatsapp"), default="telegram")
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--connections", type=int, default=40)
    parser.add_argument("--rate", type=float, default=0.0, help="updates/s, gates as shipped")
    given = parser.parse_args()
    contestants = [of_checkout(_contestant(given.channel, opened=not given.rate), ROOT)]
    if given.beside is not None:
        contestants.append(of_checkout(contestants[0], given.beside.resolve()))
    for one in contestants:
        print(f"{one.name}: {one.root}, run by {one.python}")
    os.sched_setaffinity(0, cores()[1])  # and with it all that it starts, but for the bots
    size = Size(chats=given.chats, paced_chats=0, connections=given.connections, rate=given.rate)
    runs = asyncio.run(_rounds(contestants, size, given.rounds))
    print(table(runs))


if __name__ == "__main__":
    main()
