"""A table of platforms, and what is missing on each: `python -m tests.platforms 3.12 3.13`."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.platforms import Platform, resolve

_REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"


def main() -> None:
    """Read the command line, resolve, print."""
    reader = argparse.ArgumentParser(prog="platforms")
    reader.add_argument("pythons", nargs="*", default=["3.11", "3.12", "3.13", "3.14"])
    pythons = reader.parse_args().pythons
    requirements = _REQUIREMENTS.read_text("utf-8")
    print(f"{'python':<8} {'machine':<8} {'wheels':>8} {'MB':>7}")
    refused = False
    for platform in (
        Platform(python, machine) for python in pythons for machine in ("x86_64", "aarch64")
    ):
        place = Path(tempfile.mkdtemp(prefix="enlace-platforms-"))
        outcome = resolve(platform, requirements, place / "wheels")
        shutil.rmtree(place)
        found = f"{outcome.wheels}/{outcome.pins}"
        size = f"{outcome.size / 1e6:.1f}"
        print(f"{platform.python:<8} {platform.machine:<8} {found:>8} {size:>7}  {outcome.refused}")
        refused = refused or bool(outcome.refused)
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
