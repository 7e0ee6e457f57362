"""What the inbox costs, however many chats there are: `python -m bench.consoles`.

Chats are committed as turns commit them, a tenth of them waiting for a person, one in fifty held
by a member. Told are the CPU and the time of this process for the first page of a view and for the
counts of all views, and what rows and indexes take of Redis' memory for each chat: by how much
`used_memory` shrinks when all of them are dropped. Then what a message costs while consoles are
open (`bench.streams`).
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from redis.asyncio import Redis

from bench import memory, streams
from bench.crowd import fill
from bot.redis import client as redis_client
from bot.redis.server import running
from state.store import keys
from state.store.encryption import Keyring
from state.store.store import Store
from state.views import View

_SIZES = (1_000, 20_000, 100_000)
_TOGETHER = 1_000  # commits under way at the same time
_RUNS = 40
_NOW = 1_795_600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What something took, ms: the median of many runs."""

    cpu: float
    wall: float


async def _measure(act: Callable[[], Awaitable[object]]) -> Cost:
    """Do it often, and tell the median of what this process took."""
    cpu, wall = [], []
    for _ in range(_RUNS):
        before = time.process_time(), time.perf_counter()
        await act()
        cpu.append(time.process_time() - before[0])
        wall.append(time.perf_counter() - before[1])
    return Cost(cpu=statistics.median(cpu) * 1000, wall=statistics.median(wall) * 1000)


async def _weigh(redis: Redis, size: int) -> float:
    """Drop rows and indexes, and tell what each chat's took."""
    before = await memory.used(redis)
    names = [name async for name in redis.scan_iter(keys.every("chat"), count=1_000)]
    for start in range(0, len(names), _TOGETHER):
        async with redis.pipeline(transaction=False) as pipe:
            for name in names[start : start + _TOGETHER]:
                pipe.hdel(name, "row", "said", "w", "f")
            await pipe.execute()
    kinds = [shard.key(kind) for shard in keys.ALL for kind in ("view:*", "find:*")]
    lists = [name for kind in kinds async for name in redis.scan_iter(kind, count=1_000)]
    lists += [shard.key("idle").encode() for shard in keys.ALL]
    for name in lists:
        await redis.delete(name)
    return (before - await memory.used(redis)) / size


async def report(size: int) -> str:
    """Measure one size, on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="bench") as directory:
        async with running(Path(directory)) as server, redis_client.connect(server.url) as redis:
            await redis.config_set("appendfsync", "no")
            await redis.config_set("auto-aof-rewrite-percentage", "0")
            store = Store(redis, Keyring((bytes(32),)), token="consoles")  # of a lease
            await fill(store, range(size))
            digest = store.staff.members.digest("agente 1")
            costs = [
                await _measure(partial(store.inbox.page, view, now=_NOW, member=digest))
                for view in (View.WAITING, View.ALL, View.MINE)
            ]
            costs.append(await _measure(partial(store.inbox.counts, now=_NOW, member=digest)))
            told = "".join(f"{cost.cpu:>10.2f}{cost.wall:>8.2f}" for cost in costs)
            return f"{size:>8,}{told}{await _weigh(redis, size):>14,.0f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    heads = "".join(f"{head:>18}" for head in ("esperan", "todos", "mios", "counts"))
    sys.stdout.write(f"CPU and time, ms, of the first page and of the counts\n{'chats':>8}{heads}")
    sys.stdout.write(f"{'bytes/chat':>14}\n")
    reader.add_argument("--consoles", type=int, default=50, help="0: pages only")
    reader.add_argument("--chats", type=int, default=20_000, help="while consoles are open")
    given = reader.parse_args(arguments)
    for size in given.sizes:
        sys.stdout.write(asyncio.run(report(size)) + "\n")
        sys.stdout.flush()
    if given.consoles:
        scene = streams.Scene(chats=given.chats, consoles=given.consoles)
        sys.stdout.write("\n" + streams.tell(scene, streams.run(scene)))


if __name__ == "__main__":
    main()
