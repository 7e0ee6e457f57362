"""A small file system, and how it becomes full."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_SIZE = 24 * 1024 * 1024


def fill_disk(path: Path) -> None:
    """Write until there is no room left."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65_536)):
            pass
        while file.write(b"0"):
            pass


@asynccontextmanager
async def small_disk(place: Path) -> AsyncIterator[Path | None]:
    """Mount a small file system there; None where we may not."""
    place.mkdir()
    options = ("-t", "tmpfs", "-o", f"size={_SIZE}", "none")
    if not await _run("mount", *options, str(place)):
        yield None
        return
    try:
        yield place
    finally:
        assert await _run("umount", "--lazy", str(place))


async def _run(*words: str) -> bool:
    """Run a command; tell whether it went well."""
    if shutil.which(words[0]) is None:
        return False
    process = await asyncio.create_subprocess_exec(*words, stderr=subprocess.DEVNULL)
    return await process.wait() == 0
