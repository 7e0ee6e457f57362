"""Tasks done with one's hands: take, write, note, hand back, two members at one chat."""

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import (
    NARROW,
    WIDE,
    Office,
    accept,
    add_member,
    expire_sessions,
    pick_up,
    say,
    sign_in_over,
)
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_BETO: dict[str, Any] = {}  # his cookies, once he is made


async def _open_newest(staff: Page, office: Office) -> None:
    """Open the chat that was active last."""
    await staff.goto(f"{office.house.url}/consola?v=todos")
    await staff.get_by_role("list", name="Todos").get_by_role("link").first.click()
    await expect(staff.locator(".live")).to_have_text("en vivo")


async def _begin(office: Office, new_page: NewPage, word: str = "hola") -> tuple[Page, Page]:
    """Let a customer write to the bot, and ana open the chat."""
    staff = await office.enter(new_page)
    customer = await new_page(viewport=WIDE)
    await pick_up(customer, office.house)
    if word != "hola":
        await say(customer, word)
        await expect(customer.locator("#screen .mine").last).to_contain_text(word)
    await _open_newest(staff, office)
    return customer, staff


async def _join(office: Office, new_page: NewPage, ana: Page, *, at: str) -> Page:
    """Let beto, an agent, open that page."""
    if not _BETO:
        other = await office.enter(new_page)
        link = await add_member(other, office.house, "Beto", "agente")
        beto = await new_page(viewport=WIDE, refusals=(409,))
        await accept(beto, link, "Beto")
        _BETO["storage_state"] = await beto.context.storage_state()
    else:
        beto = await new_page(viewport=WIDE, refusals=(409,), **_BETO)
    await beto.goto(at)
    await expect(beto.locator(".live")).to_have_text("en vivo")
    await expect(ana.locator(".live")).to_have_text("en vivo")
    return beto


async def _hear(customer: Page, words: str) -> None:
    await expect(customer.locator("#screen .theirs").last).to_contain_text(words)


async def _count(page: Page, words: str) -> int:
    return (await page.locator("#screen").inner_text()).count(words)


async def test_take_and_type(office: Office, new_page: NewPage) -> None:
    """Task 9: one key takes a free chat, and the cursor is in the field."""
    customer, staff = await _begin(office, new_page)
    async with at_work(9, staff) as hands:
        await hands.press("t")
        await hands.write("¿En qué le ayudo?")
    await expect(staff.get_by_text("Usted lleva este chat.")).to_be_visible()
    await _hear(customer, "Hola, soy ana")
    await staff.keyboard.press("Enter")

    await _hear(customer, "¿En qué le ayudo?")
    await accessible(staff)


async def test_answer_takes(office: Office, new_page: NewPage) -> None:
    """Words sent into a free chat take it and answer, without a greeting if so wished."""
    customer, staff = await _begin(office, new_page)
    await staff.get_by_label("Saludar al tomar").uncheck()
    await staff.reload()
    await expect(staff.get_by_label("Saludar al tomar")).not_to_be_checked()
    await expect(staff.get_by_role("button", name="Tomar y responder")).to_be_visible()
    await staff.keyboard.press("r")
    await staff.keyboard.type("Buenas, dígame")
    await staff.keyboard.press("Enter")

    await _hear(customer, "Buenas, dígame")
    await expect(staff.get_by_text("Usted lleva este chat.")).to_be_visible()
    await expect(staff.get_by_role("button", name="Enviar")).to_be_visible()
    assert await _count(customer, "soy ana") == 0
    await staff.evaluate("localStorage.removeItem('saludar')")


async def test_note(office: Office, new_page: NewPage) -> None:
    """Task 10: a note is written by two keys; it stands in the chat, and no customer sees it."""
    customer, staff = await _begin(office, new_page)
    async with at_work(10, staff) as hands:
        await hands.press("n")
        await hands.write("Ya pagó ayer")
        await hands.press("Enter")
    note = staff.get_by_role("log").get_by_role("listitem").filter(has_text="Nota de ana")
    await expect(note).to_contain_text("Ya pagó ayer")
    await expect(staff.get_by_text("escriba para tomarlo")).to_be_visible()
    await accessible(staff)
    await staff.set_viewport_size(NARROW)
    await accessible(staff)
    await say(customer, "hola", "Soy el asistente")

    assert await _count(customer, "Ya pagó") == 0


async def test_hand_back(office: Office, new_page: NewPage) -> None:
    """Task 11: two keys give the chat back, where it was."""
    customer, staff = await _begin(office, new_page)
    await staff.keyboard.press("t")
    await expect(staff.get_by_text("Usted lleva este chat.")).to_be_visible()
    await staff.keyboard.press("Escape")
    async with at_work(11, staff) as hands:
        await hands.press("b")
        await expect(staff.get_by_role("dialog", name="Devolver al asistente")).to_be_visible()
        await accessible(staff)
        await hands.press("Enter")

    await _hear(customer, "Sigo yo, el asistente; íbamos en")
    await expect(staff.get_by_text("El asistente lleva este chat")).to_be_visible()


