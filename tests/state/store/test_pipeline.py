"""Round trips shared: each caller gets its own answer, whatever becomes of the others."""

import asyncio
from contextlib import ExitStack

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

from bot.redis import client as redis_client
from state.store.pipeline import Pipeline
from tests.cluster import running_cluster


async def test_together(redis: Redis) -> None:
    """Callers of one moment share round trips and get their own answers, in their order."""
    pipeline = Pipeline(redis)
    calls = [pipeline.ask(("INCR", f"counter{number % 3}")) for number in range(300)]

    answers = await asyncio.gather(*calls)

    assert sorted(answer for (answer,) in answers) == sorted([*range(1, 101)] * 3)


async def test_own_error(redis: Redis) -> None:
    """The error of one caller's command is nobody else's."""
    pipeline = Pipeline(redis)
    await redis.set("text", "x")

    bad = asyncio.create_task(pipeline.ask(("INCR", "text")))
    good = asyncio.create_task(pipeline.ask(("INCR", "number")))

    assert await good == [1]
    with pytest.raises(ResponseError):
        await bad


async def test_forgotten_scripts(redis: Redis) -> None:
    """A Redis that has forgotten the scripts is told them again."""
    pipeline = Pipeline(redis)
    release = pipeline.script("release")
    await redis.script_flush()

    call = release.call(keys=["{a}1", "{a}2", "{a}3"], args=["c", "t", 1])
    assert await pipeline.ask(("INCR", "a"), call) == [1, b"FENCED"]


async def test_cancelled_caller(redis: Redis) -> None:
    """A caller that is cancelled takes nobody along."""
    pipeline = Pipeline(redis)
    leaving = asyncio.create_task(pipeline.ask(("INCR", "a")))
    staying = asyncio.create_task(pipeline.ask(("INCR", "b")))
    await asyncio.sleep(0)

    leaving.cancel()

    assert await staying == [1]


async def test_redis_away() -> None:
    """Without Redis every caller is told."""
    async with redis_client.connect("redis://127.0.0.1:9") as nowhere:
        pipeline = Pipeline(nowhere)
        answers = await asyncio.gather(
            *(pipeline.ask(("PING",)) for _ in range(3)), return_exceptions=True
        )

    assert [type(answer) for answer in answers] == [RedisConnectionError] * 3


async def test_errors_are_raised(redis: Redis) -> None:
    """A failing command raises where it was asked for."""
    with pytest.raises(ResponseError):
        await Pipeline(redis).ask(("NOSUCHCOMMAND",))


@pytest.mark.slow
async def test_cluster_away() -> None:
    """A cluster that has gone is an error of Redis like any other, in rounds and alone."""
    with ExitStack() as stack:
        url = stack.enter_context(running_cluster())
        async with redis_client.reaching(url) as cluster:
            pipeline = Pipeline(cluster)
            assert await pipeline.ask(("SET", "a", "1"), ("GET", "b")) == [True, None]
            stack.close()

            for call in (pipeline.ask(("GET", "a")), cluster.get("a")):
                with pytest.raises(RedisError):
                    await call
            assert await asyncio.gather(pipeline.ask(("GET", "a")), return_exceptions=True)


async def test_broken_off(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a round breaks on an error of ours, those who wait are told, not left waiting."""
    pipeline = Pipeline(redis)

    async def broken(commands: list[object]) -> list[object]:
        raise ZeroDivisionError(commands)

    monkeypatch.setattr(pipeline, "_send", broken)
    with pytest.raises(RedisConnectionError):
        await pipeline.ask(("GET", "a"))
    assert pipeline._task is not None
    with pytest.raises(ZeroDivisionError):
        await pipeline._task
