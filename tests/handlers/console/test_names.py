"""What an account calls itself, from a vendor's recorded call to row, head and card."""

import re
from collections.abc import Callable

import httpx
import msgspec
import pytest
from redis.asyncio import Redis

from bot.bootstrap import Application
from bot.channels import loose
from handlers.pages.words import name_chat, name_service
from handlers.ports import Delivery
from state.conversation import Chat, Conversation
from state.events import Said
from state.machine import consent
from state.machine.moment import Moment, Step
from state.machine.step import step
from state.parts import Account, Person
from tests.handlers.console.test_console import client, house, sign_in
from tests.samples import reading

__all__ = ["client", "house"]

_NOW = 1_795_500_000_000
_CHAT = Chat(channel="whatsapp", account="1", id="573001112233")
_NUMBER = "573001112233"
_MOMENT = Moment(
    now=_NOW, at=0, today="24/11/2026", reference="ZZZZ2345", person=Person(name="Ana Gómez")
)


async def _arrive(house: Application, channel: str, sample: str, name: str = "") -> str:
    """Take a recorded call in, from somebody of another name if there is one; the chat's key."""
    body = loose.parse(reading.bodies(channel)[sample])
    if name:
        sender = body["message"]["from"]
        sender["first_name"] = name
        sender.pop("last_name", None)
        body["update_id"] += 1
    raw = msgspec.json.encode(body)
    await house.intake.take(channel, reading.INLETS[channel], raw)
    ((chat, _),) = reading.INLETS[channel].parse(raw).arrived
    return house.store.key(chat)


async def _say(house: Application, person: Person, text: str = "buenas") -> str:
    delivery = Delivery(id=text, event=Said(text=text), at=0, person=person)
    await house.turns.take(_CHAT, delivery)
    return house.store.key(_CHAT)


def _rows(page: httpx.Response) -> list[str]:
    found = re.findall(r'<b><bdi>(.*?)</bdi></b>\s*<span class="mark">(.*?)</span>', page.text)
    return [" ".join(parts) for parts in found]


@pytest.mark.parametrize(("channel", "mark"), [("whatsapp", "••33"), ("telegram", "")])
async def test_recorded_calls(
    client: httpx.AsyncClient, house: Application, channel: str, mark: str
) -> None:
    """A vendor's recorded call names the person; row, head and card say so, the number masked."""
    await sign_in(client, house)
    key = await _arrive(house, channel, "text")

    page = await client.get(f"/consola?v=todos&c={key}")

    shown = f"Ana Gómez · {mark or key[:2].upper()}"
    assert _rows(page) == [shown]
    assert f'<span class="title"><bdi>{shown}</bdi></span>' in page.text
    assert re.search(r"<dt>Nombre allí</dt>\s*<dd>Ana Gómez</dd>", page.text)
    assert ("300 ••• ••33" in page.text) is (channel == "whatsapp")
    assert _NUMBER not in page.text
    assert f"<title>Chat {key[:4].upper()} · Enlace</title>" in page.text


def test_programs_read_no_name() -> None:
    """Programs that decide requests are told the service, not how the account calls itself."""
    talk = Conversation(chat=_CHAT, account=Account(person=Person(name="Ana Gómez")))

    assert name_service("ab12cd", talk) == "Chat AB12"
    assert name_chat("ab12cd", talk) == "Ana Gómez · AB"


async def test_renewed(client: httpx.AsyncClient, house: Application) -> None:
    """A name that changes is the new one with the next message."""
    await sign_in(client, house)
    await _arrive(house, "telegram", "text")
    await _arrive(house, "telegram", "text", "Ana Rosa 🌻")

    (row,) = _rows(await client.get("/consola?v=todos"))

    assert row.startswith("Ana Rosa 🌻 · ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("\u202eanA\u2066\u0007", "anA"),
        ("Ana 52887301", "Ana •••••301"),
        ("Servicio 9 · 1001", "Servicio 9 1001"),
        ("🌻" * 300, "🌻" * 60),
    ],
)
async def test_hostile_names(
    client: httpx.AsyncClient, house: Application, name: str, shown: str
) -> None:
    """A name is text: no element, no mark of direction, no identity number, no end of its line."""
    await sign_in(client, house)
    key = await _arrive(house, "telegram", "text", name)

    page = await client.get(f"/consola?v=todos&c={key}")

    assert _rows(page) == [f"{shown} · {key[:2].upper()}"]
    assert name not in page.text.replace(f"{shown} · {key[:2].upper()}", "") or name == shown


async def test_nothing_readable(house: Application, redis: Redis) -> None:
    """Name and number stand nowhere in Redis in clear."""
    await _say(house, Person(phone=_NUMBER, name="Zoraida Quiñones"))

    stored = b""
    async for name in redis.scan_iter("*"):
        stored += name + (await redis.dump(name) or b"")

    assert b"Zoraida" not in stored
    assert _NUMBER.encode() not in stored


async def test_copy(client: httpx.AsyncClient, house: Application) -> None:
    """The customer's copy has the name and the number."""
    await sign_in(client, house)
    key = await _say(house, Person(phone=_NUMBER, name="Zoraida Quiñones"))
    await client.post(f"/consola/c/{key}/take")

    copied = (await client.post(f"/consola/c/{key}/copia", data={"reason": "la pide"})).json()

    assert copied["nombre_en_el_canal"] == "Zoraida Quiñones"
    assert copied["numero_en_el_canal"] == _NUMBER


@pytest.mark.parametrize(
    "forget",
    [
        lambda talk: consent.decline(talk, _MOMENT, "no"),
        lambda talk: consent.revoke(talk, _MOMENT),
        consent.erase,
    ],
    ids=["declined", "revoked", "erased"],
)
def test_forgotten(forget: Callable[[Conversation], Step]) -> None:
    """Who refuses, revokes or erases is not remembered by name; the next message tells it anew."""
    talk, _ = step(Conversation(chat=_CHAT), Said(text="hola"), _MOMENT)

    forgotten, _ = forget(talk)
    again, _ = step(forgotten, Said(text="hola"), _MOMENT)

    names = [one.account.person.name for one in (talk, forgotten, again)]
    assert names == ["Ana Gómez", "", "Ana Gómez"]
