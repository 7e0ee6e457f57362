"""The guard on what things cost: counts that no machine changes, beside the file of figures.

CPU is too noisy to fail a test by. What is counted here is Redis' own report over a walk of the
bench's words, taken as the shipped bot takes them: the real receiver and channel with its gates,
the committer performs what it committed; only the time is ours, and one chat speaks after the
other.
"""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bench import memory, shipped
from bench.updates import NUMBER, SECRET, SPEECHES, dated
from bench.vendor import Connection, Vendor
from bot.channels.telegram.api import Api
from bot.channels.telegram.receive import TelegramReceiver
from bot.channels.telegram.send import TelegramChannel
from bot.channels.whatsapp.receive import WhatsAppReceiver
from bot.channels.whatsapp.send import Graph, WhatsAppChannel
from bot.redis import client as redis_client
from bot.sandbox.server import Sandbox
from handlers.effects.performer import EffectPerformer
from handlers.ports import Channel, Receiver
from state.store.encryption import Keyring
from state.store.outbox import Lease
from state.store.store import Store
from tests.embedded import running_redis
from tests.house_stage import HouseStage

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[2]
_FIGURES = tomllib.loads((_ROOT / "bench" / "figures.toml").read_text("utf-8"))
_PAGE = (_ROOT / "docs" / "proof.md").read_text("utf-8")
_TOLERANCE = _FIGURES["tolerance"]
_CHATS = 10
_IDLE = 1_000
_FIRST = 10_000_000
_PAUSE = 10_000  # ms between a chat's messages: no gate makes it wait
_APPENDING = ("--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0")


@dataclass
class Performer:
    """Performs what a turn committed, as the shipped worker does, but when it is told to."""

    stage: HouseStage
    sender: EffectPerformer
    lease: Lease | None = None

    def claim(self) -> str:
        """Name a lease."""
        return self.stage.store.outbox.token()

    def waive(self, token: str) -> None:
        """Keep no room."""

    def perform(self, lease: Lease) -> None:
        """Remember what is to be performed."""
        self.lease = lease

    async def drain(self) -> None:
        """Perform it."""
        assert self.lease is not None
        await self.sender.perform_all(self.lease)


@asynccontextmanager
async def _channel(name: str, url: str) -> AsyncIterator[tuple[Receiver, Channel]]:
    """What is shipped for a vendor, with the vendor at that address."""
    async with AsyncExitStack() as stack:
        if name == "telegram":
            api = Api("42:bench", url=url)
            stack.push_async_callback(api.aclose)
            yield TelegramReceiver("42", SECRET), TelegramChannel(api)
        else:
            graph = Graph("bench", NUMBER, url=url, version="v26.0")
            stack.push_async_callback(graph.aclose)
            channel = WhatsAppChannel(graph, template="", language="es_CO")
            yield WhatsAppReceiver(NUMBER, [SECRET], "bench"), channel


