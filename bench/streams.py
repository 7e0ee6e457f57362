"""What a customer's message costs while consoles are open: `python -m bench.streams`.

The shipped bot as one process on a core of its own: webhook, turn, answer, fan-out. Consoles are
raw readers of event streams in this process, all of which look at the list that changes: every
chat, the last active first. Told are the CPU of the bot for a message with no console open and with
all of them, and how long after its commit a message was on their streams: a row's place is the time
of its commit.
"""

import argparse
import asyncio
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import shipped
from bench.crowd import fill
from bench.processes import Usage, check_alive, cores, free_port, started
from bench.updates import SPEECHES, connect
from bot.bootstrap import clock
from bot.redis import client as redis_client
from bot.redis.server import running
from handlers.pages.cookies import build_cookies
from state.store.encryption import Keyring
from state.store.members import Standing
from state.store.store import Store

_KEYRING = Keyring((bytes(32),))
_START = 60.0  # seconds for the bot to come up
_SILENCE = 2.0  # seconds in which nobody writes
_TOGETHER = 20  # chats that speak in turns
_PLACE = re.compile(rb'<li id="row-(\w+)" data-place="(\d+)"')
_TELEGRAM = shipped.contestant("telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How much of everything."""

    chats: int = 20_000
    consoles: int = 50
    messages: int = 120
    rate: float = 20.0  # messages a second
    runs: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was measured: CPU of the bot for a message, ms, of each run; delays in ms."""

    alone: Sequence[float]
    watched: Sequence[float]
    delays: Sequence[float]
    sent: float  # bytes to each console for a message
    shown: float  # of what was to be seen

    @property
    def ratio(self) -> float:
        """How many times the turn a message costs while all look."""
        return statistics.median(self.watched) / statistics.median(self.alone)


@dataclass(slots=True)
class Readers:
    """Consoles that only read."""

    port: int
    tokens: Sequence[str]
    delays: list[float] = field(default_factory=list)
    read: int = 0
    _open: list[asyncio.Task[None]] = field(default_factory=list)

    async def open(self) -> None:
        """Open every stream, and wait until each shows something."""
        name = build_cookies(secure=False).session.name
        for token in self.tokens:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            head = f"Host: 127.0.0.1\r\nCookie: {name}={token}\r\nAccept: text/event-stream\r\n\r\n"
            writer.write(f"GET /consola/live?v=todos HTTP/1.1\r\n{head}".encode())
            first = await reader.readuntil(b"\r\n")
            assert b" 200 " in first, first
            await reader.readuntil(b"\n\r\n")
            self._open.append(asyncio.create_task(self._follow(reader, writer)))

    def close(self) -> None:
        """Close every stream."""
        for task in self._open:
            task.cancel()

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known: dict[bytes, int] = {}
        try:
            while chunk := await reader.read(1 << 20):
                now = clock()
                self.read += len(chunk)
                for key, told in _PLACE.findall(chunk):
                    place = int(told)
                    if place > known.get(key, 0):
                        known[key] = place
                        self.delays.append(now - place)
        finally:
            writer.close()


async def measure(scene: Scene) -> Found:
    """Measure a scene: runs without and with consoles take turns."""
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        server = await stack.enter_async_context(running(place / "redis"))
        redis = await stack.enter_async_context(redis_client.connect(server.url))
        await redis.config_set("auto-aof-rewrite-percentage", "0")
        await redis.config_set("appendfsync", "no")
        store = Store(redis, _KEYRING, token="streams")  # of a lease
        await fill(store, range(scene.chats))
        port, pid = await stack.enter_async_context(_bot(place, server.url))
        tokens = [await _sign_in(store, f"agente {number}") for number in range(scene.consoles)]
        alone, watched, delays, sent = [], [], list[float](), 0
        await _speak(port, 9, _TOGETHER, scene.rate)  # warms up
        while not await store.refiling.is_done():
            await asyncio.sleep(0.1)
        for number in range(1, scene.runs + 1):
            alone.append(await _cost(port, pid, 100_000 + 1_000 * number, scene))
            readers = Readers(port, tokens)
            await readers.open()
            await asyncio.sleep(2)  # pictures, and the second one of a reader that begins
            readers.delays.clear()
            readers.read = 0
            watched.append(await _cost(port, pid, 500_000 + 1_000 * number, scene))
            delays += readers.delays
            sent += readers.read
            readers.close()
            await asyncio.sleep(1.5)
        whole = scene.messages * max(1, scene.consoles) * scene.runs
        shown = len(delays) / whole
        return Found(alone=alone, watched=watched, delays=delays, sent=sent / whole, shown=shown)


@asynccontextmanager
async def _bot(place: Path, redis: str) -> AsyncIterator[tuple[int, int]]:
    vendor, port, log = free_port(), free_port(), place / "bot.log"
    serving = [sys.executable, "-m", "bench.vendor", "--port", str(vendor)]
    assert _TELEGRAM.settings is not None
    told = _TELEGRAM.settings(port, redis, f"http://127.0.0.1:{vendor}", place)
    argv = [_TELEGRAM.python, *_TELEGRAM.argv]
    environment = {**os.environ, "PYTHONPATH": str(_TELEGRAM.root), **told}
    async with (
        started(serving, place / "vendor.log"),
        started(argv, log, cores()[0], environment, place) as process,
    ):
        deadline = time.monotonic() + _START
        while not await _is_up(port):
            check_alive(process, log)
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.05)
        yield port, process.pid


async def _is_up(port: int) -> bool:
    try:
        return await _say(port, 1, "hola") == 200
    except ConnectionError:
        return False


async def _say(port: int, chat: int, word: str) -> int:
    speech = SPEECHES[_TELEGRAM.speaks]
    connection = await connect(port)
    status = await connection.ask(speech.wire(port, _TELEGRAM.path, speech.body(chat, word)))
    connection.close()
    return int(status)


async def _sign_in(store: Store, name: str) -> str:
    """Begin a session of a member, without a password: none is checked here."""
    stored = await store.staff.members.create(name, Standing())
    assert stored is not None
    return await store.staff.sessions.begin(stored, browser="", now=clock())


async def _cost(port: int, pid: int, first: int, scene: Scene) -> float:
    """Let customers write, and tell the bot's CPU for a message, ms: above that of silence."""
    silent = Usage.of(pid)
    await asyncio.sleep(_SILENCE)
    before, begun = Usage.of(pid), time.monotonic()
    await _speak(port, first, scene.messages, scene.rate)
    await asyncio.sleep(0.3)  # the last answers, and what is pushed of them
    taken = time.monotonic() - begun
    idle = (before - silent).cpu * taken / _SILENCE
    return ((Usage.of(pid) - before).cpu - idle) / scene.messages / 1e6


async def _speak(port: int, first: int, messages: int, rate: float) -> None:
    begun = time.monotonic()
    for number in range(messages):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        word = shipped.WORDS[number // _TOGETHER % len(shipped.WORDS)]
        status = await _say(port, first + number % _TOGETHER, word)
        assert status == 200, status


def run(scene: Scene) -> Found:
    """Measure a scene, on the cores that are not the bot's."""
    os.sched_setaffinity(0, cores()[1])
    return asyncio.run(measure(scene))


def tell(scene: Scene, found: Found) -> str:
    """Write what was found."""
    alone, watched = (
        f"{statistics.median(part):.2f} ({min(part):.2f}-{max(part):.2f})"
        for part in (found.alone, found.watched)
    )
    cuts = statistics.quantiles(found.delays, n=100) if len(found.delays) > 1 else [0.0] * 99
    return (
        f"{scene.chats:,} chats, {scene.consoles} consoles, {scene.rate:g} messages/s\n"
        f"CPU ms a message, none open   {alone}\n"
        f"CPU ms a message, all open    {watched}\n"
        f"ratio                         {found.ratio:.2f}\n"
        f"bytes a message to a console  {found.sent:,.0f}\n"
        f"shown of what was committed   {found.shown:.1%}\n"
        f"ms from commit to stream      "
        f"p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}\n"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("chats", "consoles", "messages", "runs"):
        reader.add_argument(f"--{name}", type=int, default=Scene.__dataclass_fields__[name].default)
    reader.add_argument("--rate", type=float, default=20.0)
    scene = Scene(**vars(reader.parse_args(arguments)))
    sys.stdout.write(tell(scene, run(scene)))


if __name__ == "__main__":
    main()
