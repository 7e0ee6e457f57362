"""What Redis refuses within a script is told as what it is, and waited for by who must be heard."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError

from bot.redis import client as redis_client
from state.store.connection import WriteRefused, classify
from state.store.outage import explain
from state.store.pipeline import Pipeline
from tests.embedded import running_redis

_SET = ("EVAL", "return redis.call('SET', KEYS[1], 1)", 1, "{0}a")


@pytest.fixture
async def server() -> AsyncIterator[Redis]:
    """A Redis of its own: these tests spoil it."""
    with running_redis() as url:
        async with redis_client.connect(url) as redis:
            yield redis


@pytest.mark.parametrize("state", ["read-only", "full"])
async def test_refused_within_a_script(server: Redis, state: str) -> None:
    """A script that may not write tells why; a report is repeated until it is taken."""
    pipeline = Pipeline(server)
    if state == "full":
        await server.config_set("maxmemory", 1)
    else:
        await server.replicaof("127.0.0.1", 9)
    expected: type[RedisError] = OutOfMemoryError if state == "full" else ReadOnlyError
    with pytest.raises(expected) as told:
        await pipeline.ask(_SET)
    assert explain(told.value) == {"full": "memory full", "read-only": "read-only"}[state]

    reporting = asyncio.create_task(pipeline.insist(_SET))
    with pytest.raises(expected):
        await pipeline.ask(_SET)
    assert not reporting.done()
    if state == "full":
        await server.config_set("maxmemory", 0)
    else:
        await server.replicaof("NO", "ONE")
    await reporting


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (
            "MISCONF Errors writing to the AOF file: No space left on device",
            WriteRefused,
            "disk full",
        ),
        ("NOREPLICAS Not enough good replicas to write.", WriteRefused, "without its replica"),
        ("ERR unknown command", ResponseError, "refuses a command"),
    ],
)
def test_other_refusals(said: str, kind: type[RedisError], reason: str) -> None:
    """A disk and a replica that are missing pass; a mistake of ours does not."""
    told = classify(ResponseError(said))

    assert type(told) is kind
    assert explain(told) == reason