@asynccontextmanager
async def _serving(vendor: Vendor) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(vendor), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _walked(name: str, redis: Redis) -> dict[str, float]:
    """Let customers walk, one after the other; what one of their messages costs."""
    vendor = Vendor()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_serving(vendor))
        receiver, channel = await stack.enter_async_context(_channel(name, url))
        stage = HouseStage(redis, Sandbox())
        stack.push_async_callback(stage.aclose)
        performer = Performer(stage, stage.sending_by(channel, name=name))
        stage.turns.performer = performer

        async def walk(chat: int) -> None:
            for word in shipped.WORDS:
                body = dated(SPEECHES[name].body(chat, word), stage.clock() // 1000)
                await stage.intake().take(name, receiver, body)
                await performer.drain()
                stage.reach(stage.clock() + _PAUSE)

        await walk(_FIRST)  # loads the scripts
        before, alone = await _counted(redis), await _counted(redis)
        for chat in range(_FIRST + 1, _FIRST + 1 + _CHATS):
            await walk(chat)
        after = await _counted(redis)
    updates = _CHATS * len(shipped.WORDS)
    assert vendor.answer("/count", b"", 0) == {"count": updates + len(shipped.WORDS)}
    asking = {each: alone[each] - before[each] for each in after}
    return {each: (after[each] - alone[each] - asking[each]) / updates for each in after}


async def _counted(redis: Redis) -> dict[str, int]:
    told = await redis.info("stats") | await redis.info("persistence")
    return {
        "commands": told["total_commands_processed"],
        "reads": told["total_reads_processed"],
        "wire": told["total_net_input_bytes"] + told["total_net_output_bytes"],
        "file": told["aof_current_size"],
    }


def _differences(name: str, measured: dict[str, float]) -> list[str]:
    """Tell which figures were left, and what to do about it."""
    found = []
    for each, value in measured.items():
        figure, tolerance = _FIGURES[name][each], _TOLERANCE.get(each, _TOLERANCE["memory"])
        if abs(value - figure) > figure * tolerance + 0.005:  # figures have two digits
            way = "dearer" if value > figure else "cheaper: well done"
            found.append(
                f"{name}.{each} is {value:.2f}, not {figure} ({way}); "
                "if it is meant, change bench/figures.toml and say why in the commit"
            )
    return found


@pytest.mark.parametrize("name", ["telegram", "whatsapp"])
async def test_update(name: str) -> None:
    """A message costs Redis the commands and bytes that are written down, no more and no less."""
    with running_redis(*_APPENDING) as url:
        async with redis_client.connect(url) as redis:
            measured = await _walked(name, redis)

    assert _differences(name, measured) == []


async def _weight(redis: Redis) -> int:
    """Add up what Redis says its keys weigh, but for the feed, which is trimmed.

    What the whole server uses would depend on whether a table is just being resized.
    """
    names = [name async for name in redis.scan_iter(count=1_000) if not name.endswith(b"feed")]
    async with redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.memory_usage(name, samples=0)
        return sum(await pipe.execute())


async def _grown(kept: memory.Kept) -> float:
    """Store linked conversations; what one of them weighs."""
    with running_redis() as url:
        async with redis_client.connect(url) as redis:
            store = Store(redis, Keyring((bytes(32),)), token="figures")
            await memory.fill(store, range(-1, 0), kept)  # makes the permanent keys
            before = await _weight(redis)
            await memory.fill(store, range(_IDLE), kept)
            return (await _weight(redis) - before) / _IDLE


async def test_idle_conversation() -> None:
    """A conversation that nobody speaks in takes the memory that is written down."""
    grown = {
        each: await _grown(memory.Kept(journal=kept, seen=kept))
        for each, kept in (("all", True), ("record", False))
    }

    assert _differences("conversation", grown) == []


def test_differences() -> None:
    """A figure that is left is told in either direction, one within its tolerance is not."""
    commands, record = _FIGURES["telegram"]["commands"], _FIGURES["conversation"]["record"]

    assert "dearer" in _differences("telegram", {"commands": commands + 0.02})[0]
    assert "cheaper" in _differences("telegram", {"commands": commands - 0.02})[0]
    assert _differences("conversation", {"record": record * 1.001}) == []
    assert "dearer" in _differences("conversation", {"record": record * 1.02})[0]
    assert "cheaper" in _differences("conversation", {"record": record * 0.98})[0]


@pytest.mark.parametrize(
    ("count", "row"),
    [
        ("commands", "| Redis commands, including those in scripts | {:.2f} | {:.2f} |"),
        ("reads", "| Redis socket reads | {:g} | {:g} |"),
        ("wire", "| bytes in and out of Redis | {:,.0f} | {:,.0f} |"),
        ("file", "| bytes to the append-only file | {:,.0f} | {:,.0f} |"),
    ],
)
def test_page_tells_the_counts(count: str, row: str) -> None:
    """The page tells the figures that are held here."""
    assert row.format(_FIGURES["telegram"][count], _FIGURES["whatsapp"][count]) in _PAGE


def test_page_tells_the_weight() -> None:
    """The page tells what an idle conversation weighs, as it is held here."""
    idle = _FIGURES["conversation"]
    assert f"weigh {idle['all']:,.0f} bytes" in _PAGE
    assert f"{idle['record']:,.0f} without" in _PAGE
