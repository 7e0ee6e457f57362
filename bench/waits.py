"""How long customers wait: `python -m bench.waits`.

After a worker is killed -9 amid its work: from the kill to the next answer of each chat that it
held. And while two in a hundred chats hang for 15 seconds at WispHub: the answers of all others.
"""

import argparse
import asyncio
import random
import signal
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
from starlette.requests import Request
from starlette.responses import Response

from bot.redis.binary import find_bundled
from bot.sandbox.server import KEY, Sandbox
from bot.sandbox.server import running as running_sandbox
from tests.campaign import vendor as outside
from tests.campaign.fleet import Fleet, RedisProcess, Worker, directory
from tests.campaign.plain import Written
from tests.campaign.run import Post, free_port, ready
from tests.campaign.vendor import FIRST_SERVICE, Vendor

_LEASE = 5.0  # seconds
_HANG = 15.0  # seconds
"""Longer than an operation at WispHub may take: it ends as failed."""


class HangingSandbox(Sandbox):
    """A pretend WispHub in which every question about some services takes 15 seconds."""

    hanging: frozenset[int] = frozenset()

    async def _misbehaving(self, request: Request) -> Response | None:
        named = str(request.path_params.get("number", request.query_params.get("id_servicio", "")))
        if named.isdecimal() and int(named) in self.hanging:
            with suppress(asyncio.CancelledError):  # the end of the measurement
                await asyncio.sleep(_HANG)
        return await super()._misbehaving(request)


@dataclass
class Town:
    """Processes of ours, and what they meet."""

    fleet: Fleet
    post: Post
    vendor: Vendor
    sandbox: HangingSandbox

    async def write(self, chat: int, number: int, kind: str) -> float:
        """Deliver one message; tell when it was answered 200."""
        text = f"{number}{kind}"
        await self.post.deliver(Written(chat=str(chat), id=f"{chat}-{number}", text=text))
        return asyncio.get_running_loop().time()

    def heard(self, chat: int) -> dict[str, float]:
        """Tell what a chat's phone shows, and since when."""
        return dict(reversed(self.vendor.received[str(chat)]))


@asynccontextmanager
async def town(
    chats: int, *, workers: int, slow: float = 0.0, webs: int = 1, role: str = "web"
) -> AsyncIterator[Town]:
    """Web processes, workers, and a vendor that takes `slow` seconds to answer."""
    async with AsyncExitStack() as stack:
        place = stack.enter_context(directory())
        vendor = SlowVendor(random.Random(1), slow=slow)
        await stack.enter_async_context(outside.running(vendor))
        sandbox = HangingSandbox(rows=outside.pretend_wisphub(chats).rows)
        await stack.enter_async_context(running_sandbox(sandbox))
        server = RedisProcess(find_bundled(), place)
        server.start()
        settings = {
            "ENLACE_REDIS_URL": server.url, "ENLACE_WISPHUB_URL": sandbox.url,
            "ENLACE_WISPHUB_KEY": KEY, "ENLACE_DATA_DIR": str(place), "PLAIN_URL": vendor.url,
            "CAMPAIGN_LOG": str(place / "log"),
        }  # fmt: skip
        ports = [free_port() for _ in range(webs)]
        serving = [Worker(role, settings | {"ENLACE_PORT": str(port)}) for port in ports]
        working = [Worker("worker", settings) for _ in range(workers)]
        fleet = Fleet(random.Random(1), [*serving, *working], server)
        stack.callback(fleet.stop)
        fleet.start()
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=120))
        post = Post(random.Random(1), ports, client)
        await ready(post)
        await asyncio.sleep(2)  # the workers have no port to ask
        yield Town(fleet, post, vendor, sandbox)


@dataclass
class SlowVendor(Vendor):
    """A vendor that takes its time: a worker that is killed holds many chats."""

    slow: float = 0.0

    async def send(self, request: Request) -> Response:
        """Take one message."""
        answer = await super().send(request)
        await asyncio.sleep(self.slow)
        return answer


async def after_kills(kills: int, chats: int) -> list[float]:
    """Kill a worker again and again; from each kill, how long chats it held waited."""
    waits: list[float] = []
    async with town(chats, workers=2, slow=0.3) as there:
        for number in range(kills):
            services = range(FIRST_SERVICE, FIRST_SERVICE + chats)
            await asyncio.gather(*(there.write(chat, number, "m") for chat in services))
            await asyncio.sleep(0.15)
            victim = there.fleet.workers[1 + number % 2]
            victim.signal(signal.SIGKILL)
            killed = asyncio.get_running_loop().time()
            victim.ended()
            await asyncio.sleep(0.05)
            there.fleet.care()
            await _all_said(there, chats, 2 * (number + 1))
            for chat in services:
                after = [at - killed for _, at in there.vendor.received[str(chat)] if at > killed]
                waits += after[:1]
    return waits


async def _all_said(there: Town, chats: int, count: int) -> None:
    async with asyncio.timeout(60):
        while any(
            len(there.heard(chat)) < count for chat in range(FIRST_SERVICE, FIRST_SERVICE + chats)
        ):
            await asyncio.sleep(0.05)


async def while_others_hang(chats: int, messages: int) -> list[float]:
    """Let two chats in a hundred hang at WispHub; how long the others wait for their answers."""
    waits: list[float] = []
    async with town(chats, workers=1) as there:
        services = range(FIRST_SERVICE, FIRST_SERVICE + chats)
        hanging = frozenset(services[::50])
        there.sandbox.hanging = hanging

        async def talks(chat: int) -> None:
            await asyncio.sleep(random.uniform(0, 3))
            for number in range(messages):
                written = await there.write(chat, number, "u" if chat in hanging else "s")
                text = f"{number + 1} re {number}s"
                while chat not in hanging and text not in there.heard(chat):
                    await asyncio.sleep(0.001)
                if chat not in hanging:
                    waits.append(there.heard(chat)[text] - written)
                await asyncio.sleep(random.uniform(1, 5))

        await asyncio.gather(*(talks(chat) for chat in services))
    return waits


def _told(name: str, waits: Sequence[float]) -> str:
    cut = statistics.quantiles(waits, n=100, method="inclusive")
    p50, p99, most = statistics.median(waits), cut[98], max(waits)
    return f"{name:<44} n={len(waits):<6} p50 {p50:.3f} s  p99 {p99:.3f} s  max {most:.3f} s\n"


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(prog="waits")
    reader.add_argument("--kills", type=int, default=20)
    reader.add_argument("--chats", type=int, default=100)
    given = reader.parse_args()
    waits = asyncio.run(after_kills(given.kills, 30))
    sys.stdout.write(_told(f"kill -9 to the next answer (lease {_LEASE} s)", waits))
    waits = asyncio.run(while_others_hang(given.chats, 10))
    sys.stdout.write(_told("200 to the answer, 2 % of chats hanging", waits))


if __name__ == "__main__":
    main()
