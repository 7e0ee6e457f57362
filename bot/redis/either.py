"""The Redis of an installation: the operator's own, or the embedded one in the data directory."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import RedisError

from bot.redis import checks as redis_checks
from bot.redis import client as redis_client
from bot.redis.beside import reaching as beside
from bot.redis.disk import is_full
from bot.redis.errors import DiskFull
from bot.redis.server import RedisServer, running
from bot.redis.wait import Wait
from bot.settings import Settings, reveal
from state.store.connection import Greeting


@asynccontextmanager
async def open_redis(
    settings: Settings,
    clock: Callable[[], int],
    *,
    owns: bool = False,
    greeting: Greeting | None = None,
    wait: Wait | None = None,
) -> AsyncIterator[tuple[Redis | RedisCluster, RedisServer | None]]:
    """Connect to Redis, and check that it may hold conversations.

    Raises:
        RedisUnfit: it may not.
        RedisServerError: the embedded one cannot be used.
    """
    reaching = reach_redis(settings, owns=owns, greeting=greeting, wait=wait)
    async with reaching as (redis, server):
        try:
            await redis_checks.require(redis, clock, tells=owns)
        except RedisError as error:
            if settings.redis_url is None and is_full(settings.data_dir):
                raise DiskFull(f"{settings.data_dir}: {DiskFull.__doc__}") from error
            raise
        yield redis, server


@asynccontextmanager
async def reach_redis(
    settings: Settings,
    *,
    owns: bool = False,
    greeting: Greeting | None = None,
    wait: Wait | None = None,
) -> AsyncIterator[tuple[Redis | RedisCluster, RedisServer | None]]:
    """Connect to the operator's Redis, or to the embedded one in the data directory.

    An installation `owns` the embedded one: it starts and watches it, and nobody else may. A
    command does not: it works beside the owner, and runs a Redis for itself where there is none.
    """
    if settings.redis_url is not None:
        patience, url = settings.redis_wait if owns else 0.0, reveal(settings.redis_url)
        async with redis_client.reaching(
            url, patience=patience, greeting=greeting, wait=wait
        ) as redis:
            yield redis, None
        return
    async with AsyncExitStack() as stack:
        server = None
        if owns:
            server = await stack.enter_async_context(running(settings.data_dir, wait=wait))
        url = server.url if server else await stack.enter_async_context(beside(settings.data_dir))
        yield await stack.enter_async_context(redis_client.connect(url, greeting)), server
