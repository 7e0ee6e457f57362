"""The console over HTTP: who gets in, who may send forms, what a double press does."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.app import create_app
from bot.bootstrap import Application, build_application, clock
from bot.keyrings import read_keyring
from bot.sandbox.pretend import PretendWispHub
from bot.sandbox.server import KEY, Sandbox
from bot.settings import Settings
from bot.simulated_phones import create_routes
from handlers.ports import Delivery
from state.conversation import Chat, Conversation
from state.effects import ConsentDecision, RecordConsent
from state.events import Said
from state.fields.table import Field
from state.parts import KEPT, Draft, Identity, Shown
from state.proof import Proof
from state.records import Consent
from state.roles import FIRST, Role
from state.states import State
from state.store import keys
from state.store.conversations import Change
from state.store.staff_errors import LinkInvalid
from tests.endpoint import serving
from tests.members import PASSWORD as _PASSWORD
from tests.members import join
from tests.waiting import HUNG

_FORM = {"name": "ana", "password": _PASSWORD}
CHAT = Chat(channel="simulator", account="whatsapp", id="ana")


@pytest.fixture
async def house(redis: Redis, redis_url: str, sandbox: Sandbox) -> AsyncIterator[Application]:
    """A house on the tests' Redis; its worker does not run."""
    assert await redis.ping()
    settings = Settings(
        redis_url=SecretStr(redis_url),
        secret_keys=SecretStr("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        company_name="FibraNet",
        public_url="https://enlace.example",
    )
    async with build_application(
        settings, keyring=read_keyring(settings), wisphub=(sandbox.url, KEY)
    ) as furnished:
        yield furnished


@pytest.fixture
async def client(house: Application, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts."""
    app = create_app(house, create_routes(house, PretendWispHub(sandbox)), front="/consola")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(app))
        yield await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=HUNG))
        house.hub.close()


async def sign_in(
    client: httpx.AsyncClient,
    house: Application,
    name: str = "ana",
    roles: Collection[Role] = FIRST,
) -> None:
    """Add a member of staff, and sign in."""
    await join(house.store.staff, name, roles=roles)
    answer = await client.post("/consola/entrar", data={**_FORM, "name": name})
    cookie, known = answer.headers.get_list("set-cookie")
    assert answer.status_code == 303
    for one in (cookie, known):
        assert all(word in one for word in ("HttpOnly", "Secure", "SameSite=lax"))
    client.headers["cookie"] = cookie.split(";")[0]


async def _talk(house: Application, text: str) -> str:
    await house.turns.take(CHAT, Delivery(id=text, event=Said(text=text), at=0))
    return house.store.key(CHAT)


async def test_strangers_stay_out(client: httpx.AsyncClient) -> None:
    """Without a session every page leads to the door, in the way the caller understands."""
    page = await client.get("/consola")
    script = await client.get("/consola", headers={"HX-Request": "true"})
    stream = await client.get("/consola/live", headers={"Accept": "text/event-stream"})
    front = await client.get("/")

    assert (page.status_code, page.headers["location"]) == (
        303, "/consola/entrar?next=%2Fconsola",
    )  # fmt: skip
    assert (script.status_code, script.text) == (401, "La sesión terminó.")
    assert stream.status_code == 401
    assert front.headers["location"] == "/consola"


async def test_wrong_password(client: httpx.AsyncClient, house: Application) -> None:
    """A wrong password and an unknown name get the same answer; after five, patience."""
    await join(house.store.staff, "ana")
    wrong = await client.post("/consola/entrar", data={**_FORM, "password": "x"})
    unknown = await client.post("/consola/entrar", data={**_FORM, "name": "nadie"})
    for _ in range(3):
        await client.post("/consola/entrar", data={**_FORM, "password": "x"})
    late = await client.post("/consola/entrar", data=_FORM)

    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)
    assert "incorrectos" in wrong.text
    assert late.status_code == 429


async def test_guesses(client: httpx.AsyncClient, house: Application) -> None:
    """Whoever guesses is told how long to wait; a browser that signed in before is not slowed."""
    await sign_in(client, house)
    session = client.headers.pop("cookie")
    first = await client.post("/consola/entrar", data=_FORM)
    mine = "; ".join(one.split(";")[0] for one in first.headers.get_list("set-cookie"))
    answers = await asyncio.gather(
        *(client.post("/consola/entrar", data={**_FORM, "password": "x"}) for _ in range(9))
    )
    slowed = next(answer for answer in answers if answer.status_code == 429)
    known = await client.post("/consola/entrar", data=_FORM, headers={"cookie": mine})

    assert sorted(answer.status_code for answer in answers) == [401] * 4 + [429] * 5
    assert 60 < int(slowed.headers["retry-after"]) <= 120
    assert "Espere 2 min" in slowed.text
    assert known.status_code == 303
    old = await client.get("/consola", headers={"cookie": mine})
    other = await client.get("/consola", headers={"cookie": session})
    assert [old.status_code, other.status_code] == [303, 200]


async def test_sign_out(client: httpx.AsyncClient, house: Application) -> None:
    """A session that was ended opens nothing any more."""
    await sign_in(client, house)
    assert (await client.get("/consola")).status_code == 200

    await client.post("/consola/salir")

    assert (await client.get("/consola")).status_code == 303


async def test_unreadable_record(client: httpx.AsyncClient, house: Application) -> None:
    """One record that cannot be read is one row that says so; the other chats go on."""
    await sign_in(client, house)
    other = Chat(channel="simulator", account="whatsapp", id="otra")
    await house.turns.take(other, Delivery(id="o", event=Said(text="hola"), at=0))
    key = await _talk(house, "hola")
    name = keys.name_key("chat", key)
    await house.store.pipeline.ask(("HSET", name, "st", b"garbage", "row", b"garbage"))
    await house.store.pipeline.ask(("ZADD", keys.shard_of(key).key("pending"), 1, key))
    with capture_logs() as logs:
        inbox = await client.get("/consola?v=todos")
        tasks = await client.get("/consola/solicitudes")
        opened = await client.get(f"/consola/c/{key}")
        open_other = await client.get(f"/consola/c/{house.store.key(other)}")
        acted = await client.post(f"/consola/c/{key}/take")

    assert (inbox.status_code, tasks.status_code, open_other.status_code) == (200, 200, 200)
    assert inbox.text.count("no se puede leer") == tasks.text.count("no se puede leer") == 1
    assert (opened.status_code, acted.status_code) == (404, 404)
    assert "no se puede leer" in opened.text
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["record.unreadable"]


async def test_unreadable_line(client: httpx.AsyncClient, house: Application) -> None:
    """A line of the journal that cannot be read says so in its place."""
    await sign_in(client, house)
    key = await _talk(house, "hola")
    log = keys.name_key("log", key)
    await house.store.pipeline.ask(("XADD", log, "*", "e", b"garbage"))
    opened = await client.get(f"/consola/c/{key}")

    assert opened.status_code == 200
    assert "No se puede leer" in opened.text
    assert "hola" in opened.text


async def test_first_administrator(client: httpx.AsyncClient, house: Application) -> None:
    """The one-time link makes one administrator, once."""
    token = await house.store.staff.first_link(now=clock())
    assert token is not None
    link = f"/consola/inicio/{token}"
    assert (await client.get(link)).status_code == 200
    assert (await client.post(link, data={**_FORM, "password": "corta"})).status_code == 422

    assert (await client.post(link, data=_FORM)).status_code == 303

    assert (await client.get(link)).status_code == 404
    assert (await client.post(link, data=_FORM)).status_code == 404
    assert await house.store.staff.first_link(now=clock()) is None
    with pytest.raises(LinkInvalid):
        await house.store.staff.accept("falso", _PASSWORD, name="luis", now=clock())


async def test_foreign_forms(client: httpx.AsyncClient, house: Application) -> None:
    """A form of another site is refused, whichever way the browser tells."""
    await sign_in(client, house)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert (await client.post("/consola/salir", headers=headers)).status_code == 403
    own = {"Origin": "https://enlace.example"}
    assert (await client.post("/consola/salir", headers=own)).status_code == 303


async def test_headers(client: httpx.AsyncClient) -> None:
    """Every answer forbids foreign scripts; pages are not kept, static files for ever."""
    page = await client.get("/consola/entrar")
    style = await client.get("/static/enlace.css")

    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in style.headers["cache-control"]


async def test_double_press(client: httpx.AsyncClient, house: Application) -> None:
    """A form sent twice is one message."""
    await sign_in(client, house)
    key = await _talk(house, "hola")
    await client.post(f"/consola/c/{key}/take", data={"delivery": "1"})
    for _ in range(2):
        answer = await client.post(
            f"/consola/c/{key}/reply", data={"delivery": "2", "text": "Buenos días"}
        )
        assert answer.status_code == 204

    said = [entry.text for entry in await house.store.journal.read(key)]

    assert said.count("Buenos días") == 1


async def test_not_the_holder(client: httpx.AsyncClient, house: Application) -> None:
    """Who does not hold the chat cannot answer in it, and is told what to do."""
    await sign_in(client, house)
    key = await _talk(house, "hola")

    answer = await client.post(f"/consola/c/{key}/reply", data={"text": "Buenos días"})

    assert answer.status_code == 409
    assert answer.text == "Tome la conversación primero: eso lo hace quien la lleva."


async def test_colleagues(client: httpx.AsyncClient, house: Application) -> None:
    """A chat that a colleague holds shows who, and can be taken on purpose."""
    await sign_in(client, house)
    key = await _talk(house, "asesor")
    assert "pide una persona" in (await client.get(f"/consola/c/{key}")).text
    await client.post(f"/consola/c/{key}/take")
    await sign_in(client, house, "luis")

    assert "<b>ana</b> tomó este chat" in (await client.get(f"/consola/c/{key}")).text
    blind = await client.post(f"/consola/c/{key}/take")
    await client.post(f"/consola/c/{key}/take", data={"over": "ana"})

    assert blind.status_code == 409
    assert blind.text.startswith("ana tomó este chat a las ")
    page = await client.get(f"/consola/c/{key}")
    assert "Usted lleva este chat." in page.text


async def test_unknown_places(client: httpx.AsyncClient, house: Application) -> None:
    """What does not exist is told as such."""
    await sign_in(client, house)
    key = await _talk(house, "hola")

    assert (await client.get("/consola/c/nada")).status_code == 404
    assert (await client.post("/consola/c/nada/take")).status_code == 404
    assert (await client.post(f"/consola/c/{key}/dance")).status_code == 404


async def test_live(client: httpx.AsyncClient, house: Application) -> None:
    """An open page gets the picture at once, a new one at a change, and an end when we stop."""
    await sign_in(client, house)
    key = await _talk(house, "hola")
    running = asyncio.create_task(house.hub.run(house.store.feed))
    pictures = 0
    async with client.stream("GET", f"/consola/live?c={key}") as stream:
        async for line in stream.aiter_lines():
            if 'id="voice"' in line:
                pictures += 1
                await house.store.feed.tell(key)
            if pictures == 3:
                house.hub.close()

    await running
    assert pictures >= 3
    async with client.stream("GET", "/consola/live") as late:
        assert len([line async for line in late.aiter_lines() if "inbox" in line]) == 1


async def test_simulator_without_scripts(client: httpx.AsyncClient, house: Application) -> None:
    """The phone refuses what it cannot do, and phones that are gone lead to one that is there."""
    first = await client.get("/simulador")
    place = first.headers["location"]
    key = place.rsplit("/", 1)[1]

    assert (await client.get(place)).status_code == 200
    assert (await client.post(f"{place}/dance", data={"value": "x"})).status_code == 422
    assert (await client.post(f"{place}/say", data={"value": " "})).status_code == 422
    assert (await client.post(f"{place}/again")).status_code == 204
    assert (await client.post(f"{place}/say", data={"value": "/start ABCD2345"})).status_code == 204
    assert (await client.post(f"{place}/press", data={"value": "9:start"})).status_code == 204
    assert (await client.post(f"{place}/contact", data={"value": "own"})).status_code == 204
    assert (await client.post(f"{place}/contact", data={"value": "other"})).status_code == 204
    assert (await client.post(f"{place}/media", data={"value": "photo"})).status_code == 204
    assert (await client.post("/simulador/c/nada/say", data={"value": "x"})).status_code == 404
    assert (await client.get("/simulador/c/nada")).headers["location"] == "/simulador"
    assert (await client.get("/simulador/live?c=nada")).status_code == 404
    made = await client.post("/simulador/phones", data={"look": "fax"})
    assert made.status_code == 303
    assert (await client.post("/simulador/faults", data={"fault": "gremlins"})).status_code == 204
    texts = [bubble.message.text for bubble in await house.store.simulator.read(key)]
    assert texts == ["/start …", "Botón", texts[2], texts[3], "Foto"]


async def asked(house: Application, sandbox: Sandbox) -> tuple[str, str]:
    """Have a customer ask to replace the document on file; gives the chat's key and the code."""
    sandbox.rows[1001] |= {"cedula": "52123456", "telefono": "3159741951"}
    chat = Chat(channel="simulator", account="whatsapp", id="ana")
    client = await house.clients.find(1001)
    asked = Conversation(
        chat=chat,
        state=State.SUMMARY,
        identity=Identity(client=client, proofs=(Proof.CHANNEL_PHONE,)),
        draft=Draft(answers={Field.DOCUMENT: "79123456", Field.PHONE: KEPT}),
        shown=Shown(asked="resumen"),
        consent=Consent(at=1, code="x", version="1"),
    )
    change = Change(
        conversation=asked, version=0, deliveries=["begin"], effects=[], entries=[], now=1
    )
    await house.store.conversations.commit(change)
    await house.turns.take(chat, Delivery(id="save", event=Said(text="sí, guardar"), at=0))
    found = await house.store.conversations.find(house.store.key(chat))
    assert found.change.request is not None
    return house.store.key(chat), found.change.request.code


async def test_request_is_decided(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A request shows old and new, masked; two people approve it, none of them twice."""
    await sign_in(client, house)
    key, code = await asked(house, sandbox)
    shown = (await client.get(f"/consola/c/{key}")).text
    for _ in range(2):
        await client.post(f"/consola/c/{key}/approve", data={"code": code})
    once = await house.store.conversations.find(key)
    await sign_in(client, house, "luis")
    await client.post(f"/consola/c/{key}/approve", data={"code": code})
    twice = await house.store.conversations.find(key)

    assert "•••••456 → <b>•••••456</b>" in shown
    assert "52123456" not in shown
    assert "Necesita dos personas" in shown
    assert (once.state, twice.state) == (State.REVIEW, State.UPDATING)


async def test_request_is_rejected(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A rejection needs a reason, which the customer reads; who comes after it is told so."""
    await sign_in(client, house)
    key, code = await asked(house, sandbox)

    silent = await client.post(f"/consola/c/{key}/reject", data={"code": code, "reason": " "})
    told = await client.post(f"/consola/c/{key}/reject", data={"code": code, "reason": "no es él"})
    late = await client.post(f"/consola/c/{key}/approve", data={"code": code})
    found = await house.store.conversations.find(key)

    assert [answer.status_code for answer in (silent, told, late)] == [422, 204, 409]
    assert "Usted ya rechazó esta solicitud a las" in late.text
    assert (found.state, found.change.request) == (State.START, None)


async def test_customer_is_vouched_for(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Whoever holds the chat vouches for its customer, saying how it was made sure."""
    await sign_in(client, house)
    key, _ = await asked(house, sandbox)

    reason = {"reason": "vino a la oficina"}

    from_outside = await client.post(f"/consola/c/{key}/vouch", data=reason)
    await client.post(f"/consola/c/{key}/take")
    silent = await client.post(f"/consola/c/{key}/vouch", data={})
    told = await client.post(f"/consola/c/{key}/vouch", data=reason)
    journal = [entry.text for entry in await house.store.journal.read(key)]

    assert (from_outside.status_code, silent.status_code, told.status_code) == (409, 422, 204)
    assert "ana comprobó quién es el cliente: vino a la oficina" in journal


async def test_copy(client: httpx.AsyncClient, house: Application) -> None:
    """Whoever holds the chat downloads what is kept of a customer, with a reason, on record."""
    await sign_in(client, house)
    for text in ("hola", "empezar", "sí, autorizo"):
        await _talk(house, text)
    key = house.store.key(CHAT)
    consent = (await house.store.conversations.find(key)).consent
    assert consent is not None
    record = RecordConsent(code="AAAA2222", at=9, decision=ConsentDecision.GIVEN, consent=consent)
    await house.store.consents.record(key, record, years=1)
    reason = {"reason": "la pidió por escrito"}
    from_outside = await client.post(f"/consola/c/{key}/copia", data=reason)
    await client.post(f"/consola/c/{key}/take")
    silent = await client.post(f"/consola/c/{key}/copia")
    answer = await client.post(f"/consola/c/{key}/copia", data=reason)
    missing = await client.post("/consola/c/nadie/copia", data=reason)
    audit = await house.store.audit.read()
    journal = await house.store.journal.read(key)

    copied = answer.json()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert copied["conversacion"][0]["texto"] == "hola"
    assert copied["autorizaciones"][0]["codigo"] == consent.code
    assert [from_outside.status_code, silent.status_code, missing.status_code] == [409, 422, 404]
    assert [(entry.act, entry.result.value) for entry in audit][:4] == [
        ("copy", "done"), ("copy", "refused"), ("take", "done"), ("copy", "refused"),
    ]  # fmt: skip
    assert (audit[0].actor, audit[0].reason) == ("ana", "la pidió por escrito")
    assert journal[-1].text == "ana descargó copia de todo lo guardado"


async def test_name_stays_typed(client: httpx.AsyncClient, house: Application) -> None:
    """Whose first password is refused need not type the name again."""
    token = await house.store.staff.first_link(now=clock())
    answer = await client.post(f"/consola/inicio/{token}", data=_FORM | {"password": "1234567890"})

    assert answer.status_code == 422
    assert 'value="ana"' in answer.text
