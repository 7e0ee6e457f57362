"""The demonstration as a process of its own, and a thumb on its simulated phone."""

import html
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx

from tests.waiting import HUNG


@dataclass
class Demo:
    """`enlace demo` in a data directory, started, killed and started again."""

    directory: Path
    port: int = 0
    url: str = ""
    setup: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        settings = {"ENLACE_DATA_DIR": str(self.directory), "ENLACE_PORT": str(self.port)}
        with (self.directory.parent / "demo.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo"],
                env=settings | {"PATH": ""} | _coverage(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"(http://[^/]+)(/\S+)", line):
                self.url = found[1]
                if "/inicio/" in found[2]:
                    self.setup = found[0]
            elif self.url and not line.strip():
                break
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """End it as an operator does, and give its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=HUNG)
        return self.process.returncode

    def log(self) -> str:
        """Give everything it ever wrote on standard error."""
        return (self.directory.parent / "demo.log").read_text("utf-8")


@contextmanager
def demo(directory: Path) -> Iterator[Demo]:
    """A demonstration that is running, and ended afterwards."""
    started = Demo(directory)
    started.start()
    try:
        yield started
    finally:
        if started.process is not None and started.process.poll() is None:
            started.stop()


@dataclass
class Thumb:
    """Somebody who uses the simulated phone over HTTP."""

    demo: Demo
    key: str = ""

    def pick_up(self) -> None:
        """Take a new phone, whose number WhatsApp does not show."""
        made = f"{self.demo.url}/simulador/phones"
        look = {"look": "hidden"}
        answer = httpx.post(made, data=look, follow_redirects=True, timeout=HUNG)
        self.key = str(answer.url).rsplit("/", 1)[1]

    def do(self, action: str, value: str, delivery: str) -> None:
        """Do something on the phone; what is repeated has the same delivery."""
        data = {"value": value, "delivery": delivery, "label": value}
        path = f"{self.demo.url}/simulador/c/{self.key}/{action}"
        assert httpx.post(path, data=data, timeout=HUNG).status_code == 204

    def wait_for(self, text: str) -> str:
        """Look at the screen until the text is there, and give all that is seen."""
        address = f"{self.demo.url}/simulador/live?c={self.key}"
        seen, deadline = "", monotonic() + HUNG
        with httpx.stream("GET", address, timeout=HUNG) as stream:
            for line in stream.iter_lines():
                assert monotonic() < deadline, f"never seen: {text}"
                seen = seen + line.removeprefix("data: ") + "\n" if line else ""
                if text in html.unescape(seen) and "</hx-partial>" in line:
                    return html.unescape(seen)
        raise AssertionError(f"never seen: {text}")


def _coverage() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
