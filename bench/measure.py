"""Bots side by side: what an update costs each of them, over real HTTP.

    python -m bench.measure                          everybody, five runs
    python -m bench.measure --runs 9 --only enlace   whose name contains it

Each contestant is one process on a core of its own; Redis (the embedded one, every write on disk
before it is answered), the fake vendor and the load generator share the other cores. In each run
everything starts afresh and the contestants take turns, so that the machine's moods fall on all of
them. Enlace with its real channels is the shipped command, its gates asked and wide open; the
bench's own channel has neither a vendor's client nor gates. Printed are medians, and the least
and the most.
"""

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench import enlace_bot, shipped
from bench.arena import Contestant, Phase, Run, Size, run
from bench.processes import cores
from bot.redis.binary import find

CONTESTANTS = (
    Contestant(
        name="Enlace, bench's channel",
        argv=("-m", "bench.enlace_bot"),
        path=enlace_bot.PATH,
        words=enlace_bot.WORDS,
        replies=(1,) * len(enlace_bot.WORDS),
    ),
    shipped.contestant("telegram"),
    shipped.contestant("whatsapp"),
    Contestant(name="stock aiogram", argv=("-m", "bench.stock_aiogram")),
    Contestant(name="stock aiogram, uvloop", argv=("-m", "bench.stock_aiogram", "--uvloop")),
)

_LIBRARIES = ("aiogram", "aiohttp", "pydantic", "redis", "hiredis", "uvicorn", "uvloop", "httpx")


def _cpu(phase: Phase, clock: str = "cpu") -> float:
    cpu: float = phase.load["used"][clock] / phase.load["updates"] / 1000
    return cpu


def _rate(phase: Phase) -> float:
    rate: float = phase.load["updates"] / phase.load["seconds"]
    return rate


def _share(phase: Phase, what: str) -> float:
    share: float = phase.load["used"][what] / 1e7 / phase.load["seconds"]
    return share


def _percentile(values: list[float], part: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def _sum(run: Run, name: str) -> float:
    total: float = run.saturated.load[name] + run.paced.load[name]
    return total


def _missing(run: Run) -> float:
    return _sum(run, "expected") - _sum(run, "replies")


ROWS: tuple[tuple[str, Callable[[Run], float]], ...] = (
    ("saturated: bot's CPU µs per update", lambda run: _cpu(run.saturated)),
    ("  the same by /proc/<pid>/stat", lambda run: _cpu(run.saturated, "ticks")),
    ("  updates per second", lambda run: _rate(run.saturated)),
    ("  bot had its core, %", lambda run: _share(run.saturated, "cpu")),
    ("  others had it, the bot waiting, %", lambda run: _share(run.saturated, "waited")),
    ("  Redis' own CPU µs per update", lambda run: run.saturated.redis.cpu),
    ("  Redis commands, with scripts' own", lambda run: run.saturated.redis.commands),
    ("  Redis socket reads per update", lambda run: run.saturated.redis.reads),
    ("  Redis bytes in and out per update", lambda run: run.saturated.redis.bytes),
    ("  bytes to the append-only file", lambda run: run.saturated.redis.file),
    ("paced: updates per second", lambda run: _rate(run.paced)),
    ("  bot's CPU µs per update", lambda run: _cpu(run.paced)),
    ("  others had it, the bot waiting, %", lambda run: _share(run.paced, "waited")),
    ("  latency to the reply, p50 ms", lambda run: _percentile(run.paced.load["latency_ms"], 50)),
    ("  latency to the reply, p99 ms", lambda run: _percentile(run.paced.load["latency_ms"], 99)),
    ("  posted late by, p99 ms", lambda run: _percentile(run.paced.load["late_ms"], 99)),
    ("start to the first 200, s", lambda run: run.start),
    ("posts without a 200, all phases", lambda run: _sum(run, "failed")),
    ("replies missing, all phases", _missing),
)
"""What is printed, and how it is made of a run."""


def describe() -> str:
    """Describe the machine and what runs on it."""
    cpu = _cpu_model(Path("/proc/cpuinfo"))
    bots, others = (",".join(map(str, sorted(part))) for part in cores())
    redis = subprocess.run([find(), "--version"], capture_output=True, check=True).stdout  # noqa: S603
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return (
        f"{platform.python_implementation()} {platform.python_version()} on {platform.platform()}\n"
        f"{cpu}, {os.cpu_count()} cores: {bots} for the bot, {others} for all else\n"
        f"{redis.decode().strip()}, appendfsync always\n{libraries}"
    )


def _cpu_model(cpuinfo: Path) -> str:
    lines = cpuinfo.read_text("utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def table(runs: dict[str, list[Run]]) -> str:
    """Draw the table: a row for each measure, a column for each contestant."""
    lines = ["".join([" " * 38, *(f"{name:>32}" for name in runs)])]
    for label, measure in ROWS:
        cells = [_cell([measure(run) for run in column]) for column in runs.values()]
        lines.append("".join([f"{label:<38}", *(f"{cell:>32}" for cell in cells)]))
    return "\n".join(lines)


def _cell(values: list[float]) -> str:
    middle = statistics.median(values)
    places = 0 if middle >= 100 or all(float(value).is_integer() for value in values) else 2
    least, most = f"{min(values):,.{places}f}", f"{max(values):,.{places}f}"
    return f"{middle:,.{places}f} ({least}–{most})"


async def compare(contestants: tuple[Contestant, ...], size: Size, times: int) -> str:
    """Run the contestants in turns, and draw the table."""
    runs: dict[str, list[Run]] = {contestant.name: [] for contestant in contestants}
    for number in range(times):
        for contestant in contestants:
            print(f"run {number + 1} of {times}: {contestant.name}", flush=True)
            runs[contestant.name].append(await run(contestant, size))
    return table(runs)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="contestants whose name contains this")
    parser.add_argument("--chats", type=int, default=400, help="as fast as it goes")
    parser.add_argument("--paced-chats", type=int, default=200, help="at the fixed rate")
    parser.add_argument("--connections", type=int, default=40, help="Telegram's own default is 40")
    parser.add_argument("--rate", type=float, default=0.0, help="updates/s; else half of the most")
    given = vars(parser.parse_args())
    times, only = given.pop("runs"), given.pop("only")
    chosen = tuple(one for one in CONTESTANTS if only in one.name)
    os.sched_setaffinity(0, cores()[1])  # and with it all that it starts, but for the bots
    print(describe(), flush=True)
    print(asyncio.run(compare(chosen, Size(**given), times)))


if __name__ == "__main__":
    main()
