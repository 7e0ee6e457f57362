"""The embedded Redis of a running Enlace, which starts it again by itself: it is struck again."""

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.outages.kinds import Kind
from tests.outages.redises import Suffering, delay_of


@dataclass
class EmbeddedRedis(Suffering):
    """That of a running Enlace, in its data directory."""

    data: Path
    other: Path = Path()
    striking: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Know where it listens."""
        self.socket = self.data / "redis.sock"

    def pid(self) -> int:
        """Tell its process."""
        return int((self.data / "redis.pid").read_text("ascii"))

    async def harm(self, kind: Kind, seconds: float) -> None:
        """Begin an outage that is meant to last so long."""
        match kind:
            case Kind.STOPPED | Kind.KILLED:
                number = signal.SIGTERM if kind is Kind.STOPPED else signal.SIGKILL
                self.striking.append(asyncio.create_task(self._strike(number)))
            case Kind.LOADING:
                await self.ask("CONFIG", "SET", "key-load-delay", delay_of(seconds))
                self.striking.append(asyncio.create_task(self._reload()))
            case Kind.OTHER_KEY:
                self._swap(self.other / "appendonly.aof", self.data / "kept.aof")
            case _:
                await super().harm(kind, seconds)

    async def heal(self, kind: Kind) -> None:
        """End it."""
        if kind is Kind.OTHER_KEY:
            await self.check_others()
            self._swap(self.data / "kept.aof", self.other / "appendonly.aof")
        if kind is Kind.LOADING:
            await asyncio.gather(*self.striking)
        await super().heal(kind)

    def _swap(self, there: Path, kept: Path) -> None:
        """Put another file of data in its place, as a backup is restored; then it is killed."""
        file = self.data / "appendonly.aof"
        with suppress(FileExistsError):
            os.link(file, kept)
        there.replace(file)
        self._kill(signal.SIGKILL)

    def _kill(self, number: int) -> None:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(self.pid(), number)

    async def _strike(self, number: int) -> None:
        while True:
            self._kill(number)
            await asyncio.sleep(0.05)

    async def _reload(self) -> None:
        async with self.client() as redis:
            await redis.execute_command("DEBUG", "RELOAD")
