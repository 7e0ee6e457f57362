"""The service beside the chat: as WispHub has it, how old that is, and what if it is away."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace as altered
from decimal import Decimal

import httpx
import pytest

from bot.bootstrap import Application, clock
from bot.sandbox.faults import Fault
from bot.sandbox.server import KEY, Sandbox
from bot.wisphub.adapter import WispHub
from handlers.console.readings import FRESH, Reading, Readings
from handlers.console.service_card import show_reading
from state.client import Client
from state.conversation import Chat, Conversation
from state.fields.table import Field
from state.inquiry import Balance, ServiceStatus, Supply
from state.machine import leaving
from state.parts import Account, Identity, Link, Person
from state.proof import Proof
from state.states import State
from state.store.conversations import Change
from tests.clients import make_client
from tests.handlers.console.test_console import client, house, sign_in

__all__ = ["client", "house"]

_NOW = 1_795_500_000_000
_SERVICE = 1004
_KNOWN = make_client(_SERVICE, name="Zoraida Quiñones", plan="Plan 5MB", address="Calle 1 # 2-3")


async def _stand(house: Application, name: str, known: Client = _KNOWN, **parts: object) -> str:
    """Let a chat about a service stand, linked to it; its key."""
    chat = Chat(channel="telegram", account="1", id=name)
    conversation = Conversation(
        chat=chat, state=State.DONE, turns=3, account=Account(person=Person(name=name)),
        identity=Identity(client=known, proofs=(Proof.CHANNEL_PHONE,)),
        link=Link(client=known, proofs=(Proof.CHANNEL_PHONE,)),
    )  # fmt: skip
    version = (await house.store.conversations.load(chat, ["x"])).version
    change = Change(
        conversation=altered(conversation, **parts),  # type: ignore[arg-type]
        version=version, deliveries=[f"{name} {version}"], effects=[], entries=[], now=clock(),
    )  # fmt: skip
    await house.store.conversations.commit(change)
    key = house.store.key(chat)
    await house.store.service_history.note_link(
        known.service_id, key, (), possesses=True, id=name, now=1
    )
    return key


def _facts(page: httpx.Response) -> dict[str, str]:
    """What the card and its parts say, by name; what stands last counts."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>\s*(.*?)\s*</dd>", page.text, re.DOTALL)
    return dict(found)


