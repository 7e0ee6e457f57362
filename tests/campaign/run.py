"""A campaign: customers write through real processes while these are killed, stalled, replaced."""

import asyncio
import random
import socket
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import msgspec

from bot.redis import client as redis_client
from bot.sandbox.faults import Fault
from bot.sandbox.server import KEY, Sandbox
from bot.sandbox.server import running as running_sandbox
from state.store import keys
from state.store.store import Store
from tests.campaign import vendor as outside
from tests.campaign.fleet import Fleet, RedisProcess, Worker, directory
from tests.campaign.plain import HEADER, SECRET, Written
from tests.campaign.process import KEYRING
from tests.campaign.table import Table, drawn_up
from tests.campaign.vendor import FIRST_SERVICE, Vendor
from tests.cluster import running_cluster
from tests.waiting import until

_KINDS = "sssssmmppput"
_AGAIN = 0.5  # duplicates for a message
_PLACE = "/webhooks/plain"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a campaign is to be.

    Attributes:
        every: seconds between two harms.
        pause: seconds between two messages of a customer.
    """

    deliveries: int
    chats: int
    seed: int
    binary: Path
    cluster: bool = False
    harm: tuple[str, ...] = ("kill", "kill", "stall", "redis", "term")
    every: float = 1.0
    pause: float = 1.0
    faults: float = 0.1
    webs: int = 2
    workers: int = 2


@dataclass
class Post:
    """The vendor's side of the webhooks: repeats what is not answered 200."""

    chance: random.Random
    ports: list[int]
    client: httpx.AsyncClient
    counts: Counter[str] = field(default_factory=Counter)

    async def deliver(self, message: Written) -> None:
        """Deliver until it is answered 200."""
        body = msgspec.json.encode([message])
        while not await self._offered(body):
            await asyncio.sleep(self.chance.uniform(0.05, 0.5))

    async def _offered(self, body: bytes) -> bool:
        self.counts["calls"] += 1
        address = f"http://127.0.0.1:{self.chance.choice(self.ports)}{_PLACE}"
        try:
            answer = await self.client.post(address, content=body, headers={HEADER: SECRET})
        except httpx.HTTPError as error:
            self.counts[type(error).__name__] += 1
            return False
        self.counts[str(answer.status_code)] += 1
        assert answer.status_code != 503 or int(answer.headers["retry-after"]) > 0
        return answer.status_code == 200


async def campaign(plan: Plan) -> Table:
    """Run one, and draw up its table."""
    begun, chance = time.monotonic(), random.Random(plan.seed)
    async with AsyncExitStack() as stack:
        place = stack.enter_context(directory())
        vendor = await stack.enter_async_context(
            outside.running(Vendor(random.Random(plan.seed), faults=plan.faults))
        )
        sandbox = outside.pretend_wisphub(plan.chats)
        await stack.enter_async_context(running_sandbox(sandbox))
        server = None if plan.cluster else RedisProcess(plan.binary, place)
        url = _redis(server, plan, stack)
        fleet = _fleet(plan, chance, server, {
            "ENLACE_REDIS_URL": url, "ENLACE_WISPHUB_URL": sandbox.url, "ENLACE_WISPHUB_KEY": KEY,
            "ENLACE_DATA_DIR": str(place), "PLAIN_URL": vendor.url,
            "CAMPAIGN_LOG": str(place / "log"),
        })  # fmt: skip
        stack.callback(fleet.stop)
        fleet.start()
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=10))
        post = Post(
            chance, [int(w.settings["ENLACE_PORT"]) for w in fleet.workers[: plan.webs]], client
        )
        await ready(post)
        written = await _stormy(plan, chance, fleet, post, sandbox)
        vendor.faults = 0.0
        redis = await stack.enter_async_context(redis_client.reaching(url))
        store = Store(redis, KEYRING, token="campaign")
        await _settled(store, fleet)
        return await drawn_up(
            store,
            vendor=vendor,
            sandbox=sandbox,
            answers=post.counts,
            harm=fleet.counts,
            written=written,
            seconds=time.monotonic() - begun,
            log=(place / "log").read_text("utf-8"),
        )


def _redis(server: RedisProcess | None, plan: Plan, stack: AsyncExitStack) -> str:
    if server is None:
        return stack.enter_context(running_cluster(plan.binary))
    server.start()
    return server.url


def _fleet(
    plan: Plan, chance: random.Random, server: RedisProcess | None, settings: dict[str, str]
) -> Fleet:
    webs = [Worker("web", settings | {"ENLACE_PORT": str(free_port())}) for _ in range(plan.webs)]
    workers = [Worker("worker", settings) for _ in range(plan.workers)]
    return Fleet(chance, [*webs, *workers], server)


async def ready(post: Post) -> None:
    """Wait until all webhooks can be called."""
    for port in post.ports:
        await until(partial(is_ready, post.client, f"http://127.0.0.1:{port}"), port)


async def is_ready(client: httpx.AsyncClient, url: str) -> bool:
    """Tell whether a process answers that it is ready."""
    try:
        return (await client.get(f"{url}/health/ready")).is_success
    except httpx.HTTPError:
        return False


async def _stormy(
    plan: Plan, chance: random.Random, fleet: Fleet, post: Post, sandbox: Sandbox
) -> dict[str, list[str]]:
    """Let customers write while the worst happens; tell what each wrote."""
    written: dict[str, list[str]] = {
        str(FIRST_SERVICE + number): [] for number in range(plan.chats)
    }
    chaos = asyncio.create_task(_chaos(plan, fleet))
    failing = asyncio.create_task(outside.misbehave(sandbox, chance))
    each = int(plan.deliveries / (1 + _AGAIN) / plan.chats) + 1
    customers = (
        _customer(chance, post, chat, texts, count=each, pause=plan.pause)
        for chat, texts in written.items()
    )
    await asyncio.gather(*customers)
    for task in (chaos, failing):
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(chaos, failing)
    fleet.heal()
    sandbox.fault = Fault.NONE
    return written


async def _customer(
    chance: random.Random, post: Post, chat: str, texts: list[str], *, count: int, pause: float
) -> None:
    """Write one message after the other, each when the one before was answered 200."""
    for number in range(count):
        message = Written(chat=chat, id=f"{chat}-{number}", text=f"{number}{chance.choice(_KINDS)}")
        texts.append(message.text)
        work = [post.deliver(message)]
        if chance.random() < _AGAIN:
            post.counts["duplicates"] += 1
            work.append(_later(chance.choice((0.0, 0.0, 0.3, 3.0)), partial(post.deliver, message)))
        await asyncio.gather(*work)
        await asyncio.sleep(pause * chance.uniform(0.2, 1.8))


async def _later(seconds: float, work: partial) -> None:  # type: ignore[type-arg]
    await asyncio.sleep(seconds)
    await work()


async def _chaos(plan: Plan, fleet: Fleet) -> None:
    while True:
        await asyncio.sleep(plan.every * fleet.chance.uniform(0.5, 1.5))
        if plan.harm:
            await asyncio.to_thread(fleet.harm, plan.harm)
        fleet.care()


async def _settled(store: Store, fleet: Fleet) -> None:
    """Wait until nothing is left to be done."""

    async def settled() -> bool:
        fleet.heal()
        return not await store.schedule.nearest(keys.ALL)

    await until(settled, "the end of the work")


def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
