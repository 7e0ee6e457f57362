"""What a customer sent, opened by who has the chat: passed on safely, noted once, kept nowhere."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot.bootstrap import Application, build_application
from bot.keyrings import read_keyring
from bot.sandbox.server import KEY, Sandbox
from bot.settings import Settings
from handlers.console import files
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Event, Medium, SentMedia
from state.messages.sending import FileProblem
from state.roles import Role
from state.staff_actions import TakenOver
from state.store.encryption import Keyring
from state.store.file_tickets import LIFE, FileTickets
from tests.bot.channels.vendor_files import PICTURE, TOKEN, VendorFiles
from tests.endpoint import serving
from tests.handlers.console.test_console import client, sign_in

__all__ = ["client"]

_CHAT = Chat(channel="whatsapp", account="1065", id="CO.1")


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFiles]:
    """Meta's files, with a picture."""
    kept = VendorFiles(files={"100": ("image/jpeg", PICTURE)})
    async with serving(kept.app()) as url:
        kept.url = url
        yield kept


@pytest.fixture
async def house(
    redis: Redis, redis_url: str, sandbox: Sandbox, vendor: VendorFiles
) -> AsyncIterator[Application]:
    """A house with a WhatsApp number; its worker does not run."""
    assert await redis.ping()
    settings = Settings(
        redis_url=SecretStr(redis_url),
        secret_keys=SecretStr("A" * 43 + "="),
        company_name="FibraNet",
        public_url="https://enlace.example",
        whatsapp_token=SecretStr(TOKEN),
        whatsapp_phone_number_id="1065",
        whatsapp_app_secret=SecretStr("0123456789abcdef"),
        whatsapp_verify_token=SecretStr("verify-verify"),
        whatsapp_api_url=vendor.url,
    )
    async with build_application(
        settings, keyring=read_keyring(settings), wisphub=(sandbox.url, KEY)
    ) as furnished:
        yield furnished


async def _send(house: Application, *, file: str = "100", agent: str = "ana") -> str:
    """Let a customer send a picture to a member; gives the path that opens it."""
    picture = SentMedia(medium=Medium.IMAGE, caption="el recibo", file=file)
    events: tuple[Event, ...] = TakenOver(agent=agent), picture
    for number, event in enumerate(events):
        await house.turns.take(_CHAT, Delivery(id=f"{number}", event=event, at=0))
    key = house.store.key(_CHAT)
    line = (await house.store.journal.read(key))[-1]
    assert (line.text, line.file) == ("Foto: el recibo", file)
    return f"/consola/c/{key}/abrir/{line.id}"


def _address(opened: httpx.Response) -> str:
    (address,) = {
        str(one) for one in re.findall(r'(?:src|href)="(/consola/archivo/[^"]+)"', opened.text)
    }
    return address


async def test_opened(client: httpx.AsyncClient, house: Application, redis: Redis) -> None:
    """The bytes arrive as a picture that can do nothing; one line of audit and journal, no copy."""
    await sign_in(client, house)
    path = await _send(house)
    page = await client.get(f"/consola/c/{house.store.key(_CHAT)}")

    opened = await client.post(path)
    given = await client.get(_address(opened))

    assert f'hx-post="{path}"' in page.text
    assert "Foto: el recibo" in page.text
    assert "<img" in opened.text
    assert (given.status_code, given.content) == (200, PICTURE)
    headers = given.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["content-disposition"] == 'inline; filename="archivo.jpg"'
    acts = [one.act for one in await house.store.audit.read()]
    assert acts.count("open_file") == 1
    notes = [one.text for one in await house.store.journal.read(house.store.key(_CHAT))]
    assert notes[-1] == "ana abrió un archivo que envió el cliente"
    for name in await redis.keys():
        assert PICTURE[4:20] not in (await redis.dump(name) or b"")


@pytest.mark.parametrize(
    ("kind", "shown", "way"),
    [
        ("image/png", "<img", "inline"),
        ("audio/ogg", "<audio", "inline"),
        ("video/mp4", "<video", "inline"),
        ("application/pdf", "Ver el PDF", "inline"),
        ("text/html", "Descargar", "attachment"),
        ("image/svg+xml", "Descargar", "attachment"),
        ("", "Descargar", "attachment"),
    ],
)
async def test_kinds(
    *,
    client: httpx.AsyncClient, house: Application, vendor: VendorFiles, kind: str, shown: str,
    way: str,
) -> None:  # fmt: skip
    """Pictures, sounds, videos and PDFs are shown; anything else is only ever saved."""
    await sign_in(client, house)
    vendor.files["100"] = (kind, PICTURE)

    opened = await client.post(await _send(house))
    given = await client.get(_address(opened))

    assert shown in opened.text
    assert given.headers["content-disposition"].startswith(way)
    expected = kind if way == "inline" else "application/octet-stream"
    assert given.headers["content-type"] == expected


