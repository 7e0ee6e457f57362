"""WispHub as we meet it: nothing it says is believed without a check."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.sandbox.faults import Fault
from bot.sandbox.server import KEY, Sandbox, running
from bot.wisphub.adapter import WispHub
from handlers.errors import Busy, DirectoryUnavailable, UnknownService, UpdateFailed
from handlers.use_cases import find_client, perform_update, update_client
from state.client import Client, OnFile
from state.effects import UpdateClient
from state.events import Outcome, Updated
from state.fields.table import Field
from tests.clients import make_changes
from tests.endpoint import Turnstile, serving
from tests.waiting import HUNG


async def test_white_list(wisphub: WispHub) -> None:
    """A client is read without the passwords and coordinates that ride in its row."""
    client = await wisphub.find(1001)

    assert client.service_id == 1001
    assert client.plan.startswith("Plan ")
    assert "-" not in repr(client).replace(client.address, "")


async def test_numbers_where_texts_were(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A number in a column that holds texts elsewhere is read as one, and the update goes on."""
    numbers = {"precio_plan": 60000.0, "cedula": 52123456, "telefono": 3159741951, "nombre": 7}
    sandbox.rows[1001] |= numbers | {"plan_internet": "Plan 50MB", "id_servicio": "1001"}

    client = await wisphub.find(1001)
    await update_client(wisphub, Turnstile(), 1001, {Field.PHONE: "3001234567"})

    assert (client.price, client.document, client.plan) == ("60000", "52123456", "Plan 50MB")
    assert client.phones == ("+573159741951",)
    assert sandbox.rows[1001]["telefono"] == "3001234567"


async def test_unreadable_row_hides_no_other(wisphub: WispHub, sandbox: Sandbox) -> None:
    """What cannot be read is left out and logged by the column's name; its neighbours are read."""
    sandbox.rows[1002] |= {"nombre": "Luz Ortegón"}
    sandbox.rows[1003] |= {"nombre": "Ana Ortegón", "precio_plan": [60000], "cedula": {"a": "1"}}
    sandbox.rows[1004] |= {"nombre": "Iván Ortegón", "id_servicio": None}

    with capture_logs() as logs:
        found = await wisphub.search("name:Ortegón")

    assert [client.service_id for client in found] == [1002, 1003]
    assert (found[1].price, found[1].document) == ("", "")
    assert [(log["event"], log["fields"]) for log in logs] == [
        ("wisphub.unreadable", ["cedula", "id_servicio", "precio_plan"])
    ]


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.NO_PATCH])
async def test_unreadable_column_is_not_written(
    wisphub: WispHub, sandbox: Sandbox, fault: Fault
) -> None:
    """A number is not added to a column that cannot be read, nor does a PUT blank one."""
    sandbox.fault = fault
    sandbox.rows[1001] |= {"telefono": ["3159741951"], "cedula": "52123456"}
    known = await wisphub.find(1001)
    effect = UpdateClient(
        service_id=1001, changes=make_changes(known, phone="+573001234567"), known=known
    )

    result = await perform_update(wisphub, Turnstile(), effect)
    with contextlib.suppress(DirectoryUnavailable):
        await wisphub.write(known, {Field.DOCUMENT: OnFile(text="1098765432")})

    assert result.outcome is Outcome.FAILED
    assert sandbox.rows[1001]["telefono"] == ["3159741951"]


async def test_unknown(wisphub: WispHub) -> None:
    """No row is no service; a write to it is told as such too."""
    with pytest.raises(UnknownService):
        await wisphub.find(99_999)
    with pytest.raises(UnknownService):
        await wisphub.write(Client(service_id=99_999), {Field.PHONE: OnFile(text="3")})


async def test_ignored_filter(wisphub: WispHub, sandbox: Sandbox) -> None:
    """Somebody else's row is never taken for the one asked for."""
    sandbox.fault = Fault.IGNORE

    with pytest.raises(DirectoryUnavailable):
        await wisphub.find(1290)


