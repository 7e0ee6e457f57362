"""`enlace run` as a process of its own, between a vendor's simulator and a pretend WispHub."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from bot.sandbox.server import KEY, Sandbox
from tests.api_keys import UPDATES
from tests.campaign.run import free_port, is_ready
from tests.waiting import HUNG, until

COMPANY = {
    "ENLACE_COMPANY_NAME": "FibraNet",
    "ENLACE_COMPANY_NIT": "900123456-8",
    "ENLACE_COMPANY_ADDRESS": "Calle 1 # 2-3, Tunja",
    "ENLACE_COMPANY_PHONE": "608 740 1234",
    "ENLACE_COMPANY_EMAIL": "datos@fibranet.example",
    "ENLACE_PRIVACY_URL": "https://fibranet.example/datos",
}
"""Without these nobody may be asked for consent, and nothing starts."""


@dataclass
class Enlace:
    """One process; its log is a file, read at the end."""

    settings: dict[str, str]
    log: Path
    role: str = "run"
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Tell where it listens."""
        return f"http://127.0.0.1:{self.settings['ENLACE_PORT']}"

    @property
    def ended(self) -> bool:
        """Tell whether it has ended, or was never started."""
        return self.process is None or self.process.returncode is not None

    async def start(self) -> None:
        """Start it, and wait until it is ready; a worker answers nobody."""
        await self.begin()
        if self.role == "worker":
            return
        async with httpx.AsyncClient(timeout=HUNG) as client:
            await until(partial(is_ready, client, self.url), self.log)

    async def begin(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", self.role),
                env=self.settings | _inherited(self.role),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    async def kill(self) -> None:
        """End it as a power cut does, its Redis with it."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """End it as an operator does."""
        assert self.process is not None
        self.process.terminate()
        return await self.process.wait()

    def memory(self) -> float:
        """Tell how much memory is held for it alone, in MB."""
        assert self.process is not None
        pages = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text("ascii").splitlines()
        return sum(int(line.split()[1]) for line in pages if line.startswith("Private")) / 1024


def describe(directory: Path, sandbox: Sandbox, *, role: str = "run", **more: str) -> Enlace:
    """Describe a process with these settings; it is not started yet."""
    settings = {
        "ENLACE_DATA_DIR": str(directory / "data"),
        "ENLACE_PORT": str(free_port()),
        "ENLACE_SECRET_KEYS": "A" * 43 + "=",
        "ENLACE_API_KEYS": UPDATES,
        "ENLACE_WISPHUB_URL": sandbox.url,
        "ENLACE_WISPHUB_KEY": KEY,
        **COMPANY,
        **{f"ENLACE_{name}": value for name, value in more.items()},
    }
    return Enlace(settings, directory / "enlace.log", role)


@asynccontextmanager
async def enlace(
    directory: Path, sandbox: Sandbox, *, role: str = "run", **more: str
) -> AsyncIterator[Enlace]:
    """A process with these settings, running, and ended afterwards."""
    running = describe(directory, sandbox, role=role, **more)
    try:
        await running.start()
        yield running
    finally:
        if running.process is not None and running.process.returncode is None:
            await running.stop()


def _inherited(role: str) -> dict[str, str]:
    """Pass on what measures coverage, but to a process whose own size is measured."""
    measured = role == "web"
    kept = {n: v for n, v in os.environ.items() if n.startswith("COVERAGE") and not measured}
    return kept | {"PATH": "", "PYTHONPATH": os.pathsep.join(sys.path)}
