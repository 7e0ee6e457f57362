"""Cuts of the append-only file: `python -m tests.torn --cuts 300 --seed 1`."""

import argparse
import asyncio
import sys
from pathlib import Path

import structlog

from bot.redis.binary import find_bundled
from tests.campaign.torn_file import campaign


def main() -> None:
    """Read the command line, cut, print."""
    reader = argparse.ArgumentParser(prog="torn")
    reader.add_argument("--cuts", type=int, default=300)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--binary", type=Path, default=None)
    given = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    total = asyncio.run(campaign(given.cuts, given.seed, given.binary or find_bundled()))
    for name in ("cuts", "mended", "starts", "torn chats", "turns missing"):
        print(f"{name:<16} {total[name]:>6}")
    sys.exit(1 if total["torn chats"] or total["turns missing"] else 0)


if __name__ == "__main__":
    main()
