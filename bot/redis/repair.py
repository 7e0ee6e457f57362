"""Repair of the append-only file before the start: a torn end is cut off, damage is refused."""

import re
import subprocess
from pathlib import Path

import structlog

from bot.redis.errors import DataDamaged
from bot.redis.private import create_private

_log = structlog.get_logger("enlace.redis")

# Output of redis-check-aof; before 7.0 there is one file and it is not named.
_CHECKED = re.compile(rb"AOF analyzed: (?:filename=(\S+), )?size=(\d+), ok_up_to=(\d+)")
_LENGTH = re.compile(rb"([*$])(\d+)\r\n")  # of a command or an argument
_BROKEN_LENGTH = re.compile(rb"\r?\n?|[*$]\d*\r?")


def mend(data_dir: Path, binary: Path) -> None:
    """Cut a torn end off the append-only file before the start; keep it in `torn.aof`.

    A file torn inside a script is read correctly at the first start and wrongly at the second. The
    server's binary, called `redis-check-aof`, cuts it back to the last complete transaction. A file
    that it cannot check is left unchanged: the server will report what is wrong.

    Raises:
        DataDamaged: the file is damaged; cutting it there would lose acknowledged data.
    """
    manifest = data_dir / "appendonlydir" / "appendonly.aof.manifest"
    file = manifest if manifest.exists() else data_dir / "appendonly.aof"
    if not file.exists() or not file.stat().st_size:
        return
    for name, size, sound in _CHECKED.findall(_check(binary, file)):
        if cut := int(size) - int(sound):
            torn = file.parent / name.decode() if name else file
            rest = _rest(torn, int(sound))
            if not _breaks_off(rest):
                raise DataDamaged(f"{torn} is damaged at byte {int(sound)}: restore a backup.")
            create_private(data_dir / "torn.aof").write_bytes(rest)
            _check(binary, file, "--fix")
            _log.warning("redis.torn_end_cut", file=torn.name, cut=cut, left=int(sound))


def _check(binary: Path, file: Path, *options: str) -> bytes:
    result = subprocess.run(  # noqa: S603  # our own binary and file
        ["redis-check-aof", *options, str(file)],  # noqa: S607
        executable=binary,
        input=b"y\n",
        capture_output=True,
        check=False,
    )
    return result.stdout


def _rest(file: Path, start: int) -> bytes:
    with file.open("rb") as source:
        source.seek(start)
        return source.read()


def _breaks_off(rest: bytes) -> bool:
    """Distinguish a torn end (the beginning of commands) from damage; a disk may add zeros."""
    rest, at = rest.rstrip(b"\0"), 0
    while at < len(rest):
        line = _LENGTH.match(rest, at)
        if line is None:
            return _BROKEN_LENGTH.fullmatch(rest, at) is not None
        at = line.end() + (int(line[2]) + 2 if line[1] == b"$" else 0)
    return True
