"""Leave a server behind, as a crash of everything around it would; run by the tests."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot import redis_client
from bot.redis_server import bundled, running


async def main(directory: Path) -> None:
    """Write a key, tell the server's pid, kill the guardian's group but the server, and us."""
    async with running(directory, binary=bundled()) as server:
        async with redis_client.connect(server.url) as redis:
            await redis.set("kept", "yes")
        assert server._process is not None
        kept = int((directory / "redis.pid").read_text("ascii"))
        print(kept, flush=True)
        for process in Path("/proc").glob("[0-9]*"):
            pid = int(process.name)
            if pid != kept and _group(pid) == server._process.pid:
                os.kill(pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
