"""How a round trip reaches Redis: over one connection, or over the nodes of a cluster.

A pipeline of redis-py spends most of its time on bookkeeping for each command, which a round trip
does not need. So it is encoded by hiredis and read from one connection of redis-py's pool, which
still opens, checks and replaces connections.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import hiredis
from redis.asyncio import ConnectionPool, Redis, RedisCluster
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import (
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

from state.store import keys

Command = tuple[Any, ...]
Connection = Callable[[Sequence[Command]], Awaitable[list[Any]]]
"""Sends commands together and returns an answer, or a `RedisError`, for each."""

_PATIENCE = 10.0  # seconds for the answers of a round trip
NAMING = "naming"
"""The field of the installation's own key that holds the fingerprint of the key that names."""

WRITES_NOTHING: Command = ("SETRANGE", keys.ALL[0].key("trial:0"), 0, "")
"""Is refused as any write would be; of a key that is not there it changes no bytes."""


class OtherKey(RedisError):
    """ENLACE_SECRET_KEYS: this is not the key of these data.

    The last key must be the one with which they began; newer ones stand before it. Set it again, or
    use an empty Redis or another ENLACE_DATA_DIR.
    """

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(" ".join((OtherKey.__doc__ or "").split()))


class WriteRefused(RedisError):
    """Redis refuses to write now: its disk, or a replica that it wants, is missing."""


_WITHIN: dict[str, type[RedisError]] = {
    "READONLY ": ReadOnlyError,
    "OOM command": OutOfMemoryError,
    "MISCONF ": WriteRefused,
    "NOREPLICAS ": WriteRefused,
}
"""What Redis answers as an error of its own kind; within a script it is one of the script's."""


def classify(answer: Any) -> Any:
    """Give what Redis refused within a script as if it had been asked directly."""
    if type(answer) is not ResponseError:
        return answer
    said = str(answer)
    return next((kind(said) for words, kind in _WITHIN.items() if words in said), answer)


class Greeting:
    """What is asked on every new connection: whether Redis still holds our data.

    A Redis that was started again with others' data breaks all connections first, so nothing of
    ours reaches them. The nodes of a cluster are not asked: only one of them could tell.

    Attributes:
        ours: the fingerprint, once a start has compared it.
    """

    ours: bytes | None = None

    async def greet(self, connection: AbstractConnection) -> None:
        """Set the connection up.

        Raises:
            OtherKey: the data are others'.
        """
        await connection.on_connect()
        if self.ours is None:
            return
        await connection.send_command("HGET", keys.meta(), NAMING)
        if await connection.read_response() not in (None, self.ours):
            raise OtherKey


def connect_to(redis: Redis | RedisCluster) -> Connection:
    """Choose the way to this Redis."""
    return _Direct(redis).send if type(redis) is Redis else partial(_send_piped, redis)


def together(redis: Redis | RedisCluster) -> Sequence[tuple[keys.Shard, ...]]:
    """Group the shards whose keys one command may name: in a cluster, each separately."""
    if isinstance(redis, RedisCluster):
        return [(shard,) for shard in keys.ALL]
    return [keys.ALL]


async def connect_anew(pool: ConnectionPool) -> None:
    """Have every connection opened anew: an idle one at once, one in use when it is given back.

    One that is closed under a command of another task fails it by errors that are not Redis's.
    """
    await pool.update_active_connections_for_reconnect()  # type: ignore[no-untyped-call]
    await pool.disconnect(inuse_connections=False)


async def _send_piped(redis: Redis | RedisCluster, commands: Sequence[Command]) -> list[Any]:
    """Send over a pipeline, which knows which node of a cluster has which key."""
    async with redis.pipeline(transaction=False) as pipe:
        for command in commands:
            pipe.execute_command(*command)
        try:
            return [classify(one) for one in await pipe.execute(raise_on_error=False)]
        except RedisClusterException as error:  # no RedisError, for whatever reason
            raise RedisConnectionError("the cluster is unavailable") from error


class _Direct:
    """One connection, kept open: round trips follow each other, so one is enough."""

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._connection: AbstractConnection | None = None

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        """Send a round trip; replace a broken connection and repeat the whole round trip."""
        packed = b"".join(map(hiredis.pack_command, commands))
        connection = self._connection or await self._connect()
        if connection.should_reconnect():  # type: ignore[no-untyped-call]
            await connection.disconnect()
        answers: list[Any] = await connection.retry.call_with_retry(
            lambda: _exchange(connection, packed, len(commands)),
            lambda _: connection.disconnect(),
        )
        if any(isinstance(answer, ReadOnlyError) for answer in answers):
            await connect_anew(self._pool)  # a failover: look up the master again
        return answers

    async def _connect(self) -> AbstractConnection:
        connection: AbstractConnection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
        # The round trip has its own timeout; redis-py would start a task for each write.
        connection.socket_timeout = None
        self._connection = connection
        return connection


async def _exchange(connection: AbstractConnection, packed: bytes, count: int) -> list[Any]:
    try:
        async with asyncio.timeout(_PATIENCE):
            await connection.send_packed_command([packed])
            return [await _answer(connection) for _ in range(count)]
    except TimeoutError:
        raise RedisTimeoutError("no answer in time") from None


async def _answer(connection: AbstractConnection) -> Any:
    try:
        return await connection.read_response(timeout=math.inf)  # the round trip's timeout applies
    except ResponseError as error:
        return classify(error)
