"""The embedded Redis: on a Unix socket, restarted when it dies, never orphaned."""

import asyncio
import hashlib
import os
import signal
import stat
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import structlog

from bot.redis.binary import find, runnable, version
from bot.redis.disk import is_full
from bot.redis.errors import (
    DataDamaged,
    DataFromNewerVersion,
    DiskFull,
    RedisDied,
    RedisServerError,
)
from bot.redis.ownership import owning, try_lock
from bot.redis.private import create_private, make_private
from bot.redis.repair import mend
from bot.redis.wait import Wait
from state.store.outage import LOADING

_log = structlog.get_logger("enlace.redis")

# The server is the guardian's child. The guardian stops it when its standard input ends, which
# happens when the owner ends, even by kill -9: the kernel closes the pipe. Only the watcher keeps
# that pipe (3), and only the server the lock (4). Signals to the whole group do not end guardian
# and watcher. The last line kills the rest of the group: the watcher, and a child of the server
# that was rewriting the append-only file.
_GUARDIAN = """
umask 077
exec 3<&0 4>&1 </dev/null >/dev/null
"$@" 3<&- >&4 4>&- & server=$!
exec 4>&-
trap '' HUP INT TERM
(read -r _ <&3; kill -TERM "$server"; sleep 3; kill -KILL "$server") 2>/dev/null &
exec 3<&-
wait "$server"
kill -KILL 0
"""

_LONGEST_SOCKET = 100  # bytes; the kernel's limit is 107
_START = 20.0  # seconds without an answer; while it loads its data, it says so
_ORPHAN = 5.0  # seconds for an orphan to end by itself; its own guardian takes 3
_KILLED = 30.0  # seconds for the system to end what was killed: a busy one may need some
_DEATHS = 9  # within a minute, by which the pauses grow to five seconds
_MINUTE = 60.0  # seconds
_LOG_SIZE = 1_000_000  # bytes; twice that on disk