async def test_written_by_another_chat(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A document that another chat wrote a moment ago stands on the card (D8: «ninguno»)."""
    await sign_in(client, house)
    sandbox.store(_SERVICE, {"cedula": ""})
    here, other = await _stand(house, "Ana"), await _stand(house, "Beto")
    await client.get(f"/consola/c/{here}/servicio")
    sandbox.store(_SERVICE, {"cedula": "79654321"})
    await house.store.service_history.note_link(
        _SERVICE, other, (Field.DOCUMENT,), id="7", now=clock()
    )

    card = _facts(await client.get(f"/consola?v=todos&c={here}"))
    card |= _facts(await client.get(f"/consola/c/{here}/servicio"))

    assert card["Documento en archivo"] == "•••••321"


async def test_written_by_a_program(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A document that a program wrote a moment ago stands on the card too."""
    await sign_in(client, house)
    sandbox.store(_SERVICE, {"cedula": ""})
    key = await _stand(house, "Ana")
    before = _facts(await client.get(f"/consola/c/{key}/servicio"))
    await house.updates().update("portal", _SERVICE, {Field.DOCUMENT: "79654321"})

    after = _facts(await client.get(f"/consola/c/{key}/servicio"))

    assert before["Documento en archivo"] == "ninguno"
    assert after["Documento en archivo"] == "•••••321"


def _reads(sandbox: Sandbox) -> int:
    return len([path for _, path, _ in sandbox.requests if path == "/api/clientes/"])


async def test_as_the_directory_has_it(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Holder, plan, state, balance and cut-off stand there, masked; nothing whole of the file."""
    await sign_in(client, house)
    key = await _stand(house, "Ana", make_client(1007))
    row = sandbox.rows[1007]

    page = await client.get(f"/consola/c/{key}/servicio")

    facts = _facts(page)
    assert row["plan_internet"]["nombre"] in page.text
    assert '<span class="chip suspended">suspendido</span>' in page.text
    assert facts["Saldo"].startswith("debe $ ")
    assert "venció el" in facts["Saldo"]
    assert "Actualizado hace" in page.text
    for value in (row["cedula"], row["direccion"], row["nombre"], row["telefono"]):
        assert not value or value not in page.text


async def test_outage(client: httpx.AsyncClient, house: Application) -> None:
    """An outage that WispHub knows of is told, in its words."""
    await sign_in(client, house)
    key = await _stand(house, "Ana", make_client(1010))

    page = await client.get(f"/consola/c/{key}/servicio")

    assert "Falla general: Fibra cortada; la cuadrilla ya va en camino" in page.text


async def test_page_does_not_wait(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """The page comes without asking WispHub: with what the chat knows, and where to fetch it."""
    await sign_in(client, house)
    key = await _stand(house, "Ana")
    asked = _reads(sandbox)

    page = await client.get(f"/consola/c/{key}")

    assert _reads(sandbox) == asked
    assert "Plan 5MB" in page.text
    assert "Esto es lo que se leyó al conversar" in page.text
    assert f'hx-get="/consola/c/{key}/servicio" hx-trigger="load"' in page.text


async def test_away(client: httpx.AsyncClient, house: Application, sandbox: Sandbox) -> None:
    """While WispHub is away the card says so and what to do, with what the chat knows."""
    await sign_in(client, house)
    key = await _stand(house, "Ana")
    sandbox.fault = Fault.ERROR

    page = await client.get(f"/consola/c/{key}/servicio")

    assert page.status_code == 200
    assert "WispHub no responde" in page.text
    assert "⟳" in page.text
    assert "Plan 5MB" in page.text
    assert "Actualizado" not in page.text


async def test_read_once(client: httpx.AsyncClient, house: Application, sandbox: Sandbox) -> None:
    """Chats of a service share a reading; who asks anew gets a new one, or the old with its age."""
    await sign_in(client, house)
    keys = [await _stand(house, name) for name in ("Ana", "Beto")]
    before = _reads(sandbox)
    for key in keys * 5:
        await client.get(f"/consola/c/{key}/servicio")
    read = _reads(sandbox)
    sandbox.fault = Fault.ERROR
    kept = await client.get(f"/consola/c/{keys[0]}/servicio")
    renewed = await client.post(f"/consola/c/{keys[0]}/servicio")

    assert read == before + 1
    assert "no responde" not in kept.text
    assert "WispHub no responde" in renewed.text
    assert "Actualizado hace" in renewed.text


async def test_related(client: httpx.AsyncClient, house: Application) -> None:
    """The service's other chats are links; its changes and the chat's other services are named."""
    await sign_in(client, house)
    link = Link(client=_KNOWN, proofs=(Proof.CHANNEL_PHONE,), earlier=(1007,))
    here, other = await _stand(house, "Ana", link=link), await _stand(house, "Beto")
    await house.store.service_history.note_link(1007, here, (), id="1", now=1)
    await house.store.service_history.note_link(1010, here, (), id="2", now=1)
    await house.store.service_history.note_change(_SERVICE, here, (Field.PHONE,), id="3", now=_NOW)

    page = await client.get(f"/consola/c/{here}/servicio")

    title = f"Beto · {other[:2].upper()} · Telegram"
    assert f'<a href="/consola/c/{other}"><bdi>{title}</bdi></a>' in page.text
    assert "<li>Servicio 1007</li>" in page.text
    assert "<li>1 más</li>" in page.text
    assert re.search(r"<li>Celular · <time[^>]+>24/11 .*?por este chat", page.text)


def test_earlier_services() -> None:
    """A chat that is linked with another service remembers those of before, each once."""
    one, other = make_client(1001), make_client(1002)
    talk = Conversation(chat=Chat(channel="telegram", account="1", id="ana"))
    for client_now in (one, other, one, other):
        talk = leaving.link(altered(talk, identity=Identity(client=client_now)))

    assert talk.link == Link(client=other, earlier=(1001,))


async def test_whom_it_is_shown(client: httpx.AsyncClient, house: Application) -> None:
    """Strangers see no part of a card; a chat that is gone, or about no service, has none."""
    key = await _stand(house, "Ana")
    stranger = await client.get(f"/consola/c/{key}/servicio", headers={"HX-Request": "true"})
    await sign_in(client, house)
    unknown = await _stand(house, "Beto", identity=Identity(), link=None)

    answers = [await client.get(f"/consola/c/{one}/servicio") for one in (unknown, "nadie")]

    assert stranger.status_code == 401
    assert [answer.status_code for answer in answers] == [204, 404]


@pytest.fixture
async def directory(sandbox: Sandbox) -> AsyncIterator[WispHub]:
    """WispHub, over real HTTP."""
    wisphub = WispHub(sandbox.url, KEY)
    yield wisphub
    await wisphub.aclose()


async def test_last_known(directory: WispHub, sandbox: Sandbox) -> None:
    """What was read last is shown with its age while WispHub is away, for an hour."""
    times = iter([_NOW, _NOW + 30 * 60_000, _NOW + 30 * 60_000, _NOW + 2 * 3600_000, 1, 1])
    readings = Readings(directory, lambda: next(times))
    await readings.read(_SERVICE)
    sandbox.fault = Fault.ERROR

    old = show_reading(_KNOWN, await readings.read(_SERVICE), now=_NOW + 30 * 60_000)
    older = show_reading(_KNOWN, await readings.read(_SERVICE), now=_NOW + 2 * 3600_000)

    assert (old["age"], old["state"], old["warns"]) == ("30 min", "activo", True)
    assert "lo de abajo puede haber cambiado" in old["told"]
    assert (older["at"], older["state"]) == (0, "")
    assert "lo que se leyó al conversar" in older["told"]


class _Endless:
    """A directory that has every service."""

    async def read_status(self, service_id: int) -> tuple[Client, ServiceStatus]:
        return Client(service_id=service_id), ServiceStatus()

    async def read_balance(self, _service_id: int) -> Balance:
        return Balance(owed=Decimal(0))


async def test_bounded() -> None:
    """Readings are kept for five hundred services, and for an hour."""
    now = [_NOW]
    readings = Readings(_Endless(), lambda: now[0])  # type: ignore[arg-type]
    for service_id in range(600):
        await readings.read(service_id)
    many = len(readings._kept)
    now[0] += 3_600_000
    await readings.read(1)

    assert many == 500
    assert readings._kept.keys() == {1}


@pytest.mark.parametrize(
    ("later", "since", "asked"),
    [(FRESH - 1, 0, 1), (FRESH, 0, 2), (1_000, _NOW, 1), (1_000, _NOW + 1, 2)],
    ids=["fresh", "stale", "unchanged", "changed since"],
)
async def test_when_read_again(
    directory: WispHub, sandbox: Sandbox, later: int, since: int, asked: int
) -> None:
    """A reading lasts two minutes, and no longer than until the next change."""
    now = [_NOW]
    readings = Readings(directory, lambda: now[0])
    await readings.read(_SERVICE)
    now[0] += later

    await readings.read(_SERVICE, since=since)

    assert _reads(sandbox) == asked


def _stands(**told: object) -> Reading:
    reading = Reading(at=_NOW, client=_KNOWN, status=ServiceStatus(supply=Supply.ACTIVE))
    return altered(reading, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("balance", "told"),
    [
        (None, "no se pudo leer"),
        (Balance(owed=Decimal(0)), "al día"),
        (Balance(owed=Decimal(-30000)), "$ 30.000 a favor"),
        (Balance(owed=Decimal(65000)), "debe $ 65.000"),
        (Balance(owed=Decimal(65000), due="2026-12-05"), "debe $ 65.000, vence el 5 de diciembre"),
        (Balance(owed=Decimal(65000), due="2026-11-05"), "debe $ 65.000, venció el 5 de noviembre"),
    ],
)
def test_balances(balance: Balance | None, told: str) -> None:
    """What is owed is told in words; where it cannot be told, that."""
    shown = show_reading(_KNOWN, _stands(balance=balance), now=_NOW)

    assert dict(shown["facts"])["Saldo"] == told


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (_stands(client=None), "WispHub ya no tiene este servicio"),
        (_stands(client=altered(_KNOWN, name="Pedro Páez")), "el titular ya es otro"),
    ],
)
def test_doubtful(reading: Reading, told: str) -> None:
    """A service that is gone, or another's by now, is told, and what to do."""
    shown = show_reading(_KNOWN, reading, now=_NOW)

    assert told in shown["told"]
    assert shown["warns"]
