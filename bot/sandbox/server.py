"""The pretend WispHub's server: the paths we use, behaving like the real ones.

That behaviour and its sources are described in `bot.wisphub`. `PUT` blanks the fields that it does
not name, which is the worst that the real one may do.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.accounts import Answer, make_balance
from bot.sandbox.customers import FIRST_SERVICE, Row, invent
from bot.sandbox.faults import Fault
from bot.supervisor import create_server, listen

KEY = "sandbox0.0000000000000000000000000000000"
"""The only staff key that is accepted."""

_FILTERS = {"id_servicio", "cedula", "telefono", "telefono__contains", "nombre"}
_WRITABLE = ("nombre", "cedula", "direccion", "telefono", "localidad", "ciudad", "email")
_DETAIL_LACKS = ("telefono", "saldo", "estado_facturas", "fecha_corte")
_SLOW = 2.0  # seconds


@dataclass
class Sandbox:
    """The pretend installation.

    Attributes:
        rows: the services, by number.
        balances: what is owed for services where it is not what is invented for them.
        fault: the current fault.
        requests: method and path of each request, with the names of the fields sent.
        file: where the rows are stored, if at all.
    """

    rows: dict[int, Row] = field(default_factory=invent)
    balances: dict[int, Answer] = field(default_factory=dict)
    fault: Fault = Fault.NONE
    requests: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    file: Path | None = None
    url: str = ""
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def load(self) -> None:
        """Read the rows of an earlier run."""
        if self.file is not None and self.file.exists():
            kept = json.loads(self.file.read_text("utf-8"))
            self.rows = {int(number): row for number, row in kept.items()}

    def store(self, service_id: int, values: Row) -> None:
        """Write into one row; documents are stored in capitals."""
        self.rows[service_id] |= values
        self.rows[service_id]["cedula"] = str(self.rows[service_id]["cedula"]).upper()
        if self.file is not None:
            fresh = self.file.with_suffix(".new")
            fresh.write_text(json.dumps(self.rows), "utf-8")
            fresh.replace(self.file)

    def app(self) -> Starlette:
        """Build the application."""
        return Starlette(
            routes=[
                Route("/api/clientes/", self._guard(self._list), methods=["GET"]),
                Route("/api/clientes/{number:int}/", self._guard(self._detail), methods=["GET"]),
                Route(
                    "/api/clientes/{number:int}/saldo/",
                    self._guard(self._balance),
                    methods=["GET"],
                ),
                Route(
                    "/api/clientes/{number:int}/perfil/",
                    self._guard(self._profile),
                    methods=["GET", "PATCH", "PUT", "DELETE"],
                ),
                Route("/{path:path}", _show_missing, methods=["GET", "PATCH", "PUT"]),
            ]
        )

    def _guard(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def handle_guarded(request: Request) -> Response:
            body = await request.json() if request.method in ("PATCH", "PUT") else {}
            self.requests.append((request.method, request.url.path, tuple(sorted(body))))
            if request.headers.get("authorization") != f"Api-Key {KEY}":
                return _refusal()
            return await self._misbehaving(request) or await handler(request)

        return handle_guarded

    async def _misbehaving(self, request: Request) -> Response | None:
        writing = request.method in ("PATCH", "PUT")
        match self.fault:
            case Fault.ERROR:
                return _page("Server Error (500)", 500)
            case Fault.HANG:
                await self.closing.wait()
            case Fault.SLOW:
                await asyncio.sleep(_SLOW)
            case Fault.ECHO if writing:
                return JSONResponse(await request.json())
            case Fault.LOST if writing:
                await self._profile(request)
                return _page("Server Error (500)", 500)
            case Fault.READ_ONLY if writing:
                return _refusal()
            case Fault.NO_PATCH if request.method == "PATCH":
                return JSONResponse({"detail": "Método no permitido."}, 405)
        return None

    async def _list(self, request: Request) -> Response:
        """`limit` and `offset`; unknown filters and malformed values are ignored."""
        found = [row for row in self.rows.values() if self._matches(row, request)]
        limit = int(request.query_params.get("limit", "50"))
        offset = int(request.query_params.get("offset", "0"))
        page = found[offset : offset + limit]
        if self.fault is Fault.NUMBERS:
            page = [_with_numbers(row) for row in page]
        more = offset + limit < len(found)
        plain = f"http://api.wisphub.example/api/clientes/?limit={limit}&offset={offset + limit}"
        return JSONResponse(
            {
                "count": len(found),
                "next": plain if more else None,
                "previous": None,
                "results": page,
            }
        )

    def _matches(self, row: Row, request: Request) -> bool:
        if self.fault is Fault.IGNORE:
            return True
        for name, wanted in request.query_params.items():
            column, _, how = name.partition("__")
            if column not in _FILTERS or how not in ("", "contains"):
                continue
            held = str(row[column])
            partial = how or column == "nombre"  # names are searched by a part of them (DEVO)
            if (wanted.casefold() not in held.casefold()) if partial else (wanted != held):
                return False
        return True

    async def _detail(self, request: Request) -> Response:
        """Its serializer has fewer fields than the list's."""
        row = self.rows.get(request.path_params["number"])
        if row is None:
            return _page("Not Found", 404)
        detail = {name: value for name, value in row.items() if name not in _DETAIL_LACKS}
        return JSONResponse(detail | {"usuario": None})

    async def _balance(self, request: Request) -> Response:
        number = request.path_params["number"]
        if number not in self.rows:
            return _page("Not Found", 404)
        answer = self.balance(number)
        return JSONResponse(_count(answer) if self.fault is Fault.NUMBERS else answer)

    def balance(self, service_id: int) -> Answer:
        """Give what is owed for a service."""
        price = self.rows[service_id]["precio_plan"]
        today = date.today()  # noqa: DTZ011  # of the machine on which it is looked at
        invented = make_balance(service_id - FIRST_SERVICE, price, today)
        return self.balances.get(service_id, invented)

    async def _profile(self, request: Request) -> Response:
        number = request.path_params["number"]
        if number not in self.rows:
            return _page("Not Found", 404)
        if request.method == "DELETE":
            return JSONResponse({"detail": "La demostración no borra clientes."}, 403)
        row = self.rows[number]
        if request.method == "GET":
            return JSONResponse({name: row[name] for name in _WRITABLE})
        body: dict[str, Any] = await request.json()
        named = {name: body[name] for name in _WRITABLE if name in body}
        blank = dict.fromkeys(_WRITABLE, "") if request.method == "PUT" else {}
        self.store(number, blank | named)
        return JSONResponse({name: row[name] for name in _WRITABLE})


@asynccontextmanager
async def running(sandbox: Sandbox) -> AsyncIterator[Sandbox]:
    """Serve it on loopback for as long as the context lasts; `url` tells where."""
    sandbox.load()
    socket = listen("127.0.0.1", 0)
    sandbox.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    server = create_server(sandbox.app())
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        try:
            yield sandbox
        finally:
            sandbox.closing.set()
            server.stop()


async def _show_missing(_request: Request) -> Response:
    return _page("Not Found", 404)


def _with_numbers(row: Row) -> Row:
    """Spell what is a number as one, as some installations do."""
    columns = {
        name: int(row[name]) for name in ("cedula", "telefono") if str(row[name]).isdecimal()
    }
    return row | columns | {"precio_plan": float(row["precio_plan"])}


def _count(answer: Answer) -> Answer:
    """Spell amounts as numbers, as some installations do."""
    invoices = [one | {"total": float(one["total"])} for one in answer["facturas"]]
    return answer | {"saldo": float(answer["saldo"]), "facturas": invoices}


def _refusal() -> Response:
    return JSONResponse({"detail": "No tiene permiso."}, 403)


def _page(title: str, status: int) -> Response:
    return HTMLResponse(f"<!DOCTYPE html><html><h1>{title}</h1></html>", status)
