"""`PUT /api/v1/clients/{service_id}`, line by line."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.wisphub.adapter import WispHub
from tests.api_keys import UPDATES
from tests.endpoint import build_app, serving
from tests.waiting import HUNG

_JSON = {"content-type": "application/json"}
_UPDATED = {
    "ok": True,
    "type": "success",
    "action": "client_updated",
    "data": None,
    "message": "Perfil del cliente actualizado exitosamente.",
}


def _failed(message: str, action: str = "client_update_failed") -> dict[str, Any]:
    return {"ok": False, "type": "error", "action": action, "data": None, "message": message}


_NOTHING = _failed("No se brindaron datos válidos para actualizar.")
_NOT_DONE = _failed("No se pudo actualizar el cliente. Verifique el ID.")


async def test_both_fields(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Both fields are written as sent, and the five keys come in their order."""
    sent = {"phone": "+573001234567", "document": "1234567890"}

    answer = await api.put("/api/v1/clients/1001", json=sent)

    assert (answer.status_code, answer.json()) == (200, _UPDATED)
    assert list(answer.json()) == ["ok", "type", "action", "data", "message"]
    row = sandbox.rows[1001]
    assert (row["telefono"], row["cedula"]) == ("+573001234567", "1234567890")


@pytest.mark.parametrize("field", ["phone", "document"])
async def test_one_field(api: httpx.AsyncClient, sandbox: Sandbox, field: str) -> None:
    """What is not given stays as it is."""
    before = dict(sandbox.rows[1002])

    answer = await api.put("/api/v1/clients/1002", json={field: "3001234567"})

    changed = {name for name, value in sandbox.rows[1002].items() if before[name] != value}
    assert answer.status_code == 200
    assert changed == {{"phone": "telefono", "document": "cedula"}[field]}


@pytest.mark.parametrize(
    "body", [{}, {"phone": None}, {"phone": "  "}, {"document": "", "phone": "\u00a0"}, {"x": 1}]
)
async def test_no_data(api: httpx.AsyncClient, sandbox: Sandbox, body: dict[str, Any]) -> None:
    """Null, blank and unknown-only bodies are no valid data, and WispHub is not asked."""
    answer = await api.put("/api/v1/clients/1001", json=body)

    assert (answer.status_code, answer.json()) == (400, _NOTHING)
    assert sandbox.requests == []


async def test_unknown_service(api: httpx.AsyncClient) -> None:
    """A service that does not exist is 404."""
    answer = await api.put("/api/v1/clients/99999", json={"phone": "3001234567"})

    assert (answer.status_code, answer.json()) == (404, _NOT_DONE)


_HANG = pytest.param(Fault.HANG, marks=pytest.mark.slow)  # waits as long as a call may last


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.ECHO, Fault.IGNORE, _HANG])
async def test_not_done(api: httpx.AsyncClient, sandbox: Sandbox, fault: Fault) -> None:
    """An error, an echo without a write, an ignored filter and a hang are 500."""
    sandbox.fault = fault

    answer = await api.put("/api/v1/clients/1290", json={"phone": "3001234567"})

    assert (answer.status_code, answer.json()) == (500, _NOT_DONE)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"phone": 3}', "phone"),
        (b'{"document": ["1"]}', "document"),
        (b'{"phone": true}', "phone"),
        (b'{"phone": "a\\u0000"}', "phone"),
        (b'{"phone": "\\ud83d"}', "phone"),
        (b'{"document": "' + b"1" * 41 + b'"}', "document"),
        (b"[]", "JSON"),
        (b"null", "JSON"),
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 60_000, "JSON"),
    ],
)
async def test_unreadable(api: httpx.AsyncClient, content: bytes, field: str) -> None:
    """Wrong types and unreadable bodies are 422, and the message names the field."""
    answer = await api.put("/api/v1/clients/1001", content=content, headers=_JSON)

    assert answer.status_code == 422
    assert answer.json() == _failed(answer.json()["message"], "error")
    assert field in answer.json()["message"]


async def test_wrong_content_type(api: httpx.AsyncClient) -> None:
    """A body that does not say that it is JSON is 422."""
    answer = await api.put("/api/v1/clients/1001", content=b'{"phone": "3"}')

    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["0", "-1", "+1", "1.0", "1_0", "abc", "９", "01", "1" * 30])
async def test_service_id(api: httpx.AsyncClient, sandbox: Sandbox, number: str) -> None:
    """A service_id that is no plain positive integer is 422."""
    answer = await api.put(f"/api/v1/clients/{number}", json={"phone": "3001234567"})

    assert (answer.status_code, answer.json()["action"]) == (422, "error")
    assert sandbox.requests == []