async def test_hand_back_at_a_step(office: Office, new_page: NewPage) -> None:
    """Task 12: two keys give the chat back at a step; only steps are offered that are possible."""
    customer, staff = await _begin(office, new_page)
    await staff.keyboard.press("t")
    await expect(staff.get_by_text("Usted lleva este chat.")).to_be_visible()
    await staff.keyboard.press("Escape")
    async with at_work(12, staff) as hands:
        await hands.press("b")
        menu = staff.get_by_role("dialog", name="Devolver al asistente")
        await expect(menu.get_by_role("button", name="Inicio")).to_be_visible()
        await expect(menu.get_by_role("button", name="Cédula")).to_be_hidden()
        await hands.press("2")

    await _hear(customer, "Sigo yo, el asistente.")
    await _hear(customer, "Soy el asistente automático")


async def test_taken_under_the_fingers(office: Office, new_page: NewPage) -> None:
    """Task 35: a colleague takes the chat while ana types: she types on, and nothing is lost.

    Once her letters became commands: `t` took the chat back, and the customer was greeted twice.
    """
    customer, ana = await _begin(office, new_page)
    beto = await _join(office, new_page, ana, at=ana.url)
    ana_too = await office.enter(new_page, refusals=(409,))
    await ana_too.goto(ana.url)
    await expect(ana_too.locator(".live")).to_have_text("en vivo")
    await ana_too.keyboard.press("r")
    await ana_too.keyboard.type("Deme un momen")
    async with at_work(35, beto) as hands:
        await hands.click(beto.get_by_role("button", name="Tomar", exact=True))
    await expect(
        ana_too.get_by_text("lo que escriba no sale hasta que usted lo tome")
    ).to_be_visible()
    await ana_too.keyboard.type("to, tbe")

    reply = ana_too.get_by_label("Responder")
    await expect(reply).to_have_value("Deme un momento, tbe")
    await ana_too.keyboard.press("Enter")
    await expect(
        ana_too.get_by_role("alert").filter(has_text="Beto tomó este chat a las")
    ).to_be_visible()
    await expect(reply).to_have_value("Deme un momento, tbe")
    await expect(beto.get_by_text("Usted lleva este chat.")).to_be_visible()
    await accessible(ana_too)
    assert await _count(customer, "Ya leí su caso") == 1
    assert await _count(customer, "Deme un momento") == 0


async def test_lost_focus(office: Office, new_page: NewPage) -> None:
    """Letters go on in the field that lost the focus, or nowhere; none is a command."""
    _, staff = await _begin(office, new_page)
    reply = staff.get_by_label("Responder")
    await staff.keyboard.press("r")
    await staff.keyboard.type("Deme un ")
    await staff.evaluate("document.activeElement.blur()")
    await staff.keyboard.type("tbe")
    await expect(reply).to_have_value("Deme un tbe")
    await staff.evaluate("document.querySelector('.composer').remove()")
    await staff.keyboard.type("tbe")
    await expect(staff.get_by_role("dialog")).to_have_count(0)
    await staff.reload()

    await expect(staff.get_by_text("El asistente lleva este chat")).to_be_visible()
    await expect(reply).to_have_value("Deme un tbe")
    await reply.fill("")


async def test_no_seizure_by_a_key(office: Office, new_page: NewPage) -> None:
    """A colleague's chat is not taken by a key, but in a dialog that names him."""
    customer, ana = await _begin(office, new_page)
    beto = await _join(office, new_page, ana, at=ana.url)
    await beto.keyboard.press("t")
    await expect(ana.get_by_text("lo que escriba no sale")).to_be_visible()
    await ana.keyboard.press("t")
    dialog = ana.get_by_role("dialog", name="¿Tomar este chat de todos modos?")
    await expect(dialog).to_contain_text("Beto tomó este chat a las")
    await accessible(ana)
    await ana.keyboard.press("Enter")  # leaves it
    await expect(dialog).to_be_hidden()
    await expect(beto.get_by_text("Usted lleva este chat.")).to_be_visible()
    await ana.keyboard.press("t")
    await ana.get_by_role("button", name="Tomarlo").click()
    await ana.keyboard.type("Sigo yo")
    await ana.keyboard.press("Enter")

    await _hear(customer, "Sigo yo")
    await expect(beto.get_by_text("ana tomó este chat a las")).to_be_visible()
    assert await _count(customer, "soy ana") == await _count(customer, "soy Beto") == 1


async def test_customer_writes_meanwhile(office: Office, new_page: NewPage) -> None:
    """Task 36: what the customer writes while ana types takes neither her words nor her cursor."""
    customer, staff = await _begin(office, new_page)
    await staff.keyboard.press("t")
    await staff.keyboard.type("Estoy ")
    async with at_work(36, staff):
        for word in ("¿sigue ahí?", "¿hola?"):
            await say(customer, word)
            await expect(staff.get_by_role("log")).to_contain_text(word)
            await staff.keyboard.type("aquí ")

    await expect(staff.get_by_label("Responder")).to_have_value("Estoy aquí aquí ")
    await staff.keyboard.press("Enter")
    await _hear(customer, "Estoy aquí aquí")


