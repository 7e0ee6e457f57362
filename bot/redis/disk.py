"""Whether the disk of the embedded Redis is full: then it dies, or never starts."""

import os
from collections.abc import Callable
from pathlib import Path

from redis.exceptions import RedisError

from state.store.outage import DISK_FULL, explain

_NEEDED = 1_000_000  # bytes; with less Redis cannot work


def is_full(directory: Path) -> bool:
    """Tell whether the directory's disk has no room left for us."""
    try:
        found = os.statvfs(directory)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < _NEEDED


def explainer(directory: Path | None) -> Callable[[RedisError], str]:
    """Make what says why Redis does not serve; `directory` is the embedded one's."""

    def explain_here(error: RedisError) -> str:
        return DISK_FULL if directory is not None and is_full(directory) else explain(error)

    return explain_here
