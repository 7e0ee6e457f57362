"""One contestant's run: a fresh Redis, the fake vendor, the bot; loaded, and read from outside."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bench.processes import check_alive, cores, free_port, last_words, output_of, started
from bench.updates import SPEECHES, WORDS, connect
from bot.redis.server import running

ROOT = Path(__file__).parents[1]
"""This checkout."""

_START = 60.0  # seconds for a bot to come up
_WARM_UP = 50  # chats
_PROBE, _FIRST = 9_000_000, 10_000_000  # chats' numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A bot to be measured.

    Attributes:
        argv: the program and its own arguments, after `python`; it takes `--port`, `--redis` and
            `--vendor` (URLs), unless `settings` tell it where they are.
        settings: makes of the same three, and a directory, the environment that it reads instead.
        python: what runs it.
        root: the checkout whose packages it imports.
        path: its webhook.
        speaks: whose calls it takes.
        answered: each chat waits for its replies before it goes on.
        words: what each chat says to it, one after the other.
        replies: how many messages it answers to each of them.
    """

    name: str
    argv: tuple[str, ...]
    settings: Callable[[int, str, str, Path], dict[str, str]] | None = None
    python: str = sys.executable
    root: Path = ROOT
    path: str = "/webhook"
    speaks: str = "telegram"
    answered: bool = False
    words: tuple[str, ...] = WORDS
    replies: tuple[int, ...] = (1,) * len(WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much load: chats of each phase, and connections."""

    chats: int
    paced_chats: int
    connections: int
    rate: float  # updates a second of the paced phase; 0 for half of what was reached


@dataclass(frozen=True, slots=True)
class Redised:
    """What Redis counted over one phase, for each update."""

    commands: float
    reads: float
    bytes: float
    cpu: float
    file: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of load: what the load generator measured, and Redis."""

    load: dict[str, Any]
    redis: Redised


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds until the first 200, then as fast as it goes, then at a fixed rate."""

    start: float
    saturated: Phase
    paced: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bot:
    """A bot that answers, with all that it needs."""

    contestant: Contestant
    port: int
    vendor: int
    pid: int
    start: float
    redis: Redis


async def run_phase(contestant: Contestant, size: Size) -> Phase:
    """Start everything afresh, warm up, load: at the size's rate, or as fast as it goes."""
    async with _bot(contestant) as bot:
        await _loaded(bot, size, first=_FIRST, chats=_WARM_UP, rate=size.rate)
        return await _loaded(bot, size, first=_FIRST + _WARM_UP, chats=size.chats, rate=size.rate)


async def run(contestant: Contestant, size: Size) -> Run:
    """Start everything afresh, warm up, load, end everything."""
    async with _bot(contestant) as bot:
        first = _FIRST
        await _loaded(bot, size, first=first, chats=_WARM_UP)
        first += _WARM_UP
        saturated = await _loaded(bot, size, first=first, chats=size.chats)
        first += size.chats
        reached = saturated.load["updates"] / saturated.load["seconds"]
        rate = size.rate or reached / 2
        paced = await _loaded(bot, size, first=first, chats=size.paced_chats, rate=rate)
        return Run(start=bot.start, saturated=saturated, paced=paced)


@asynccontextmanager
async def _bot(contestant: Contestant) -> AsyncIterator[_Bot]:
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        server = await stack.enter_async_context(running(directory / "redis"))
        redis = await stack.enter_async_context(Redis.from_url(server.url))
        await redis.config_set("auto-aof-rewrite-percentage", "0")
        vendor, port, log = free_port(), free_port(), directory / "bot.log"
        serving = _program("-m", "bench.vendor", port=vendor)
        await stack.enter_async_context(started(serving, directory / "vendor.log"))
        await _listening(vendor)
        url = f"http://127.0.0.1:{vendor}"
        argv, environment = _command(contestant, port, server.url, url, directory)
        began = time.monotonic()
        process = await stack.enter_async_context(
            started(argv, log, cores()[0], environment, directory)
        )
        await _up(process, log, port, contestant)
        start, pid = time.monotonic() - began, process.pid
        yield _Bot(
            contestant=contestant, port=port, vendor=vendor, pid=pid, start=start, redis=redis
        )


def _command(
    contestant: Contestant, port: int, redis: str, vendor: str, directory: Path
) -> tuple[list[str], dict[str, str]]:
    """Write the bot's command, and its environment."""
    environment = {**os.environ, "PYTHONPATH": str(contestant.root)}
    if contestant.settings is not None:
        given = contestant.settings(port, redis, vendor, directory)
        return [contestant.python, *contestant.argv], environment | given
    options = _program(*contestant.argv, port=port, redis=redis, vendor=vendor)[1:]
    return [contestant.python, *options], environment


def _program(*argv: str, **options: object) -> list[str]:
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return [sys.executable, *argv, *given]


async def _up(
    process: asyncio.subprocess.Process, log: Path, port: int, contestant: Contestant
) -> None:
    """Wait until the bot answers an update with a 200."""
    deadline = time.monotonic() + _START
    while not await _answers(port, contestant):
        check_alive(process, log)
        if time.monotonic() > deadline:
            raise TimeoutError(last_words(log))
        await asyncio.sleep(0.005)


async def _listening(port: int) -> None:
    async with asyncio.timeout(_START):
        while True:
            try:
                (await connect(port)).close()
            except ConnectionError:
                await asyncio.sleep(0.01)
            else:
                return


async def _answers(port: int, contestant: Contestant) -> bool:
    """Tell whether an update is answered with a 200."""
    speech = SPEECHES[contestant.speaks]
    try:
        connection = await connect(port)
        status = await connection.ask(
            speech.wire(port, contestant.path, speech.body(_PROBE, "hola"))
        )
    except ConnectionError:
        return False
    connection.close()
    return status == 200


async def _loaded(bot: _Bot, size: Size, *, first: int, chats: int, rate: float = 0.0) -> Phase:
    """Let the load generator do one phase, with Redis' counters read before and after."""
    argv = _program(
        "-m", "bench.load", bot=bot.port, path=bot.contestant.path, vendor=bot.vendor,
        pid=bot.pid, first=first, chats=chats, connections=size.connections, rate=rate,
        words=json.dumps(bot.contestant.words), replies=json.dumps(bot.contestant.replies),
        speaks=bot.contestant.speaks,
    )  # fmt: skip
    if bot.contestant.answered:
        argv.append("--answered")
    await _counted(bot.redis)  # the first one also connects
    before = await _counted(bot.redis)
    alone = await _counted(bot.redis)
    load = json.loads(await output_of(argv))
    after = await _counted(bot.redis)
    asking = [b - a for a, b in zip(before, alone, strict=True)]
    used = [b - a - c for a, b, c in zip(alone, after, asking, strict=True)]
    return Phase(load=load, redis=Redised(*(each / load["updates"] for each in used)))


async def _counted(redis: Redis) -> tuple[float, ...]:
    """Read the counters: commands, reads of a socket, bytes in and out, CPU in µs, the file."""
    told = await redis.info("everything")
    sockets = told["total_net_input_bytes"] + told["total_net_output_bytes"]
    cpu = (told["used_cpu_user"] + told["used_cpu_sys"]) * 1e6
    file = told["aof_current_size"]
    return told["total_commands_processed"], told["total_reads_processed"], sockets, cpu, file
