"""The processes of a campaign, and Redis: started, killed, stalled, started again."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from bot.redis.repair import mend
from tests.waiting import until_now


@dataclass
class RedisProcess:
    """A Redis that writes everything to disk before it answers."""

    binary: Path
    directory: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Tell where it is."""
        return f"unix://{self.directory}/redis.sock"

    def start(self) -> None:
        """Mend its file and start it, as our own embedded server is."""
        mend(self.directory, self.binary)
        settings = {
            "port": "0", "unixsocket": f"{self.directory}/redis.sock", "dir": str(self.directory),
            "save": "", "appendonly": "yes", "appendfsync": "always",
            "aof-use-rdb-preamble": "yes", "logfile": str(self.directory / "redis.log"),
        }  # fmt: skip
        words = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen([self.binary, *words])
        with redis.Redis.from_url(self.url) as client:
            until_now(lambda: _answers(client))

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@dataclass
class Worker:
    """One process of Enlace."""

    role: str
    settings: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    stalled_until: float = 0.0

    def start(self) -> None:
        """Start it; it is ready when it says so."""
        with Path(self.settings["CAMPAIGN_LOG"]).open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.campaign.process", self.role],
                env=self.settings | _inherited(),
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self) -> bool:
        """Tell whether it has ended."""
        assert self.process is not None
        return self.process.poll() is not None


@dataclass
class Fleet:
    """All processes of a campaign."""

    chance: random.Random
    workers: list[Worker]
    server: RedisProcess | None
    counts: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Start them all."""
        for worker in self.workers:
            worker.start()

    def harm(self, kinds: tuple[str, ...]) -> None:
        """Do something terrible to one of them."""
        kind = self.chance.choice(kinds)
        if kind == "redis" and self.server is not None:
            self.server.kill()
            self.server.start()
            self.counts["redis kill"] += 1
            return
        worker = self.chance.choice([w for w in self.workers if not w.stalled_until] or [None])
        if worker is None or worker.ended():
            return
        if kind == "stall":
            worker.signal(signal.SIGSTOP)
            worker.stalled_until = time.monotonic() + self.chance.uniform(5.5, 8)
            self.counts["zombie"] += 1
        elif kind in ("kill", "term"):
            worker.signal(signal.SIGKILL if kind == "kill" else signal.SIGTERM)
            self.counts[kind] += 1

    def care(self) -> None:
        """Wake who stalled for long enough, start again who has ended."""
        for worker in self.workers:
            if worker.stalled_until and time.monotonic() > worker.stalled_until:
                worker.signal(signal.SIGCONT)
                worker.stalled_until = 0.0
            if worker.ended():
                worker.start()

    def heal(self) -> None:
        """Let everybody live."""
        for worker in self.workers:
            worker.stalled_until = worker.stalled_until and 1.0
        self.care()

    def stop(self) -> None:
        """End them all."""
        for worker in self.workers:
            if worker.process is not None:
                worker.signal(signal.SIGCONT)
                worker.process.kill()
                worker.process.wait()
        if self.server is not None:
            self.server.kill()


@contextmanager
def directory() -> Iterator[Path]:
    """A directory of its own, gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="enlace-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def _inherited() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return kept | {"PATH": "", "PYTHONPATH": os.pathsep.join(sys.path)}
