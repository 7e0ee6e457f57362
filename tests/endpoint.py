"""The endpoint over real HTTP, in front of a pretend WispHub."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import ASGIApp

from bot.sandbox.server import KEY, Sandbox
from bot.supervisor import create_server, listen
from bot.wisphub.adapter import WispHub
from handlers.api.clients import create_api
from tests.waiting import HUNG

API_KEY = "una-clave"


class Turnstile:
    """Leases of one process: one caller at a time for each service."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = {}

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        """Hold the service."""
        assert patience > 0
        async with self._locks.setdefault(service_id, asyncio.Lock()):
            yield


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on loopback and give its address."""
    socket = listen("127.0.0.1", 0)
    server = create_server(app)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.stop()


@pytest.fixture
async def wisphub(sandbox: Sandbox) -> AsyncIterator[WispHub]:
    """The adapter, pointed at the pretend WispHub."""
    adapter = WispHub(sandbox.url, KEY)
    yield adapter
    await adapter.aclose()


@pytest.fixture
async def api_url(wisphub: WispHub) -> AsyncIterator[str]:
    """Where the endpoint is served."""
    app = create_api(clients=wisphub, leases=Turnstile(), api_keys=("otra-clave", API_KEY))
    async with serving(app) as url:
        yield url


@pytest.fixture
async def api(api_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that calls the endpoint with its key."""
    headers = {"X-API-Key": API_KEY}
    async with httpx.AsyncClient(base_url=api_url, headers=headers, timeout=HUNG) as client:
        yield client
