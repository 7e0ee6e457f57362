"""Sessions that end while a page is open: nothing typed is lost, and nothing more is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.demo_process import Demo, demo
from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import (
    NARROW,
    PASSWORD,
    WIDE,
    expire_sessions,
    make_first,
    pick_up,
    say,
    sign_in,
    sign_in_over,
)

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_DRAFTS = "Object.entries(localStorage).filter(([name]) => name.startsWith('borrador:'))"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that is running."""
    with demo(tmp_path / "data") as running:
        yield running


async def _holding(page: Page, house: Demo) -> None:
    """Sign in, and take the newest chat."""
    await page.goto(f"{house.url}/consola?v=todos")
    if page.url.split("?")[0].endswith("/entrar"):
        await sign_in(page, "ana")
    await expect(page.locator(".live")).to_have_text("en vivo")
    await page.locator("#inbox a").first.click()
    await expect(page.locator(".live")).to_have_text("en vivo")
    await page.get_by_role("button", name="Tomar", exact=True).click()
    await expect(page.get_by_text("Usted lleva este chat.")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
async def test_expired_with_a_draft(house: Demo, new_page: NewPage, size: object) -> None:
    """Over an expired page one signs in, by keyboard alone, and goes on with what was typed."""
    customer = await new_page(viewport=WIDE)
    await pick_up(customer, house)
    staff = await new_page(viewport=size, refusals=(401,))
    await make_first(staff, house)
    await _holding(staff, house)
    reply, refusal = staff.get_by_label("Responder"), staff.locator("#sign-in-refusal")
    await reply.fill("Estoy escribiendo")
    await expire_sessions(house)

    await staff.keyboard.press("Enter")
    await sign_in_over(staff, "no es esta")
    await expect(refusal).to_have_text("Usuario o contraseña incorrectos.")
    await accessible(staff)
    await staff.keyboard.type(PASSWORD)
    await staff.keyboard.press("Enter")

    await expect(staff.locator("#sign-in")).to_be_hidden()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    await expect(reply).to_have_value("Estoy escribiendo")
    await expect(reply).to_be_focused()
    await staff.keyboard.press("Enter")
    await expect(customer.locator("#screen .theirs").last).to_contain_text("Estoy escribiendo")
    await expect(staff.locator("#log .staff").last).to_contain_text("Estoy escribiendo")
    await expect(reply).to_have_value("")
    await say(customer, "gracias")
    await expect(staff.locator("#log .customer").last).to_contain_text("gracias")


async def test_signed_out_elsewhere(house: Demo, new_page: NewPage) -> None:
    """Signing out in another tab ends this one's stream at once, and forgets every draft."""
    customer = await new_page(viewport=WIDE)
    await pick_up(customer, house)
    staff = await new_page(viewport=WIDE)
    await make_first(staff, house)
    await _holding(staff, house)
    await staff.get_by_label("Responder").press_sequentially("Un borrador")
    assert len(await staff.evaluate(_DRAFTS)) == 1
    other = await staff.context.new_page()
    await other.goto(f"{house.url}/consola/solicitudes")
    await other.get_by_role("button", name="Salir").click()

    await expect(staff.get_by_role("dialog", name="Su sesión terminó")).to_be_visible()
    await expect(staff.locator(".live")).to_have_text("la sesión terminó")
    await say(customer, "nadie lo lee")
    await expect(customer.locator("#screen .mine").last).to_contain_text("nadie lo lee")
    await expect(staff.locator("#log")).not_to_contain_text("nadie lo lee")
    assert await other.evaluate(_DRAFTS) == []
    await staff.keyboard.press("Escape")
    await expect(staff.locator("#sign-in")).to_be_hidden()
    await sign_in(other, "ana")
    await expect(other.locator(".live")).to_have_text("en vivo")
    await staff.get_by_role("button", name="Devolver al asistente").click()
    await staff.get_by_role("button", name="Donde iba").click()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    await expect(staff.locator("#log")).to_contain_text("nadie lo lee")


async def test_drafts(house: Demo, new_page: NewPage) -> None:
    """A draft waits in its chat, over other chats and an expired session, until it is sent."""
    customer = await new_page(viewport=WIDE)
    await pick_up(customer, house)
    staff = await new_page(viewport=WIDE)
    await make_first(staff, house)
    await _holding(staff, house)
    chat, reply = staff.url, staff.get_by_label("Responder")
    await reply.press_sequentially("Un borrador")
    await pick_up(customer, house)
    await staff.locator("#inbox a:not([aria-current])").first.click()
    await expect(staff).not_to_have_url(chat)
    await expect(staff.locator(".live")).to_have_text("en vivo")
    await expect(reply).to_have_value("")
    await expire_sessions(house)
    await staff.goto(chat)
    await expect(staff.get_by_role("heading", name="Consola de soporte")).to_be_visible()
    await sign_in(staff, "ana")

    await expect(staff).to_have_url(chat)
    await expect(reply).to_have_value("Un borrador")
    (draft,) = await staff.evaluate(_DRAFTS)
    assert draft[0].split(":")[1] != "ana"
    await reply.press("Enter")
    await expect(staff.locator("#log .staff").last).to_contain_text("Un borrador")
    await expect(reply).to_have_value("")
    assert await staff.evaluate(_DRAFTS) == []
    old = "[JSON.stringify({text: 'de ayer', at: Date.now() - 25 * 3600 * 1000})]"
    await staff.evaluate(f"localStorage.setItem({draft[0]!r}, {old}[0])")
    await staff.goto(chat)
    await expect(reply).to_have_value("")
    assert await staff.evaluate(_DRAFTS) == []
