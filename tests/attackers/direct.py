"""A Redis client that waits for nothing: every command is sent, and answered, at once."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from tests.simulation import wire


class Direct:
    """As much of redis-py's client as the store needs, over one connection that blocks."""

    def __init__(self, server: wire.Server) -> None:
        self._server = server

    def pipeline(self, *, transaction: bool) -> "_Pipe":
        """Begin a round."""
        assert not transaction
        return _Pipe(self._server)

    async def script_load(self, text: str) -> None:
        """Teach a script."""
        self._server.one("SCRIPT", "LOAD", text)

    async def hmget(self, name: str, *fields: str) -> Any:
        """Read some fields."""
        return self._server.one("HMGET", name, *fields)

    async def get(self, name: str) -> Any:
        """Read a value."""
        return self._server.one("GET", name)

    async def set(self, name: str, value: Any, *, ex: int, nx: bool = False) -> Any:
        """Write a value that has a time to live."""
        return self._server.one("SET", name, value, "EX", ex, *(["NX"] if nx else []))

    async def delete(self, name: str) -> Any:
        """Delete a key."""
        return self._server.one("DEL", name)


class _Pipe:
    """Commands that go together."""

    def __init__(self, server: wire.Server) -> None:
        self._server = server
        self._commands: list[wire.Command] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        return None

    def execute_command(self, *command: Any) -> None:
        """Add a command."""
        self._commands.append(command)

    def delete(self, name: str) -> None:
        """Add the removal of a key."""
        self._commands.append(("DEL", name))

    def hdel(self, name: str, *fields: str) -> None:
        """Add the removal of some fields."""
        self._commands.append(("HDEL", name, *fields))

    def xtrim(self, name: str, *, maxlen: int, approximate: bool) -> None:
        """Add the shortening of a stream."""
        assert not approximate
        self._commands.append(("XTRIM", name, "MAXLEN", maxlen))

    async def execute(self, *, raise_on_error: bool = True) -> Sequence[Any]:
        """Send them all."""
        answers = self._server.do(self._commands)
        failed = [answer for answer in answers if isinstance(answer, Exception)]
        if raise_on_error and failed:
            raise failed[0]
        return answers
