"""What stands in the audit of who signs in, is refused, decides and writes, and who may read it."""

import re
from dataclasses import replace
from html import unescape

import httpx
import pytest
from redis.asyncio import Redis
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bootstrap import Application
from handlers.auditing import Auditor
from handlers.console.gate import Gate
from state.audit import AuditEntry, Result, SecurityEvent
from state.messages.audit import AUDITED
from state.roles import RULES, Act
from state.store import keys
from state.store.members import Member
from tests.handlers.console.test_console import _talk as talk
from tests.handlers.console.test_console import client, house, sign_in
from tests.members import NOW, join

__all__ = ["client", "house"]  # fixtures

_PAGE = "/consola/auditoria"
_WRONG = {"name": "ana", "password": "equivocada"}


async def _entries(house: Application) -> list[tuple[str, str, str]]:
    """Tell the entries, oldest first: act, actor, result."""
    entries = await house.store.audit.read()
    return [(entry.act, entry.actor, entry.result.value) for entry in reversed(entries)]


async def test_sign_in_and_out(client: httpx.AsyncClient, house: Application) -> None:
    """Signing in, well or not, and out stand there with the address; what was typed does not."""
    await join(house.store.staff, "ana")
    await client.post("/consola/entrar", data=_WRONG)
    await client.post("/consola/entrar", data={"name": "mi-contraseña", "password": "ana"})
    answer = await client.post("/consola/entrar", data=_WRONG | {"password": "una-clave-larga"})
    client.headers["cookie"] = answer.headers["set-cookie"].split(";")[0]
    await client.post("/consola/salir")
    await client.post("/consola/salir")
    entries = await house.store.audit.read()

    assert await _entries(house) == [
        ("sign_in", "ana", "refused"),
        ("sign_in", "", "refused"),
        ("sign_in", "ana", "done"),
        ("sign_out", "ana", "done"),
    ]
    assert {entry.address for entry in entries} == {"127.0.0.1"}
    assert "mi-contraseña" not in repr(entries)


async def test_guesses_do_not_fill_it(client: httpx.AsyncClient, house: Application) -> None:
    """Of twenty wrong passwords in a minute a few are told, the others counted."""
    await join(house.store.staff, "ana")
    for _ in range(20):
        await client.post("/consola/entrar", data=_WRONG)
    entries = await house.store.audit.read()

    assert 0 < len([entry for entry in entries if entry.act == "sign_in"]) <= 5
    assert len(entries) <= 10


