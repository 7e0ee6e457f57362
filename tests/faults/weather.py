"""A WispHub in bad weather: what becomes of every single call is drawn from a seed."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.sandbox.customers import Row
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox


class Trouble(StrEnum):
    """What can become of a call, besides the sandbox's own faults."""

    HTML = "html"  # 200 with a page instead of JSON
    MISSING = "missing"  # 404, whatever is asked
    EMPTY = "empty"  # a list without the service
    WRITER = "writer"  # somebody else writes into the record before we are answered


_READING = (Fault.ERROR, Fault.HANG, Trouble.HTML, Trouble.MISSING, Trouble.EMPTY, Trouble.WRITER)
_WRITING = (
    Fault.ERROR, Fault.HANG, Fault.ECHO, Fault.LOST, Fault.NO_PATCH,
    Trouble.HTML, Trouble.MISSING,
)  # fmt: skip

THEIRS = {"cedula": "79111222", "telefono": "3187654321"}
"""What the other writer writes: one of the two."""


def _nothing() -> float:
    return 0.0


@dataclass
class Weather(Sandbox):
    """A pretend WispHub whose troubles come by chance.

    Attributes:
        rate: the share of calls that go wrong now.
        met: which troubles came, and how often.
        wrote: whether anything of ours was stored.
    """

    chance: random.Random = field(default_factory=random.Random)
    rate: Callable[[], float] = _nothing
    met: Counter[str] = field(default_factory=Counter)
    wrote: bool = False

    def store(self, service_id: int, values: Row) -> None:
        """Note that we wrote."""
        self.wrote = True
        super().store(service_id, values)

    async def _misbehaving(self, request: Request) -> Response | None:
        writing = request.method in ("PATCH", "PUT")
        self.fault = Fault.NONE
        if self.chance.random() >= self.rate():
            return None
        drawn = self.chance.choice(_WRITING if writing else _READING)
        self.met[drawn.value] += 1
        match drawn:
            case Trouble.HTML:
                return HTMLResponse("<!DOCTYPE html><html>Mantenimiento</html>")
            case Trouble.MISSING:
                return HTMLResponse("<!DOCTYPE html><html><h1>Not Found</h1></html>", 404)
            case Trouble.EMPTY:
                return JSONResponse({"count": 0, "next": None, "previous": None, "results": []})
            case Trouble.WRITER:
                self._interfere()
                return None
            case _:
                self.fault = drawn
                return await super()._misbehaving(request)

    def _interfere(self) -> None:
        """Write something else into every record."""
        column = self.chance.choice(sorted(THEIRS))
        for row in self.rows.values():
            row[column] = THEIRS[column]
