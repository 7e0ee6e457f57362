"""Tasks of the day: see who waits longest, find the list, close what is done, share an address.

Beside each task stand the clicks and keys that it takes from the inbox, and the best known.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.demo_process import Demo, demo
from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import NARROW, WIDE, make_first, pick_up, say

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that is running."""
    with demo(tmp_path / "data") as running:
        yield running


async def _wait_for_a_person(page: Page, house: Demo, word: str) -> None:
    """Let another customer say hello, ask for a person, and say a word."""
    await pick_up(page, house)
    await say(page, "asesor", "asesor")
    await say(page, word)
    await expect(page.locator("#screen .mine").last).to_contain_text(word)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
async def test_see_who_waits_longest(house: Demo, new_page: NewPage, size: object) -> None:
    """Task 1: 0 clicks (best: 0). The first row is who has waited longest, with the minutes."""
    customer, staff = await new_page(viewport=WIDE), await new_page(viewport=size)
    await make_first(staff, house)
    await expect(staff.get_by_text("Nadie espera.")).to_be_visible()
    for word in ("soy el primero", "soy el segundo"):
        await _wait_for_a_person(customer, house, word)
    await pick_up(customer, house)  # whom the bot answers

    rows = staff.get_by_role("list", name="Esperan").get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("soy el primero")
    await expect(rows.first).to_contain_text("min")
    lists = staff.get_by_role("navigation", name="Listas")
    await expect(lists.get_by_role("link", name="Esperan 2")).to_be_visible()
    await expect(lists.get_by_role("link", name="Todos 3")).to_be_visible()
    await accessible(staff)


async def test_close_and_reopen(house: Demo, new_page: NewPage) -> None:
    """Task: close, 1 key `e` (best: 1). The customer's next word opens it again by itself."""
    customer, staff = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    await make_first(staff, house)
    await _wait_for_a_person(customer, house, "gracias, ya está")
    await staff.get_by_role("list", name="Esperan").get_by_role("link").first.click()
    await expect(staff.locator(".live")).to_have_text("en vivo")

    await staff.keyboard.press("e")

    lists = staff.get_by_role("navigation", name="Listas")
    await expect(lists.get_by_role("link", name="Cerrados 1")).to_be_visible()
    await expect(staff.get_by_text("Nadie espera.")).to_be_visible()
    await say(customer, "hola", "asistente")
    await expect(lists.get_by_role("link", name="Cerrados 1")).to_have_count(0)


async def test_share_an_address(house: Demo, new_page: NewPage) -> None:
    """Task: link to a colleague, 0 clicks (best: 0). The address is the list and the open chat."""
    customer, staff = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    await make_first(staff, house)
    await _wait_for_a_person(customer, house, "necesito ayuda")
    await staff.get_by_role("list", name="Esperan").get_by_role("link").first.click()
    await expect(staff.locator("#log")).to_contain_text("necesito ayuda")
    address = staff.url

    await staff.goto(address)

    assert "v=esperan" in address
    await expect(staff.get_by_role("list", name="Esperan").get_by_role("listitem")).to_have_count(1)
    await expect(staff.locator("#log")).to_contain_text("necesito ayuda")
    await staff.keyboard.press("Escape")
    await expect(staff.locator("#log")).to_have_count(0)


async def test_filter(house: Demo, new_page: NewPage) -> None:
    """Task: filter, 3 clicks (best: 1, by a saved address)."""
    customer, staff = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    await make_first(staff, house)
    await pick_up(customer, house)
    await staff.goto(f"{house.url}/consola?v=todos")

    await staff.get_by_text("Filtrar").first.click()
    await staff.get_by_label("Lo lleva").select_option("Alguien del personal")
    await staff.get_by_role("button", name="Filtrar").click()

    await expect(staff.get_by_text("Ninguna conversación pasa el filtro.")).to_be_visible()
    await expect(staff.get_by_label("Lo lleva")).to_have_value("member")
    await accessible(staff)
