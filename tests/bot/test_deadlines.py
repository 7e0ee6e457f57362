"""Slow and half-open requests are ended on every path; what we owe a caller is not."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.supervisor import create_server, listen
from tests.endpoint import serving
from tests.waiting import HUNG, until

_DEADLINE = 0.2  # seconds instead of nine
_FORM = b"content-type: application/x-www-form-urlencoded\r\n"


class House:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.hung_up: list[str] = []

    async def form(self, request: Request) -> Response:
        """Read a form, as sign-in does."""
        try:
            await request.form()
        except ClientDisconnect:
            self.hung_up.append(request.url.path)
        return PlainTextResponse("")

    async def slow(self, request: Request) -> Response:
        """Wait, then read the body, then answer."""
        await self.go.wait()
        return PlainTextResponse(f"{len(await request.body())} bytes")

    async def refuse(self, _request: Request) -> Response:
        """Answer without reading."""
        return PlainTextResponse("no", 401)

    async def stream(self, _request: Request) -> Response:
        """Send an event, wait, and send another one."""

        async def events() -> AsyncIterator[str]:
            yield "data: first\n\n"
            await self.go.wait()
            yield "data: second\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    async def who(self, request: Request) -> Response:
        """Tell who calls."""
        assert request.client is not None
        return PlainTextResponse(request.client.host)

    def app(self) -> Starlette:
        """Build its routes."""
        methods = ["GET", "POST", "PUT"]
        return Starlette(
            routes=[
                Route("/form", self.form, methods=methods),
                Route("/slow", self.slow, methods=methods),
                Route("/refuse", self.refuse, methods=methods),
                Route("/stream", self.stream, methods=methods),
                Route("/who", self.who),
            ]
        )


class Caller:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def drip(self, first: bytes, drop: bytes) -> bytes:
        """Send the first bytes, then drop by drop until the connection ends; gives the answer."""
        self.writer.write(first)
        reading = asyncio.create_task(self._read_to_end())
        while not reading.done():
            self.writer.write(drop)
            await asyncio.wait((reading,), timeout=_DEADLINE / 10)
        return await reading

    async def _read_to_end(self) -> bytes:
        """Read piece by piece: a drop that comes after the end must not cost what came before."""
        answer = b""
        with suppress(ConnectionResetError):
            while piece := await self.reader.read(65_536):
                answer += piece
        return answer

    async def read_until(self, end: bytes) -> bytes:
        """Read up to these bytes."""
        return await asyncio.wait_for(self.reader.readuntil(end), HUNG)


@asynccontextmanager
async def _serving(house: House, *, most: int = 50) -> AsyncIterator[str]:
    async with serving(house.app(), deadline=_DEADLINE, most=most) as url:
        yield url


@asynccontextmanager
async def _calling(url: str) -> AsyncIterator[Caller]:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    yield Caller(reader, writer)
    writer.transport.abort()


async def _let_deadline_pass(url: str) -> None:
    """Return once a connection opened now has come to its end."""
    async with _calling(url) as silent:
        assert await silent.drip(b"", b"") == b""


def _head(line: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([line + b" HTTP/1.1", b"host: x", *headers, b"", b""])


_LONG = b"content-length: 1000"


@pytest.mark.parametrize(
    ("first", "drop", "answer"),
    [
        (b"", b"", b""),
        (b"GE", b"", b""),
        (b"GET /form HTTP/1.1\r\nhost: x\r\nx-a: ", b"", b"408"),
        (b"GET /form HTTP/1.1\r\nhost: x\r\nx-a: ", b"x", b"408"),
        (b"", b"\r\n", b""),
        (_head(b"POST /form", _FORM.strip(), _LONG), b"a", b"408"),
        (_head(b"POST /form", _FORM.strip(), b"transfer-encoding: chunked"), b"1\r\na\r\n", b"408"),
        (_head(b"POST /slow", _LONG), b"a", b"408"),
        (_head(b"PUT /nowhere", _LONG), b"a", b"404"),
        (_head(b"POST /refuse", _LONG), b"a", b"401"),
        (_head(b"POST /stream", _LONG), b"a", b"200"),
        (_head(b"GET /refuse") + b"POST /form HTTP/1.1\r\nx-a: ", b"x", b"401"),
    ],
    ids=[
        "silence", "half a line", "half a header", "dripping header", "dripping blank lines",
        "dripping form", "dripping chunks", "body nobody reads", "body of no path",
        "body after its answer", "body beside its stream", "second request",
    ],
)  # fmt: skip
async def test_slow_request_ends(first: bytes, drop: bytes, answer: bytes) -> None:
    """Whatever does not arrive in time ends: with 408 where it named a path, and no answer yet."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        told = await caller.drip(first, drop)
        house.go.set()

    assert told[9:12] == answer
    assert told.count(b"HTTP/1.1 ") <= 2
    assert answer != b"408" or b"connection: close" in told


