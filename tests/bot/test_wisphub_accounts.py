"""What WispHub says is owed, and how a service stands: told only where it is certain."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.sandbox.accounts import make_balance
from bot.sandbox.faults import Fault
from bot.sandbox.server import KEY, Sandbox
from bot.wisphub.adapter import WispHub
from bot.wisphub.values import read_amount, read_day, read_link, read_words
from handlers.errors import DirectoryUnavailable, UnknownService
from state.inquiry import Balance, ServiceStatus, Supply
from tests.endpoint import serving

_LINK = "https://pagos.fibranet.example/saldo/1001/"
_PAGE = "<!DOCTYPE html><html><h1>Server Error (500)</h1></html>"


def _invoice(number: Any, due: Any, total: Any) -> dict[str, Any]:
    return {"id": number, "fecha_emision": "2026-11-15", "fecha_vencimiento": due, "total": total}


_ONE = [_invoice(7, "2026-12-05", "65000.00")]

_TOLD = {
    "texts": (
        {"saldo": "0.00", "facturas": _ONE, "url_pago": _LINK},
        Balance(owed=Decimal(65000), invoices=1, due="2026-12-05", link=_LINK),
    ),
    "numbers": (
        {"saldo": 0, "facturas": [_invoice("7", "2026-12-05", 65000.5)], "url_pago": ""},
        Balance(owed=Decimal("65000.5"), invoices=1, due="2026-12-05"),
    ),
    "several, and a rest": (
        {
            "saldo": "1000.00",
            "facturas": [*_ONE, _invoice(8, "5/11/2026", "60.000")],
            "url_pago": None,
        },
        Balance(owed=Decimal(126000), invoices=2, due="2026-11-05"),
    ),
    "one of them twice": (
        {"saldo": "0.00", "facturas": [*_ONE, *_ONE], "url_pago": _LINK},
        Balance(owed=Decimal(65000), invoices=1, due="2026-12-05", link=_LINK),
    ),
    "paid ahead": (
        {"saldo": "-30000.00", "facturas": [], "url_pago": _LINK},
        Balance(owed=Decimal(-30000), link=_LINK),
    ),
    "nothing but nulls": (
        {"saldo": None, "facturas": None, "url_pago": None},
        Balance(owed=Decimal(0)),
    ),
    "a day that cannot be read": (
        {"saldo": "0.00", "facturas": [*_ONE, _invoice(8, None, "1.00")], "url_pago": _LINK},
        Balance(owed=Decimal(65001), invoices=2, link=_LINK),
    ),
    "in a list": (
        [{"saldo": "500", "facturas": []}],
        Balance(owed=Decimal(500)),
    ),
}

_UNTOLD = {
    "no balance": {"detail": "Sin saldo"},
    "a list of several": [{"saldo": "1"}, {"saldo": "2"}],
    "a total that is no number": {"saldo": "0.00", "facturas": [_invoice(1, "", "mucho")]},
    "a total that is missing": {"saldo": "0.00", "facturas": [_invoice(1, "", None)]},
    "a total without end": {"saldo": "0.00", "facturas": [_invoice(1, "", 10**40)]},
    "a flag for a number": {"saldo": True, "facturas": []},
    "invoices that are none": {"saldo": "0.00", "facturas": "ninguna"},
    "an invoice that is none": {"saldo": "0.00", "facturas": [7]},
    "a rest that is no number": {"saldo": "1,2,3", "facturas": []},
    "a text": "0.00",
}


@asynccontextmanager
async def _answering(response: Response) -> AsyncIterator[WispHub]:
    """A WispHub that gives this answer to whoever asks what is owed."""

    async def answer(request: Request) -> Response:
        assert request.method == "GET"
        return response

    app = Starlette(routes=[Route("/api/clientes/{number:int}/saldo/", answer)])
    async with serving(app) as url:
        adapter = WispHub(url, KEY)
        yield adapter
        await adapter.aclose()


@pytest.mark.parametrize("name", _TOLD)
async def test_balance(name: str) -> None:
    """What is owed is read in each of the shapes in which it arrives."""
    answer, expected = _TOLD[name]
    async with _answering(JSONResponse(answer)) as wisphub:
        assert await wisphub.read_balance(1001) == expected


@pytest.mark.parametrize("name", _UNTOLD)
async def test_uncertain_balance(name: str) -> None:
    """A sum of which a part cannot be read is not told; the log names the field, and no value."""
    async with _answering(JSONResponse(_UNTOLD[name])) as wisphub:
        with capture_logs() as logs, pytest.raises(DirectoryUnavailable):
            await wisphub.read_balance(1001)

    assert [log["event"] for log in logs] == ["wisphub.unreadable"]
    assert set(logs[0]["fields"]) <= {"json", "saldo", "facturas", "total"}


@pytest.mark.parametrize(
    "response",
    [
        HTMLResponse(_PAGE, 500),
        HTMLResponse(_PAGE),
        HTMLResponse(_PAGE, 404),
        JSONResponse({"detail": "No encontrado."}, 404),
        JSONResponse({"task_id": "x"}, 202),
        Response(b"[" * 100_000, media_type="application/json"),
        Response(b"", media_type="application/json"),
    ],
)
async def test_no_balance(response: Response) -> None:
    """A page, an error or nothing is no balance."""
    async with _answering(response) as wisphub:
        with pytest.raises(DirectoryUnavailable):
            await wisphub.read_balance(1001)


async def test_balance_refused() -> None:
    """A key that may not read balances is an error that somebody is told of, with the remedy."""
    async with _answering(JSONResponse({"detail": "No tiene permiso."}, 403)) as wisphub:
        with capture_logs() as logs, pytest.raises(DirectoryUnavailable):
            await wisphub.read_balance(1001)

    assert [(log["event"], log["log_level"]) for log in logs] == [("wisphub.no_balance", "error")]
    assert "ENLACE_WISPHUB_KEY" in logs[0]["reason"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"estado": "Suspendido"}, {"supply": Supply.SUSPENDED}),
        ({"estado": "ACTIVO "}, {}),
        ({"estado": "Gratis"}, {}),
        ({"estado": "Cancelado"}, {"supply": Supply.CANCELLED}),
        ({"estado": 2}, {"supply": Supply.UNKNOWN}),
        ({"estado": None}, {"supply": Supply.UNKNOWN}),
        ({"estado_facturas": "Pendiente de Pago"}, {"unpaid": True}),
        ({"estado_facturas": None}, {}),
        ({"fecha_corte": "2026-12-01T00:00:00"}, {"cut_off": "2026-12-01"}),
        ({"fecha_corte": "12/25/2026"}, {"cut_off": "2026-12-25"}),
        ({"fecha_corte": "31/02/2026"}, {"cut_off": ""}),
        ({"fecha_corte": None}, {"cut_off": ""}),
        ({"plan_internet": None}, {"plan": ""}),
        ({"router": None}, {}),
        ({"router": [], "sectorial": "x"}, {}),
        ({"router": {"falla_general": "false", "falla_general_descripcion": "x"}}, {}),
        ({"sectorial": {"falla_general": True}}, {"outage": True}),
        (
            {
                "router": {"falla_general": 1, "falla_general_descripcion": ""},
                "sectorial": {
                    "falla_general": True,
                    "falla_general_descripcion": "<b>Sin luz</b>.",
                },
            },
            {"outage": True, "outage_words": "Sin luz"},
        ),
    ],
)
async def test_status(
    wisphub: WispHub, sandbox: Sandbox, columns: dict[str, Any], expected: dict[str, Any]
) -> None:
    """How a service stands is read leniently; what cannot be read claims nothing."""
    sandbox.rows[1001] |= columns
    plan = {} if "plan" in expected else {"plan": sandbox.rows[1001]["plan_internet"]["nombre"]}

    client, status = await wisphub.read_status(1001)

    assert client == await wisphub.find(1001)
    usual = {"supply": Supply.ACTIVE, "cut_off": "2026-12-06"} | plan
    assert status == ServiceStatus(**usual | expected)


async def test_status_of_nobody(wisphub: WispHub, sandbox: Sandbox) -> None:
    """No row is no service, and somebody else's row is never the one asked for."""
    with pytest.raises(UnknownService):
        await wisphub.read_status(99_999)
    sandbox.fault = Fault.IGNORE
    with pytest.raises(DirectoryUnavailable):
        await wisphub.read_status(1290)


