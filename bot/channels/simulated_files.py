"""What simulated phones send: an invented picture, sound and receipt, made when they are opened."""

import math
import struct
import zlib
from collections.abc import AsyncIterator, Callable

from handlers.errors import FileGone
from handlers.ports import FoundFile

_SIDE = 160  # pixels
_RATE = 8_000  # samples of a sound, a second


class SimulatedFiles:
    """The files of simulated phones; implements `handlers.ports.Files`."""

    async def find(self, file: str) -> FoundFile:
        """Find what a phone sends under that name."""
        if file not in _MADE:
            raise FileGone
        return FoundFile(where=file, kind=_MADE[file][0])

    async def read(self, found: FoundFile) -> AsyncIterator[bytes]:
        """Make its bytes."""
        yield _MADE[found.where][1]()


def _draw_picture() -> bytes:
    """Draw a picture: a PNG of one colour that fades to another."""
    rows = b"".join(
        b"\0" + bytes(part for x in range(_SIDE) for part in (x, y, 140)) for y in range(_SIDE)
    )
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _play_sound() -> bytes:
    """Play a second of one tone, as a WAV."""
    tone = (100 * math.sin(440 * math.tau * at / _RATE) + 128 for at in range(_RATE))
    samples = bytes(map(int, tone))
    form = struct.pack("<HHIIHH", 1, 1, _RATE, _RATE, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _write_receipt() -> bytes:
    """Write a PDF of one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


_MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "photo": ("image/png", _draw_picture),
    "voice": ("audio/wav", _play_sound),
    "file": ("application/pdf", _write_receipt),
}
