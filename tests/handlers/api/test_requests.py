"""Requests that wait for people: on a page of their own, and for programs."""

import httpx
import pytest
from pydantic import SecretStr

from bot.bootstrap import Application
from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.audit import Result
from state.conversation import Conversation
from state.events import Attested, Said
from state.fields.table import Field
from state.parts import Draft, Identity, PendingChange
from state.records import Request, SavedChange, Standing
from state.states import State
from state.store.conversations import Change
from tests.api_keys import ALSO_DECIDES, DECIDES, LISTED, UPDATES
from tests.clients import make_changes, make_client
from tests.handlers.console.test_console import CHAT, asked, client, house, sign_in

__all__ = ["client", "house"]  # fixtures


@pytest.fixture
def keyed(house: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings with keys for programs."""
    monkeypatch.setattr(house.settings, "api_keys", SecretStr(LISTED.replace(" ", "")))


@pytest.fixture
async def program(keyed: None, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A program whose key may decide."""
    assert keyed is None
    client.headers["x-api-key"] = DECIDES
    return client


async def _found(house: Application, key: str) -> Conversation:
    return await house.store.conversations.find(key)


async def _changed(house: Application, saved: SavedChange) -> str:
    """Have a chat through which a service was changed; gives its key."""
    done = Conversation(chat=CHAT, state=State.DONE, last_change=saved)
    change = Change(conversation=done, version=0, deliveries=["x"], effects=[], entries=[], now=9)
    await house.store.conversations.commit(change)
    return house.store.key(CHAT)


async def test_page(client: httpx.AsyncClient, house: Application, sandbox: Sandbox) -> None:
    """Every request stands on one page, masked, the longest waiting first, until it is decided."""
    await sign_in(client, house)
    empty = (await client.get("/consola/solicitudes")).text
    key, code = await asked(house, sandbox)
    shown = (await client.get("/consola/solicitudes")).text
    await client.post(f"/consola/c/{key}/reject", data={"code": code, "reason": "no es él"})
    after = (await client.get("/consola/solicitudes")).text

    assert "Nada espera por ustedes" in empty
    assert f"/consola/c/{key}" in shown
    assert "reemplaza el documento registrado" in shown
    assert "52123456" not in shown
    assert "Nada espera por ustedes" in after


async def test_question_and_reply(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Staff ask for more before they decide; the reply stands beside the request."""
    await sign_in(client, house)
    key, code = await asked(house, sandbox)

    silent = await client.post(f"/consola/c/{key}/ask", data={"code": code, "text": " "})
    told = await client.post(f"/consola/c/{key}/ask", data={"code": code, "text": "¿Por qué?"})
    waiting = (await client.get(f"/consola/c/{key}")).text
    await house.turns.take(CHAT, Delivery(id="r", event=Said(text="La perdí"), at=0))
    page = (await client.get(f"/consola/c/{key}")).text

    assert [answer.status_code for answer in (silent, told)] == [422, 204]
    assert "Se preguntó: ¿Por qué?" in waiting
    assert "Aún no responde" in waiting
    assert "Respondió: <b>La perdí</b>" in page


async def test_lost_change_is_seen_to(client: httpx.AsyncClient, house: Application) -> None:
    """A change that WispHub lost waits for people until one of them says it is done."""
    await sign_in(client, house)
    saved = SavedChange(
        code="ABCD2345", at=5, service_id=1001, standing=Standing.LOST,
        changes=make_changes(make_client(1001, document="52123456"), document="79123456"),
    )  # fmt: skip
    key = await _changed(house, saved)

    page = (await client.get("/consola/solicitudes")).text
    await client.post(f"/consola/c/{key}/settle", data={"code": "ABCD2345"})
    again = await client.post(f"/consola/c/{key}/settle", data={"code": "ABCD2345"})
    after = (await client.get("/consola/solicitudes")).text
    settled = (await _found(house, key)).last_change

    assert "WispHub lo perdió: hágalo a mano. Antes: documento •••••456" in page
    assert (again.status_code, "Nada espera" in after) == (409, True)
    assert settled is not None
    assert settled.standing is Standing.SETTLED


async def test_programs_need_a_key(
    program: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Without a key nothing is told and nothing decided."""
    key, code = await asked(house, sandbox)
    del program.headers["x-api-key"]
    listed = await program.get("/api/v1/requests")
    decided = await program.post(f"/api/v1/requests/{code}/approve")

    assert (listed.status_code, decided.status_code) == (401, 401)
    request = (await _found(house, key)).change.request
    assert request is not None
    assert request.approved_by == ()


async def test_deciding_needs_its_scope(
    program: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A key that may only update lists nothing and decides nothing: 403 in the five keys."""
    key, code = await asked(house, sandbox)
    program.headers["x-api-key"] = UPDATES
    listed = await program.get("/api/v1/requests")
    decided = [
        await program.post(f"/api/v1/requests/{code}/{action}", json={"text": "x"})
        for action in ("approve", "reject", "ask", "dance")
    ]

    assert [answer.status_code for answer in (listed, *decided)] == [403] * 5
    assert listed.json() == {
        "ok": False, "type": "error", "action": "error", "data": None,
        "message": "La llave no tiene el permiso decide: agréguelo en ENLACE_API_KEYS.",
    }  # fmt: skip
    request = (await _found(house, key)).change.request
    assert request is not None
    assert (request.approved_by, request.query) == ((), "")


async def test_no_program_is_one_of_two(
    program: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A program lists requests, masked; where two people are needed, no key approves."""
    key, code = await asked(house, sandbox)
    (listed,) = (await program.get("/api/v1/requests")).json()["data"]
    answers = []
    for own in (DECIDES, ALSO_DECIDES):
        program.headers["x-api-key"] = own
        answers.append(await program.post(f"/api/v1/requests/{code}/approve"))
    gone = await program.post(f"/api/v1/requests/{'X' * 8}/approve")
    found = await _found(house, key)

    assert (listed["code"], listed["chat"], listed["four_eyes"]) == (code, key, True)
    assert listed["rows"] == [
        {"field": "Documento", "was": "", "old": "•••••456", "new": "•••••456"}
    ]
    assert [answer.status_code for answer in (*answers, gone)] == [409] * 3
    assert "una llave no lo es" in answers[0].json()["message"]
    assert found.change.request is not None
    assert (found.state, found.change.request.approved_by) == (State.REVIEW, ())
    noted = await house.store.audit.read()
    assert {(one.act, one.result, one.about) for one in noted} == {
        ("approve", Result.REFUSED, f"chat:{key}"),
        ("approve", Result.REFUSED, f"request:{'X' * 8}"),
    }


async def test_program_approves_alone(program: httpx.AsyncClient, house: Application) -> None:
    """A request that needs one approval is approved by a program, once, in its key's name."""
    await _waiting_for_one(house)
    place = "/api/v1/requests/ABCD2345/approve"
    first, second = await program.post(place), await program.post(place)
    found = await _found(house, house.store.key(CHAT))
    noted = [(one.act, one.actor[:4], one.result) for one in await house.store.audit.read()]

    assert [first.status_code, second.status_code] == [202, 409]
    assert found.state is State.UPDATING
    assert noted == [
        ("approve", "api:", Result.REFUSED),
        ("approve", "api:", Result.DONE),
    ]


async def _waiting_for_one(house: Application) -> None:
    """Have a chat whose customer adds a phone of somebody else's: one person decides that."""
    request = Request(code="ABCD2345", at=5)
    waiting = Conversation(
        chat=CHAT,
        state=State.REVIEW,
        identity=Identity(client=make_client(1001, phone="3159741951")),
        draft=Draft(answers={Field.PHONE: "+573201234567"}),
        change=PendingChange(request=request),
    )
    change = Change(
        conversation=waiting, version=0, deliveries=["w"], effects=[], entries=[], now=9
    )
    await house.store.conversations.commit(change)


async def test_programs_say_why(
    program: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A rejection and a question need words; what cannot be read has none."""
    key, code = await asked(house, sandbox)
    place = f"/api/v1/requests/{code}"
    bodies = (
        b"",
        b"{",
        b"[]",
        b'{"text": 5}',
        b'{"text": " "}',
        b'{"text": "' + b"a" * 5000 + b'"}',
    )
    refused = [(await program.post(f"{place}/reject", content=body)).status_code for body in bodies]
    nothing = await program.post(f"{place}/dance")
    query = await program.post(f"{place}/ask", json={"text": "¿Su correo?"})
    told = await program.post(f"{place}/reject", json={"text": "No es el titular"})

    assert refused == [422] * len(bodies)
    assert [nothing.status_code, query.status_code, told.status_code] == [404, 202, 202]
    assert (await _found(house, key)).state is State.START


async def test_contested(keyed: None, client: httpx.AsyncClient, house: Application) -> None:
    """What somebody who must know disowned cannot be approved, until staff made sure who it is."""
    assert keyed is None
    await sign_in(client, house)
    key, code = house.store.key(CHAT), "ABCD2345"
    await _waiting_for_one(house)
    event = Attested(code=code, own=False)
    await house.turns.take(CHAT, Delivery(id="no", event=event, at=0))
    client.headers["x-api-key"] = DECIDES
    page = (await client.get(f"/consola/c/{key}")).text
    tasks = (await client.get("/consola/solicitudes")).text
    (listed,) = (await client.get("/api/v1/requests")).json()["data"]
    refused = await client.post(f"/api/v1/requests/{code}/approve")
    await client.post(f"/consola/c/{key}/take")
    await client.post(f"/consola/c/{key}/vouch", data={"reason": "vino a la oficina"})
    accepted = await client.post(f"/api/v1/requests/{code}/approve")

    assert "El titular dice que no fue él" in page
    assert "El titular dice que no fue él" in tasks
    assert ">Aprobar<" not in page
    assert (listed["contested"], refused.status_code, accepted.status_code) == (True, 409, 202)


async def test_held(client: httpx.AsyncClient, house: Application) -> None:
    """Staff see until when a request is held, and what would take the old numbers' place."""
    await sign_in(client, house)
    held = Conversation(
        chat=CHAT,
        state=State.REVIEW,
        identity=Identity(client=make_client(1001, phone="3159741951")),
        draft=Draft(answers={Field.PHONE: "+573201234567"}, replacing=(Field.PHONE,)),
        change=PendingChange(request=Request(code="ABCD2345", at=5, held_until=1_795_528_800_000)),
    )
    change = Change(conversation=held, version=0, deliveries=["x"], effects=[], entries=[], now=9)
    await house.store.conversations.commit(change)
    page = (await client.get(f"/consola/c/{house.store.key(CHAT)}")).text

    assert "se guarda desde el <time" in page
    assert "320 ••• ••67 (quita los demás)" in page


async def test_change_is_undone(client: httpx.AsyncClient, house: Application) -> None:
    """Staff ask for a change to be undone, saying why; what would be put back is shown, masked."""
    await sign_in(client, house)
    saved = SavedChange(
        code="ABCD2345", at=5, service_id=1001, standing=Standing.VERIFIED,
        changes=make_changes(make_client(1001, document="52123456"), document="79111888"),
    )  # fmt: skip
    key = await _changed(house, saved)

    page = (await client.get(f"/consola/c/{key}")).text
    silent = await client.post(f"/consola/c/{key}/undo", data={"code": "ABCD2345"})
    wrong = await client.post(f"/consola/c/{key}/undo", data={"code": "X", "reason": "error"})
    nothing = (await _found(house, key)).change.request
    told = await client.post(f"/consola/c/{key}/undo", data={"code": "ABCD2345", "reason": "error"})
    asking = (await client.get(f"/consola/c/{key}")).text

    assert "Pedir que se deshaga" in page
    assert [answer.status_code for answer in (silent, wrong, told)] == [422, 409, 204]
    assert nothing is None
    assert "•••••888 → <b>•••••456</b>" in asking
    assert "deshace el cambio ABCD2345: error" in asking
    assert "Pedir que se deshaga" not in asking


@pytest.mark.parametrize(
    ("document", "standing", "undoable"),
    [
        ("52123456", Standing.VERIFIED, True),
        ("52123456", Standing.LOST, False),
        ("", Standing.VERIFIED, False),
    ],
)
def test_what_can_be_undone(document: str, standing: Standing, *, undoable: bool) -> None:
    """Only what stands there, and replaced something: WispHub may not take an empty value."""
    changes = make_changes(make_client(1, document=document), document="79111888")
    saved = SavedChange(code="A", at=1, service_id=1, changes=changes, standing=standing)

    assert saved.undoable is undoable