async def test_too_long(office: Office, new_page: NewPage) -> None:
    """What is too long is counted, refused and kept; nothing of it reaches the customer."""
    customer, _ = await _begin(office, new_page)
    staff = await office.enter(new_page, refusals=(422,))
    await _open_newest(staff, office)
    reply, count = staff.get_by_label("Responder"), staff.locator("#count")
    await reply.fill("a" * 3000)
    await expect(count).to_have_text("")
    await reply.fill("a" * 4000)
    await expect(count).to_have_text("4.000 de 4.096")
    await reply.fill("a" * 5000)
    await expect(count).to_have_text("5.000 de 4.096")
    assert await staff.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await reply.press("Enter")
    await expect(staff.get_by_role("alert").filter(has_text="caben 4.096")).to_be_visible()

    await expect(reply).to_have_value("a" * 5000)
    await expect(staff.get_by_text("escriba para tomarlo")).to_be_visible()
    assert await _count(customer, "aaaa") == 0
    await reply.fill("")
    await staff.get_by_text("Más acciones").click()
    reason = staff.get_by_label("Para qué hay que verlo")
    await reason.fill("b" * 210)
    await expect(staff.get_by_text("210 de 200")).to_be_visible()
    await reason.press("Enter")
    await expect(staff.get_by_role("alert").filter(has_text="caben 200")).to_be_visible()
    await expect(reason).to_have_value("b" * 210)


async def test_lost_answer(office: Office, new_page: NewPage) -> None:
    """Words whose answer was lost come back; sent again as they are, they are one message."""
    customer, _ = await _begin(office, new_page)
    staff = await office.enter(new_page, refusals=(502,))
    await _open_newest(staff, office)

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.fulfill(status=502)

    await staff.route("**/reply", lose, times=1)
    reply = staff.get_by_label("Responder")
    await reply.fill("Se perdió en el camino")
    await reply.press("Enter")
    await expect(staff.get_by_role("alert").filter(has_text="Intente otra vez")).to_be_visible()
    await expect(reply).to_have_value("Se perdió en el camino")
    await reply.press("Enter")
    await expect(reply).to_have_value("")
    await reply.fill("y algo más")
    await reply.press("Enter")
    await _hear(customer, "y algo más")

    assert await _count(customer, "Se perdió en el camino") == 1


async def test_drafts(office: Office, new_page: NewPage) -> None:
    """Words and notes wait in their chat over a crash and other chats, and the list shows where."""
    _, staff = await _begin(office, new_page)
    first = staff.url
    await staff.keyboard.press("r")
    await staff.keyboard.type("para el cliente")
    await staff.keyboard.press("Escape")
    await staff.keyboard.press("n")
    await staff.keyboard.type("para colegas")
    other = await new_page(viewport=WIDE)
    await pick_up(other, office.house)
    rows = staff.get_by_role("list", name="Todos").get_by_role("listitem")
    await expect(rows.filter(has_text="✎ borrador")).to_have_count(1)
    context = staff.context
    await staff.close()  # as a crash: nothing is asked, nothing is said
    staff = await context.new_page()
    await _open_newest(staff, office)
    await expect(staff.get_by_label("Responder")).to_have_value("")
    await staff.goto(first)

    await expect(staff.get_by_label("Responder")).to_have_value("para el cliente")
    await staff.keyboard.press("n")
    await expect(staff.get_by_label("Nota", exact=True)).to_have_value("para colegas")
    for field in ("Nota", "Responder"):
        await staff.get_by_role("tab", name=field).click()
        await staff.get_by_label(field, exact=True).fill("")
    await expect(staff.get_by_text("✎ borrador")).to_have_count(0)


async def test_session_ends_while_typing(office: Office, new_page: NewPage) -> None:
    """Task 31: over an ended session one signs in, and goes on with every word and one greeting."""
    customer, _ = await _begin(office, new_page)
    staff = await office.enter(new_page, refusals=(401,))
    await _open_newest(staff, office)
    async with at_work(31, staff):
        await staff.keyboard.press("t")
        await _hear(customer, "soy ana")
        await staff.keyboard.type("Estoy escrib")
        await expire_sessions(office.house)
        await staff.keyboard.type("iendo")
        await staff.keyboard.press("Enter")
        await sign_in_over(staff)
        await expect(staff.locator(".live")).to_have_text("en vivo")
        await expect(staff.get_by_label("Responder")).to_have_value("Estoy escribiendo")
        await staff.keyboard.press("Enter")
    await _hear(customer, "Estoy escribiendo")

    assert await _count(customer, "soy ana") == 1
    office.cookies = await staff.context.storage_state()
    _BETO.clear()
