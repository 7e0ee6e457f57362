"""The search over HTTP: by POST, audited without the words, limited, with and without scripts."""

import re

import httpx
import pytest

from bot.bootstrap import Application
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from handlers.console import search
from handlers.ports import Delivery
from state.audit import AuditEntry, AuditFilter, Result, SecurityEvent
from state.client import Client
from state.conversation import Chat, Conversation, replace
from state.events import Said
from state.fields.table import Field
from state.messages.lists import Search
from state.parts import Draft, Identity
from state.roles import Role
from state.store.conversations import Change, Verdict
from tests.handlers.console.test_console import client, house, sign_in

__all__ = ["client", "house"]

_PATH = "/consola/buscar"
_SCRIPTED = {"HX-Request": "true"}


@pytest.fixture
async def staff(client: httpx.AsyncClient, house: Application) -> httpx.AsyncClient:
    """The browser of a member who may only look."""
    await sign_in(client, house, roles=[Role.OBSERVADOR])
    return client


async def _put(house: Application, number: int, *, document: str = "", service: int = 0) -> str:
    """Store a chat with such a document and service."""
    chat = Chat(channel="simulator", account="whatsapp", id=f"caso {number}")
    conversation = replace(
        Conversation(chat=chat, turns=1),
        draft=Draft(answers={Field.DOCUMENT: document} if document else {}),
        identity=Identity(client=Client(service_id=service) if service else None),
    )
    change = Change(
        conversation=conversation, version=0, deliveries=[], effects=[], entries=[], now=number
    )
    assert await house.store.conversations.commit(change) is Verdict.OK
    return house.store.key(chat)


async def _look_for(
    staff: httpx.AsyncClient, words: str, *, within: str = "v=todos", scripted: bool = True
) -> httpx.Response:
    form = {"words": words, "list": within}
    return await staff.post(_PATH, data=form, headers=_SCRIPTED if scripted else {})


def _found(page: httpx.Response) -> list[str]:
    return re.findall(r'<li id="found-(\w+)"', page.text)


async def _audited(house: Application) -> list[AuditEntry]:
    wanted = AuditFilter(act=SecurityEvent.SEARCH)
    return (await house.store.audit.find(wanted, before=""))[0]


async def test_one_result_opens_itself(house: Application, staff: httpx.AsyncClient) -> None:
    """The only chat that is found opens beside the list one was in; no number is in an address."""
    key = await _put(house, 1, document="52123456")
    await _put(house, 2, document="1098765432")

    scripted = await _look_for(staff, "52.123.456", within="v=todos&canal=simulator")
    plain = await _look_for(staff, "52.123.456", scripted=False)

    assert scripted.headers["HX-Redirect"] == f"/consola?v=todos&canal=simulator&c={key}"
    assert (plain.status_code, plain.headers["location"]) == (303, f"/consola?v=todos&c={key}")


async def test_several_are_rows(house: Application, staff: httpx.AsyncClient) -> None:
    """Several are the rows of a list, the last active first, alone or within the whole page."""
    put = [await _put(house, number, document="52123456") for number in range(3)]

    part = await _look_for(staff, "52123456")
    whole = await _look_for(staff, "52123456", scripted=False)

    assert _found(part) == _found(whole) == put[::-1]
    assert "3 conversaciones" in part.text
    assert "<main" not in part.text
    assert '<ul class="inbox" aria-label="Encontradas">' in whole.text
    assert f'href="/consola?v=todos&amp;c={put[0]}"' in part.text
    assert 'id="inbox"' in whole.text


async def test_service_and_code(house: Application, staff: httpx.AsyncClient) -> None:
    """A number is looked for as all that it may be: a document here, a service there."""
    put = {await _put(house, 1, document="1001"), await _put(house, 2, service=1001)}

    assert {*_found(await _look_for(staff, "1001"))} == put


