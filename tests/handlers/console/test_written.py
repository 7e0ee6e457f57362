"""What members write: how long it may be, and notes, which go to no customer."""

import httpx
import pytest

from bot.bootstrap import Application
from bot.sandbox.server import Sandbox
from handlers.console.export import copy
from handlers.ports import Delivery
from state.events import Said
from state.journal import Deed
from state.lengths import MESSAGE, QUESTION, REASON
from state.roles import Act
from state.store import keys
from tests.handlers.console.test_console import CHAT, asked, client, house, sign_in

__all__ = ["client", "house"]  # fixtures


async def _talk(house: Application) -> str:
    await house.turns.take(CHAT, Delivery(id="1", event=Said(text="hola"), at=0))
    return house.store.key(CHAT)


async def _lines(house: Application, key: str) -> list[str]:
    return [entry.text for entry in await house.store.journal.read(key)]


@pytest.mark.parametrize(
    ("text", "told"),
    [("a" * 5000, "Son 5.000 caracteres y caben 4.096"), ("😀" * 2049, "Son 4.098")],
    ids=["letters", "emoji"],
)
async def test_long_reply(
    client: httpx.AsyncClient, house: Application, text: str, told: str
) -> None:
    """Words too long for the channels are refused whole; once the customer got a part of them."""
    await sign_in(client, house)
    key = await _talk(house)
    await client.post(f"/consola/c/{key}/take")
    before = await _lines(house, key)
    answer = await client.post(f"/consola/c/{key}/reply", data={"text": text})
    most = await client.post(f"/consola/c/{key}/reply", data={"text": "b" * MESSAGE})

    assert (answer.status_code, told in answer.text) == (422, True)
    assert most.status_code == 204
    assert await _lines(house, key) == [*before, "b" * MESSAGE]


async def test_long_question_and_reason(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """A question or a reason that is too long is refused whole, with the number that fits."""
    await sign_in(client, house)
    key, code = await asked(house, sandbox)
    place = f"/consola/c/{key}"
    question = await client.post(f"{place}/ask", data={"code": code, "text": "a" * (QUESTION + 1)})
    reason = await client.post(f"{place}/reject", data={"code": code, "reason": "a" * (REASON + 1)})

    assert (question.status_code, "caben 500" in question.text) == (422, True)
    assert (reason.status_code, "caben 200" in reason.text) == (422, True)
    assert (await house.store.conversations.find(key)).change.request is not None


async def test_note(client: httpx.AsyncClient, house: Application) -> None:
    """A note stands in the journal, sealed, and in the audit; nothing goes to the customer."""
    await sign_in(client, house)
    key = await _talk(house)
    before = await house.store.conversations.find(key)
    outbox = keys.name_key("out", key)
    waiting = await house.store.pipeline.ask(("LLEN", outbox))
    words = "Ya pagó ayer; lo llamo mañana"

    answer = await client.post(f"/consola/c/{key}/note", data={"text": words, "delivery": "n1"})
    again = await client.post(f"/consola/c/{key}/note", data={"text": words, "delivery": "n1"})
    page = await client.get(f"/consola/c/{key}")
    (note,) = [one for one in await house.store.journal.read(key) if one.text == words]
    raw = await house.store.pipeline.ask(("XRANGE", keys.name_key("log", key), "-", "+"))
    after = await house.store.conversations.find(key)

    assert (answer.status_code, again.status_code) == (204, 204)
    assert note.deed == Deed(act=Act.NOTE, agent="ana")
    assert words in page.text
    assert "Nota de ana" in page.text
    assert words.encode() not in repr(raw).encode()
    assert await house.store.pipeline.ask(("LLEN", outbox)) == waiting
    assert (after.speaker, after.state, after.shown) == (before.speaker, before.state, before.shown)
    assert "note" in {entry.act for entry in await house.store.audit.read()}


async def test_note_is_not_copied(client: httpx.AsyncClient, house: Application) -> None:
    """What members note for each other is not in the copy that the customer gets."""
    await sign_in(client, house)
    key = await _talk(house)
    await client.post(f"/consola/c/{key}/note", data={"text": "sospecho que no es él"})
    copied = await copy(house.store, key, await house.store.conversations.find(key))

    assert "sospecho" not in str(copied)
    assert "hola" in str(copied)
