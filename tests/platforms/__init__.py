"""Whether each pinned requirement has a wheel for each platform on which the image is built.

pip judges a line's marker by the machine that it runs on, whatever platform it is asked for; so the
markers are judged here, and pip gets the lines that apply.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

_GLIBC = range(17, 37)  # 2.36 is Debian 12's, the older of the two that `python:*-slim` is built on


@dataclass(frozen=True)
class Platform:
    """A Python on a processor, both as the vendors of wheels name them: `3.13`, `aarch64`."""

    python: str
    machine: str

    def select(self, requirements: str) -> str:
        """Keep the lines that apply here, without their markers."""
        here = {
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "platform_machine": self.machine,
            "implementation_name": "cpython",
            "sys_platform": "linux",
        }
        return "".join(
            f"{pin} {hashes}\n"
            for pin, marker, hashes in _read(requirements)
            if not marker or Marker(marker).evaluate(here)
        )

    def write_options(self) -> list[str]:
        """Write what pip is told of the platform."""
        tags = [f"manylinux_2_{minor}_{self.machine}" for minor in reversed(_GLIBC)]
        tags += [
            f"manylinux2014_{self.machine}",
            f"manylinux2010_{self.machine}",
            f"manylinux1_{self.machine}",
            f"linux_{self.machine}",
        ]
        return ["--python-version", self.python, *(f"--platform={tag}" for tag in tags)]


@dataclass(frozen=True)
class Outcome:
    """What pip found for a platform: how many wheels of how many pins, their size, else why not."""

    pins: int
    wheels: int
    size: int
    refused: str


def resolve(platform: Platform, requirements: str, place: Path) -> Outcome:
    """Download a wheel for each pin into an empty folder, checking its hash; nothing is built."""
    place.mkdir()
    chosen = platform.select(requirements)
    file = place / "requirements.txt"
    file.write_text(chosen, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
         "--only-binary=:all:", "--no-deps", "--require-hashes", "-r", str(file), "-d", str(place),
         *platform.write_options()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    wheels = list(place.glob("*.whl"))
    return Outcome(
        pins=chosen.count("=="),
        wheels=len(wheels),
        size=sum(wheel.stat().st_size for wheel in wheels),
        refused=_find_reason(done.stderr) if done.returncode else "",
    )


def _read(requirements: str) -> Iterator[tuple[str, str, str]]:
    """Read the pins, each with its marker (or none) and its hashes."""
    for line in requirements.replace("\\\n", "").splitlines():
        head, mark, hashes = line.partition(" --hash=")
        pin, _, marker = head.partition(";")
        yield pin.strip(), marker.strip(), (mark + hashes).strip()


def _find_reason(told: str) -> str:
    errors = [line for line in told.splitlines() if line.startswith("ERROR")]
    return errors[-1] if errors else told.strip()
