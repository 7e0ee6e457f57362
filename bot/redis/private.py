"""The data directory is its owner's alone: mode 0700, its files 0600.

That holds for what an earlier version left, and for a container's volume.
"""

from collections.abc import Iterator
from pathlib import Path

import structlog

_log = structlog.get_logger("enlace.redis")

_OTHERS = 0o077
_OURS = (
    "appendonly.aof", "appendonlydir", "command.lock", "dump.rdb", "lock", "redis.lock",
    "redis.log", "redis.log.1", "redis.pid", "redis.sock", "secret.key", "temp-*", "torn.aof",
    "wisphub.json",
)  # fmt: skip
"""What Enlace and its Redis put there."""


def make_private(directory: Path) -> None:
    """Make the directory, and take it and our files in it away from everybody else.

    Somebody else's files are left as they are, and so is a directory that holds any: it may be a
    home, or `/tmp`. That is logged.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours = {path for pattern in _OURS for path in directory.glob(pattern)}
    own = set(directory.iterdir()) <= ours
    files = _walk(ours)
    try:
        for path in (directory, *files) if own else files:
            _take_away(path)
    except OSError as error:  # not ours, or the file system knows no modes
        _log.warning("data.not_private", error=type(error).__name__)
    if not own and directory.stat().st_mode & _OTHERS:
        _log.warning("data.not_private", error="other files in the data directory")


def create_private(path: Path) -> Path:
    """Create a file that nobody else reads, if there is none."""
    path.touch(mode=0o600)
    return path


def _walk(paths: set[Path]) -> Iterator[Path]:
    for path in paths:
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from path.iterdir()


def _take_away(path: Path) -> None:
    mode = path.lstat().st_mode
    if mode & _OTHERS and not path.is_symlink():
        path.chmod(mode & 0o700)