async def test_by_name(house: Application, staff: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """A name is asked of the directory, whatever part of its words is typed, and leads to chats."""
    names = ("Rosalba Muñoz Cárdenas", "ROSALBA PEÑA", "Rosa Muñoz", "Hernán Ruiz")
    for number, name in enumerate(names):
        sandbox.rows[7001 + number] = sandbox.rows[1001] | {
            "id_servicio": 7001 + number, "nombre": name
        }  # fmt: skip
    put = [await _put(house, number, service=7001 + number) for number in range(3)]

    for words, found in (("rosal", {put[0], put[1]}), ("Muñoz ros", {put[0], put[2]})):
        assert {*_found(await _look_for(staff, words))} == found
    one = await _look_for(staff, "Rosalba Cárdenas")
    never = await _look_for(staff, "Hernán Ruiz")

    assert one.headers["HX-Redirect"].endswith(put[0])
    assert Search.NEVER_WROTE.format(count=1) in never.text
    assert Search.NOTHING in (await _look_for(staff, "Zzyzx")).text


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.HANG, Fault.IGNORE])
async def test_directory_away(
    house: Application,
    staff: httpx.AsyncClient,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """While WispHub is away the answer says so in time, and what needs no name is found."""
    monkeypatch.setattr(search, "_PATIENCE", 0.05)
    put = [await _put(house, number, document="52123456") for number in range(2)]
    sandbox.fault = fault

    by_name = await _look_for(staff, "Rosalba")
    by_number = await _look_for(staff, "52123456")

    assert Search.AWAY in by_name.text
    assert "told failed" in by_name.text
    assert {*_found(by_number)} == {*put}


async def test_audit_keeps_no_words(house: Application, staff: httpx.AsyncClient) -> None:
    """Every search stands in the audit: who, by which kinds, how many; never what was typed."""
    await _put(house, 1, document="52123456")
    for words in ("52.123.456", "Rosalba"):
        await _look_for(staff, words)

    by_name, by_number = await _audited(house)

    assert (by_number.actor, by_number.result) == ("ana", Result.DONE)
    assert (by_number.about, by_number.more) == ("search:cédula, celular, servicio", ("found:1",))
    assert (by_name.about, by_name.more) == ("search:nombre", ("found:0",))
    await sign_in(staff, house, "sofi", [Role.SUPERVISOR])
    page = await staff.get("/consola/auditoria")
    assert "Por cédula, celular, servicio, Encontradas: 1" in page.text


async def test_nothing_to_look_for(house: Application, staff: httpx.AsyncClient) -> None:
    """Nothing typed leads back to the list; what means nothing is told what would, unaudited."""
    empty = await _look_for(staff, "  ", scripted=False)
    senseless = await _look_for(staff, "…")
    by_address = await staff.get(_PATH)

    assert (empty.status_code, empty.headers["location"]) == (303, "/consola?v=todos")
    assert Search.USAGE in senseless.text
    assert (by_address.status_code, by_address.headers["location"]) == (303, "/consola")
    assert await _audited(house) == []


async def test_enumeration_is_slowed(house: Application, staff: httpx.AsyncClient) -> None:
    """Who looks for thirty numbers within a minute is refused, in words; the others are not."""
    await _put(house, 1, document="52123456")
    for number in range(30):
        await _look_for(staff, str(52_123_400 + number))

    refused = await _look_for(staff, "52123456")
    again = await _look_for(staff, "52123456", scripted=False)
    entries = await _audited(house)
    await sign_in(staff, house, "beto", [Role.AGENTE])
    other = await _look_for(staff, "52123456")

    assert (refused.status_code, again.status_code) == (429, 429)
    assert int(refused.headers["Retry-After"]) > 0
    assert "Demasiadas búsquedas seguidas. Espere" in refused.text
    assert [entry.result for entry in entries].count(Result.REFUSED) == 1
    assert "HX-Redirect" in other.headers


async def test_erased_is_not_found(house: Application, staff: httpx.AsyncClient) -> None:
    """An erased chat is found no more."""
    key = await _put(house, 1, document="52123456")
    await house.store.conversations.erase(key, version=1)

    assert Search.NOTHING in (await _look_for(staff, "52123456")).text


async def test_rows_are_masked(house: Application, staff: httpx.AsyncClient) -> None:
    """What is found shows what any row shows: a number in the last words is masked."""
    for number in range(2):
        chat = Chat(channel="simulator", account="whatsapp", id=f"otro {number}")
        for place, text in enumerate(("hola", f"soy 5212345{number}")):
            delivery = Delivery(id=f"{number}.{place}", event=Said(text=text), at=0)
            assert await house.turns.take(chat, delivery) is None
        conversation = await house.store.conversations.find(house.store.key(chat))
        answers = replace(conversation, draft=Draft(answers={Field.DOCUMENT: "52123456"}))
        loaded = await house.store.conversations.load(chat, ["x"])
        change = Change(
            conversation=answers, version=loaded.version, deliveries=[], effects=[], entries=[],
            now=9,
        )  # fmt: skip
        assert await house.store.conversations.commit(change) is Verdict.OK

    page = await _look_for(staff, "52123456")

    assert len(_found(page)) == 2
    assert "soy" in page.text
    assert "5212345" not in page.text


async def test_strangers_do_not_search(client: httpx.AsyncClient) -> None:
    """Nobody searches without a session, nor from another site."""
    stranger = await _look_for(client, "52123456", scripted=False)

    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/consola/entrar")
    other = await client.post(_PATH, data={"words": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403
