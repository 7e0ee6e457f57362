"""Lets strangers guess and prints a table: `python -m tests.strangers [COUNT [SEED]]`."""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
import uvloop

from tests.strangers.run import play
from tests.strangers.table import draw_up, render


def main(count: int, seed: int) -> int:
    """Play, print the table and what the log tells; 1 if something separates."""
    with (
        tempfile.TemporaryDirectory(prefix="enlace-") as directory,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        strangers, log = runner.run(play(count, seed, Path(directory)))
    rows = draw_up(strangers)
    faults = [row.name for row in rows if row.fault]
    print(render(rows), f"Logged: {_events(log)}", sep="\n\n")
    print(f"Tells what exists: {', '.join(faults) or 'nothing'}")
    return int(bool(faults))


def _events(log: str) -> str:
    lines = (msgspec.json.decode(line) for line in log.splitlines() if line.startswith("{"))
    counts = Counter(str(line.get("event")) for line in lines)
    return ", ".join(f"{name} {number}" for name, number in counts.most_common())


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [2000, 1][len(numbers) :])))
