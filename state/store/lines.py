"""How a round of commands reaches Redis: over one connection, or over the nodes of a cluster.

One pipeline of redis-py spends most of its time on each command's own bookkeeping; a round needs
none of it. So it is packed by hiredis and read from one connection of redis-py's pool, which is
still what opens, checks and replaces connections.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import hiredis
from redis.asyncio import Redis, RedisCluster
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, RedisClusterException, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from state.store import keys

Command = tuple[Any, ...]
Line = Callable[[Sequence[Command]], Awaitable[list[Any]]]
"""Sends commands in one go and gives an answer, or a `RedisError`, for each."""

_PATIENCE = 10.0  # seconds for the answers of a round


def line_to(redis: Redis | RedisCluster) -> Line:
    """Choose how to reach this Redis."""
    return _Direct(redis).send if type(redis) is Redis else partial(_piped, redis)


def together(redis: Redis | RedisCluster) -> Sequence[tuple[keys.Shard, ...]]:
    """Group the shards whose keys one command may name: in a cluster, each by itself."""
    if isinstance(redis, RedisCluster):
        return [(shard,) for shard in keys.ALL]
    return [keys.ALL]


async def _piped(redis: Redis | RedisCluster, commands: Sequence[Command]) -> list[Any]:
    """Send over a pipeline, which knows which node of a cluster holds which key."""
    async with redis.pipeline(transaction=False) as pipe:
        for command in commands:
            pipe.execute_command(*command)
        try:
            return list(await pipe.execute(raise_on_error=False))
        except RedisClusterException as error:  # no RedisError, for whatever reason
            raise RedisConnectionError("the cluster is unavailable") from error


class _Direct:
    """One connection, kept: rounds follow each other, so one is enough."""

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._connection: AbstractConnection | None = None

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        """Send a round; a broken connection is replaced, and the whole round repeated."""
        packed = b"".join(map(hiredis.pack_command, commands))
        connection = self._connection or await self._connected()
        answers: list[Any] = await connection.retry.call_with_retry(
            lambda: _exchanged(connection, packed, len(commands)),
            lambda _: connection.disconnect(),
        )
        if any(isinstance(answer, ReadOnlyError) for answer in answers):
            await self._pool.disconnect()  # a failover: look for the master anew
        return answers

    async def _connected(self) -> AbstractConnection:
        connection: AbstractConnection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
        # A round keeps its own time; redis-py would start a task for each write to keep another.
        connection.socket_timeout = None
        self._connection = connection
        return connection


async def _exchanged(connection: AbstractConnection, packed: bytes, count: int) -> list[Any]:
    try:
        async with asyncio.timeout(_PATIENCE):
            await connection.send_packed_command([packed])
            return [await _answer(connection) for _ in range(count)]
    except TimeoutError:
        raise RedisTimeoutError("no answer in time") from None


async def _answer(connection: AbstractConnection) -> Any:
    try:
        return await connection.read_response(timeout=math.inf)  # the round's own time is kept
    except ResponseError as error:
        return error
