"""Masked lines in a real browser: in clear for a reason, for a minute, and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.demo_process import Demo, demo
from tests.chromium import NewPage, accessible

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_TYPED = "mi cédula es 52.123.456"
_MASKED = "mi cédula es •••••456"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that is running."""
    with demo(tmp_path / "data") as running:
        yield running


async def _sign_in(page: Page, house: Demo) -> None:
    """Make the first administrator, and go to the console."""
    await page.goto(house.setup)
    await page.get_by_label("Nombre").fill("ana")
    await page.get_by_label("Contraseña").fill("una-clave-larga")
    await page.get_by_role("button", name="Guardar y entrar").click()
    await page.goto(f"{house.url}/consola?v=todos")
    await expect(page.locator(".live")).to_have_text("en vivo")


async def _say(page: Page, text: str) -> None:
    await page.get_by_label("Mensaje", exact=True).fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator("#screen .mine").last).to_contain_text(text)


async def _reveal(page: Page) -> None:
    """Say why, and press, by the keyboard alone."""
    if not await page.get_by_label("Para qué hay que verlo").is_visible():
        await page.get_by_text("Más acciones").focus()
        await page.keyboard.press("Enter")
    await page.get_by_label("Para qué hay que verlo").fill("reclama por su documento")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_text(_TYPED)).to_be_visible()


async def test_reveal(house: Demo, new_page: NewPage) -> None:
    """It is gone after a minute, by Escape, and when the page is hidden; the log never has it."""
    customer = await new_page()
    await customer.goto(f"{house.url}/simulador")
    await customer.get_by_role("button", name="+ WhatsApp").click()
    await _say(customer, _TYPED)
    staff = await new_page(viewport={"width": 1440, "height": 900})
    await staff.clock.install()
    await _sign_in(staff, house)
    await staff.locator("#inbox a").first.click()
    log, dialog = staff.locator("#log"), staff.locator("#revealed")
    await expect(log).to_contain_text(_MASKED)
    await expect(staff.locator("#inbox")).not_to_contain_text("52.123")

    await _reveal(staff)
    await accessible(staff)
    await _say(customer, "300 111 22 33")
    await expect(log).to_contain_text("300 ••• ••33")
    await expect(dialog).to_contain_text(_TYPED)
    await expect(log).to_contain_text("ana vio los datos sin tapar: reclama por su documento")
    await staff.clock.fast_forward(61_000)
    await expect(dialog).not_to_be_visible()
    await expect(dialog).not_to_contain_text(_TYPED)

    await _reveal(staff)
    await staff.keyboard.press("Escape")
    await expect(dialog).not_to_be_visible()
    await expect(dialog).not_to_contain_text(_TYPED)

    await _reveal(staff)
    await staff.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await expect(dialog).not_to_contain_text(_TYPED)
    await expect(log).not_to_contain_text("52.123.456")
