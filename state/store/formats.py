"""Formats: what this version writes, what of earlier ones it still reads, what it will not touch.

The installation's own key knows two numbers. `schema` is the newest format that anybody may have
written: it is raised before the first value of that format is, so whoever knows only older ones
does not start, or stops. `resealed` is the oldest format that is left: it is raised once everything
was carried forward, and what is older is refused from then on.

| format | since | what |
|---|---|---|
| 1 | 0.1 | a record is flat JSON, sealed for `record:<chat>`; a password's digest lies in clear |
| 2 | 0.2 | a record begins with its format, and is sealed with its version; passwords alike |
"""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.pipeline import NotReplicated, Pipeline

FORMAT = 2
"""What this version writes."""

_VERSIONED = 2
"""The first format in which the seal knows the version."""


class NewerFormat(Exception):
    """A newer version of Enlace writes these data: start that one, not this."""


class Formats:
    """What one process knows of the formats in its Redis.

    Attributes:
        old: values may be left that are sealed without their version.
        newer: a newer version writes here; nothing may be written any more.
    """

    def __init__(self, redis: Redis | RedisCluster, pipeline: Pipeline) -> None:
        """Use this Redis; nothing old is read before `look` has told of it."""
        self._redis = redis
        self._pipeline = pipeline
        self._raise = pipeline.script("raise")
        self._met = asyncio.Event()
        self.old = False

    @property
    def newer(self) -> bool:
        """Tell whether we have met what a newer version wrote."""
        return self._met.is_set()

    async def look(self) -> None:
        """Read what the installation says.

        Raises:
            NewerFormat: a newer version writes here.
        """
        self.check()
        schema, resealed = wire.blobs(await self._redis.hmget(keys.meta(), "schema", "resealed"))
        if int(schema or 0) > FORMAT:
            raise self.note_newer()
        self.old = int(resealed or 0) < _VERSIONED

    def note_newer(self) -> NewerFormat:
        """Note that a newer version writes here, and give the error that says so."""
        self._met.set()
        return NewerFormat(NewerFormat.__doc__)

    def check(self) -> None:
        """Ask before something is written.

        Raises:
            NewerFormat: a newer version writes here.
        """
        if self.newer:
            raise self.note_newer()

    async def wait(self) -> None:
        """Wait until a newer version is met."""
        await self._met.wait()

    async def begin(self) -> None:
        """Say that this version writes from now on; then look.

        Raises:
            NewerFormat: a newer one came before us.
        """
        with suppress(NotReplicated):  # whatever is acknowledged later waits for this too
            await self._raise_number("schema")
        await self.look()

    async def finish(self) -> None:
        """Say that nothing older is left."""
        await self._raise_number("resealed")
        self.old = False

    async def _raise_number(self, name: str) -> None:
        await self._pipeline.ask(self._raise.call([keys.meta()], [name, FORMAT]))
