"""A Redis that loads its data for as long as a test wants: in front of a real one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_LOADING = b"-LOADING Redis is loading the dataset in memory\r\n"
_ANSWERED = {b"HELLO": b"%1\r\n$5\r\nproto\r\n:3\r\n", b"CLIENT": b"+OK\r\n"}
"""What is answered though it loads: the greeting of a connection."""


@dataclass
class Gateway:
    """Refuses every command as one that loads does, then passes everything on.

    Attributes:
        refused: commands that were refused.
    """

    place: Path
    behind: Path
    loads: bool = True
    refused: int = 0
    waiting: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Tell where it is."""
        return f"unix://{self.place}"

    def open(self) -> None:
        """Have loaded the data: whoever was refused may come again."""
        self.loads = False
        for writer in self.waiting:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.waiting.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while self.loads:
                name = await _read_command(reader)
                self.refused += name not in _ANSWERED
                writer.write(_ANSWERED.get(name, _LOADING))
            if not writer.is_closing():
                await self._pass_on(reader, writer)
        self.waiting.discard(writer)
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_unix_connection(self.behind)
        await asyncio.gather(_copy(reader, ours), _copy(theirs, writer))


async def _read_command(reader: asyncio.StreamReader) -> bytes:
    """Read one command, a list of strings with their lengths; gives its name."""
    count = int((await reader.readuntil(b"\r\n"))[1:])
    words = []
    for _ in range(count):
        length = int((await reader.readuntil(b"\r\n"))[1:])
        words.append((await reader.readexactly(length + 2)).strip())
    return words[0].upper()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def loading_before(place: Path, behind: Path) -> AsyncIterator[Gateway]:
    """Stand in front of the Redis `behind` that socket, on another one."""
    gateway = Gateway(place, behind)
    server = await asyncio.start_unix_server(gateway.serve, place)
    try:
        yield gateway
    finally:
        gateway.open()
        server.close()
