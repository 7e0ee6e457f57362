"""Tasks over a network and a server that come and go: no word is lost, nobody is greeted twice."""

import pytest
from playwright.async_api import Page, expect

from tests.chromium import NewPage
from tests.handlers.pages.playing import WIDE, Office, pick_up, say, sign_in
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 ms and 400 kbit/s, both ways."""


async def _begin(office: Office, new_page: NewPage, word: str) -> tuple[Page, Page]:
    """Let a customer ask for a person, and ana take the chat."""
    staff = await office.enter(new_page, outages=True, refusals=(503,))
    customer = await new_page(viewport=WIDE, outages=True, refusals=(503,))
    await pick_up(customer, office.house)
    await say(customer, "asesor", "asesor")
    await say(customer, word)
    await expect(customer.locator("#screen .mine").last).to_contain_text(word)
    waiting = staff.get_by_role("list", name="Esperan").get_by_role("listitem")
    await waiting.filter(has_text=word).get_by_role("link").click()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    await expect(staff.get_by_text("Usted lleva este chat.")).to_be_visible()
    return customer, staff


async def _expect_once(customer: Page, *words: str) -> None:
    """The customer got each of these once, and was greeted once."""
    theirs = customer.locator("#screen .theirs")
    for word in words:
        await expect(theirs.filter(has_text=word)).to_have_count(1)
    await expect(theirs.filter(has_text="Hola, soy ana")).to_have_count(1)


async def test_follow_a_link(office: Office, new_page: NewPage) -> None:
    """Task 30: a colleague's link leads to the list and the chat, after signing in."""
    _, ana = await _begin(office, new_page, "mire este caso")
    other = await new_page(viewport=WIDE)
    async with at_work(30, other):
        await other.goto(ana.url)
        await sign_in(other, "ana")
        await expect(other).to_have_url(ana.url)
        await expect(other.locator("#log")).to_contain_text("mire este caso")


async def test_lost_network(office: Office, new_page: NewPage) -> None:
    """Task 32: without a network the page says so, and what is written stays until there is one."""
    customer, staff = await _begin(office, new_page, "se cae la red")
    reply = staff.get_by_role("textbox", name="Responder")
    strip = staff.get_by_text("Sin conexión: lo que escriba se queda aquí.")
    async with at_work(32, staff):
        await staff.context.set_offline(True)
        await expect(strip).to_be_visible()
        await reply.fill("sigo aquí")
        await reply.press("Enter")
        await expect(reply).to_have_value("sigo aquí")
        await say(customer, "¿me oye?")
        await staff.context.set_offline(False)
        await expect(strip).to_be_hidden()
        await expect(staff.locator("#log")).to_contain_text("¿me oye?")
        await reply.press("Enter")

    await expect(staff.locator("#log .staff").last).to_contain_text("sigo aquí")
    await _expect_once(customer, "sigo aquí")


async def test_slow_network(office: Office, new_page: NewPage) -> None:
    """Task 34: over a slow network one writes on without waiting; all arrives, in order."""
    customer, staff = await _begin(office, new_page, "voy despacio")
    tools = await staff.context.new_cdp_session(staff)
    await tools.send("Network.emulateNetworkConditions", _SLOW)
    reply = staff.get_by_role("textbox", name="Responder")
    words = [f"renglón {number}" for number in ("uno", "dos", "tres")]
    async with at_work(34, staff):
        for word in words:
            await reply.fill(word)
            await reply.press("Enter")
            await expect(reply).to_have_value("")
        await expect(staff.locator("#log .staff").last).to_contain_text("tres")

    await _expect_once(customer, *words)
    shown = await customer.locator("#screen .theirs").all_inner_texts()
    assert [word for text in shown for word in words if word in text] == words


async def test_restart(office: Office, new_page: NewPage) -> None:
    """Task 33: over a restart the page goes on by itself, with what was written meanwhile."""
    customer, staff = await _begin(office, new_page, "antes del reinicio")
    reply = staff.get_by_role("textbox", name="Responder")
    async with at_work(33, staff):
        await reply.fill("escribo mientras")
        office.house.kill()
        await expect(staff.get_by_text("Sin conexión: lo que")).to_be_visible()
        await reply.press("Enter")
        await expect(reply).to_have_value("escribo mientras")
        office.house.start()
        await expect(staff.locator(".live")).to_have_text("en vivo")
        await reply.press("Enter")
        await expect(staff.locator("#log .staff").last).to_contain_text("escribo mientras")

    await customer.reload()
    await say(customer, "después del reinicio")
    await expect(staff.locator("#log .customer").last).to_contain_text("después del reinicio")
    await _expect_once(customer, "escribo mientras")
