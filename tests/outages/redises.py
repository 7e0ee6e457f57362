"""A Redis that is made to fail as the table in `kinds` says, and mended: an operator's own."""

import asyncio
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.redis.binary import find
from bot.redis.repair import mend
from state.store.encryption import Keyring
from state.store.store import Store
from tests.outages.disks import fill_disk
from tests.outages.kinds import Kind
from tests.waiting import until

_FILLER = 4_000  # values: while it loads them it answers -LOADING every 2 MB
_NO_MASTER = ("127.0.0.1", 9)
_PASSWORD = "otra"


class Suffering:
    """A Redis at a Unix socket, for which a kind of outage is played by commands."""

    socket: Path
    data: Path
    striking: list[asyncio.Task[None]]
    digest: str = ""  # of the others' data, before anybody could write to them

    def client(self) -> Any:
        """Connect as its administrator."""
        return Redis.from_url(f"unix://{self.socket}", socket_timeout=None, retry=None)

    async def ask(self, *words: Any) -> Any:
        """Have it carry out a command, as soon as it answers."""
        answers: list[Any] = []

        async def asked() -> bool:
            with suppress(RedisError, OSError):
                async with self.client() as redis:
                    answers.append(await redis.execute_command(*words))
            return bool(answers)

        await until(asked, words)
        return answers[0]

    async def fill(self, size: int) -> None:
        """Give it enough to load: values of so many bytes."""
        async with self.client() as redis:
            for first in range(0, _FILLER, 100):
                values = {f"filler:{first + n}": os.urandom(size) for n in range(100)}
                await redis.mset(values)

    async def rewrite(self) -> None:
        """Have the file hold the values as they are loaded, not as they were written."""
        await self.ask("BGREWRITEAOF")
        await until(self._is_rewritten)

    async def check_others(self) -> None:
        """See that nothing was written to others' data."""
        assert await self.ask("DEBUG", "DIGEST") == self.digest.encode(), "written to others' data"

    async def _is_rewritten(self) -> bool:
        async with self.client() as redis:
            about = await redis.info("persistence")
        return not about["aof_rewrite_in_progress"] and not about["aof_rewrite_scheduled"]

    async def harm(self, kind: Kind, _seconds: float) -> None:
        """Begin an outage that is meant to last so long."""
        match kind:
            case Kind.FULL:
                await self.ask("CONFIG", "SET", "maxmemory", "1")
            case Kind.READ_ONLY:
                await self.ask("REPLICAOF", *_NO_MASTER)
            case Kind.STALLED:
                os.kill(self.pid(), signal.SIGSTOP)
            case Kind.DISK:
                fill_disk(self.data / "somebody-elses")
            case _:
                raise NotImplementedError(kind)

    async def heal(self, kind: Kind) -> None:
        """End it."""
        match kind:
            case Kind.FULL:
                await self.ask("CONFIG", "SET", "maxmemory", "0")
            case Kind.READ_ONLY:
                await self.ask("REPLICAOF", "NO", "ONE")
            case Kind.STALLED:
                os.kill(self.pid(), signal.SIGCONT)
            case Kind.DISK:
                (self.data / "somebody-elses").unlink()
            case _:
                await self.stop_striking()
        await self.ask("PING")

    async def stop_striking(self) -> None:
        """Strike no more."""
        for task in self.striking:
            task.cancel()
        await asyncio.gather(*self.striking, return_exceptions=True)
        self.striking.clear()

    def pid(self) -> int:
        """Tell its process."""
        raise NotImplementedError


@dataclass
class OwnRedis(Suffering):
    """The operator's, with the data of two installations; a supervisor starts it if it dies."""

    place: Path
    fsync: str = "always"
    process: subprocess.Popen[bytes] | None = None
    striking: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make a directory for each installation."""
        self.socket = self.place / "redis.sock"
        self.data = self.place / "mine"
        for name in ("mine", "other"):
            (self.place / name).mkdir(exist_ok=True)

    def pid(self) -> int:
        """Tell its process."""
        assert self.process is not None
        return self.process.pid

    async def start(self, *more: str, data: str = "mine") -> None:
        """Start it; it may be loading for a while."""
        await asyncio.to_thread(mend, self.place / data, find())
        settings = {
            "port": "0", "unixsocket": str(self.socket), "dir": str(self.place / data),
            "save": "", "appendonly": "yes", "appendfsync": self.fsync,
            "aof-use-rdb-preamble": "yes", "logfile": str(self.place / "redis.log"),
        }  # fmt: skip
        words = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen([find(), *words, *more])
        await until(self.socket.exists, "the socket")

    def end(self, number: int = signal.SIGKILL) -> None:
        """End it, and wait for that."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait()

    async def prepare_other(self) -> None:
        """Put an installation with another key there."""
        await self.start(data="other")
        async with self.client() as redis:
            await until(lambda: _answers(redis))
            store = Store(redis, Keyring((bytes([7]) * 32,)), token="other")
            await store.naming.require()
            await store.formats.begin()
            self.digest = await _digest(redis)
        self.end(signal.SIGTERM)

    async def harm(self, kind: Kind, seconds: float) -> None:
        """Begin an outage that is meant to last so long."""
        match kind:
            case Kind.STOPPED | Kind.KILLED:
                self.end(signal.SIGTERM if kind is Kind.STOPPED else signal.SIGKILL)
            case Kind.AGAIN:
                self.striking.append(asyncio.create_task(self._strike()))
            case Kind.LOADING:
                self.end()
                await self.start("--key-load-delay", delay_of(seconds))
            case Kind.OTHER_KEY:
                self.end()
                await self.start(data="other")
            case Kind.PASSWORD:
                self.end(signal.SIGTERM)
                await self.start("--requirepass", _PASSWORD)
            case _:
                await super().harm(kind, seconds)

    async def _strike(self) -> None:
        while True:
            self.end()
            await self.start()
            await asyncio.sleep(0.2)

    async def heal(self, kind: Kind) -> None:
        """End it."""
        if kind is Kind.AGAIN:
            await self.stop_striking()
        if kind is Kind.OTHER_KEY:
            await self.check_others()
        if kind in (Kind.OTHER_KEY, Kind.PASSWORD):
            self.end(signal.SIGTERM)
        if self.process is not None and self.process.poll() is not None:
            await self.start()
        await super().heal(kind)


def delay_of(seconds: float) -> str:
    """Give the microseconds for each value."""
    return str(int(seconds * 1_000_000 / _FILLER))


async def _digest(redis: Any) -> str:
    return str((await redis.execute_command("DEBUG", "DIGEST")).decode())


async def _answers(redis: Any) -> bool:
    try:
        return bool(await redis.ping())
    except RedisError:
        return False
