"""Plays updates in bad weather and prints a table: `python -m tests.faults [COUNT [FIRST]]`."""

import asyncio
import sys
from collections import Counter

from bot.redis import client as redis_client
from bot.sandbox.server import running
from tests.embedded import running_redis
from tests.faults.run import Ended, play
from tests.faults.weather import Weather

_MEANING = {
    "ok": "told that it was saved",
    "lost": "told that WispHub lost it; handed to staff",
    "unknown": "told that it did not work; handed to staff",
    "missing": "told that the service does not exist there",
    "review": "told that staff decide, because the record had changed",
}


async def main(count: int, first: int) -> list[Ended]:
    """Play so many runs; the first that breaks a rule ends it."""
    ended: list[Ended] = []
    with running_redis() as url:
        async with running(Weather()) as sandbox:
            assert isinstance(sandbox, Weather)
            for seed in range(first, first + count):
                async with redis_client.connect(url) as redis:  # a stage keeps its connections
                    await redis.flushall()
                    try:
                        ended.append(await play(redis, sandbox, seed))
                    except AssertionError as error:
                        print(f"seed {seed}: {error} {dict(sandbox.met)} {sandbox.rows[1001]}")
                        raise
    return ended


def table(ended: list[Ended]) -> str:
    """Show how the runs ended, and what they met."""
    head = "| the customer was | runs | new values stored | old values kept | listed for staff |"
    lines = [head, "|-|-|-|-|-|"]
    for told, meaning in _MEANING.items():
        of = [one for one in ended if one.told == told]
        stand = sum(one.stands for one in of)
        untouched = sum(not one.wrote for one in of)
        seen = sum(one.queued or one.asked for one in of)
        lines.append(f"| {meaning} | {len(of)} | {stand} | {untouched} | {seen} |")
    met = sum((one.met for one in ended), Counter[str]())
    troubles = ", ".join(f"{name} {number}" for name, number in met.most_common())
    return "\n".join([*lines, "", f"Faults injected: {troubles}."])


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    print(table(asyncio.run(main(*(numbers + [1000, 0][len(numbers) :])))))
