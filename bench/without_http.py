"""What an update costs without HTTP: `python -m bench.without_http`, medians of five runs.

An update is one message of a customer taken as a turn, its answer sent to a channel that keeps
nothing. Redis is the embedded one, writing to disk as in production.
"""

import asyncio
import platform
import statistics
import tempfile
import time
from pathlib import Path

from bot.channels.codes import NoCodes
from bot.leases import BusyLeases
from bot.redis import client as redis_client
from bot.redis.server import running
from bot.wisphub.adapter import WispHub
from bot.worker import Worker
from handlers.effects.messages import MessageSender
from handlers.effects.performer import Dependencies, build_performer
from handlers.ports import Delivery, OutgoingMessage
from handlers.texts import Company, Texts
from handlers.turns import Turns
from state.conversation import Chat
from state.events import Said
from state.store.encryption import Keyring
from state.store.store import Store

_CHATS = 200
_WORDS = ("hola", "ayuda", "repetir", "empezar", "ver más", "sí, autorizo")
_RUNS = 5


class Nowhere:
    """A channel that keeps nothing but the count."""

    pace = None
    settling = 0.0

    def __init__(self) -> None:
        self.sent = 0

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Count nothing."""

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Count one message."""
        self.sent += 1
        return outgoing.chat.id


def clock() -> int:
    """Tell the time in milliseconds."""
    return time.time_ns() // 1_000_000


async def once(url: str, run: int) -> tuple[float, float, float]:
    """One run: CPU µs per update, updates per second, Redis commands per update."""
    async with redis_client.connect(url) as redis:
        store = Store(redis, Keyring((bytes(32),)), token=f"run{run}")
        company = Company(name="", nit="", address="", phone="", email="", privacy_url="")
        turns, channel = Turns(store, Texts(company), clock), Nowhere()
        wisphub = WispHub("http://127.0.0.1:9", "")
        message_sender = MessageSender(
            channels={"bench": channel},
            rate_limits=store.rate_limits,
            receipts=store.receipts,
            clock=clock,
        )
        outside = Dependencies(
            messages=message_sender,
            clients=wisphub,
            leases=BusyLeases(store.leases),
            codes=NoCodes(),
            calls=_nobody_calls,
        )
        sender = build_performer(store, turns, outside, clock)
        worker = Worker(store, turns, sender, clock)
        working = asyncio.create_task(worker.run())
        commands = (await redis.info("stats"))["total_commands_processed"]
        cpu, wall = time.process_time(), time.perf_counter()
        await asyncio.gather(*(_customer(turns, f"{run}-{number}") for number in range(_CHATS)))
        updates = _CHATS * len(_WORDS)
        while (await store.stats()).get("sent", 0) < updates * (run + 1):
            await asyncio.sleep(0.005)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        commands = (await redis.info("stats"))["total_commands_processed"] - commands
        worker.stop()
        await working
        await wisphub.aclose()
        return cpu / updates * 1e6, updates / wall, commands / updates


async def _nobody_calls(channel: str, body: bytes) -> None:
    raise AssertionError(channel, len(body))


async def _customer(turns: Turns, name: str) -> None:
    chat = Chat(channel="bench", account="1", id=name)
    for number, word in enumerate(_WORDS):
        await turns.take(chat, Delivery(id=str(number), event=Said(text=word), at=clock()))


async def main() -> None:
    """Run five times and print the medians."""
    with tempfile.TemporaryDirectory() as directory:
        async with running(Path(directory)) as server:
            results = [await once(server.url, run) for run in range(_RUNS)]
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    names = ("CPU µs per update", "updates per second", "Redis commands per update")
    for name, values in zip(names, zip(*results, strict=True), strict=True):
        spread = f"{min(values):,.0f} to {max(values):,.0f}"
        print(f"{name:<28} {statistics.median(values):>9,.0f}   ({spread})")


if __name__ == "__main__":
    asyncio.run(main())
