"""Connections to the vendors: kept alive, and looked at once more before they are used again.

No vendor's API has an idempotency key: a message that goes into a connection which the vendor has
closed is in doubt, although nobody will ever read it. An event loop learns of a closed connection
only when it looks at its sockets, so the socket itself is asked before a second request uses it.
"""

import select
import ssl
from collections.abc import Mapping
from functools import cache, partial
from weakref import WeakSet

import certifi
import httpx
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientRequest,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from httpx_aiohttp import AiohttpTransport

NOT_SENT = (ClientConnectorError, ConnectionTimeoutError)
"""After these not a byte of the request has left: there was no connection to send it by."""

_CONNECT = 3.0  # seconds, TLS included; shorter than a call, so that its end is told as NOT_SENT
_IDLE = 5.0  # seconds; vendors' servers keep a connection for a minute or longer
_MOST = 100  # connections at the same time


def open_session(
    *, most: int = _MOST, base_url: str | None = None, headers: Mapping[str, str] | None = None
) -> ClientSession:
    """Open a session without cookies; whoever calls limits the time of a call.

    Its requests are never repeated, but for a GET or a PUT by which a kept connection broke.
    """
    return ClientSession(
        base_url,
        connector=_Connector(most),
        cookie_jar=DummyCookieJar(),
        headers=headers,
        timeout=ClientTimeout(total=None, sock_connect=_CONNECT),
    )


class Transport(AiohttpTransport):
    """What httpx speaks through where its answers are wanted: a session of ours."""

    def __init__(self, *, most: int) -> None:
        """Open it at the first request, with so many connections at most."""
        super().__init__(verify=_certificates(), client=partial(open_session, most=most))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask; an answer that is no HTTP, which httpx-aiohttp lets through, is httpx's error."""
        try:
            return await super().handle_async_request(request)
        except ClientError as error:
            raise httpx.RemoteProtocolError(type(error).__name__) from None


@cache
def _certificates() -> ssl.SSLContext:
    """Trust whom browsers trust: a slim image has no certificates of its own."""
    return ssl.create_default_context(cafile=certifi.where())


class _Connector(TCPConnector):
    """Gives no kept connection away on which the vendor has hung up."""

    def __init__(self, most: int) -> None:
        super().__init__(ssl=_certificates(), limit=most, keepalive_timeout=_IDLE)
        self._used: WeakSet[ResponseHandler] = WeakSet()

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109
    ) -> Connection:
        """Take a kept connection that still stands, or open one."""
        while True:
            connection = await super().connect(req, traces, timeout)
            assert connection.protocol is not None
            if connection.protocol not in self._used:
                self._used.add(connection.protocol)
                return connection
            if not _hung_up(connection):
                return connection
            connection.close()


def _hung_up(connection: Connection) -> bool:
    """Tell whether anything came while nothing was asked: an end, or bytes that are no answer."""
    transport = connection.transport
    if transport is None:
        return True
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(poll.poll(0))
