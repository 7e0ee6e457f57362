"""The audit in a real browser: on a phone, in both colours, and without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.demo_process import Demo, demo
from tests.chromium import NewPage, accessible
from tests.handlers.pages.test_pages import _signed_in as sign_in

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_WIDE = {"width": 1440, "height": 900}
_NARROW = {"width": 390, "height": 844}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that is running."""
    with demo(tmp_path / "data") as running:
        yield running


async def _overflows(page: Page) -> bool:
    return bool(await page.evaluate("document.body.scrollWidth > document.body.clientWidth"))


async def test_supervisor_reads_it(house: Demo, new_page: NewPage) -> None:
    """Who signed in is there, on a wide page and on a phone, and axe finds nothing."""
    for size, look in ((_NARROW, "dark"), (_WIDE, "light")):
        page = await new_page(viewport=size, color_scheme=look)
        await sign_in(page, house)
        await page.goto(f"{house.url}/consola/auditoria")

        await expect(page.locator(".entries li").first).to_contain_text("ana")
        await expect(page.locator(".entries li").last).to_contain_text("Usar un enlace")
        await accessible(page)
        assert not await _overflows(page)


async def test_filter_without_scripts(house: Demo, new_page: NewPage) -> None:
    """It is filtered by a plain form, whose words stand in no address."""
    first = await new_page(viewport=_WIDE)
    await sign_in(first, house)
    cookies = await first.context.cookies()
    page = await new_page(viewport=_NARROW, java_script_enabled=False)
    await page.context.add_cookies(cookies)  # type: ignore[arg-type]
    await page.goto(f"{house.url}/consola/auditoria")
    await page.get_by_label("Qué se hizo").select_option(label="Usar un enlace de un solo uso")
    await page.get_by_role("button", name="Filtrar").click()

    await expect(page.locator(".entries li")).to_have_count(1)
    await expect(page.locator(".entries li")).to_contain_text("Usar un enlace de un solo uso")
    assert page.url == f"{house.url}/consola/auditoria"
    await page.get_by_label("Persona o programa").fill("nadie")
    await page.get_by_role("button", name="Filtrar").click()
    await expect(page.locator(".entries")).to_contain_text("No hay nada así.")