async def test_method(api: httpx.AsyncClient) -> None:
    """A wrong method is 405 with Allow; a trailing slash is another path."""
    answer = await api.get("/api/v1/clients/1001")

    assert (answer.status_code, answer.headers["allow"]) == (405, "PUT")
    assert answer.json()["action"] == "error"
    assert (await api.put("/api/v1/clients/1001/", json={})).status_code == 404
    assert (await api.get("/elsewhere")).text == "Not Found"


@pytest.mark.parametrize("key", ["", "falsa", UPDATES + "x", UPDATES[:-1], "é"])
async def test_key(api: httpx.AsyncClient, key: str) -> None:
    """No or a wrong key is 401, before anything else is read."""
    headers = {b"X-API-Key": key.encode()}

    answer = await api.put("/api/v1/clients/abc", content=b"{", headers=headers)

    assert (answer.status_code, answer.json()["action"]) == (401, "error")


async def test_open(wisphub: WispHub, redis: Redis) -> None:
    """Without keys, as in the demonstration, the endpoint is open."""
    async with (
        serving(build_app(wisphub, redis, ())) as url,
        httpx.AsyncClient(base_url=url, timeout=HUNG) as client,
    ):
        answer = await client.put("/api/v1/clients/1001", json={"phone": "3001234567"})

    assert answer.status_code == 200


async def _drip() -> AsyncIterator[bytes]:
    for _ in range(80):
        yield b" " * 1000


async def test_too_large(api: httpx.AsyncClient) -> None:
    """A body above 64 KiB is 413, whether or not it says so itself."""
    said = await api.put("/api/v1/clients/1001", content=b" " * 70_000, headers=_JSON)
    silent = await api.put("/api/v1/clients/1001", content=_drip(), headers=_JSON)

    assert (said.status_code, silent.status_code) == (413, 413)
    assert said.json()["action"] == silent.json()["action"] == "error"


async def test_already_there(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """A value that stands there already needs no write."""
    phone = sandbox.rows[1001]["telefono"]

    answer = await api.put("/api/v1/clients/1001", json={"phone": phone})

    assert answer.status_code == 200
    assert [method for method, _, _ in sandbox.requests] == ["GET"]


async def test_only_what_differs(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Only what differs is written, by PATCH to the profile, between two reads."""
    phone = sandbox.rows[1001]["telefono"]

    await api.put("/api/v1/clients/1001", json={"phone": phone, "document": "ab1"})

    assert sandbox.requests == [
        ("GET", "/api/clientes/", ()),
        ("PATCH", "/api/clientes/1001/perfil/", ("cedula",)),
        ("GET", "/api/clientes/", ()),
    ]
    assert sandbox.rows[1001]["cedula"] == "AB1"


async def test_lost_answer(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """A 5xx after the write is decided by reading back: nothing is written twice."""
    sandbox.fault = Fault.LOST

    answer = await api.put("/api/v1/clients/1001", json={"phone": "3001234567"})

    assert answer.status_code == 200
    assert [method for method, _, _ in sandbox.requests] == ["GET", "PATCH", "GET"]


async def test_no_patch(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Where PATCH is not allowed, a PUT with the known profile blanks nothing we know."""
    sandbox.fault = Fault.NO_PATCH
    before = dict(sandbox.rows[1001])

    answer = await api.put("/api/v1/clients/1001", json={"phone": "3001234567"})

    after = sandbox.rows[1001]
    assert answer.status_code == 200
    assert [(after[n], before[n]) for n in ("nombre", "cedula", "direccion")] == [
        (before[n], before[n]) for n in ("nombre", "cedula", "direccion")
    ]


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.NO_PATCH])
async def test_two_at_once(api: httpx.AsyncClient, sandbox: Sandbox, fault: Fault) -> None:
    """Two updates of one service at once lose nothing."""
    sandbox.fault = fault
    calls = [
        api.put("/api/v1/clients/1001", json={"phone": "3001234567"}),
        api.put("/api/v1/clients/1001", json={"document": "52123456"}),
    ]

    answers = await asyncio.gather(*calls)

    row = sandbox.rows[1001]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (row["telefono"], row["cedula"]) == ("3001234567", "52123456")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_schemathesis(api_url: str, seed: int) -> None:
    """The published document says the truth: schemathesis finds no failure."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", "run", f"{api_url}/openapi.json",
        "--checks", "all", "-n", "150", "--seed", str(seed), "-H", f"X-API-Key: {UPDATES}",
        "--suppress-health-check", "too_slow",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()

    assert process.returncode == 0, told.decode()[-4000:]
