"""A live page that was opened while Redis was away begins its stream by itself."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.bot.demo_process import demo
from tests.chromium import NewPage
from tests.handlers.pages.playing import WIDE, make_first, pick_up

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def _refuse_first(page: Page, times: int) -> list[str]:
    """Answer the first requests of a stream as an outage does; list those that came."""
    came: list[str] = []

    async def answer(route: Route) -> None:
        came.append(route.request.url)
        if len(came) > times:
            await route.continue_()
            return
        headers = {"Retry-After": "1", "Content-Type": "application/json"}
        await route.fulfill(status=503, headers=headers, body='{"ok":false}')

    await page.route(re.compile(r"/live\?"), answer)
    return came


async def test_begins_after_an_outage(tmp_path: Path, new_page: NewPage) -> None:
    """Console and simulated phone ask again until the stream stands, and then are live."""
    with demo(tmp_path / "data") as house:
        customer = await new_page(viewport=WIDE, refusals=(503,))
        staff = await new_page(viewport=WIDE, refusals=(503,))
        await make_first(staff, house)
        await staff.goto(f"{house.url}/consola?v=todos")
        await pick_up(customer, house)
        streams = [
            (staff, await _refuse_first(staff, 2)),
            (customer, await _refuse_first(customer, 1)),
        ]

        for page, came in streams:
            await page.reload()
            await expect(page.locator(".live")).to_have_text("sin conexión")
            await expect(page.locator(".live")).to_have_text("en vivo")
            assert len(came) >= 2
        await expect(staff.locator("#refusal:not(:empty)")).to_have_count(0)
        await pick_up(customer, house)
        await expect(staff.locator("#inbox a")).to_have_count(2)
        for page in (staff, customer):  # or they ask a house that is gone
            await page.close()
