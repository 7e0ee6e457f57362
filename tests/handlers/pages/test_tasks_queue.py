"""Tasks of the day: see who waits longest, find the list, close what is done, share an address."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.chromium import NewPage
from tests.handlers.pages.playing import WIDE, Office, pick_up, say
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def _wait_for_a_person(page: Page, office: Office, word: str) -> None:
    """Let another customer say hello, ask for a person, and say a word."""
    await pick_up(page, office.house)
    await say(page, "asesor", "asesor")
    await say(page, word)
    await expect(page.locator("#screen .mine").last).to_contain_text(word)


def _find_row(staff: Page, word: str, view: str = "Esperan") -> Locator:
    rows = staff.get_by_role("list", name=view).get_by_role("listitem")
    return rows.filter(has_text=word)


async def test_see_who_waits_longest(office: Office, new_page: NewPage) -> None:
    """Task 1: who has waited longest stands above who came later, with the minutes."""
    customer, staff = await new_page(viewport=WIDE), await office.enter(new_page)
    words = ("soy el primero", "soy el segundo")
    async with at_work(1, staff):
        for word in words:
            await _wait_for_a_person(customer, office, word)
        await expect(_find_row(staff, words[1])).to_contain_text("min")

    rows = staff.get_by_role("list", name="Esperan").get_by_role("listitem")
    shown = [text for text in await rows.all_inner_texts() if any(word in text for word in words)]
    assert [word in text for word, text in zip(words, shown, strict=True)] == [True, True]


async def test_close_and_reopen(office: Office, new_page: NewPage) -> None:
    """Task 18: a key closes what is done."""
    customer, staff = await new_page(viewport=WIDE), await office.enter(new_page)
    await _wait_for_a_person(customer, office, "gracias, ya está")
    await _find_row(staff, "gracias, ya está").get_by_role("link").click()
    await expect(staff.locator(".live")).to_have_text("en vivo")

    async with at_work(18, staff) as hands:
        await hands.press("e")
        await expect(_find_row(staff, "gracias, ya está")).to_have_count(0)


async def test_reopen(office: Office, new_page: NewPage) -> None:
    """Task 19: the customer's next word opens a closed chat again by itself."""
    customer, staff = await new_page(viewport=WIDE), await office.enter(new_page)
    await _wait_for_a_person(customer, office, "eso era todo")
    await _find_row(staff, "eso era todo").get_by_role("link").click()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    await staff.keyboard.press("e")
    await expect(_find_row(staff, "eso era todo")).to_have_count(0)
    await staff.goto(f"{office.house.url}/consola?v=cerrados")
    await expect(_find_row(staff, "eso era todo", "Cerrados")).to_have_count(1)

    async with at_work(19, staff):
        await say(customer, "hola", "asistente")
        await expect(_find_row(staff, "hola", "Cerrados")).to_have_count(0)


async def test_share_an_address(office: Office, new_page: NewPage) -> None:
    """Task 23: the address is the list and the open chat, and says the same to a colleague."""
    customer, staff = await new_page(viewport=WIDE), await office.enter(new_page)
    await _wait_for_a_person(customer, office, "necesito ayuda")
    await _find_row(staff, "necesito ayuda").get_by_role("link").click()
    await expect(staff.locator("#log")).to_contain_text("necesito ayuda")
    address = staff.url

    async with at_work(23, staff):
        await staff.goto(address)

    assert "v=esperan" in address
    await expect(_find_row(staff, "necesito ayuda")).to_have_count(1)
    await expect(staff.locator("#log")).to_contain_text("necesito ayuda")
    await staff.keyboard.press("Escape")
    await expect(staff.locator("#log")).to_have_count(0)


async def test_filter(office: Office, new_page: NewPage) -> None:
    """Task 21: a list without what is not asked for; it says so when nothing is left."""
    customer = await new_page(viewport=WIDE)
    await pick_up(customer, office.house)
    staff = await office.enter(new_page, "/consola?v=todos")

    async with at_work(21, staff) as hands:
        await hands.click(staff.get_by_text("Filtrar").first)
        hands.count += 1  # of an option
        await staff.get_by_label("Lo lleva").select_option("Alguien del personal")
        await hands.click(staff.get_by_role("button", name="Filtrar"))

    await expect(staff.get_by_text("Ninguna conversación pasa el filtro.")).to_be_visible()
    await expect(staff.get_by_label("Lo lleva")).to_have_value("member")
