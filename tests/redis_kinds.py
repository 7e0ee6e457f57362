"""The three kinds of Redis on which the store is held to its word."""

from collections.abc import AsyncIterator, Iterator

import pytest
from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis, RedisCluster

from bot.redis import client as redis_client
from tests.cluster import running_cluster


@pytest.fixture(params=["real", "fake", pytest.param("cluster", marks=pytest.mark.slow)])
async def backend(
    request: pytest.FixtureRequest, redis: Redis
) -> AsyncIterator[Redis | RedisCluster]:
    """An empty Redis: the real one, a cluster and, for speed while developing, fakeredis."""
    match request.param:
        case "real":
            yield redis
        case "cluster":
            async with redis_client.reaching(request.getfixturevalue("cluster_url")) as cluster:
                await cluster.flushall()
                yield cluster
        case _:
            async with FakeAsyncRedis(version=(6, 2)) as fake:
                yield fake


@pytest.fixture(scope="module")
def cluster_url() -> Iterator[str]:
    """A cluster of three nodes."""
    with running_cluster() as url:
        yield url
