"""`/simulador/textos`: every text as each vendor shows it."""

import re

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.simulator import present
from handlers.simulator.gallery import Gallery
from handlers.texts import Texts
from state.messages import CATALOGUE
from tests.machine_stage import COMPANY, NINE_O_CLOCK


@pytest.mark.parametrize("look", ["whatsapp", "telegram", "fax"])
async def test_all(look: str) -> None:
    """All are there with their choices, and no place is left open."""
    gallery = Gallery(
        texts=Texts(COMPANY), present=present, company="FibraNet", clock=lambda: NINE_O_CLOCK
    )
    served = httpx.ASGITransport(Starlette(routes=list(gallery.routes())))
    async with httpx.AsyncClient(transport=served, base_url="http://phones") as http:
        page = (await http.get("/simulador/textos", params={"look": look})).text

    assert re.findall(r'<section id="(\w+)">', page) == list(CATALOGUE)
    assert not re.search(r"\{\w+\}", page)
    assert ("Textos en Telegram" in page) == (look == "telegram")
    assert ("1. Prefiero no hacerlo" in page) == (look != "telegram")
