"""The inbox over HTTP: views as addresses, pages, filters, what is wrong and what to do."""

import re

import httpx
import pytest

from bot.bootstrap import Application
from handlers.console.listing import Listing, read_listing
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Event, Said, Undelivered
from state.parts import SpeakerKind
from state.staff_actions import TakenOver
from state.states import Section
from state.store.inbox import PAGE, Filters
from state.views import View
from tests.handlers.console.test_console import client, house, sign_in

__all__ = ["client", "house"]


async def _happen(house: Application, number: int, *events: Event, channel: str = "") -> str:
    """Let these things happen in the chat of that number."""
    chat = Chat(channel=channel or "simulator", account="whatsapp", id=f"caso {number}")
    for place, event in enumerate(events):
        delivery = Delivery(id=f"{number}.{place}", event=event, at=0)
        assert await house.turns.take(chat, delivery) is None
    return house.store.key(chat)


def _rows(page: httpx.Response) -> list[str]:
    return re.findall(r'<li id="row-(\w+)"', page.text)


def _counts(page: httpx.Response) -> dict[str, str]:
    """Tell what stands beside the names of the views."""
    views = re.search(r'<nav class="views".*?</nav>', page.text, re.DOTALL)
    assert views
    found = re.findall(r"<a [^>]*>\s*([\w ]+?)\s*<b[^>]*>(\d*)</b>\s*</a>", views[0])
    return dict(found)


_HELLO, _PERSON = Said(text="hola"), Said(text="asesor")


async def test_who_waits_is_on_the_first_page(
    client: httpx.AsyncClient, house: Application
) -> None:
    """Who asked for a person is seen however many strangers came since (once he vanished)."""
    await sign_in(client, house)
    waiting = await _happen(house, 0, _HELLO, _PERSON)
    for number in range(1, 121):
        await _happen(house, number, _HELLO)

    page = await client.get("/consola")

    assert _rows(page) == [waiting]
    assert _counts(page)["Esperan"] == "1"
    assert _counts(page)["Todos"] == "121"
    assert "0 min" in page.text


async def test_pages(client: httpx.AsyncClient, house: Application) -> None:
    """The link to more leads through every chat of a view once, and back to the beginning."""
    await sign_in(client, house)
    put = [await _happen(house, number, _HELLO) for number in range(PAGE + 7)]
    first = await client.get("/consola?v=todos")
    (more,) = re.findall(r'<a href="([^"]+)">Ver más</a>', first.text)

    second = await client.get(more.replace("&amp;", "&"))

    assert len(_rows(first)) == PAGE
    assert sorted(_rows(first) + _rows(second)) == sorted(put)
    assert "Ver más" not in second.text
    assert "Volver al principio" in second.text


async def test_mine_and_open_chat(client: httpx.AsyncClient, house: Application) -> None:
    """A chat is opened beside its list, and the list stays the one that was chosen."""
    await sign_in(client, house)
    mine = await _happen(house, 1, _HELLO, TakenOver(agent="ana"))
    other = await _happen(house, 2, _HELLO, TakenOver(agent="beto"))

    page = await client.get(f"/consola?v=mios&c={mine}")
    old = await client.get(f"/consola/c/{other}")

    assert _rows(page) == [mine]
    assert "Usted lleva este chat." in page.text
    assert f'href="/consola?v=mios&amp;c={mine}" aria-current=page' in page.text
    assert set(_rows(old)) == {mine, other}
    assert "<b>beto</b> tomó este chat" in old.text
    assert (await client.get("/consola?v=mios&c=nada")).status_code == 404


async def test_filters(client: httpx.AsyncClient, house: Application) -> None:
    """A list is filtered by channel, step and who has it; the address says by what."""
    await sign_in(client, house)
    here = await _happen(house, 1, _HELLO)
    await _happen(house, 2, _HELLO, channel="telegram")
    await _happen(house, 3, _HELLO, TakenOver(agent="ana"))

    page = await client.get("/consola?v=todos&canal=simulator&lleva=bot&paso=Autorizaci%C3%B3n")
    empty = await client.get("/consola?v=todos&canal=whatsapp")

    assert _rows(page) == [here]
    assert '<option value="simulator" selected>Simulador</option>' in page.text
    assert _rows(empty) == []
    assert "Ninguna conversación pasa el filtro." in empty.text


async def test_failed_says_what_to_do(client: httpx.AsyncClient, house: Application) -> None:
    """A message that did not arrive is in a list, with what to do about it."""
    await sign_in(client, house)
    failed = await _happen(house, 1, _HELLO, Undelivered(reason="131026"))

    page = await client.get("/consola?v=fallidos")

    assert _rows(page) == [failed]
    assert "Un mensaje no llegó al cliente." in page.text
    assert "escríbale de nuevo" in page.text


async def test_closing(client: httpx.AsyncClient, house: Application) -> None:
    """A chat is closed by whoever has it, or by anybody if nobody has; once."""
    await sign_in(client, house)
    key = await _happen(house, 1, _HELLO, _PERSON)
    other = await _happen(house, 2, _HELLO, TakenOver(agent="beto"))

    closed = await client.post(f"/consola/c/{key}/close")
    again = await client.post(f"/consola/c/{key}/close")
    refused = await client.post(f"/consola/c/{other}/close")

    assert (closed.status_code, again.status_code, refused.status_code) == (204, 409, 409)
    assert _rows(await client.get("/consola")) == []
    assert _rows(await client.get("/consola?v=cerrados")) == [key]
    opened = await client.get(f"/consola?v=cerrados&c={key}")
    assert "cerró la conversación" in opened.text
    assert 'data-key="e"' not in opened.text


async def test_preparing(client: httpx.AsyncClient, house: Application) -> None:
    """Until the chats of before are filed, the list says that it is not whole."""
    await sign_in(client, house)
    before = await client.get("/consola")

    await house.store.refiling.run()

    assert "Preparando las listas" in before.text
    assert "Preparando las listas" not in (await client.get("/consola")).text


@pytest.mark.parametrize("view", View)
async def test_every_view_opens(client: httpx.AsyncClient, house: Application, view: View) -> None:
    """Every view has an address, which names it, and says when there is nothing."""
    await sign_in(client, house)

    page = await client.get(f"/consola?v={view}")

    assert page.status_code == 200
    assert re.search(rf'href="/consola\?v={view}" aria-current=page', page.text)
    assert 'class="empty"' in page.text


def test_addresses() -> None:
    """An address means the same when it is read again; what means nothing is as usual."""
    listing = Listing(
        view=View.STUCK,
        chat="abc",
        cursor="5.def",
        filters=Filters(channel="telegram", section=Section.PHONE, speaker=SpeakerKind.QUEUE),
    )

    assert read_listing(httpx.URL(listing.address).params) == listing  # type: ignore[arg-type]
    assert read_listing(httpx.QueryParams("v=x&canal=fax&paso=5&lleva=yo")) == Listing()  # type: ignore[arg-type]
