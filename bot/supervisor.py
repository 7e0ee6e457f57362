"""One process: all loops in one task group, so that none fails silently; an ordered stop.

uvicorn waits for open event streams, which never end by themselves. So they are closed first, then
the server, then the worker.
"""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.deadlines import DEADLINE, DeadlineProtocol, count_connections

Loop = Callable[[], Coroutine[Any, Any, None]]
Headers = Sequence[tuple[str, str]]

_GRACE = 3  # seconds for requests under way
_SECOND = 1.0


class Server(uvicorn.Server):
    """uvicorn that stops when it is told, and looks up once a second, not ten times.

    It has no signal handlers of its own: ours close the streams first.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        """Serve as `config` says."""
        super().__init__(config)
        self._told = asyncio.Event()
        self.up = asyncio.Event()

    def stop(self) -> None:
        """Stop serving; requests under way are finished."""
        self.should_exit = True
        self._told.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say that we do."""
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        """Keep the date of the answers, until told to stop."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _SECOND)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def create_server(
    app: ASGIApp,
    *,
    headers: Headers = (),
    deadline: float = DEADLINE,
    most: int | None = None,
) -> Server:
    """Make the web server of a process; it logs nothing by itself.

    Every answer has these headers, the server's own too. A request has `deadline` seconds to
    arrive. `most` connections are open at once: as many as the process can hold by default.
    """
    most = count_connections() if most is None else most
    config = uvicorn.Config(
        app,
        http=cast("Any", partial(DeadlineProtocol, deadline=deadline, most=most)),
        headers=list(headers),
        proxy_headers=False,  # whom we believe is a setting: bot/app.py
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=_GRACE,
    )
    return Server(config)


class Front:
    """A server of which the app is replaced once all is built, on open connections too."""

    def __init__(self, opened: socket.socket, app: ASGIApp, headers: Headers) -> None:
        """Serve this app at first, on this socket."""
        self.opened = opened
        self.app = app
        self._server = create_server(self, headers=headers)
        self._work = asyncio.create_task(self._server.serve(sockets=[opened]))
        self.stop = self._server.stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await self.app(scope, receive, send)

    async def run(self) -> None:
        """Serve until stopped."""
        await asyncio.shield(self._work)

    async def aclose(self) -> None:
        """Stop, if nobody did; uvicorn does not listen to it before it is up."""
        await asyncio.wait(
            (self._work, asyncio.create_task(self._server.up.wait())),
            return_when=asyncio.FIRST_COMPLETED,
        )
        self.stop()
        await self._work


def settle_collector() -> None:
    """Let the garbage collector look at what a process makes, not at what it is made of.

    Called once everything is imported and built. What stands is taken out of its sight; then it
    looks a tenth as often, for what a message makes dies by its count of references. Otherwise a
    fifth of a busy process's CPU was its work (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def listen(host: str, port: int) -> socket.socket:
    """Open the socket ourselves, so that a port in use is our own error, reported early."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named TCP: otherwise asyncio does not send small answers at once
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host, port))
    opened.listen(1024)
    opened.settimeout(0)
    return opened


def on_signal(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGINT or SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


@contextlib.contextmanager
def ending_at_signal() -> Iterator[None]:
    """Break off at SIGINT or SIGTERM what is built meanwhile; `on_signal` takes over."""
    task, told = asyncio.current_task(), False

    def stop() -> None:
        nonlocal told
        told = True
        if task is not None:
            task.cancel()

    on_signal(stop)
    try:
        yield
    except asyncio.CancelledError:
        if not told:
            raise


async def supervise(loops: Sequence[Loop], *, forever: Sequence[Loop]) -> None:
    """Run the loops until they end by themselves, which they do when stopped.

    Those in `forever` are cancelled once the others have ended. If any of them fails, all end.
    """
    async with asyncio.TaskGroup() as group:
        endless = [group.create_task(work()) for work in forever]
        async with asyncio.TaskGroup() as ending:
            for work in loops:
                ending.create_task(work())
        for task in endless:
            task.cancel()
