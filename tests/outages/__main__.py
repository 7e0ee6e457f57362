"""`python -m tests.outages`: every kind of outage, on every installation; ends with a table."""

import argparse
import asyncio
import itertools
import sys
import traceback
from contextlib import AsyncExitStack
from pathlib import Path

from bot.sandbox.server import Sandbox
from bot.sandbox.server import running as running_sandbox
from tests import waiting
from tests.outages import phones as telegram
from tests.outages import table
from tests.outages.installation import NotPossible, Plan, list_plans, running
from tests.outages.kinds import IMPOSSIBLE, Kind
from tests.outages.lane import Cell
from tests.outages.phones import Phones
from tests.outages.starts import Started, start_into_all

_LEASE = 6.0  # seconds: what is repeated by another worker has come by then
_PATIENCE = 900.0  # seconds: with eight installations beside others' work, a start takes long


async def play_all(
    plans: list[Plan], seconds: list[float], together: int
) -> tuple[dict[Plan, list[Cell]], dict[Plan, str], list[Started]]:
    """Play them, so many installations side by side: an outage is mostly waiting."""
    played: dict[Plan, list[Cell]] = {}
    refused: dict[Plan, str] = {}
    room, starting = asyncio.Semaphore(together), asyncio.Lock()

    async def play(plan: Plan, phones: Phones, sandbox: Sandbox) -> None:
        async with room, AsyncExitStack() as stack:
            try:
                async with starting:
                    lane = await stack.enter_async_context(running(plan, phones, sandbox))
                for kind, length in itertools.product(plan.kinds, seconds):
                    await lane.play(kind, length)
                    print(f"{kind}, {length:g} s: {plan.name}", file=sys.stderr)
                await asyncio.sleep(_LEASE)
                played[plan] = await lane.count()
            except NotPossible as error:
                refused[plan] = str(error)

    async with telegram.answering() as phones, running_sandbox(Sandbox()) as sandbox:
        work = [play(plan, phones, sandbox) for plan in plans]
        starting_into = asyncio.create_task(start_into_all(sandbox))
        for ended in await asyncio.gather(*work, return_exceptions=True):
            if ended is not None:
                traceback.print_exception(ended)
        started = await starting_into
    return {plan: played[plan] for plan in plans if plan in played}, refused, started


def main() -> None:
    """Read the command line, play, write the table."""
    reader = argparse.ArgumentParser(prog="outages")
    reader.add_argument("--seconds", type=float, nargs="+", default=[0.3, 1, 5, 60])
    reader.add_argument("--kinds", type=Kind, nargs="+", default=list(Kind))
    reader.add_argument("--together", type=int, default=8, help="installations side by side")
    reader.add_argument("--write", type=Path, help="a page that has a place for the table")
    given = reader.parse_args()
    waiting.HUNG = _PATIENCE
    plans = [
        plan for plan in list_plans(given.kinds) if (plan.redis, plan.kinds[0]) not in IMPOSSIBLE
    ]
    played, refused, started = asyncio.run(play_all(plans, given.seconds, given.together))
    drawn = table.draw(played, refused, started)
    print(drawn)
    if given.write:
        page = given.write.read_text("utf-8")
        given.write.write_text(table.put_into(page, drawn), "utf-8")
    good = [plan for plan, cells in played.items() if all(cell.clean for cell in cells)]
    dirty = [f"{plan.kinds[0]}: {plan.name}" for plan in plans if plan not in [*good, *refused]]
    print(f"NOT CLEAN: {dirty}" if dirty else "clean", file=sys.stderr)
    sys.exit(1 if dirty else 0)


if __name__ == "__main__":
    main()
