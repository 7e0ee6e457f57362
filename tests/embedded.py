"""A real Redis for the tests: the embedded server's binary, without waiting for the disk."""

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.redis.binary import find
from tests.waiting import HUNG, until_now


@contextmanager
def running_redis(*arguments: str) -> Iterator[str]:
    """Run a server for the tests and give its address; it dies with us, whatever kills us."""
    directory = Path(tempfile.mkdtemp(prefix="enlace-"))
    place = directory / "redis.sock"
    server = subprocess.Popen(  # its standard input ends with us, and `cat` with it
        ["/bin/sh", "-c", '"$@" & cat; kill $!; wait; rm -r "$0"', directory, find(), "--port", "0",
         "--unixsocket", str(place), "--save", "", "--logfile", str(directory / "log"),
         "--dir", str(directory), *arguments],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the tests, which still need it to end in order
    )  # fmt: skip
    try:
        until_now(lambda: _listens(place), (directory / "log").read_text)
        yield f"unix://{place}"
    finally:
        server.communicate(timeout=HUNG)


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
