"""The fault campaign: `python -m tests.campaign --deliveries 6000 --seed 1`; ends with a table."""

import argparse
import asyncio
import random
import sys
from pathlib import Path

from bot.redis.binary import find
from tests.campaign.run import Plan, campaign


def main() -> None:
    """Read the command line, run, print the table."""
    reader = argparse.ArgumentParser(prog="campaign")
    reader.add_argument("--deliveries", type=int, default=6000)
    reader.add_argument("--chats", type=int, default=60)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--binary", type=Path, default=None, help="a redis-server or valkey-server")
    reader.add_argument("--cluster", action="store_true", help="three nodes, not killed themselves")
    reader.add_argument("--harm", default="kill,kill,stall,redis,term", help="what happens")
    reader.add_argument("--every", type=float, default=1.0, help="seconds between them")
    reader.add_argument(
        "--pause", type=float, default=1.0, help="seconds between a chat's messages"
    )
    given = reader.parse_args()
    plan = Plan(
        deliveries=given.deliveries,
        chats=given.chats,
        seed=given.seed,
        binary=given.binary or find(),
        cluster=given.cluster,
        harm=tuple(filter(None, given.harm.split(","))),
        every=given.every,
        pause=given.pause,
    )
    random.seed(given.seed)
    table = asyncio.run(campaign(plan))
    print(table.printed())
    sys.exit(0 if table.clean else 1)


if __name__ == "__main__":
    main()
