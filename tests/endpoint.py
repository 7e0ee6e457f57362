"""The endpoint over real HTTP, in front of a pretend WispHub."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from starlette.requests import Request
from starlette.types import ASGIApp

from bot.bootstrap import clock
from bot.sandbox.server import KEY, Sandbox
from bot.supervisor import create_server, listen
from bot.wisphub.adapter import WispHub
from handlers.api import reference
from handlers.api.access import Access
from handlers.api.clients import create_api
from handlers.api.scopes import ApiKey
from handlers.api.updates import Updates
from handlers.auditing import Auditor
from handlers.effects.performer import build_notifier
from handlers.texts import Texts
from handlers.turns import Turns
from state.store.encryption import Keyring
from state.store.store import Store
from tests.api_keys import UPDATES, read_keys
from tests.machine_stage import COMPANY
from tests.waiting import HUNG


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
async def serving(app: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """Serve an application on loopback and give its address; the options are the server's."""
    socket = listen("127.0.0.1", 0)
    server = create_server(app, **options)
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


def build_app(
    wisphub: WispHub, redis: Redis, keys: Sequence[ApiKey], *, calls: int = 600, writes: int = 20
) -> FastAPI:
    """The endpoint, for these keys and with these quotas."""
    store = Store(redis, Keyring((bytes(32),)), token=uuid4().hex)
    auditor = Auditor(audit=store.audit, clock=clock)
    updates = Updates(
        clients=wisphub,
        leases=Turnstile(),
        quotas=store.quotas,
        notifier=build_notifier(store, Turns(store, Texts(COMPANY), clock), (), clock),
        auditor=auditor,
        clock=clock,
        writes_per_day=writes,
    )
    access = Access(
        keys=keys,
        quotas=store.quotas,
        auditor=auditor,
        clock=clock,
        calls_per_minute=calls,
    )
    api = create_api(updates=updates, access=access)
    api.router.routes.extend(reference.create_routes(api, access=access, is_member=_nobody))
    return api


async def _nobody(_request: Request) -> bool:
    return False


@pytest.fixture
async def api_url(wisphub: WispHub, redis: Redis) -> AsyncIterator[str]:
    """Where the endpoint is served."""
    async with serving(build_app(wisphub, redis, read_keys())) as url:
        yield url


@pytest.fixture
async def api(api_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that calls the endpoint with its key."""
    headers = {"X-API-Key": UPDATES}
    async with httpx.AsyncClient(base_url=api_url, headers=headers, timeout=HUNG) as client:
        yield client
