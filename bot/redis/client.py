"""Clients of Redis: answers are bytes, a broken connection is retried for a moment.

A timeout is not retried, as redis-py would do: a stuck server would block seven times as long, and
the command might run twice.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import (
    BusyLoadingError,
    MovedError,
    NoPermissionError,
    RedisClusterException,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.redis.wait import Wait
from state.store.connection import WRITES_NOTHING, Greeting
from state.store.outage import REFUSED, explain

_CONNECTIONS = 64
_WAIT = 5.0  # seconds for a free connection: better than an error under load
_ANSWER = 10.0  # seconds; more than any of our blocking reads
_PAUSE = 0.2  # seconds between two tries of a start
_DRIVER = DriverInfo()  # else redis-py reads its version from the disk for every connection: 0.4 ms
_RETRIES = 6  # over about a second: the time an embedded server takes to restart


class Cluster(RedisCluster):
    """A cluster whose own errors are Redis errors, as everywhere else."""

    async def execute_command(self, *words: Any, **options: Any) -> Any:
        """Send one command.

        Raises:
            RedisError: it failed, or the cluster is unavailable.
        """
        try:
            return await super().execute_command(*words, **options)
        except RedisClusterException as error:
            raise RedisConnectionError("the cluster is unavailable") from error


@asynccontextmanager
async def reaching(
    url: str,
    *,
    patience: float = 0.0,
    greeting: Greeting | None = None,
    wait: Wait | None = None,
) -> AsyncIterator[Redis | RedisCluster]:
    """Connect to the Redis at that address; if it is a node of a cluster, to the whole cluster.

    One that does not serve is waited for `patience` seconds, and as long as it loads its data.

    Raises:
        RedisError: it cannot be reached, or refuses us; the message says which.
    """
    async with connect(url, greeting) as redis:
        await _wait_for(redis, patience, wait or Wait())
        if not await _is_cluster(redis):
            yield redis
            return
    cluster = Cluster.from_url(
        url,
        max_connections=_CONNECTIONS,
        socket_timeout=_ANSWER,
        socket_connect_timeout=_WAIT,
        driver_info=_DRIVER,
        decode_responses=False,
    )
    async with cluster:
        yield cluster


async def _is_cluster(redis: Redis) -> bool:
    """Tell whether it is a node of a cluster; a user who may not ask has one server."""
    try:
        about = await redis.info("cluster")
    except NoPermissionError:
        return False
    return bool(about.get("cluster_enabled"))


async def _wait_for(redis: Redis, patience: float, wait: Wait) -> None:
    """Wait until it answers and takes writes; a write that it still refuses is for the checks."""
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    while True:
        in_time = loop.time() < until
        try:
            await _ask(redis, writes=in_time)
        except RedisError as error:
            reason = explain(error)
            if isinstance(error, BusyLoadingError) and patience:
                until = loop.time() + patience
            if reason == REFUSED or not in_time:
                raise RedisConnectionError(f"Redis: {reason} ({error})") from error
            wait.note(reason, seconds=patience)
            await asyncio.sleep(_PAUSE)
        else:
            return


async def _ask(redis: Redis, *, writes: bool) -> None:
    """Ask whether it serves; what a user may not do, and a cluster's node, is checked later."""
    with suppress(NoPermissionError):
        await redis.ping()
    if writes:
        with suppress(NoPermissionError, MovedError):
            await redis.execute_command(*WRITES_NOTHING)  # type: ignore[no-untyped-call]


class _Retry(Retry):
    """Tries again what time may mend: a refused password it does not."""

    async def call_with_retry(self, do: Any, fail: Any, *_: Any, **options: Any) -> Any:
        """Call `do` until it succeeds, or fails for good."""
        options["is_retryable"] = _is_passing
        return await super().call_with_retry(do, fail, **options)


def _is_passing(error: Exception) -> bool:
    return not isinstance(error, RedisError) or explain(error) != REFUSED


class _ClosingConnection:
    """A connection that another task may close while this one writes: that is its error.

    Of uvloop it would be a RuntimeError, which nobody expects.
    """

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002  # redis-py's signature
        """Send, or say that it is closed."""
        try:
            await super().send_packed_command(command, check_health)  # type: ignore[misc]
        except RuntimeError as error:
            raise RedisConnectionError("closed meanwhile") from error


def connect(url: str, greeting: Greeting | None = None) -> Redis:
    """Make a client of one server; `unix://`, `redis://` or `rediss://`."""
    backoff = ExponentialWithJitterBackoff(base=0.01, cap=0.5)
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=_WAIT,
        socket_timeout=_ANSWER,
        socket_connect_timeout=_WAIT,
        driver_info=_DRIVER,
        retry=_Retry(backoff, _RETRIES, supported_errors=(RedisConnectionError,)),
        decode_responses=False,
        redis_connect_func=None if greeting is None else greeting.greet,
    )
    kind = pool.connection_class
    pool.connection_class = type(kind.__name__, (_ClosingConnection, kind), {})
    return Redis.from_pool(pool)
