"""The processes of a run: started, put on a core, their CPU read from outside, ended."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ALL_THREADS = 2  # CPUCLOCK_SCHED of a whole process
_TAIL = 2000  # characters of a dead process' last words


class Died(Exception):
    """A process ended before its time; its last words follow."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process had of its core, in ns.

    Attributes:
        cpu: user and system time by the kernel's clock of that process, the one that
            `clock_getcpuclockid(3)` names: exact, and with the threads that have ended, which
            `/proc/<pid>/task/*/schedstat` forgets.
        ticks: the same from `/proc/<pid>/stat`, in steps of 10 ms, to check the other.
        waited: how long its first thread could run and was not let, because others had the core.
    """

    cpu: int
    ticks: int
    waited: int

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Read it from outside."""
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks = (int(fields[11]) + int(fields[12])) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        waited = int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1])
        return cls(time.clock_gettime_ns((~pid << 3) | _ALL_THREADS), ticks, waited)

    def __sub__(self, earlier: "Usage") -> "Usage":
        return Usage(
            self.cpu - earlier.cpu, self.ticks - earlier.ticks, self.waited - earlier.waited
        )


@cache
def cores() -> tuple[set[int], set[int]]:
    """Share out the cores: one for the bot alone, the rest for everybody else.

    On a machine with one core there is nothing to share out: both get it. Asked first before
    anything was put on a core, it remembers.
    """
    first, *rest = sorted(os.sched_getaffinity(0))
    return {first}, set(rest) or {first}


def free_port() -> int:
    """Find a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def started(
    argv: Sequence[str],
    log: Path,
    core: set[int] | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program for as long as the context lasts; its output goes to the log."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *argv, stdout=output, stderr=output, env=environment, cwd=directory
        )
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, core)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for its end; after five seconds, kill it."""
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def check_alive(process: asyncio.subprocess.Process, log: Path) -> None:
    """Fail if the process has ended.

    Raises:
        Died: with the end of its log.
    """
    if process.returncode is not None:
        raise Died(last_words(log))


def last_words(log: Path) -> str:
    """Read the end of a log."""
    return log.read_text("utf-8", "replace")[-_TAIL:]


async def output_of(argv: Sequence[str]) -> bytes:
    """Run a program to its end and take what it printed.

    Raises:
        Died: it failed; what it wrote to its standard error was let through.
    """
    process = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise Died(" ".join(argv))
    return output
