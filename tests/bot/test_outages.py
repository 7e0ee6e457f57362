"""A process whose Redis goes away: it answers what it can, and goes on by itself."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.bootstrap import clock
from bot.redis import client as redis_client
from bot.redis.binary import find
from bot.sandbox.server import Sandbox
from state.store.encryption import Keyring
from state.store.store import Store
from tests.api_keys import UPDATES
from tests.bot.channels.enlace_process import Enlace, enlace
from tests.campaign.fleet import RedisProcess
from tests.campaign.run import is_ready
from tests.handlers.console.test_streams import enter
from tests.members import join
from tests.waiting import HUNG, until

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisProcess]:
    """A Redis that is killed and started again."""
    directory = tmp_path / "redis"
    directory.mkdir()
    server = RedisProcess(find(), directory)
    server.start()
    yield server
    server.kill()


async def _is_refused(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).status_code == 503


@pytest.mark.parametrize("role", ["web", "run"])
async def test_redis_killed(
    role: str, server: RedisProcess, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Redis killed ends no process and no open page; callers are asked to come again."""
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(redis_client.connect(server.url))
        staff = Store(redis, Keyring((bytes(32),)), token="test").staff
        process: Enlace = await stack.enter_async_context(
            enlace(tmp_path, sandbox, role=role, REDIS_URL=server.url)
        )
        await join(staff, "ana", now=clock())
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=process.url, timeout=HUNG)
        )
        await enter(client, "ana")
        stream = await stack.enter_async_context(client.stream("GET", "/consola/solicitudes/live"))
        pictures = _pictures(stream)
        assert await anext(pictures)

        server.kill()
        await until(partial(_is_refused, client))
        live, ready = await client.get("/health/live"), await client.get("/health/ready")
        call = await client.put(
            "/api/v1/clients/1001", json={"phone": "3001234567"}, headers={"X-API-Key": UPDATES}
        )
        server.start()
        await until(partial(is_ready, client, process.url))
        assert await anext(pictures)
        await until(lambda: "redis.back" in process.log.read_text("utf-8"))
        assert await process.stop() == 0

    assert live.status_code == 200
    assert ready.json() == {"ok": False, "redis": "not reachable"}
    assert ready.headers["retry-after"] == call.headers["retry-after"] == "2"
    assert call.status_code == 503
    told = process.log.read_text("utf-8")
    assert (told.count("redis.away"), told.count("redis.back")) == (1, 1)


async def _pictures(stream: httpx.Response) -> AsyncIterator[str]:
    """List what comes on a stream: a picture of the page each time."""
    async for line in stream.aiter_lines():
        if line.startswith("data: "):
            yield line