async def test_wrong_key(sandbox: Sandbox) -> None:
    """A key that is not accepted is a failure of ours, not a missing customer."""
    adapter = WispHub(sandbox.url, "falsa")

    with pytest.raises(DirectoryUnavailable):
        await adapter.find(1001)

    await adapter.aclose()


async def _drip() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.2)


async def _odd(request: Request) -> Response:
    """Answer in the odd way that the number of the service asks for."""
    match int(request.query_params["id_servicio"]):
        case 1:
            return HTMLResponse("<!DOCTYPE html><h1>Bienvenido</h1>")
        case 2:
            return RedirectResponse("http://127.0.0.1:9/api/clientes/")
        case 3:
            return JSONResponse({"results": [{"id_servicio": "x"}]})
        case 4:
            return JSONResponse([])
        case 5:
            row = {"id_servicio": 5, "nombre": None, "plan_internet": None}
            return JSONResponse({"results": [row]})
        case _:
            return StreamingResponse(_drip())


@pytest.mark.slow
async def test_odd_answers() -> None:
    """HTML, redirects, other shapes and drips are failures; empty columns are empty."""
    app = Starlette(routes=[Route("/api/clientes/", _odd)])
    async with serving(app) as url:
        adapter = WispHub(url, KEY)
        for number in (1, 2, 3, 4, 6):
            with pytest.raises(DirectoryUnavailable):
                await adapter.find(number)
        assert await adapter.find(5) == Client(service_id=5)
        await adapter.aclose()


async def test_nobody_there() -> None:
    """A WispHub that is away is unavailable."""
    adapter = WispHub("http://127.0.0.1:9", KEY)

    with pytest.raises(DirectoryUnavailable):
        await find_client(adapter, 1001)

    await adapter.aclose()


async def test_no_http() -> None:
    """An answer that is no HTTP at all is a failure like any other."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        adapter = WispHub(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", KEY)
        with pytest.raises(DirectoryUnavailable):
            await adapter.find(1001)
        await adapter.aclose()


class Slow:
    """A WispHub that never answers, whatever the adapter's own limit."""

    async def find(self, service_id: int) -> Client:
        """Hang."""
        await asyncio.Event().wait()
        raise AssertionError(service_id)

    async def search(self, clue: str) -> list[Client]:
        """Never answer."""
        await asyncio.Event().wait()
        raise AssertionError(clue)

    async def write(self, known: Client, contents: Mapping[Field, OnFile]) -> None:
        """Do nothing: a WispHub that does not answer is never written to."""
        raise AssertionError(known, contents)


async def test_operation_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation ends in time even if every call hangs."""
    monkeypatch.setattr("handlers.use_cases.OPERATION", 0.05)

    with pytest.raises(DirectoryUnavailable):
        await find_client(Slow(), 1001)
    with pytest.raises(UpdateFailed):
        await update_client(Slow(), Turnstile(), 1001, {Field.PHONE: "3"})


async def test_bot_keeps_the_other_phones(wisphub: WispHub, sandbox: Sandbox) -> None:
    """Through the bot a new phone goes before those on file, in the spelling asked for."""
    sandbox.rows[1001]["telefono"] = "3159741951, 3156911908"
    leases = Turnstile()
    national = WispHub(sandbox.url, KEY, phone_style="national")
    first = await _updated(national, leases, phone="+573001234567")
    second = await _updated(wisphub, leases, phone="+573009998877")
    await national.aclose()

    assert first.outcome is second.outcome is Outcome.UPDATED
    phones = sandbox.rows[1001]["telefono"].split(",")
    assert phones == ["+573009998877", "3001234567", "3159741951", "3156911908"]


async def _updated(wisphub: WispHub, leases: Turnstile, *, phone: str) -> Updated:
    """Update what was decided on the record as it stands now."""
    known = await wisphub.find(1001)
    effect = UpdateClient(service_id=1001, changes=make_changes(known, phone=phone), known=known)
    return await perform_update(wisphub, leases, effect)


async def test_same_document_is_not_sent(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A document that is spelled otherwise on file is neither written nor looked for."""
    sandbox.rows[1001] |= {"cedula": "52.123.456", "telefono": "3159741951"}
    sandbox.rows[1200]["cedula"] = "52123456"
    known = await wisphub.find(1001)
    changes = make_changes(known, document="52123456", phone="+573001234567")
    effect = UpdateClient(service_id=1001, changes=changes, known=known)
    sandbox.requests.clear()

    result = await perform_update(wisphub, Turnstile(), effect)

    assert result.outcome is Outcome.UPDATED
    assert [fields for method, _, fields in sandbox.requests if method == "PATCH"] == [
        ("telefono",)
    ]
    assert sandbox.rows[1001]["cedula"] == "52.123.456"


