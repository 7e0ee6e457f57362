"""Tasks of the day: move through the lists, read a long history, work without mouse or screen."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.bootstrap import clock
from state.journal import Entry, Kind
from tests.bot.demo_process import Thumb
from tests.chromium import NewPage
from tests.handlers.pages.playing import PASSWORD, WIDE, Office
from tests.handlers.pages.stocking import append, commit, make_held, make_waiting, open_store, talk
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_ROWS = "#inbox > [id^=row-]"
_LINES = "#log > [id^=e]"
_TOLD = [f"línea {number} de 500" for number in range(1, 501)]


@pytest_asyncio.fixture(loop_scope="session")
async def staff(office: Office, new_page: NewPage) -> AsyncIterator[Page]:
    """Ana's inbox, with sixty who wait and two whom she has."""
    page = await office.enter(new_page)
    if not await page.locator(_ROWS).count():
        async with open_store(office.house) as (store, _):
            for number in range(60):
                await commit(store, make_waiting(number, minutes=90 - number), talk(1))
            for number in (70, 71):
                await commit(store, make_held(number, "ana"), talk(2))
        await page.reload()
    await expect(page.locator(".live")).to_have_text("en vivo")
    yield page


async def _list_keys(page: Page) -> list[str]:
    found: list[str] = await page.locator(_ROWS).evaluate_all("rows => rows.map(row => row.id)")
    return found


async def test_open_next(staff: Page) -> None:
    """Task 6: one key goes to the next chat, another opens it; whoever waits longest, one press."""
    first, second = (await _list_keys(staff))[:2]
    await staff.get_by_role("link", name=re.compile("Abrir el que más espera .* h")).click()
    await expect(staff.locator(f"#{first} a")).to_have_attribute("aria-current", "page")

    async with at_work(6, staff) as hands:
        await hands.press("j")
        await hands.press("Enter")
        await expect(staff.locator(f"#{second} a")).to_have_attribute("aria-current", "page")


async def test_see_my_load(staff: Page) -> None:
    """Task 20: how many chats one has stands beside the list of them."""
    async with at_work(20, staff):
        lists = staff.get_by_role("navigation", name="Listas")
        await expect(lists.get_by_role("link", name="Míos 2")).to_be_visible()


async def test_sort(staff: Page, office: Office) -> None:
    """Task 22: who waits longest is first; in the list of all, who wrote last is."""
    waits = await staff.locator(f"{_ROWS} [data-since]").evaluate_all(
        "marks => marks.map(mark => Number(mark.dataset.since))"
    )
    async with at_work(22, staff):
        assert len(waits) == 50
        assert waits == sorted(waits)
    await staff.goto(f"{office.house.url}/consola?v=todos")
    places = await staff.locator(_ROWS).evaluate_all(
        "rows => rows.map(row => Number(row.dataset.place))"
    )
    assert places == sorted(places, reverse=True)


async def test_turn_the_page(staff: Page) -> None:
    """Task 24: one press shows whom the first page has no room for, and nobody twice."""
    before = await _list_keys(staff)
    async with at_work(24, staff) as hands:
        await hands.click(staff.get_by_role("link", name="Ver más"))
        await expect(staff.locator(_ROWS)).to_have_count(10)

    assert not {*before} & {*await _list_keys(staff)}


async def test_read_five_hundred_messages(staff: Page, office: Office) -> None:
    """Task 29: all of it by scrolling, days apart; nothing is lost, and nothing there twice."""
    key = await _open_long_talk(staff, office, 80)
    assert await staff.locator(_LINES).count() == 60
    async with at_work(29, staff):
        await _scroll_up(staff)

    assert await staff.locator(f"{_LINES} > p").all_inner_texts() == _TOLD
    assert await staff.locator("#log > .day").count() in (1, 2)
    await _come_back(staff, "li => li.remove()")
    assert await staff.locator(f"{_LINES} > p").all_inner_texts() == _TOLD
    assert key in staff.url


async def test_new_words_further_down(staff: Page, office: Office) -> None:
    """Whoever reads further up stays there while new words come; a button tells of them."""
    key = await _open_long_talk(staff, office, 81)
    await _scroll_up(staff)
    box, newer = staff.get_by_role("log"), staff.get_by_role("button", name="1 nuevo")
    place = await box.evaluate("box => (box.scrollTop = 2000)")
    await expect(newer).to_be_hidden()
    async with open_store(office.house) as (store, redis):
        new = Entry(kind=Kind.CUSTOMER, at=clock(), text="¿sigue ahí?", answers="-")
        await append(store, redis, key, [new])
        await store.feed.tell(key)

    await expect(newer).to_be_visible()
    assert await box.evaluate("box => box.scrollTop") == place
    await newer.click()

    await expect(staff.get_by_text("¿sigue ahí?")).to_be_in_viewport()
    await expect(newer).to_be_hidden()


