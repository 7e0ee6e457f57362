"""What the first page weighs: bytes on the wire, and requests."""

import re

import httpx

from bot.bootstrap import Application
from handlers.pages.bundles import BUNDLES, STATIC
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Said
from tests.handlers.console.test_console import client, house, sign_in

__all__ = ["client", "house"]

_BYTES, _REQUESTS = 100_000, 6


async def _weigh(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """Get something as it is sent; tell its bytes on the wire, and its text."""
    async with client.stream("GET", path) as answer:
        assert answer.status_code == 200
        text = (await answer.aread()).decode()
        return answer.num_bytes_downloaded, text


async def test_first_page(client: httpx.AsyncClient, house: Application) -> None:
    """A first page of fifty chats, with one open, is 100 kB at most, and six requests."""
    await sign_in(client, house)
    chats = [
        Chat(channel="simulator", account="whatsapp", id=f"caso {number}") for number in range(60)
    ]
    for number, chat in enumerate(chats):
        for place, text in enumerate(("hola, no me deja cambiar el número de celular", "asesor")):
            delivery = Delivery(id=f"{number}.{place}", event=Said(text=text), at=0)
            await house.turns.take(chat, delivery)
    bytes_, html = await _weigh(client, f"/consola?c={house.store.key(chats[-1])}")
    parts = re.findall(r'<(?:link|script)[^>]+(?:href|src)="(/static/[^"]+)"', html)
    for part in parts:
        bytes_ += (await _weigh(client, part))[0]

    assert html.count('<li id="row-') == 50
    assert bytes_ <= _BYTES
    assert len(["the page", *parts, "its stream", "the service's card"]) <= _REQUESTS


async def test_streams_are_not_compressed(client: httpx.AsyncClient, house: Application) -> None:
    """A stream is sent as it comes, and so is a page that holds a one-time link."""
    await sign_in(client, house)
    async with client.stream("GET", "/consola/live") as stream:
        assert "content-encoding" not in stream.headers
    members = await client.get("/consola/personal")
    inbox = await client.get("/consola")

    assert "content-encoding" not in members.headers
    assert inbox.headers["content-encoding"] == "gzip"


async def test_bundles(client: httpx.AsyncClient) -> None:
    """A bundle is its files in their order, kept for ever; there is no other."""
    for name, files in BUNDLES.items():
        answer = await client.get(f"/static/bundles/{name}")
        texts = [(STATIC / file).read_text("utf-8") for file in files]
        places = [answer.text.index(text) for text in texts]

        assert places == sorted(places)
        assert "immutable" in answer.headers["cache-control"]
        kind = "text/css" if name.endswith("css") else "text/javascript"
        assert answer.headers["content-type"].startswith(kind)
    assert (await client.get("/static/bundles/nada.js")).status_code == 404