async def test_two_at_once(wisphub: WispHub, sandbox: Sandbox) -> None:
    """Of two updates decided on the same record the second finds it moved, and writes nothing."""
    sandbox.rows[1001]["telefono"] = "3159741951"
    known, leases = await wisphub.find(1001), Turnstile()
    effects = [
        UpdateClient(service_id=1001, changes=make_changes(known, phone=phone), known=known)
        for phone in ("+573001234567", "+573009998877")
    ]

    results = await asyncio.gather(*(perform_update(wisphub, leases, effect) for effect in effects))

    assert sorted(result.outcome for result in results) == [Outcome.MOVED, Outcome.UPDATED]
    assert sandbox.rows[1001]["telefono"].count(",") == 1


async def test_bot_never_replaces_a_document(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A document that came to stand on file meanwhile is not overwritten."""
    sandbox.rows[1001]["cedula"] = "52123456"

    known = replace(await wisphub.find(1001), on_file={})
    effect = UpdateClient(
        service_id=1001, changes=make_changes(known, document="1098765432"), known=known
    )

    result = await perform_update(wisphub, Turnstile(), effect)

    assert result.outcome is Outcome.MOVED
    assert result.client is not None
    assert result.client.document == "52123456"
    assert sandbox.rows[1001]["cedula"] == "52123456"


@pytest.mark.parametrize(
    ("clue", "found"),
    [
        ("service:1001", [1001]), ("service:9", []), ("document:1098765432", [1002]),
        ("document:1.098.765.432", []), ("phone:+573001112233", [1002, 1003]),
        ("phone:+573001112230", []), ("name:Ortegón", [1003]), ("name:", []),
    ],
)  # fmt: skip
async def test_search(wisphub: WispHub, sandbox: Sandbox, clue: str, found: list[int]) -> None:
    """A client is found by number, document, any of several phones, and a word of the name."""
    sandbox.rows[1002] |= {"cedula": "1098765432", "telefono": "3159741951 / 300 111 2233"}
    sandbox.rows[1003] |= {"nombre": "Luz Ortegón", "telefono": "3001112233,6012345678"}
    sandbox.rows[1002]["telefono"] = "3159741951 / 3001112233"

    assert [client.service_id for client in await wisphub.search(clue)] == found


@pytest.mark.parametrize("between", [" ", "-", " - ", " casa ", ".", "\n"])
async def test_numbers_without_a_comma(wisphub: WispHub, sandbox: Sandbox, between: str) -> None:
    """Whatever stands between two numbers, each finds its owner, and an addition keeps both."""
    sandbox.rows[1001]["telefono"] = f"3159741951{between}3156911908"

    for number in ("+573159741951", "+573156911908"):
        assert [one.service_id for one in await wisphub.search(f"phone:{number}")] == [1001]
    await _updated(wisphub, Turnstile(), phone="+573001234567")

    phones = "".join(sandbox.rows[1001]["telefono"].split(" casa"))
    assert phones == "+573001234567,3159741951,3156911908"


@pytest.mark.parametrize(
    "clue", ["service:1290", "document:1", "phone:+573999999999", "name:Ortegón", "name:a"]
)
async def test_ignored_filter_is_no_answer(wisphub: WispHub, sandbox: Sandbox, clue: str) -> None:
    """Everybody instead of somebody is a failure with one error line, not "no such customer"."""
    sandbox.fault = Fault.IGNORE

    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(DirectoryUnavailable, match="the filter was ignored"):
                await wisphub.search(clue)

        sandbox.fault = Fault.NONE
        await wisphub.search("service:1001")
        sandbox.fault = Fault.IGNORE
        with pytest.raises(DirectoryUnavailable):
            await wisphub.find(1290)

    assert [(log["event"], log["log_level"]) for log in logs] == [
        ("wisphub.filter_ignored", "error")
    ] * 2


async def test_ignored_filter_hides_a_document(wisphub: WispHub, sandbox: Sandbox) -> None:
    """Where the filter is ignored, no document is taken for nobody else's."""
    sandbox.rows = {number: sandbox.rows[number] for number in range(1001, 1062)}
    sandbox.rows[1001] |= {"cedula": ""}
    sandbox.rows[1061] |= {"cedula": "1098765432", "nombre": "Luz Ortegón"}
    known = await wisphub.find(1001)
    changes = make_changes(known, document="1098765432")
    effect = UpdateClient(service_id=1001, changes=changes, known=known)
    sandbox.fault = Fault.IGNORE

    result = await perform_update(wisphub, Turnstile(), effect)

    assert result.outcome is Outcome.FAILED
    assert sandbox.rows[1001]["cedula"] == ""


@pytest.mark.parametrize(
    ("held", "given"),
    [
        ("52.123.456", "52123456"),
        ("1.098.765.432", "1098765432"),
        ("52123456", "52123456"),
        ("900.123.456-8", "900123456-8"),
        ("9001234568", "900123456-8"),
        ("AB123456", "AB123456"),
    ],
)
async def test_document_spelled_otherwise(
    wisphub: WispHub, sandbox: Sandbox, held: str, given: str
) -> None:
    """A document that another holder's file spells with points is found, and is not free."""
    sandbox.rows[1001] |= {"cedula": ""}
    sandbox.rows[1200] |= {"cedula": held, "nombre": "Luz Ortegón"}
    known = await wisphub.find(1001)
    changes = make_changes(known, document=given)
    sandbox.requests.clear()

    found = await wisphub.search(f"document:{given}")
    asked = len(sandbox.requests)
    result = await perform_update(
        wisphub, Turnstile(), UpdateClient(service_id=1001, changes=changes, known=known)
    )

    assert [client.service_id for client in found] == [1200]
    assert asked <= 3
    assert result.outcome is Outcome.TAKEN


async def test_spelling_that_stalls_is_asked_for_again() -> None:
    """One spelling without an answer is asked for once more; none answered is an outage."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        document = request.query_params["cedula"]
        asked.append(document)
        if "." in document and asked.count(document) == 1:
            return Response(status_code=500)
        row = {"id_servicio": 7, "cedula": "52.123.456", "nombre": "Luz"}
        found = [row] if "." in document else []
        return JSONResponse({"count": len(found), "results": found})

    async with serving(Starlette(routes=[Route("/api/clientes/", answer)])) as url:
        adapter = WispHub(url, KEY)
        found = await adapter.search("document:52123456")
        await adapter.aclose()

    assert [client.service_id for client in found] == [7]
    assert sorted(asked) == ["52.123.456", "52.123.456", "52123456"]


async def test_parts_of_other_values_are_no_ignored_filter(
    wisphub: WispHub, sandbox: Sandbox
) -> None:
    """A filter that finds by parts is obeyed: what only contains the clue is left out."""
    sandbox.rows[1002] |= {"nombre": "Luz Ortegóncillo", "telefono": "13001112233"}

    assert await wisphub.search("name:Ortegón") == []
    assert await wisphub.search("phone:+573001112233") == []


async def test_long_answer_is_read_to_its_end(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A filtered answer longer than a page is read by offset until nothing is left."""
    for number in range(1001, 1121):
        sandbox.rows[number] |= {"cedula": "1098765432"}

    found = await wisphub.search("document:1098765432")

    assert [client.service_id for client in found] == list(range(1001, 1121))
    assert len(sandbox.requests) == 3 + 1, "and one for the other spelling"


@pytest.mark.parametrize("odd", [{"cedula": ["7"]}, {"id_servicio": None}])
async def test_unreadable_row_may_be_the_holder(odd: dict[str, object]) -> None:
    """Of a document that answers with a row that cannot be verified nothing is said."""
    row = {"id_servicio": 1, "cedula": "7", "nombre": "Luz"}

    async def answer(_request: Request) -> Response:
        return JSONResponse({"count": 2, "results": [row, row | {"id_servicio": 2} | odd]})

    async with serving(Starlette(routes=[Route("/api/clientes/", answer)])) as url:
        adapter = WispHub(url, KEY)
        with pytest.raises(DirectoryUnavailable):
            await adapter.search("document:7")
        assert (await adapter.search("name:luz"))[0].service_id == 1
        await adapter.aclose()


class _Long:
    """A list that goes on without an end, or says so."""

    def __init__(self, **envelope: object) -> None:
        self.envelope = envelope
        self.asked: list[int] = []

    async def answer(self, request: Request) -> Response:
        """Answer with a page."""
        offset = int(request.query_params.get("offset", "0"))
        self.asked.append(offset)
        start = 0 if "stuck" in self.envelope else offset
        rows = [
            {"id_servicio": 1 + start + index, "cedula": "7", "nombre": "Luz"}
            for index in range(50 if "empty" not in self.envelope else 0)
        ]
        return JSONResponse({"results": rows} | self.envelope)


@pytest.mark.parametrize(
    ("envelope", "calls"),
    [
        ({"count": 10_000}, 10),
        ({"next": "http://elsewhere.example/"}, 10),
        ({}, 10),
        ({"count": 10_000, "stuck": True}, 2),
        ({"count": 3, "empty": True}, 1),
        ({"count": "?", "next": None}, 1),
    ],
)
async def test_endless_answers(envelope: dict[str, object], calls: int) -> None:
    """Ten pages at most are read; an answer without its end says nothing of a document."""
    endless = _Long(**envelope)
    app = Starlette(routes=[Route("/api/clientes/", endless.answer)])
    async with serving(app) as url:
        adapter = WispHub(url, KEY)
        if calls == 1 and "empty" not in envelope:
            assert len(await adapter.search("document:7")) == 50
        else:
            with pytest.raises(DirectoryUnavailable):
                await adapter.search("document:7")
        await adapter.aclose()

    assert endless.asked == [50 * page for page in range(calls)]


async def test_common_name_is_not_read_for_ever() -> None:
    """Of a name that half the town has, the first ten pages are enough: facts tell who it is."""
    endless = _Long(count=10_000)
    app = Starlette(routes=[Route("/api/clientes/", endless.answer)])
    async with serving(app) as url:
        adapter = WispHub(url, KEY)
        found = await adapter.search("name:luz")
        await adapter.aclose()

    assert len(found) == 500


@pytest.mark.parametrize(
    ("words", "found"),
    [("Peña", {1001}), ("pena", {1001}), ("ana peñ", {1001}), ("rojas ana", {1001}), ("na", set())],
)
async def test_holder_by_parts_of_the_name(
    wisphub: WispHub, sandbox: Sandbox, words: str, found: set[int]
) -> None:
    """A holder is found by the beginnings of some words of the name, in any order, and verified."""
    sandbox.rows[1001] |= {"nombre": "Ana María Rojas PEÑA" if words != "pena" else "ANA PENA"}
    sandbox.rows[1002] |= {"nombre": "Mariana Peñalosa" if words == "ana peñ" else "Luis Ruiz"}
    for number in [number for number in sandbox.rows if number > 1002]:
        del sandbox.rows[number]

    assert {client.service_id for client in await wisphub.search(f"holder:{words}")} == found


async def test_common_holder_is_cut_short() -> None:
    """Of a name that half the town has, whoever waits at the console gets two pages at once."""
    endless = _Long(count=10_000)
    app = Starlette(routes=[Route("/api/clientes/", endless.answer)])
    async with serving(app) as url:
        adapter = WispHub(url, KEY)
        found = await adapter.search("holder:luz")
        await adapter.aclose()

    assert len(found) == 100


_PAGE = "<!DOCTYPE html><html><center>nginx</center></html>"


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (JSONResponse({"detail": "Credenciales inválidas."}, 401), "ENLACE_WISPHUB_KEY"),
        (JSONResponse({"detail": "No tiene permiso."}, 403), "ENLACE_WISPHUB_KEY"),
        (HTMLResponse(_PAGE, 403), "ENLACE_WISPHUB_URL"),
        (HTMLResponse(_PAGE, 404), "ENLACE_WISPHUB_URL"),
        (RedirectResponse("https://elsewhere.example/"), "ENLACE_WISPHUB_URL"),
        (HTMLResponse(_PAGE), "ENLACE_WISPHUB_URL"),
    ],
)
async def test_wrong_settings_are_told(answer: Response, remedy: str) -> None:
    """An answer that only other settings mend is one error line with the remedy."""

    async def respond(_request: Request) -> Response:
        return answer

    async with serving(Starlette(routes=[Route("/{path:path}", respond)])) as url:
        adapter = WispHub(url, KEY)
        with capture_logs() as logs:
            for _ in range(2):
                with pytest.raises(DirectoryUnavailable):
                    await adapter.find(1001)
            with pytest.raises(DirectoryUnavailable):
                await adapter.search("document:7")
        await adapter.aclose()

    assert [(log["event"], log["log_level"], log["status"]) for log in logs] == [
        ("wisphub.rejected", "error", answer.status_code)
    ]
    assert remedy in logs[0]["reason"]


