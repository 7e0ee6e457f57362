"""Connections that nobody can hold open: a request arrives in time, or its connection ends.

uvicorn ends a connection only while it is idle between two requests. Here a deadline runs from
connecting, or from the first byte of a later request, to the request's last byte: half a header,
silence, a header or a body that drips, on any path. What we owe the caller (an answer that takes
long, an event stream) is never cut.
"""

import asyncio
import resource
from http import HTTPStatus
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from state.messages.staff import Api

DEADLINE = 9.0
"""Seconds for a request to arrive: with a busy loop's delay, closed within ten."""

MOST_CONNECTIONS = 2_000
"""Open at once; a hundred open consoles and every vendor at its busiest need a tenth."""

_LONGEST_HEAD = 64 * 1024  # bytes: the parser itself knows no bound
_FEWEST_CONNECTIONS = 50  # whatever the limit of files is
_FILES = 200  # file descriptors for everything else: Redis, vendors, the log, the data
_MAPPED = "::ffff:"  # an IPv4 caller of a listener for IPv6


def count_connections() -> int:
    """Tell how many connections this process can hold; its limit of files is raised for it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(_FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, soft - _FILES))


class DeadlineProtocol(HttpToolsProtocol):
    """HTTP on one connection, with a deadline for every request, and a bound of connections."""

    def __init__(  # uvicorn's own order
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        deadline: float = DEADLINE,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        """Serve a connection; beyond `most` of the server, turn it away."""
        super().__init__(config, server_state, app_state, _loop)
        self._deadline = deadline
        self._most = most
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._answered = 0  # requests of this connection
        self._arriving = False  # the last one that began has not arrived yet
        self._handed_on = False  # the application has it
        self._head = 0  # bytes of its head so far

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        if self.client is not None and self.client[0].startswith(_MAPPED):
            self.client = self.client[0].removeprefix(_MAPPED), self.client[1]
        if len(self.connections) > self._most:
            self._end(HTTPStatus.SERVICE_UNAVAILABLE, Api.TOO_MANY_CONNECTIONS)
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        self._stop()

    def data_received(self, data: bytes) -> None:
        """Read on; a request that arrives in one piece costs no timer."""
        super().data_received(data)
        self._head = self._head + len(data) if self._arriving and not self._handed_on else 0
        if self._head > _LONGEST_HEAD and not self.transport.is_closing():
            self._end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, Api.HEAD_TOO_LARGE)
        self._watch()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._begun += 1
        self._arriving = True
        self._handed_on = False

    def on_headers_complete(self) -> None:
        """The head of a request has arrived: the application gets it."""
        super().on_headers_complete()
        self._handed_on = True

    def on_message_complete(self) -> None:
        """A request has arrived."""
        super().on_message_complete()
        self._arriving = False

    def on_response_complete(self) -> None:
        """A request has been answered."""
        super().on_response_complete()
        self._answered += 1
        self._watch()

    def _watch(self) -> None:
        """Let the deadline run exactly while the caller owes us bytes."""
        if self.transport.is_closing() or not self._waits():
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(self._deadline, self._expire)

    def _waits(self) -> bool:
        """Tell whether it is the caller's turn.

        Between two requests uvicorn's own clock runs, until a byte comes that begins no request.
        """
        if self._arriving:
            return self._answered >= self._begun - 1
        return self._answered == self._begun and self.timeout_keep_alive_task is None

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self.flow.read_paused:  # it is the application that does not read on
            self._watch()
            return
        answered = self._handed_on and self.cycle.response_started
        if self._arriving and self.url and not answered:
            self._end(HTTPStatus.REQUEST_TIMEOUT, Api.TOO_SLOW)
        else:
            self._end(None, "")

    def _end(self, status: HTTPStatus | None, message: str) -> None:
        """End the connection, with an answer if there is a status; the application hears of it."""
        if self._handed_on:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.transport.get_write_buffer_size():  # the caller does not read either
            self.transport.abort()
            return
        if status is not None:
            self.transport.write(self._answer(status, message.encode()))
        self.transport.close()

    def _answer(self, status: HTTPStatus, body: bytes) -> bytes:
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        lines = [b"%b: %b\r\n" % header for header in headers]
        return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])
