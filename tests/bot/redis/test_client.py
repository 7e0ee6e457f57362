"""The clients of Redis: whatever becomes of a connection, it is an error of Redis."""

import asyncio

import pytest
import uvloop
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.redis import client as redis_client
from state.store.pipeline import Pipeline
from tests.embedded import running_redis


async def _close_under_way(url: str) -> None:
    async with redis_client.connect(url) as redis:
        connection = await redis.connection_pool.get_connection()  # type: ignore[no-untyped-call]
        assert connection._writer is not None
        connection._writer.transport.abort()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(RedisConnectionError):
            await connection.send_command("PING")
        await redis.connection_pool.release(connection)
        assert await redis.ping()


def test_closed_while_writing() -> None:
    """A connection that another task closed is an error of Redis, also under uvloop."""
    with running_redis() as url, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_close_under_way(url))


async def test_refused_password_is_told_at_once() -> None:
    """Nothing is tried again that time does not mend: the same connection is asked once."""
    with running_redis() as url:
        async with redis_client.connect(url) as redis, redis_client.connect(url) as admin:
            pipeline = Pipeline(redis)
            await pipeline.ask(("PING",))
            await admin.config_set("requirepass", "otra")
            await admin.execute_command("AUTH", "otra")  # type: ignore[no-untyped-call]
            before = (await admin.info("stats"))["total_connections_received"]
            await admin.client_kill_filter(_type="normal", skipme=True)
            with pytest.raises(RedisConnectionError):
                await pipeline.ask(("PING",))
            after = (await admin.info("stats"))["total_connections_received"]

    assert after - before <= 3
