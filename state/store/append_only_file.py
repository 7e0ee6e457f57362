"""The append-only file, which keeps what was erased (sealed) until it is rewritten."""

import structlog
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from state.store import keys
from state.store.connection import Command
from state.store.pipeline import Pipeline

_log = structlog.get_logger("enlace.redis")

PAUSE = 60_000
"""Milliseconds between two rewrites, whichever processes look: each copies the whole data."""

_ERASED = "erased"

NOTE_ERASURE: Command = ("HSET", keys.meta(), _ERASED, 1)
"""The command that goes with every erasure, so that the file is rewritten after it."""


class AppendOnlyFile:
    """The append-only files of the Redis, embedded or the operator's."""

    def __init__(self, redis: Redis | RedisCluster, pipeline: Pipeline) -> None:
        """Use this Redis."""
        self._redis = redis
        self._pipeline = pipeline
        self._refused = False

    async def rewrite_after_erasures(self) -> bool:
        """Have the file rewritten if something was erased since; tell whether it was begun.

        The rewriting happens in the background. What is erased meanwhile waits for the next call.
        A user who may not have it rewritten is logged, once for each process.
        """
        (erased,) = await self._pipeline.ask(("HEXISTS", keys.meta(), _ERASED))
        if not erased or not await self._is_time():
            return False
        await self._pipeline.ask(("HDEL", keys.meta(), _ERASED))
        try:
            await self._rewrite()
        except ResponseError as error:
            await self._note_refusal(error)
            return False
        return True

    async def _is_time(self) -> bool:
        """Claim the rewriting of this minute, for one process."""
        lease = keys.name_key("lease", "rewrite")
        (taken,) = await self._pipeline.ask(("SET", lease, 1, "NX", "PX", PAUSE))
        return bool(taken)

    async def _rewrite(self) -> None:
        if isinstance(self._redis, RedisCluster):
            await self._redis.bgrewriteaof(target_nodes=RedisCluster.ALL_NODES)
        else:
            await self._redis.bgrewriteaof()

    async def _note_refusal(self, error: ResponseError) -> None:
        """Try again later what is under way already; log what is not allowed."""
        if "in progress" in str(error):
            await self._pipeline.ask(NOTE_ERASURE)
        elif not self._refused:
            self._refused = True
            _log.warning("aof.not_rewritten", error=type(error).__name__)