async def test_application_hears_of_the_end() -> None:
    """The application that reads a body too slow is told that the caller is gone."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        await caller.drip(_head(b"POST /form", _FORM.strip(), _LONG), b"a")

    assert house.hung_up == ["/form"]


async def test_slow_answer_is_waited_for() -> None:
    """An answer may take longer than any request."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        caller.writer.write(_head(b"GET /slow"))
        await _let_deadline_pass(url)
        house.go.set()
        assert await caller.read_until(b"0 bytes")


async def test_stream_stays_open() -> None:
    """An event stream goes on."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        caller.writer.write(_head(b"GET /stream"))
        await caller.read_until(b"first")
        await _let_deadline_pass(url)
        house.go.set()
        assert await caller.read_until(b"second")


async def test_idle_connection_stays_open() -> None:
    """Between two requests a connection may be idle for longer than a request may take."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        for _ in range(2):
            caller.writer.write(_head(b"GET /refuse"))
            await caller.read_until(b"\r\n\r\nno")
            await _let_deadline_pass(url)


async def test_body_that_we_do_not_read_yet() -> None:
    """A large body is not late while it is the application that has not read it."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        caller.writer.write(_head(b"POST /slow", b"content-length: 400000") + bytes(400_000))
        await _let_deadline_pass(url)
        await _let_deadline_pass(url)
        house.go.set()
        assert await caller.read_until(b"400000 bytes")


async def test_request_behind_a_slow_answer() -> None:
    """A request that waits behind another one's answer has its time from that answer on."""
    house = House()
    behind = _head(b"POST /slow", b"content-length: 4")
    async with _serving(house) as url, _calling(url) as patient, _calling(url) as late:
        for caller in (patient, late):
            caller.writer.write(_head(b"GET /slow") + behind)
        await _let_deadline_pass(url)
        house.go.set()
        for caller in (patient, late):
            await caller.read_until(b"0 bytes")
        patient.writer.write(b"four")

        assert await patient.read_until(b"4 bytes")
        assert b"408" in await late.drip(b"", b"")


async def test_too_many_connections() -> None:
    """Beyond the bound a connection is turned away at once, and there is room after an end."""
    house = House()
    async with _serving(house, most=2) as url:
        async with _calling(url) as first, _calling(url) as second:
            for caller in (first, second):
                caller.writer.write(_head(b"GET /stream"))
                await caller.read_until(b"first")
            async with _calling(url) as third:
                assert b"503 Service Unavailable" in await asyncio.wait_for(
                    third.reader.read(), HUNG
                )
            house.go.set()
            await first.read_until(b"second")

        async def is_served() -> bool:
            async with _calling(url) as fourth:
                fourth.writer.write(_head(b"GET /refuse"))
                return b"401" in await fourth.read_until(b"\r\n")

        await until(is_served, "room after an end")


_LIMITS = """
import resource
from bot.deadlines import count_connections
for soft, hard in ((1024, 9000), (1024, 1024), (100, 100)):
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print(count_connections(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def test_connections_and_files() -> None:
    """A process raises its limit of files as far as it may, and leaves room for Redis."""
    told = subprocess.run(
        [sys.executable, "-c", _LIMITS], capture_output=True, text=True, check=True
    )

    assert told.stdout.split("\n") == ["2000 2200", "824 1024", "50 100", ""]


async def test_address_of_an_old_caller() -> None:
    """Who calls a listener for IPv6 by IPv4 is known by the IPv4 address."""
    opened = listen("::", 0)
    server = create_server(House().app())
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[opened]))
        async with httpx.AsyncClient(timeout=HUNG) as client:
            answer = await client.get(f"http://127.0.0.1:{opened.getsockname()[1]}/who")
        server.stop()

    assert answer.text == "127.0.0.1"


async def test_head_without_end() -> None:
    """A head that is longer than any browser's is refused, and not kept in memory."""
    house = House()
    async with _serving(house) as url, _calling(url) as caller:
        told = await caller.drip(_head(b"GET /form", b"x-a: " + b"a" * 200_000), b"")

    assert told[9:12] in {b"431", b""}  # what was sent on may have reset the connection