async def test_invented_accounts(wisphub: WispHub, sandbox: Sandbox) -> None:
    """Of the invented customers one owes, one is cut off, one has an outage, one paid ahead."""
    numbers = (1001, 1004, 1007, 1010, 1013, 1016)
    status = {number: (await wisphub.read_status(number))[1] for number in numbers}
    balances = {number: await wisphub.read_balance(number) for number in numbers}
    sandbox.fault = Fault.NUMBERS

    assert [one.invoices for one in balances.values()] == [0, 1, 2, 0, 0, 0]
    assert [one.owed.compare(0) for one in balances.values()] == [0, 1, 1, 0, 0, -1]
    assert [n for n, one in status.items() if one.supply is Supply.SUSPENDED] == [1007]
    assert [n for n, one in status.items() if one.unpaid] == [1004, 1007]
    assert [n for n, one in status.items() if one.outage] == [1010]
    assert {n: await wisphub.read_balance(n) for n in numbers} == balances


def test_invented_days(sandbox: Sandbox) -> None:
    """The invented days go with the day on which somebody looks."""
    assert make_balance(3, "1.00", date(2026, 11, 23))["facturas"][0]["fecha_vencimiento"] == (
        "2026-12-02"
    )
    assert sandbox.balance(1004)["facturas"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("65000.00", "65000"), ("65.000", "65000"), ("$ 65.000,50", "65000.5"),
        ("65,000.5", "65000.5"),
        ("-5000.00", "-5000"), ("65000 COP", "65000"), ("65000,5", "65000.5"),
        (65000, "65000"), (0.5, "0.5"),
        ("65.0000", None), ("", None), (None, None), (True, None), ("6e5", None), ("१२", None),
        (float("nan"), None), (float("inf"), None), (10**20, None), ({}, None), ("1.2.3", None),
    ],
)  # fmt: skip
def test_amounts(text: Any, amount: str | None) -> None:
    """An amount is read as people and programs write it, or not at all."""
    assert read_amount(text) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-05", "2026-12-05"), ("2026-12-05 10:00:00", "2026-12-05"),
        ("5/12/2026", "2026-12-05"), ("05-12-2026", "2026-12-05"),
        ("6/08/2026 11:14:56", "2026-08-06"),
        ("2026-13-05", ""), ("5/12/26", ""), ("0001-01-01", ""), ("ayer", ""),
        (None, ""), (20261205, ""),
    ],
)  # fmt: skip
def test_days(text: Any, day: str) -> None:
    """A day is read with the day before the month, unless that is no day."""
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        (_LINK, True), (f"{_LINK}?id=1&t=a-b_c", True), (f" {_LINK} ", True),
        ("http://pagos.fibranet.example/1", False), ("https://user@evil.example/", False),
        ("https://localhost/", False), ("https://pagos.example:8443/", False),
        ("javascript:alert(1)", False),
        ("https://pagos.example/a b", False), ("https://pagos.example/*a*", False),
        ("https://[", False),
        ("https://pagós.example/", False), ("https://pagos.example/" + "a" * 400, False),
        (None, False), (7, False),
    ],
)  # fmt: skip
def test_links(text: Any, *, sound: bool) -> None:
    """A customer is only sent to an address that is plainly one of a page to pay at."""
    assert read_link(text) == (str(text).strip() if sound else "")


def test_words() -> None:
    """What the provider says is one line of plain words, and not too long."""
    assert (
        read_words("<p>Fibra&nbsp;*cortada*<br>en la <b>vía</b>.</p>") == "Fibra cortada en la vía"
    )
    assert read_words({"a": 1}) == ""
    assert len(read_words("palabra " * 100)) <= 121
