"""Everything is in reach: at every width, at twice the size, and without a mouse."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.chromium import NewPage
from tests.handlers.pages.playing import Office
from tests.handlers.pages.stocking import commit, make_asking, make_waiting, open_store, talk

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_SIZES: dict[str, ViewportSize] = {
    "768": {"width": 768, "height": 1024},
    "1366-twice": {"width": 683, "height": 384},  # what a page has of 1366 x 768 at 200 %
    "390": {"width": 390, "height": 844},
    "1024-low": {"width": 950, "height": 540},
    "1366": {"width": 1366, "height": 768},
}


async def _open_card(page: Page) -> None:
    """Open the card, where it is a sheet: the name is the button."""
    button = page.get_by_role("button", name="datos del cliente")
    if await button.is_visible():
        await button.click()


async def test_card_at_every_width(office: Office, new_page: NewPage) -> None:
    """A request is approved on a tablet, a phone, and at twice the size (D12: it once was gone)."""
    for number, (name, size) in enumerate(_SIZES.items(), 1):
        async with open_store(office.house) as (store, _):
            key = await commit(store, make_asking(1000 + number), talk(30))
        staff = await office.enter(new_page, f"/consola?v=todos&c={key}", viewport=size)
        await _open_card(staff)
        approve = staff.get_by_role("button", name="Aprobar")
        await approve.scroll_into_view_if_needed()
        await expect(approve, name).to_be_in_viewport()

        await approve.click()

        await expect(approve, name).to_have_count(0)
        wide = await staff.evaluate("document.documentElement.scrollWidth")
        assert wide == size["width"], name


_SMALL = """() => [...document.querySelectorAll("a, button, input, textarea, select, summary")]
  .filter(one => one.checkVisibility() && !one.closest(".skip, .log, p"))
  .filter(one => !["hidden", "checkbox"].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < 43.9)
  .map(one => one.outerHTML.slice(0, 100))"""


async def test_fingers(office: Office, new_page: NewPage) -> None:
    """Where fingers touch, whatever is pressed is 44 px high, and no field makes a phone zoom."""
    async with open_store(office.house) as (store, _):
        key = await commit(store, make_asking(2000), talk(3))
    phone = {"viewport": _SIZES["390"], "has_touch": True, "is_mobile": True}
    staff = await office.enter(new_page, f"/consola?v=todos&c={key}", **phone)
    await _open_card(staff)
    small = await staff.evaluate(_SMALL)
    sizes = await staff.locator("input, textarea, select").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    for path in ("/consola", "/consola/auditoria", "/consola/cuenta"):
        await staff.goto(f"{office.house.url}{path}")
        small += await staff.evaluate(_SMALL)

    assert "\n".join(small) == ""
    assert min(sizes) >= 16


async def test_twelve_rows(office: Office, new_page: NewPage) -> None:
    """A laptop shows twelve chats at once, and nothing of the list lies beside it."""
    async with open_store(office.house) as (store, _):
        for number in range(14):
            await commit(store, make_waiting(number, minutes=number + 1), talk(1))
    staff = await office.enter(new_page, viewport=_SIZES["1366"])
    await expect(staff.get_by_text("Preparando las listas")).to_have_count(0)

    rows = await staff.locator("#inbox > [id^=row-]").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().bottom)"
    )

    assert len([bottom for bottom in rows if bottom <= 768]) >= 12


async def test_three_tabs_to_take(office: Office, new_page: NewPage) -> None:
    """Whoever opened a chat is three Tabs from taking it, at most; a link skips to the list."""
    async with open_store(office.house) as (store, _):
        key = await commit(store, make_waiting(50, minutes=3), talk(60))
    staff = await office.enter(new_page, f"/consola?v=esperan&c={key}")
    await expect(staff.locator(".live")).to_have_text("en vivo")
    take, tabs = staff.get_by_role("button", name="Tomar", exact=True), 0
    while not await take.evaluate("button => button === document.activeElement"):
        await staff.keyboard.press("Tab")
        tabs += 1
        assert tabs <= 3

    await staff.goto(f"{office.house.url}/consola?v=esperan")
    await staff.keyboard.press("Tab")
    await expect(staff.get_by_role("link", name="Ir a la lista")).to_be_focused()
    await staff.keyboard.press("Enter")
    await staff.keyboard.press("Tab")
    await expect(staff.locator("#inbox a").first).to_be_focused()


async def test_help_tells_every_key(office: Office, new_page: NewPage) -> None:
    """The help tells every key of the table; none acts while one writes, or with the help open."""
    staff = await office.enter(new_page)
    await staff.keyboard.press("?")
    told = await staff.get_by_role("dialog", name="Teclas").get_by_role("term").all_inner_texts()
    assert len(told) == await staff.evaluate("Object.keys(KEYS).length")
    await staff.keyboard.press("]")
    await expect(staff.get_by_role("dialog", name="Teclas")).to_be_visible()
    await staff.keyboard.press("Escape")

    await staff.keyboard.press("]")
    await expect(staff.get_by_role("list", name="Por decidir")).to_be_attached()
    await staff.keyboard.press("[")
    await expect(staff.get_by_role("list", name="Esperan")).to_be_attached()
    await staff.get_by_text("Filtrar").first.click()
    await staff.get_by_label("Canal").focus()
    await staff.keyboard.press("?")
    await expect(staff.get_by_role("dialog", name="Teclas")).to_have_count(0)


async def test_focus_stays(office: Office, new_page: NewPage) -> None:
    """A row that one came to by key keeps the focus while another comes in before it."""
    async with open_store(office.house) as (store, _):
        await commit(store, make_waiting(60, minutes=600), talk(1))
        staff = await office.enter(new_page)
        await expect(staff.locator(".live")).to_have_text("en vivo")
        await staff.keyboard.press("j")
        row = staff.locator("#inbox > [id^=row-]").first
        here = await row.get_attribute("id")
        await expect(row.get_by_role("link")).to_be_focused()

        await commit(store, make_waiting(61, minutes=700), talk(1))

        await expect(row).not_to_have_attribute("id", str(here))
        await expect(staff.locator(f"#{here} a")).to_be_focused()