async def test_form_of_another_site(client: httpx.AsyncClient, house: Application) -> None:
    """A form that another site sent is refused, and that stands there."""
    answer = await client.post("/consola/salir", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert await _entries(house) == [("form.other_site", "", "refused")]


async def test_what_chats_are_found_by(client: httpx.AsyncClient, house: Application) -> None:
    """An act on a chat names the chat by its digest, and who was not holding it is refused."""
    await sign_in(client, house)
    key = await talk(house, "hola")
    await client.post(f"/consola/c/{key}/reply", data={"text": "hola"})
    await client.post(f"/consola/c/{key}/take")
    refused, taken = (await house.store.audit.read())[1::-1]

    assert (refused.act, refused.result, refused.chat) == ("reply", Result.REFUSED, key)
    assert (taken.act, taken.result, taken.chat) == ("take", Result.DONE, key)


async def test_not_written_not_done(
    client: httpx.AsyncClient, house: Application, redis: Redis
) -> None:
    """What cannot be written to the audit is not done: 503."""
    await sign_in(client, house)
    key = await talk(house, "hola")
    await redis.rename(keys.audit(), "elsewhere")
    await redis.set(keys.audit(), "no stream")
    taken = await client.post(f"/consola/c/{key}/take")
    conversation = await house.store.conversations.find(key)

    assert taken.status_code == 503
    assert conversation.speaker.name != "ana"


async def test_full_redis(client: httpx.AsyncClient, house: Application, redis: Redis) -> None:
    """While Redis is full nothing is done that would stand there: 503, and all goes on after."""
    await sign_in(client, house)
    key = await talk(house, "hola")
    await redis.config_set("maxmemory", "1")
    try:
        full = await client.post(f"/consola/c/{key}/take")
    finally:
        await redis.config_set("maxmemory", "0")
    after = await client.post(f"/consola/c/{key}/take")
    entries = await _entries(house)

    assert (full.status_code, after.status_code) == (503, 204)
    assert entries.count(("take", "ana", "done")) == 1


async def test_forgotten_act_is_noted(house: Application) -> None:
    """What a handler does without a word of its own is noted by the gate, if it was done."""
    staff = house.store.staff
    token = (await join(staff, "ana")).token
    auditor = Auditor(audit=house.store.audit, clock=lambda: NOW)
    session = house.cookies.session
    gate = Gate(staff=staff, auditor=auditor, clock=lambda: NOW, cookie=session)
    statuses = iter((204, 422, 200))

    async def do(_request: Request, _member: Member) -> Response:
        return Response(status_code=next(statuses))

    def call(method: str) -> Request:
        cookie = (b"cookie", f"{session.name}={token}".encode())
        scope = {"type": "http", "method": method, "path": "/consola/x", "headers": [cookie]}
        return Request(scope | {"query_string": b"", "path_params": {}, "client": ("::1", 1)})

    guarded = gate.guard(Act.MANAGE_MEMBERS, do)
    for method in ("POST", "POST", "GET"):
        await guarded(call(method))

    assert await _entries(house) == [("manage_members", "ana", "done")]


def test_every_form_has_an_act(house: Application) -> None:
    """Whatever a form of the console changes goes through the gate; only signing in does not."""
    forms = [
        route
        for route in house.console()
        if isinstance(route, Route) and "POST" in (route.methods or ())
    ]
    free = {route.path for route in forms if "Gate.guard" not in route.endpoint.__qualname__}

    assert len(forms) > 10
    assert free <= {"/consola/entrar", "/consola/salir", "/consola/inicio/{token}"}


def _told(text: str) -> list[str]:
    """Read the entries of a page, each on one line."""
    cards = re.findall(r'<li class="card">(.*?)</li>', text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", card)).split()) for card in cards]


async def _fill(house: Application, key: str) -> None:
    one = AuditEntry(
        at=1_700_000_000_000, act=Act.APPROVE.value, actor="Beto", about=f"chat:{key}",
        more=("service:1001", "request:ABCD2345"), reason="lo vi", address="10.0.0.7",
    )  # fmt: skip
    for entry in (
        one,
        replace(one, actor="Carla", act=Act.REJECT.value, result=Result.REFUSED),
        replace(one, actor="api:abcdef", act="api.write", about="service:1002", more=(), reason=""),
        replace(
            one,
            actor="",
            act=SecurityEvent.KEY_UNKNOWN.value,
            about="",
            more=(),
            count=300,
            result=Result.REFUSED,
        ),
        replace(one, actor=":operator", act="keys.rotated", about="", more=(), address=""),
    ):
        await house.store.audit.note(entry)


async def test_page(client: httpx.AsyncClient, house: Application, redis: Redis) -> None:
    """A supervisor reads newest first who did what, in words, and what cannot be read says so."""
    await sign_in(client, house)
    key = await talk(house, "hola")
    await _fill(house, key)
    await redis.xadd(keys.audit(), {"e": b"garbage"})
    answer = await client.get(_PAGE)
    told = _told(answer.text)

    assert answer.status_code == 200
    assert "No se puede leer" in told[0]
    assert "Operador del servidor permitido Cambiar las llaves de cifrado" in told[1]
    assert "rechazado Llamar con una llave que no existe · 300 veces" in told[2]
    assert "api:abcdef permitido Cambiar un cliente por programa Servicio 1002" in told[3]
    assert (
        f"Carla rechazado Rechazar una solicitud Conversación {key[:8]}, Servicio 1001" in told[4]
    )
    assert "Solicitud ABCD2345 Motivo: lo vi Desde 10.0.0.7" in told[5]
    assert f'href="/consola/c/{key}"' in answer.text


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ({"actor": "beto"}, ["Beto"]),
        ({"actor": "api:abcdef"}, ["api:abcdef"]),
        ({"thing": "1001"}, ["Carla", "Beto"]),
        ({"thing": "1002"}, ["api:abcdef"]),
        ({"thing": "abcd2345"}, ["Carla", "Beto"]),
        ({"thing": "KEY"}, ["Carla", "Beto"]),
        ({"act": "approve"}, ["Beto"]),
        ({"result": "refused"}, ["Nadie que se conozca", "Carla"]),
        ({"act": "approve", "actor": "carla"}, []),
        ({"act": "no-such", "before": "x"}, []),
    ],
)
async def test_filter(
    client: httpx.AsyncClient, house: Application, form: dict[str, str], found: list[str]
) -> None:
    """It is filtered by person, object, act and result; what was looked for is in no address."""
    await sign_in(client, house)
    key = await talk(house, "hola")
    await _fill(house, key)
    sent = {name: key[:8] if value == "KEY" else value for name, value in form.items()}
    answer = await client.post(_PAGE, data=sent)
    told = _told(answer.text)
    names = [next((name for name in found if name in line), line) for line in told]

    assert answer.status_code == 200
    assert names == (found or ["No hay nada así."])
    assert not re.search(r"auditoria\?", answer.text)


async def test_more(client: httpx.AsyncClient, house: Application) -> None:
    """What does not fit on a page is on the next one, under the same filter."""
    await sign_in(client, house)
    for n in range(120):
        entry = AuditEntry(at=n, act="take", actor="Beto" if n % 2 else "Carla", reason=f"n{n}")
        await house.store.audit.note(entry)
    first = await client.post(_PAGE, data={"actor": "Beto"})
    before = re.search(r'name="before" value="([^"]+)"', first.text)
    assert before is not None
    second = await client.post(_PAGE, data={"actor": "Beto", "before": before[1]})
    shown = re.findall(r"Motivo: n(\d+)", first.text + second.text)

    assert [*map(int, shown)] == [*range(119, 0, -2)]
    assert "Ver más" not in second.text


async def test_strangers_do_not_read_it(client: httpx.AsyncClient) -> None:
    """Strangers are sent to the door; reading it is noted only when it is refused."""
    answer = await client.get(_PAGE)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/consola/entrar?next=%2Fconsola%2Fauditoria"
    assert RULES[Act.READ_AUDIT].reads


def test_everything_has_its_words() -> None:
    """Every act of the table and every other event has words of its own."""
    assert len({*AUDITED.values()}) == len(AUDITED) == len(Act) + len(SecurityEvent)