class RedisServer:
    """One embedded server, owned by this process."""

    def __init__(self, data_dir: Path, binary: Path, wait: Wait | None = None) -> None:
        """Prepare to run in that directory; nothing is started yet."""
        self._wait = wait or Wait()
        self._data = data_dir
        self._binary = binary
        self._socket = find_socket(data_dir)
        self._log = data_dir / "redis.log"
        self._process: asyncio.subprocess.Process | None = None
        self._leash = ExitStack()  # our end of the guardian's pipe
        self.restarts = 0

    @property
    def url(self) -> str:
        """The address for clients."""
        return url_of(self._socket)

    async def start(self) -> None:
        """Repair the append-only file, start, and wait until commands are answered.

        Raises:
            DataFromNewerVersion: it cannot read its data.
            RedisDied: it does not start.
        """
        if version(self._binary) < (7, 0) and (self._data / "appendonlydir").exists():
            raise DataFromNewerVersion(DataFromNewerVersion.__doc__)
        arguments = self._arguments()
        place = create_private(self._data / "redis.lock")
        with place.open("ab") as lock, create_private(self._log).open("ab") as log:
            offset = log.tell()
            self._leash.close()  # the last server's guardian may have been killed without it
            await self._end_orphan(lock)
            await asyncio.to_thread(mend, self._data, self._binary)
            self._socket.unlink(missing_ok=True)
            self._process = await self._start_guarded(arguments, lock=lock, log=log)
        if not await self._answers(self._process):
            self._leash.close()
            await self._process.wait()
            if is_full(self._data):
                raise DiskFull(f"{self._data}: {DiskFull.__doc__}")
            raise _reason(self._log, offset)

    async def watch(self) -> None:
        """Restart it whenever it dies, until it is stopped, after pauses that grow.

        Raises:
            DataFromNewerVersion: it can no longer read the data.
            DataDamaged: nor can anything else.
        """
        loop = asyncio.get_running_loop()
        deaths: deque[float] = deque(maxlen=_DEATHS)
        while process := self._process:
            await self._wait_for_end(process)
            if self._process is not process:
                return  # stopped on purpose
            deaths.append(loop.time())
            await self._restart(attempt=sum(loop.time() - death < _MINUTE for death in deaths))

    async def stop(self) -> None:
        """Shut it down, within 3 seconds; all writes are on disk."""
        process, self._process = self._process, None
        self._leash.close()
        if process is not None:
            await process.wait()

    async def _start_guarded(
        self, arguments: list[str], *, lock: BinaryIO, log: BinaryIO
    ) -> asyncio.subprocess.Process:
        """Start it under a guardian; with our own pipe, because asyncio's hangs when cancelled."""
        theirs, ours = os.pipe()
        self._leash.callback(os.close, ours)
        try:
            return await asyncio.create_subprocess_exec(
                "/bin/sh", "-c", _GUARDIAN, "enlace-redis", str(self._binary), *arguments,
                stdin=theirs,
                stdout=lock,  # inherited, so the lock is held for as long as the server lives
                stderr=log,
                start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(theirs)

    async def _restart(self, *, attempt: int) -> None:
        """Restart it, the first time at once; a failed start is one more death."""
        if attempt > 1:
            await asyncio.sleep(0.01 * 2**attempt)
        if self._process is None:
            return  # stopped while we waited
        _log.warning("redis.restarted", attempt=attempt)
        self.restarts += 1
        try:
            await self.start()
        except DataDamaged:
            raise
        except (DiskFull, RedisDied, OSError) as error:
            _log.warning("redis.not_restarted", attempt=attempt, error=type(error).__name__)

    async def _wait_for_end(self, process: asyncio.subprocess.Process) -> None:
        """Wait for its end; meanwhile keep its log short (it opens the file for each line)."""
        while process.returncode is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_MINUTE):
                    await process.wait()
            _shorten(self._log)

    async def _answers(self, process: asyncio.subprocess.Process) -> bool:
        """Wait for the first answer; a server that is loading its data gets more time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_START) as patience:
                while process.returncode is None:
                    answer = await ping(self._socket)
                    if answer.startswith(b"+PONG"):
                        return True
                    if answer.startswith(b"-LOADING"):
                        self._wait.note(LOADING, seconds=_START)
                        patience.reschedule(asyncio.get_running_loop().time() + _START)
                    await asyncio.sleep(0.005)
        return False

    async def _end_orphan(self, lock: BinaryIO) -> None:
        """Stop a server that outlived owner and guardian; we own the directory.

        It is recognised by its lock, even if it no longer answers or its socket is gone.
        """
        if await self._alone(lock):
            return
        _log.warning("redis.orphan_ended")
        for number, patience in ((signal.SIGTERM, _ORPHAN), (signal.SIGKILL, _KILLED)):
            with suppress(FileNotFoundError, ProcessLookupError):
                os.kill(self._pid(), number)
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    while not await self._alone(lock):
                        await asyncio.sleep(0.01)
                    return
        raise RedisDied(f"Another redis-server uses {self._data} and does not end: kill it.")

    async def _alone(self, lock: BinaryIO) -> bool:
        return try_lock(lock) and not await ping(self._socket)

    def _pid(self) -> int:
        return int((self._data / "redis.pid").read_text("ascii"))

    def _arguments(self) -> list[str]:
        _shorten(self._log)
        settings = {
            "port": "0", "unixsocket": str(self._socket), "unixsocketperm": "700",
            "dir": str(self._data), "pidfile": str(self._data / "redis.pid"),
            "logfile": str(self._log), "daemonize": "no", "save": "",
            "appendonly": "yes", "appendfsync": "always", "aof-use-rdb-preamble": "yes",
            "maxmemory-policy": "noeviction",
            "hash-max-ziplist-value": "1024", "stream-node-max-bytes": "1024",  # many small ones
        }  # fmt: skip
        return [part for name, value in settings.items() for part in (f"--{name}", value)]


@asynccontextmanager
async def running(
    data_dir: Path, *, binary: Path | None = None, wait: Wait | None = None
) -> AsyncIterator[RedisServer]:
    """Own the directory, and run a server in it, for as long as the context lasts.

    Raises:
        RedisServerError: it cannot be used; the message says how to fix it.
    """
    directory = data_dir.absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with owning(directory), run_in(directory, binary=binary, wait=wait) as server:
        yield server


@asynccontextmanager
async def run_in(
    directory: Path, *, binary: Path | None = None, wait: Wait | None = None
) -> AsyncIterator[RedisServer]:
    """Run a server in the directory, which is ours, for as long as the context lasts.

    Raises:
        RedisServerError: it cannot be used; the message says how to fix it.
    """
    make_private(directory)
    server = RedisServer(directory, runnable(binary or find()), wait)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


def url_of(socket: Path) -> str:
    """Write a socket's address for clients."""
    return f"unix://{quote(str(socket))}"


def find_socket(data_dir: Path) -> Path:
    """Put the socket beside the data, or in /tmp if that path is too long for a socket."""
    beside = data_dir / "redis.sock"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET:
        return beside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    private = Path(tempfile.gettempdir()) / f"enlace-{os.getuid()}-{name}"
    private.mkdir(mode=0o700, exist_ok=True)
    found = private.lstat()  # symbolic links are not followed
    if (found.st_uid, found.st_mode) != (os.getuid(), stat.S_IFDIR | 0o700):
        raise RedisDied(f"{private} must be a directory that only you can access: remove it.")
    return private / "redis.sock"


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_SIZE:
        log.replace(log.with_suffix(".log.1"))


async def ping(socket: Path) -> bytes:
    """Send a ping; empty if there is no answer."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except (FileNotFoundError, ConnectionRefusedError):
        return b""
    try:
        writer.write(b"PING\r\n")
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def _reason(log: Path, offset: int) -> RedisServerError:
    """Find in its log since the start why it did not start; earlier failures do not count."""
    said = log.read_bytes()[offset:]
    if b"Can't handle RDB format version" in said:
        return DataFromNewerVersion(DataFromNewerVersion.__doc__)
    words = said.decode("utf-8", "replace").splitlines()[-1:]
    return RedisDied(" ".join([RedisDied.__doc__ or "", *words]))
