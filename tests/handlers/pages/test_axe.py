"""axe-core finds nothing on any page, light and dark, on a phone and on a wide screen.

The script of axe is put into a page once, and asked for every look and width of it: a page is
loaded once, and what lays it out anew is the browser.
"""

from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from handlers.console.frame import PLACES
from tests.chromium import NewPage
from tests.handlers.pages.playing import Office, add_member
from tests.handlers.pages.stocking import commit, make_asking, make_waiting, open_store, talk

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LOOKS: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

WIDTHS = {390: 844, 768: 1024, 1366: 768, 1920: 1080}
"""Width and height of a phone, a tablet, a laptop and a large screen."""

_FIND = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(({id, nodes}) => `${id}: ${nodes.map(one => one.html).join("|")}`);
}"""


async def _find(page: Page) -> list[str]:
    """List what axe finds on the open page, in every look and at every width."""
    await page.evaluate(Axe().axe_script)
    found = []
    for look in LOOKS:
        await page.emulate_media(color_scheme=look, reduced_motion="reduce")
        for width, height in WIDTHS.items():
            await page.set_viewport_size({"width": width, "height": height})
            told = await page.evaluate(_FIND)
            found += [f"{page.url} {look} {width}: {one}" for one in told]
    return found


async def _stock(office: Office) -> str:
    """Put chats into the lists: one with a long talk and a request, others of every kind."""
    async with open_store(office.house) as (store, _):
        for number, channel in enumerate(("telegram", "whatsapp", "simulator")):
            await commit(store, make_waiting(number, minutes=6 * number, channel=channel), talk(3))
        return await commit(store, make_asking(7), talk(40))


async def test_nothing_is_found(office: Office, new_page: NewPage) -> None:
    """No page has anything that axe-core finds; no error, no violation of the policy either."""
    stranger = await new_page()
    await stranger.goto(office.house.setup)
    found = await _find(stranger)
    staff = await office.enter(new_page, refusals=(404,))  # the page of a chat that is not there
    key = await _stock(office)
    await add_member(staff, office.house, "Beto Ruiz", "agente")
    member = staff.get_by_role("listitem").filter(has_text="Beto Ruiz").get_by_role("link")
    path = await member.get_attribute("href")

    of_staff = [*PLACES, f"/consola?v=todos&c={key}", str(path), "/consola/c/x"]
    of_anybody = ["/consola/entrar", "/docs", "/simulador"]
    for page, paths in ((staff, of_staff), (stranger, of_anybody)):
        for path in paths:
            await page.goto(f"{office.house.url}{path}")
            found += await _find(page)
    await staff.goto(f"{office.house.url}/consola?v=todos&c={key}")
    await staff.keyboard.press("?")
    await expect(staff.get_by_role("dialog", name="Teclas")).to_be_visible()
    found += await _find(staff)

    assert found == []
