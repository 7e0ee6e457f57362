"""What whoever has a key that leaked can do: little, and not unseen."""

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.bootstrap import clock
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.wisphub.adapter import WispHub
from handlers.api.scopes import read_key
from state.store import keys
from state.store.attempts import Attempts
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline
from state.store.quotas import Quota, Quotas
from tests.api_keys import DECIDES, UPDATES, read_keys
from tests.endpoint import build_app, serving
from tests.waiting import HUNG

_NAME = read_key(UPDATES).name
_PHONE, _DOCUMENT = "3115556677", "52998877"
_UNKNOWN = "una-llave-que-nadie-conoce-0123456789"
_CLIENT = "/api/v1/clients/1001"
_MINUTE, _DAY = 60_000, 24 * 3600_000


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as it is written in production."""
    written = io.StringIO()
    (production,) = [it for it in logging.getLogger().handlers if type(it) is logging.StreamHandler]
    handler = logging.StreamHandler(written)
    handler.setFormatter(production.formatter)
    logging.getLogger("enlace").addHandler(handler)
    yield written
    logging.getLogger("enlace").removeHandler(handler)


@asynccontextmanager
async def _program(
    wisphub: WispHub, redis: Redis, **quotas: int
) -> AsyncIterator[httpx.AsyncClient]:
    """A program with a key, at an endpoint with these quotas."""
    app = build_app(wisphub, redis, read_keys(), **quotas)
    headers = {"X-API-Key": UPDATES}
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=HUNG) as client,
    ):
        yield client


def _attempts(redis: Redis) -> Attempts:
    return Attempts(Pipeline(redis), Keyring((bytes(32),)))


async def test_writes_to_a_service_are_few(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """The 21st write to a service within a day is 429, whichever key asks; WispHub is not."""
    answers = [await api.put(_CLIENT, json={"phone": f"31155566{n:02}"}) for n in range(20)]
    api.headers["x-api-key"] = DECIDES
    before = len(sandbox.requests)
    over = await api.put(_CLIENT, json={"phone": _PHONE})
    other = await api.put("/api/v1/clients/1002", json={"phone": _PHONE})

    assert {answer.status_code for answer in answers} == {200}
    assert (over.status_code, other.status_code) == (429, 200)
    assert list(over.json()) == ["ok", "type", "action", "data", "message"]
    assert (over.json()["ok"], over.json()["action"]) == (False, "client_update_failed")
    assert _DAY - _MINUTE < int(over.headers["retry-after"]) * 1000 <= _DAY
    assert not any(path.endswith("1001/perfil/") for _, path, _ in sandbox.requests[before:])


async def test_nothing_to_write_is_not_counted(wisphub: WispHub, redis: Redis) -> None:
    """A request without a value says so however often it comes, and takes no write away."""
    async with _program(wisphub, redis, writes=1) as api:
        empty = [await api.put(_CLIENT, json={}) for _ in range(3)]
        written = await api.put(_CLIENT, json={"phone": _PHONE})
        over = await api.put(_CLIENT, json={"phone": _PHONE})

    assert [answer.status_code for answer in (*empty, written, over)] == [400] * 3 + [200, 429]


async def test_calls_of_a_key_are_limited(wisphub: WispHub, redis: Redis) -> None:
    """Over its calls a minute a key is 429, before its request is read; another key goes on."""
    async with _program(wisphub, redis, calls=5) as api:
        within = [await api.put("/api/v1/clients/abc", json={}) for _ in range(5)]
        over = await api.put("/api/v1/clients/abc", content=b"{")
        api.headers["x-api-key"] = DECIDES
        other = await api.put(_CLIENT, json={"phone": _PHONE})

    assert {answer.status_code for answer in within} == {422}
    assert (over.status_code, other.status_code) == (429, 200)
    assert list(over.json()) == ["ok", "type", "action", "data", "message"]
    assert over.json()["action"] == "client_update_failed"
    assert 1 <= int(over.headers["retry-after"]) <= 60


async def test_quotas_are_shared(wisphub: WispHub, redis: Redis) -> None:
    """Two processes count together."""
    async with (
        _program(wisphub, redis, calls=2) as one,
        _program(wisphub, redis, calls=2) as another,
    ):
        answers = [await program.put(_CLIENT, json={}) for program in (one, another, one, another)]

    assert [answer.status_code for answer in answers] == [400, 400, 429, 429]


async def test_quota_over_time(redis: Redis) -> None:
    """Six hundred uses fit into a minute; what is refused is not counted, and room comes back."""
    quotas, quota = Quotas(Pipeline(redis), Keyring((bytes(32),))), Quota("key", 600, _MINUTE)
    waits = [await quotas.take(quota, "a", now=1_000_000 + n) for n in range(600)]
    over = [await quotas.take(quota, "a", now=1_001_000) for _ in range(3)]
    other = await quotas.take(quota, "b", now=1_001_000)
    almost = await quotas.take(quota, "a", now=1_000_000 + _MINUTE - 1)
    later = await quotas.take(quota, "a", now=1_000_000 + _MINUTE)
    again = await quotas.take(quota, "a", now=1_000_000 + _MINUTE)

    assert set(waits) == {0}
    assert over == [_MINUTE - 1000] * 3
    assert (other, almost, later, again) == (0, 1, 0, 1)


async def test_disowned_service_is_not_written(
    api: httpx.AsyncClient, redis: Redis, sandbox: Sandbox
) -> None:
    """A service that somebody disowned is 409 until staff have looked, and stands as it stood."""
    before = sandbox.rows[1001]["telefono"]
    await _attempts(redis).lock(1001, now=clock())
    refused = await api.put(_CLIENT, json={"phone": _PHONE})
    kept = sandbox.rows[1001]["telefono"]
    await _attempts(redis).unlock(1001)
    accepted = await api.put(_CLIENT, json={"phone": _PHONE})

    assert (refused.status_code, accepted.status_code) == (409, 200)
    assert refused.json() == {
        "ok": False, "type": "error", "action": "client_update_failed", "data": None,
        "message": "El titular dice que no fue él: compruebe primero quién es el cliente.",
    }  # fmt: skip
    assert (kept, sandbox.rows[1001]["telefono"]) == (before, _PHONE)


async def test_failed_proofs_do_not_stop_programs(api: httpx.AsyncClient, redis: Redis) -> None:
    """Strangers whose proofs fail lock a service for chats, not for the provider's programs."""
    attempts, now = _attempts(redis), clock()
    for n in range(3):
        await attempts.count_failure(id=str(n), service=1001, now=now)
    answer = await api.put(_CLIENT, json={"phone": _PHONE})

    assert await attempts.is_locked(1001, now=now)
    assert answer.status_code == 200