async def test_long_outage(staff: Page, office: Office) -> None:
    """After an outage with more words than a picture shows, none is missing between the lines."""
    await _open_long_talk(staff, office, 82)
    await _scroll_up(staff)
    await _come_back(staff, "li => li.parentNode.replaceChildren(li.parentNode.children[1])")
    await expect(staff.locator(_LINES).nth(60)).to_be_attached()
    assert await staff.get_by_text(_TOLD[0], exact=True).count() == 0

    await staff.get_by_role("log").evaluate("box => (box.scrollTop = box.scrollHeight)")
    await _scroll_up(staff)

    assert await staff.locator(f"{_LINES} > p").all_inner_texts() == _TOLD


async def _open_long_talk(staff: Page, office: Office, number: int) -> str:
    async with open_store(office.house) as (store, redis):
        key = await commit(store, make_held(number, "ana"))
        await append(store, redis, key, talk(500))
    await staff.goto(f"{office.house.url}/consola?v=mios&c={key}")
    await expect(staff.get_by_text(_TOLD[-1])).to_be_in_viewport()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    return key


async def _scroll_up(staff: Page) -> None:
    await staff.locator("#log").hover()
    while not await staff.get_by_text(_TOLD[0], exact=True).count():
        await staff.mouse.wheel(0, -20_000)
        await expect(staff.locator("#older[data-asked]")).to_have_count(0)


async def _come_back(staff: Page, change: str) -> None:
    """Find a lost network again: the stream begins anew, and its picture mends what was changed."""
    last = staff.locator(_LINES).last
    mended = await last.get_attribute("id")
    await last.evaluate(change)
    await staff.evaluate("begin(document.getElementById('stream'))")
    await expect(staff.locator(f"#{mended}")).to_have_count(1)


async def test_keyboard_only(office: Office, new_page: NewPage) -> None:
    """Task 37: a whole case, from signing in to handing back, without a mouse."""
    await office.enter(new_page)
    customer = Thumb(office.house)
    customer.pick_up()
    for number, text in enumerate(("hola", "asesor", "no me llega la factura")):
        customer.do("say", text, f"k{number}")
    page = await new_page(viewport=WIDE)
    keys = page.keyboard
    await page.goto(f"{office.house.url}/consola?v=esperan")
    async with at_work(37, page):
        await expect(page.get_by_label("Usuario")).to_be_focused()
        await keys.type("ana")
        await keys.press("Tab")
        await keys.type(PASSWORD)
        await keys.press("Enter")
        await expect(page.locator(".live")).to_have_text("en vivo")
        await keys.press("]")  # to decide, mine, stuck, failed, all
        for name in ("Míos", "Atascados", "Fallidos", "Todos"):
            await expect(page.get_by_role("navigation", name="Listas")).to_be_visible()
            await keys.press("]")
            await expect(page.get_by_role("list", name=name)).to_be_attached()
        await keys.press("j")
        await keys.press("Enter")
        await expect(page.locator("#log")).to_contain_text("no me llega la factura")
        await expect(page.locator(".live")).to_have_text("en vivo")
        await keys.press("t")
        await expect(page.locator("#holder")).to_contain_text("Usted lleva este chat")
        composer = page.get_by_label("Responder", exact=True)
        await expect(composer).to_be_focused()
        await keys.type("Ya se la envío.")
        await keys.press("Enter")
        await expect(page.locator("#log .staff").last).to_contain_text("Ya se la envío.")
        await keys.press("Escape")
        await keys.press("b")
        await expect(page.get_by_role("dialog", name="Devolver al asistente")).to_be_visible()
        await keys.press("Enter")  # where it was
        await expect(page.locator("#holder")).to_contain_text("El asistente lleva este chat")


async def test_screen_reader(office: Office, new_page: NewPage) -> None:
    """Task 38: landmarks and names in the order of the work; what comes is told as it comes."""
    staff = await office.enter(new_page)
    async with open_store(office.house) as (store, _):
        key = await commit(store, make_waiting(90, minutes=200), talk(3))
    async with at_work(38, staff):
        await staff.goto(f"{office.house.url}/consola?v=esperan&c={key}")
        await expect(staff.locator("body")).to_match_aria_snapshot("""
          - banner:
            - navigation "Páginas"
            - status: /en vivo/
          - main:
            - region "Bandeja":
              - navigation "Listas"
              - list "Esperan"
            - region "Conversación":
              - heading [level=1]
              - log "Mensajes":
                - list:
                  - listitem: Hoy
                  - listitem:
                    - text: "Cliente:"
                    - paragraph: línea 1 de 3
              - group "Respuesta":
                - button "Tomar"
            - complementary "Cliente"
        """)
        row = staff.locator(f"#row-{key}").get_by_role("link")
        await expect(row).to_have_accessible_name(
            re.compile(r"^Simulador .* 3 h .* pide una persona$")
        )
        live = await staff.locator("[role=status], [role=alert], [role=log]").count()
        assert live >= 4