async def test_gone(client: httpx.AsyncClient, house: Application, vendor: VendorFiles) -> None:
    """What the vendor keeps no more is told in plain words, before and after it was opened."""
    await sign_in(client, house)
    path = await _send(house)
    opened = await client.post(path)
    vendor.files.clear()

    for answer in (await client.post(path), await client.get(_address(opened))):
        assert (answer.status_code, answer.text) == (404, FileProblem.GONE)


async def test_too_large(
    client: httpx.AsyncClient,
    house: Application,
    vendor: VendorFiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is too large is not begun; what is larger than it was said to be is broken off."""
    await sign_in(client, house)
    monkeypatch.setattr(files, "LARGEST", 100_000)
    path = await _send(house)
    vendor.files["100"] = ("image/jpeg", b"x" * 1_000_000)
    refused = await client.post(path)
    vendor.told = 5
    opened = await client.post(path)

    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(_address(opened))

    assert refused.status_code == 413
    assert "pídale al cliente" in refused.text


async def test_vendor_away(
    client: httpx.AsyncClient, house: Application, vendor: VendorFiles
) -> None:
    """While the vendor does not answer as it should, that is said, and nothing is shown."""
    await sign_in(client, house)
    vendor.elsewhere = "https://example.com/x"

    answer = await client.post(await _send(house))

    assert (answer.status_code, answer.text) == (503, FileProblem.AWAY)


async def test_only_who_has_the_chat(client: httpx.AsyncClient, house: Application) -> None:
    """Who does not have the chat takes it first; the refusal is noted, nothing is fetched."""
    await sign_in(client, house)
    path = await _send(house, agent="beto")

    answer = await client.post(path)

    assert answer.status_code == 409
    assert "tomó este chat" in answer.text
    last = (await house.store.audit.read())[0]
    assert (last.act, last.result.value) == ("open_file", "refused")


async def test_observers_open_nothing(client: httpx.AsyncClient, house: Application) -> None:
    """Who only looks on sees no bytes, whatever address they have."""
    await sign_in(client, house)
    opened = await client.post(await _send(house))
    await sign_in(client, house, name="oto", roles=[Role.OBSERVADOR])

    assert (await client.get(_address(opened))).status_code == 403


async def test_a_colleagues_ticket(client: httpx.AsyncClient, house: Application) -> None:
    """An address is good for whoever opened the file, and for nobody else."""
    await sign_in(client, house)
    opened = await client.post(await _send(house))
    await sign_in(client, house, name="beto", roles=[Role.AGENTE])

    answer = await client.get(_address(opened))

    assert (answer.status_code, answer.text) == (404, FileProblem.OVER)


@pytest.mark.parametrize("entry", ["1-1", "x", "9" * 40])
async def test_no_such_line(client: httpx.AsyncClient, house: Application, entry: str) -> None:
    """A line that is not there, or has no file, opens nothing."""
    await sign_in(client, house)
    path = await _send(house, file="")

    for one in (path, f"{path.rpartition('/')[0]}/{entry}"):
        assert (await client.post(one)).status_code == 404


def test_tickets() -> None:
    """A ticket is its member's, for a minute; one that was changed is none."""
    tickets = FileTickets(Keyring((bytes(32),)))
    ticket = tickets.issue("k", "1-1", member="ana", now=1000)

    assert tickets.read(ticket, member="ana", now=1000 + LIFE - 1) is not None
    assert tickets.read(ticket, member="ana", now=1000 + LIFE) is None
    assert tickets.read(ticket, member="beto", now=1000) is None
    for changed in (ticket[:-2], f"{ticket}AA", "", "ñ", "A" * 60, ticket[1:]):
        assert tickets.read(changed, member="ana", now=1000) is None
    assert FileTickets(Keyring((bytes(31) + b"1",))).read(ticket, member="ana", now=1000) is None