def _written(log: io.StringIO) -> list[dict[str, Any]]:
    """Read the log as it was written."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def _updates(log: io.StringIO) -> list[dict[str, Any]]:
    return [line for line in _written(log) if line["event"] == "api.update"]


def _holds_no_values(log: io.StringIO) -> bool:
    """Tell whether the log names neither what was written nor a key."""
    secrets = (_PHONE, _DOCUMENT, UPDATES, DECIDES, _UNKNOWN)
    return not any(secret in log.getvalue() for secret in secrets)


async def test_each_write_is_one_line(
    api: httpx.AsyncClient, redis: Redis, log: io.StringIO
) -> None:
    """Every write is told with the key's digest, the service and the outcome, and no value.

    A number that is no service's, perhaps a document in the wrong place, is a value too.
    """
    values = {"phone": _PHONE, "document": _DOCUMENT}
    await _attempts(redis).lock(1002, now=clock())
    await api.put(_CLIENT, json=values)
    await api.put(_CLIENT, json=values)
    await api.put(_CLIENT, json={})
    await api.put(f"/api/v1/clients/{_DOCUMENT}", json=values)
    await api.put("/api/v1/clients/1002", json=values)
    lines = _updates(log)

    assert {line["program"] for line in _written(log)} == {_NAME}
    assert [(line.get("service_id"), line["outcome"]) for line in lines] == [
        (1001, "updated"),
        (1001, "updated"),
        (None, "nothing"),
        (None, "missing"),
        (1002, "disowned"),
    ]
    assert re.fullmatch("api:[0-9a-f]{6}", _NAME)
    assert _holds_no_values(log)


@pytest.mark.parametrize(
    ("fault", "named"), [(Fault.ERROR, None), (Fault.ECHO, 1001), (Fault.LOST, 1001)]
)
async def test_failed_write_is_one_line(
    api: httpx.AsyncClient, sandbox: Sandbox, log: io.StringIO, fault: Fault, named: int | None
) -> None:
    """A write that failed is told with its service, once that was found."""
    sandbox.fault = fault
    answer = await api.put(_CLIENT, json={"phone": _PHONE})
    (line,) = [line for line in _written(log) if line["event"] == "api.update"]

    assert line.get("service_id") == named
    assert line["outcome"] == ("updated" if answer.status_code == 200 else "failed")
    assert _holds_no_values(log)


async def test_refusals_are_told(wisphub: WispHub, redis: Redis, log: io.StringIO) -> None:
    """A wrong key, a missing scope and too many calls are one line each, without the key."""
    async with _program(wisphub, redis, calls=1, writes=1) as api:
        for key in (UPDATES, UPDATES, DECIDES, _UNKNOWN):
            await api.put(_CLIENT, json={"phone": _PHONE}, headers={"X-API-Key": key})
    told = [
        (line.get("act", line["event"]), line.get("program"), line.get("outcome"))
        for line in _written(log)
    ]
    other = read_key(DECIDES).name

    assert told == [
        ("api.write", _NAME, None),
        ("api.update", _NAME, "updated"),
        ("api.too_many_calls", _NAME, None),
        ("api.too_many_writes", other, None),
        ("api.update", other, "too_many_writes"),
        ("api.key_unknown", None, None),
    ]
    assert _holds_no_values(log)


async def test_wrong_keys_cost_little(
    api: httpx.AsyncClient, redis: Redis, log: io.StringIO
) -> None:
    """A hundred wrong keys are counted, and one line and one entry in a minute."""
    api.headers["x-api-key"] = _UNKNOWN
    answers = [await api.put(_CLIENT, json={"phone": _PHONE}) for _ in range(100)]

    assert {answer.status_code for answer in answers} == {401}
    assert [(line["act"], line["count"]) for line in _written(log)] == [("api.key_unknown", 1)]
    assert await redis.keys("enlace:*") == [keys.audit().encode()]
    assert await redis.xlen(keys.audit()) == 1


@pytest.mark.parametrize(
    ("entry", "scopes"),
    [
        (UPDATES, {"update"}),
        (f"{UPDATES}:update", {"update"}),
        (f"{UPDATES}:update+decide", {"update", "decide"}),
        (f"{UPDATES}:decide", {"decide"}),
        ("+/" * 16, {"update"}),
    ],
)
def test_entries(entry: str, scopes: set[str]) -> None:
    """An entry is a key, which may update, or a key and its scopes; base64 is a key."""
    key = read_key(entry)

    assert key.scopes == scopes
    assert key.text.decode() == entry.partition(":")[0]
    assert UPDATES not in repr(key)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("k", "keys new"),
        (UPDATES[:31], "32 characters"),
        (f"{UPDATES[:31]}:update", "32 characters"),
        (":update", "32 characters"),
        (f"{UPDATES}:", "update or decide"),
        (f"{UPDATES}:admin", "update or decide"),
        (f"{UPDATES}:update+admin", "update or decide"),
        (f"{UPDATES}:Update", "update or decide"),
    ],
)
def test_refused_entries(entry: str, told: str) -> None:
    """A short key and an unknown scope are refused with the remedy, and not quoted."""
    with pytest.raises(ValueError, match=told) as refused:
        read_key(entry)

    assert "admin" not in str(refused.value)
    assert UPDATES[:16] not in str(refused.value)


async def test_key_listed_twice(wisphub: WispHub, redis: Redis) -> None:
    """A key that is listed twice may do what either entry says."""
    keys = [read_key(f"{UPDATES}:decide"), read_key(UPDATES)]
    app = build_app(wisphub, redis, keys)
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=HUNG) as program:
        answer = await program.put(_CLIENT, json={}, headers={"X-API-Key": UPDATES})

    assert answer.status_code == 400


async def test_updating_needs_its_scope(
    wisphub: WispHub, redis: Redis, sandbox: Sandbox, log: io.StringIO
) -> None:
    """A key that may only decide updates nothing: 403 in the five keys, and a line."""
    app = build_app(wisphub, redis, [read_key(f"{UPDATES}:decide")])
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=HUNG) as program:
        answer = await program.put(_CLIENT, content=b"{", headers={"X-API-Key": UPDATES})
    told = [(line["act"], line["program"]) for line in _written(log)]

    assert answer.status_code == 403
    assert list(answer.json()) == ["ok", "type", "action", "data", "message"]
    assert told == [("api.scope_missing", _NAME)]
    assert sandbox.requests == []


async def test_document_tells_of_quotas(api_url: str) -> None:
    """The published document names 403, 409 and 429 with its header, all in the envelope."""
    async with httpx.AsyncClient(base_url=api_url, timeout=HUNG) as anybody:
        document = (await anybody.get("/openapi.json")).json()
    responses = document["paths"]["/api/v1/clients/{service_id}"]["put"]["responses"]
    schema = {"$ref": "#/components/schemas/BackendResponse"}

    for code in ("403", "409", "429"):
        assert responses[code]["content"]["application/json"]["schema"] == schema
    assert responses["429"]["headers"]["Retry-After"]["schema"]["type"] == "integer"
