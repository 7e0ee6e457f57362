"""A start waits for a Redis that is not there yet; a refusal is told at once."""

import asyncio
from pathlib import Path

import pytest
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from bot.redis import client as redis_client
from bot.redis.binary import find
from tests.campaign.fleet import RedisProcess
from tests.embedded import running_redis
from tests.waiting import HUNG, until


async def _reach(url: str, patience: float) -> None:
    async with redis_client.reaching(url, patience=patience) as redis:
        assert await redis.ping()


async def test_not_there_yet(tmp_path: Path) -> None:
    """A Redis that starts after us is waited for, and the log says so once."""
    server = RedisProcess(find(), tmp_path)
    with capture_logs() as logs:
        starting = asyncio.create_task(_reach(server.url, HUNG))
        await until(lambda: bool(logs) or starting.done())
        server.start()
        try:
            await starting
        finally:
            server.kill()

    assert [(log["event"], log["reason"]) for log in logs] == [("redis.awaited", "not reachable")]


async def test_never_there(tmp_path: Path) -> None:
    """A Redis that does not come is given up, with the reason."""
    with pytest.raises(RedisError, match="Redis: not reachable"):
        await _reach(f"unix://{tmp_path}/none", 0.0)


async def test_wrong_password() -> None:
    """A password that Redis refuses is told at once: waiting would not help."""
    with running_redis() as url:
        async with redis_client.connect(url) as redis:
            await redis.config_set("requirepass", "otra")
        with pytest.raises(RedisError, match="refuses the password"):
            await _reach(url, HUNG)


async def test_user_without_info() -> None:
    """A user who may not ask for INFO is served as one server."""
    with running_redis() as url:
        async with redis_client.connect(url) as redis:
            await redis.acl_setuser(
                "default", enabled=True, nopass=True, categories=["+@all"], commands=["-info"]
            )
        await _reach(url, 0.0)
