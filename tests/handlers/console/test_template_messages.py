"""After WhatsApp's 24 hours: free text is refused, and the template goes out as it was shown."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot.bootstrap import Application, build_application, clock
from bot.keyrings import read_keyring
from bot.sandbox.server import KEY, Sandbox
from bot.settings import Settings
from handlers.ports import Delivery
from state.conversation import Chat
from state.effects import Send
from state.events import Said
from state.journal import Kind
from state.messages.sending import Sending
from state.reply_window import LONGEST
from state.roles import Role
from state.staff_actions import TakenOver
from tests.handlers.console.test_console import client, sign_in
from tests.handlers.console.test_retrying import _perform as perform

__all__ = ["client"]

_CHAT = Chat(channel="whatsapp", account="1", id="CO.1")
_BODY = "Mensaje de FibraNet: {{1}}\nResponda para seguir."


@pytest.fixture(params=[{"template": "aviso", "template_text": _BODY}])
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of a template."""
    return {f"whatsapp_{name}": value for name, value in request.param.items()}


@pytest.fixture
async def house(
    redis: Redis, redis_url: str, sandbox: Sandbox, template: dict[str, Any]
) -> AsyncIterator[Application]:
    """A house with a template; its worker does not run."""
    assert await redis.ping()
    settings = Settings(
        redis_url=SecretStr(redis_url),
        secret_keys=SecretStr("A" * 43 + "="),
        company_name="FibraNet",
        public_url="https://enlace.example",
        **template,
    )
    async with build_application(
        settings, keyring=read_keyring(settings), wisphub=(sandbox.url, KEY)
    ) as furnished:
        yield furnished


async def _write(house: Application, *, ago: int) -> str:
    """Let a customer have written so many ms ago, and ana have the chat."""
    at = clock() - ago
    await house.turns.take(_CHAT, Delivery(id="m1", event=Said(text="hola"), at=at))
    await house.turns.take(_CHAT, Delivery(id="s1", event=TakenOver(agent="ana"), at=0))
    await perform(house)
    return house.store.key(_CHAT)


def _read_form(preview: httpx.Response) -> dict[str, str]:
    """Read the fields of the form under a preview."""
    found = re.findall(r'name="(\w+)" value="([^"]*)"', preview.text)
    return {name: html.unescape(value) for name, value in found}


async def _sent(house: Application) -> list[Send]:
    return [head.effect for head in await perform(house) if isinstance(head.effect, Send)]


async def test_open(client: httpx.AsyncClient, house: Application) -> None:
    """Within the 24 hours the bar tells how long is left, and free text goes out."""
    await sign_in(client, house)
    key = await _write(house, ago=5 * 3600_000)

    page = await client.get(f"/consola/c/{key}")
    answer = await client.post(f"/consola/c/{key}/reply", data={"text": "Buenas"})

    assert "quedan 18 h" in page.text
    assert answer.status_code == 204
    assert [message.text for message in await _sent(house)] == ["Buenas"]


async def test_closed(client: httpx.AsyncClient, house: Application) -> None:
    """Afterwards free text is refused and nothing goes out; the page offers the template."""
    await sign_in(client, house)
    key = await _write(house, ago=LONGEST + 60_000)

    page = await client.get(f"/consola/c/{key}")
    answer = await client.post(f"/consola/c/{key}/reply", data={"text": "Buenas"})
    lines = [entry.kind for entry in await house.store.journal.read(key)]

    assert Kind.STAFF not in lines  # no greeting either: it would be a template nobody has seen
    assert "Pasaron más de 24 horas" in page.text
    assert "Ver cómo llega con la plantilla" in page.text
    assert (answer.status_code, answer.text) == (409, Sending.WINDOW_CLOSED)
    assert await _sent(house) == []
    last = (await house.store.audit.read())[0]
    assert (last.act, last.result.value) == ("reply", "refused")


async def test_template(client: httpx.AsyncClient, house: Application) -> None:
    """The exact text is shown before it is sent; then it goes out once, as it was shown."""
    await sign_in(client, house)
    key = await _write(house, ago=LONGEST + 60_000)
    path = f"/consola/c/{key}/plantilla"
    preview = await client.post(f"{path}/ver", data={"text": "Su visita\nes *mañana* <b>"})
    assert await _sent(house) == []
    form = _read_form(preview)

    answers = [await client.post(path, data=form) for _ in range(2)]

    text = "Mensaje de FibraNet: Su visita es mañana <b>\nResponda para seguir."
    assert html.escape(text) in preview.text
    assert [answer.status_code for answer in answers] == [200, 200]
    (message,) = await _sent(house)
    assert (message.text, message.member) == (text, "ana")
    assert message.variable == "Su visita es mañana <b>"
    assert (await house.store.journal.read(key))[-1].text == text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (" ", Sending.NO_TEMPLATE_WORDS),
        ("*", Sending.NO_TEMPLATE_WORDS),
        ("x" * 1000, Sending.TEMPLATE_TOO_LONG.format(over=19)),
        ("x" * 5000, Sending.TEMPLATE_TOO_LONG.format(over=4019)),
    ],
)
async def test_refused(
    client: httpx.AsyncClient, house: Application, words: str, problem: str
) -> None:
    """What cannot be sent is refused before it is shown, and after."""
    await sign_in(client, house)
    key = await _write(house, ago=LONGEST)
    form = {"text": words, "shown": "otra cosa"}

    for path in ("plantilla/ver", "plantilla"):
        answer = await client.post(f"/consola/c/{key}/{path}", data=form)
        assert (answer.status_code, answer.text) == (422, problem)


async def test_not_as_shown(client: httpx.AsyncClient, house: Application) -> None:
    """What would reach the customer otherwise than it was shown is not sent."""
    await sign_in(client, house)
    key = await _write(house, ago=LONGEST)
    form = {"text": "Buenas", "shown": "Mensaje de Otra: Buenas"}

    answer = await client.post(f"/consola/c/{key}/plantilla", data=form)

    assert (answer.status_code, answer.text) == (409, Sending.TEMPLATE_CHANGED)
    assert await _sent(house) == []


async def test_only_who_holds(client: httpx.AsyncClient, house: Application) -> None:
    """A template is a reply: only who has the chat sends it."""
    await sign_in(client, house, name="beto", roles=[Role.AGENTE])
    key = await _write(house, ago=LONGEST)
    preview = await client.post(f"/consola/c/{key}/plantilla/ver", data={"text": "Buenas"})

    answer = await client.post(f"/consola/c/{key}/plantilla", data=_read_form(preview))

    assert answer.status_code == 409
    assert "tomó este chat" in answer.text
    assert await _sent(house) == []


@pytest.mark.parametrize("template", [{}, {"template": "aviso"}], indirect=True)
async def test_no_template(
    client: httpx.AsyncClient, house: Application, template: dict[str, Any]
) -> None:
    """Without a template, or its text, the page says which settings are missing."""
    await sign_in(client, house)
    key = await _write(house, ago=LONGEST)

    page = await client.get(f"/consola/c/{key}")
    answer = await client.post(f"/consola/c/{key}/plantilla/ver", data={"text": "Buenas"})

    missing = "ENLACE_WHATSAPP_TEMPLATE_TEXT"
    if not template:
        missing = f"ENLACE_WHATSAPP_TEMPLATE y {missing}"
    assert f"falta {missing}:" in page.text
    assert (answer.status_code, answer.text) == (422, Sending.NO_TEMPLATE.format(setting=missing))
