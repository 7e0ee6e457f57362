"""A Redis that is full, read-only, loading or without its replica: 503, then everything goes on."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from redis import Redis as BlockingRedis
from redis.asyncio import Redis

from bot import app, bootstrap
from bot.redis import client as redis_client
from bot.settings import Settings
from handlers.ports import OutgoingMessage
from state.store import keys
from state.store.encryption import Keyring
from tests.api_keys import UPDATES
from tests.campaign.plain import HEADER, SECRET, PlainReceiver, chat_of
from tests.embedded import running_redis
from tests.house_stage import Courteous
from tests.simulation.toy import heard, toy
from tests.waiting import HUNG, until

_KEYRING = Keyring((bytes(32),))


class Nowhere(Courteous):
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Keep a message."""
        self.texts.append(outgoing.message.text)
        return outgoing.chat.id


@dataclass
class Stage:
    """A house on a Redis of its own, and a vendor who calls it."""

    house: bootstrap.Application
    client: httpx.AsyncClient
    channel: Nowhere
    redis: Redis

    async def call(self, number: int) -> httpx.Response:
        """Bring one message."""
        body = [{"chat": "1", "id": f"d{number}", "text": f"{number}s"}]
        return await self.client.post("/webhooks/plain", json=body, headers={HEADER: SECRET})

    async def refused(self, number: int) -> None:
        """Bring one message, and be asked to come again."""
        answer = await self.call(number)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0

    async def unready(self, reason: str) -> None:
        """See that readiness tells the reason, and liveness is not touched by it."""
        ready = await self.client.get("/health/ready")
        assert (ready.status_code, ready.json()) == (503, {"ok": False, "redis": reason})
        assert (await self.client.get("/health/live")).status_code == 200

    async def heard(self) -> list[str]:
        """Tell what the machine heard."""
        key = self.house.store.key(chat_of("1"))
        return heard(await self.house.store.conversations.find(key))


@pytest.fixture
def url() -> Iterator[str]:
    """A Redis of its own: these tests spoil it."""
    with running_redis() as url:
        yield url


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@pytest.fixture
async def stage(url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A house on it."""
    settings = Settings(_env_file=None, redis_url=SecretStr(url), data_dir=tmp_path)
    async with _staged(settings, url) as stage:
        yield stage


@asynccontextmanager
async def _staged(settings: Settings, url: str) -> AsyncIterator[Stage]:
    """A house whose worker works."""
    channel = Nowhere()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(
            bootstrap.build_application(
                settings,
                keyring=_KEYRING,
                wisphub=("http://127.0.0.1:9", ""),
                machine=toy,
                more={"plain": (PlainReceiver(), channel)},
            )
        )
        redis = await stack.enter_async_context(redis_client.connect(url))
        web = httpx.ASGITransport(app.create_app(house, front="/"))
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=web, base_url="http://enlace", timeout=HUNG)
        )
        working = asyncio.create_task(house.worker.run())
        yield Stage(house, client, channel, redis)
        house.worker.stop()
        await working


async def _sent(stage: Stage, count: int) -> None:
    await until(lambda: len(stage.channel.texts) >= count)


@pytest.mark.slow
async def test_away(tmp_path: Path) -> None:
    """Without Redis callers are asked to come again, each in its form."""
    with ExitStack() as server:
        url = server.enter_context(running_redis())
        settings = Settings(
            _env_file=None, redis_url=SecretStr(url), data_dir=tmp_path, api_keys=SecretStr(UPDATES)
        )
        async with _staged(settings, url) as stage:
            assert (await stage.call(1)).status_code == 200
            server.close()

            await stage.refused(2)
            ready = await stage.client.get("/health/ready")
            browser = {"accept": "text/html,application/xhtml+xml"}
            page = await stage.client.get("/consola", headers=browser)
            api = await stage.client.put(
                "/api/v1/clients/1001", json={"phone": "3001234567"}, headers={"X-API-Key": UPDATES}
            )

    assert (ready.status_code, ready.headers["retry-after"]) == (503, "2")
    assert (page.status_code, page.headers["refresh"]) == (503, "5")
    assert page.text.startswith("El sistema no está disponible por un momento.")
    assert (api.status_code, api.json()["action"]) == (503, "error")


async def test_full(stage: Stage) -> None:
    """A full Redis refuses whole turns, and lets what waits go out."""
    key = stage.house.store.key(chat_of("1"))
    odue = keys.shard_of(key).key("odue")
    assert (await stage.call(1)).status_code == 200
    await _sent(stage, 1)
    stage.house.worker.stop()
    assert (await stage.call(2)).status_code == 200
    await stage.redis.config_set("maxmemory", "1")  # byte: full whatever it holds

    await stage.refused(3)
    await stage.unready("memory full")
    assert await stage.heard() == ["1s", "2s"]
    (lease,) = await stage.house.store.outbox.take(keys.ALL, now=2**42, until=2**42 + 9, most=1)
    await stage.house.worker._sender.perform_all(lease)
    assert stage.channel.texts[1:] == ["2 re 2s"]
    assert await stage.redis.zcard(odue) == 0

    await stage.redis.config_set("maxmemory", "0")
    assert (await stage.call(3)).status_code == 200
    assert await stage.heard() == ["1s", "2s", "3s"]


async def test_read_only(stage: Stage) -> None:
    """A master that became a replica is asked again until there is a master."""
    assert (await stage.call(1)).status_code == 200
    await _sent(stage, 1)
    await stage.redis.replicaof("127.0.0.1", 9)

    await stage.refused(2)
    await stage.unready("read-only")
    await stage.redis.replicaof("NO", "ONE")

    assert (await stage.call(2)).status_code == 200
    await _sent(stage, 2)
    assert stage.channel.texts == ["1 re 1s", "2 re 2s"]


def _reloading(url: str) -> None:
    """Let it load its data again, slowly."""
    with BlockingRedis.from_url(url) as client:
        client.config_set("key-load-delay", 50_000)  # µs a key
        client.execute_command("DEBUG", "RELOAD")


async def test_loading(stage: Stage, url: str) -> None:
    """A Redis that loads its data is waited for; nobody is answered before it has them."""
    assert (await stage.call(1)).status_code == 200
    await _sent(stage, 1)
    async with asyncio.TaskGroup() as group:
        loading = group.create_task(asyncio.to_thread(_reloading, url))
        answers = [await stage.call(2)]
        while not loading.done():
            answers.append(await stage.call(2))
    answers.append(await stage.call(2))

    assert {answer.status_code for answer in answers} <= {200, 503}
    assert answers[-1].status_code == 200
    assert await stage.heard() == ["1s", "2s"]
    await _sent(stage, 2)


@pytest.mark.slow
async def test_replica(free_port: int, tmp_path: Path) -> None:
    """Where a replica is wanted, nothing is acknowledged before it has it; taken once."""
    with running_redis("--port", str(free_port)) as url, running_redis() as other:
        settings = Settings(
            _env_file=None, redis_url=SecretStr(url), data_dir=tmp_path, redis_replicas=1
        )
        async with _staged(settings, url) as stage, redis_client.connect(other) as replica:
            await stage.refused(1)
            await stage.refused(1)

            await replica.replicaof("127.0.0.1", free_port)

            async def taken() -> bool:
                return (await stage.call(1)).status_code == 200

            await until(taken)

            assert await stage.heard() == ["1s"]
            assert await replica.exists(keys.name_key("chat", stage.house.store.key(chat_of("1"))))