async def test_key_that_may_only_read(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A key whose user may not change customers is told with its remedy, too."""
    sandbox.fault = Fault.READ_ONLY

    with capture_logs() as logs, pytest.raises(UpdateFailed):
        await update_client(wisphub, Turnstile(), 1001, {Field.PHONE: "3001234567"})

    assert "ENLACE_WISPHUB_KEY" in logs[0]["reason"]


async def test_faulty_list(wisphub: WispHub, sandbox: Sandbox) -> None:
    """The pretend WispHub writes numbers where texts were, and is read all the same."""
    before = await wisphub.find(1002)
    sandbox.fault = Fault.NUMBERS

    assert await wisphub.find(1002) == replace(before, price=before.price.removesuffix(".00"))


async def test_other_address(sandbox: Sandbox) -> None:
    """Behind another path than the API's the pretend WispHub shows a page, as the real one."""
    adapter = WispHub(f"{sandbox.url}/api", KEY)

    with capture_logs() as logs, pytest.raises(DirectoryUnavailable):
        await adapter.find(1001)

    assert (logs[0]["status"], "ENLACE_WISPHUB_URL" in logs[0]["reason"]) == (404, True)
    await adapter.aclose()


async def test_collateral_change(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A column that changes along with the write is told, by its name only."""
    write = sandbox.store

    def careless(service_id: int, values: dict[str, str]) -> None:
        write(service_id, values | {"direccion": "Otra calle 1"})

    sandbox.store = careless  # type: ignore[method-assign]

    with capture_logs() as logs:
        await update_client(wisphub, Turnstile(), 1001, {Field.PHONE: "3001234567"})

    assert [(log["event"], log["fields"]) for log in logs] == [
        ("wisphub.collateral_change", ["address"])
    ]


async def test_manners_of_the_sandbox(sandbox: Sandbox) -> None:
    """The pretend WispHub has the manners of the real one."""
    headers = {"Authorization": f"Api-Key {KEY}"}
    async with httpx.AsyncClient(base_url=sandbox.url, headers=headers, timeout=HUNG) as client:
        page = (await client.get("/api/clientes/?limit=2&offset=2&zona=9")).json()
        last = (await client.get("/api/clientes/?offset=290")).json()
        detail = (await client.get("/api/clientes/1001/")).json()
        several = sandbox.rows[1002]["telefono"] = "3001112233,3004445566"
        whole = (await client.get("/api/clientes/", params={"telefono": several})).json()
        part = (await client.get("/api/clientes/?telefono=3004445566")).json()
        within = (await client.get("/api/clientes/?telefono__contains=3004445566")).json()
        profile = (await client.get("/api/clientes/1001/perfil/")).json()
        deleted = await client.delete("/api/clientes/1001/perfil/")
        missing = await client.get("/api/clientes/9/")
        nowhere = await client.patch("/api/clientes/9/perfil/", json={})

    assert (page["count"], len(page["results"])) == (300, 2)
    assert page["next"].startswith("http://")
    assert last["next"] is None
    assert "telefono" not in detail
    assert [found["count"] for found in (whole, part, within)] == [1, 0, 1]
    assert profile["nombre"] == detail["nombre"]
    assert (deleted.status_code, missing.status_code, nowhere.status_code) == (403, 404, 404)


async def test_put_blanks(sandbox: Sandbox) -> None:
    """A PUT blanks what it does not name: the worst that the real one may do."""
    headers = {"Authorization": f"Api-Key {KEY}"}
    async with httpx.AsyncClient(base_url=sandbox.url, headers=headers, timeout=HUNG) as client:
        await client.put("/api/clientes/1001/perfil/", json={"telefono": "3001234567"})

    assert (sandbox.rows[1001]["telefono"], sandbox.rows[1001]["nombre"]) == ("3001234567", "")


class Stumbling(Sandbox):
    """Fails at so many reads after each write."""

    stumbles = 1
    _left = 0

    def store(self, service_id: int, values: dict[str, Any]) -> None:
        """Store, and stumble from now on."""
        super().store(service_id, values)
        self._left = self.stumbles

    async def _misbehaving(self, request: Request) -> Response | None:
        if request.method == "GET" and self._left:
            self._left -= 1
            return HTMLResponse(_PAGE, 500)
        return await super()._misbehaving(request)


@pytest.mark.parametrize("stumbles", [1, 2])
async def test_value_that_stands_is_no_failure(stumbles: int) -> None:
    """A read-back that fails once is repeated: the value may stand; twice is a failure."""
    stumbling = Stumbling()
    stumbling.stumbles = stumbles
    async with running(stumbling) as sandbox:
        adapter = WispHub(sandbox.url, KEY)
        written = update_client(adapter, Turnstile(), 1001, {Field.PHONE: "3001234567"})
        with pytest.raises(UpdateFailed) if stumbles > 1 else contextlib.nullcontext():
            await written
        await adapter.aclose()

    assert stumbling.rows[1001]["telefono"] == "3001234567"


@pytest.mark.slow
async def test_slow(wisphub: WispHub, sandbox: Sandbox) -> None:
    """A slow WispHub is waited for."""
    sandbox.fault = Fault.SLOW

    assert (await wisphub.find(1001)).service_id == 1001


async def test_sandbox_keeps_its_rows(tmp_path: Path) -> None:
    """With a file, what was written is there after a restart."""
    file = tmp_path / "wisphub.json"
    async with running(Sandbox(file=file)) as first:
        first.store(1001, {"cedula": "ab1"})
    async with running(Sandbox(file=file)) as second:
        assert second.rows[1001]["cedula"] == "AB1"


class Held:
    """Leases that somebody else never gives back."""

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        """Be busy."""
        if patience:
            raise Busy(f"{service_id} is held")
        yield


async def test_busy_service(wisphub: WispHub) -> None:
    """A service that somebody else holds for too long is not updated."""
    with pytest.raises(UpdateFailed):
        await update_client(wisphub, Held(), 1001, {Field.PHONE: "3001234567"})
