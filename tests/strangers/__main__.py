"""Lets strangers guess and prints a table: `python -m tests.strangers [COUNT [SEED]]`."""

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec

from tests.strangers.run import play
from tests.strangers.table import draw_up, render


def main(count: int, seed: int) -> int:
    """Play, print the table and what the log tells; 1 if something separates."""
    with tempfile.TemporaryDirectory(prefix="enlace-") as directory:
        strangers, log = asyncio.run(play(count, seed, Path(directory)))
    rows = draw_up(strangers)
    print(render(rows))
    print()
    print("Logged:", _events(log) or "nothing")
    return int(any(row.fault for row in rows))


def _events(log: str) -> str:
    lines = (msgspec.json.decode(line) for line in log.splitlines() if line.startswith("{"))
    counts = Counter(str(line.get("event")) for line in lines)
    return ", ".join(f"{name} {number}" for name, number in counts.most_common())


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [2000, 1][len(numbers) :])))
