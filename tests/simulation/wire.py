"""A Redis client whose every round trip is at the mercy of the world; the Redis is a real one."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import hiredis
from redis import Redis as BlockingRedis
from redis.exceptions import ResponseError

Command = tuple[Any, ...]


class Crossing(Protocol):
    """What stands between a process and Redis."""

    async def cross(self, commands: Sequence[Command]) -> list[Any]:
        """Carry commands there and answers back, if it pleases."""
        ...

    async def rung(self, bells: Sequence[bytes], seconds: float) -> tuple[bytes, bytes] | None:
        """Wait for a bell."""
        ...


class Server:
    """The real Redis, spoken to at once."""

    def __init__(self, url: str) -> None:
        self._redis = BlockingRedis.from_url(url, protocol=2)
        self._connection: Any = self._redis.connection_pool.get_connection()
        self.rounds = 0

    def clear(self) -> None:
        """Be empty, for another seed."""
        self.rounds = 0
        self.one("FLUSHDB")
        self.one("SCRIPT", "FLUSH")

    def do(self, commands: Sequence[Command]) -> list[Any]:
        """Send commands, give their answers or errors."""
        self.rounds += 1
        self._connection.send_packed_command([b"".join(map(hiredis.pack_command, commands))])
        return [self._answer() for _ in commands]

    def one(self, *command: Any) -> Any:
        """Send one command."""
        (answer,) = self.do([command])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Hang up."""
        self._connection.disconnect()
        self._redis.close()

    def _answer(self) -> Any:
        try:
            return self._connection.read_response()
        except ResponseError as error:
            return error


class Pipe:
    """A pipeline of such a client."""

    def __init__(self, crossing: Crossing) -> None:
        self._crossing = crossing
        self._commands: list[Command] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        return None

    def execute_command(self, *command: Any) -> None:
        """Add a command."""
        self._commands.append(command)

    async def execute(self, *, raise_on_error: bool = True) -> list[Any]:
        """Send them all."""
        assert not raise_on_error
        return await self._crossing.cross(self._commands)


class Client:
    """As much of redis-py's client as the store needs for turns, effects and timers."""

    def __init__(self, crossing: Crossing) -> None:
        self._crossing = crossing

    def pipeline(self, *, transaction: bool) -> Pipe:
        """Begin a round."""
        assert not transaction
        return Pipe(self._crossing)

    async def script_load(self, text: str) -> None:
        """Teach a script."""
        await self._crossing.cross([("SCRIPT", "LOAD", text)])

    async def hget(self, name: str, field: str) -> Any:
        """Read a field."""
        return await self._one("HGET", name, field)

    async def hsetnx(self, name: str, field: str, value: bytes) -> Any:
        """Write a field that is not there."""
        return await self._one("HSETNX", name, field, value)

    async def smembers(self, name: str) -> set[bytes]:
        """List the members of a set."""
        return set(await self._one("SMEMBERS", name))

    async def zrevrange(self, name: str, first: int, last: int) -> Any:
        """List members from the highest score."""
        return await self._one("ZREVRANGE", name, first, last)

    async def xrevrange(self, name: str, *, max: str, count: int) -> Any:  # noqa: A002  # theirs
        """Read the last entries of a stream."""
        found = await self._one("XREVRANGE", name, max, "-", "COUNT", count)
        return [(place, dict(zip(it, it, strict=True))) for place, it in map(_paired, found)]

    async def hmget(self, name: str, *fields: str) -> Any:
        """Read some fields."""
        return await self._one("HMGET", name, *fields)

    async def _one(self, *command: Any) -> Any:
        (answer,) = await self._crossing.cross([command])
        return answer

    async def scan_iter(self, match: str, **_sizes: int) -> AsyncIterator[bytes]:
        """List the keys of a pattern."""
        (answer,) = await self._crossing.cross([("KEYS", match)])
        for name in answer:
            yield name

    async def xadd(self, name: str, fields: Mapping[str, Any], **_bounds: Any) -> Any:
        """Append a line: a dead letter, which no good schedule leaves."""
        flat = [part for pair in fields.items() for part in pair]
        (answer,) = await self._crossing.cross([("XADD", name, "*", *flat)])
        return answer

    async def blpop(self, names: Sequence[str], timeout: float) -> Any:  # noqa: ASYNC109
        """Wait for a bell."""
        return await self._crossing.rung([name.encode() for name in names], timeout)


def _paired(entry: tuple[bytes, list[bytes]]) -> tuple[bytes, Iterator[bytes]]:
    """Give an entry's place, and an iterator over its fields and values in turn."""
    place, flat = entry
    return place, iter(flat)
