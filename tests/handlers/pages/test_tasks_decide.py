"""Tasks of the day: decide what customers ask for, undo it, and look behind a mask."""

import pytest
from playwright.async_api import Page, expect

from tests.chromium import NewPage
from tests.handlers.pages.playing import WIDE, Office, accept, add_member, ask_to_replace, say
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_REQUESTS = "/consola/solicitudes"


async def _open(page: Page, office: Office, words: str = "") -> None:
    """Open the chat whose last words these are, or the newest."""
    await page.goto(f"{office.house.url}/consola?v=todos")
    await page.locator("#inbox a").filter(has_text=words).first.click()
    await expect(page.locator(".live")).to_have_text("en vivo")


async def test_approve_and_undo(office: Office, new_page: NewPage) -> None:
    """Tasks 13 and 16: one click approves, one more asks for the undo; what needs two, gets two."""
    customer, ana = await new_page(viewport=WIDE), await office.enter(new_page)
    beto = await new_page(viewport=WIDE)
    await accept(beto, await add_member(ana, office.house, "beto", "supervisor"), "beto")
    await ask_to_replace(customer, office.house, "79123456")
    await ana.goto(office.house.url + _REQUESTS)
    async with at_work(13, ana) as hands:
        await hands.click(ana.get_by_role("button", name="Aprobar"))
        await expect(ana.get_by_text("aprobó ana")).to_be_visible()
    await beto.goto(office.house.url + _REQUESTS)
    await beto.get_by_role("button", name="Aprobar").click()
    await expect(customer.locator("#screen .theirs").last).to_contain_text("actualizado")

    await _open(ana, office)
    async with at_work(16, ana) as hands:
        await ana.get_by_label("Por qué se deshace el último cambio").fill("no era el titular")
        await hands.click(ana.get_by_role("button", name="Pedir que se deshaga"))
        await expect(ana.get_by_role("region", name="Solicitud")).to_be_visible()
    await beto.goto(office.house.url + _REQUESTS)
    await beto.get_by_role("button", name="Aprobar").click()
    await expect(customer.locator("#screen .theirs").last).to_contain_text("deshizo")


async def test_ask_and_reject(office: Office, new_page: NewPage) -> None:
    """Tasks 14 and 15: a question, a reason: words and one click each, which the customer reads."""
    customer, ana = await new_page(viewport=WIDE), await office.enter(new_page)
    await ask_to_replace(customer, office.house, "79123457")
    await ana.goto(office.house.url + _REQUESTS)
    last = customer.locator("#screen .theirs").last
    async with at_work(15, ana) as hands:
        await ana.get_by_label("Pregunta para el cliente").fill("¿El contrato está a su nombre?")
        await hands.click(ana.get_by_role("button", name="Preguntar"))
        await expect(last).to_contain_text("¿El contrato está a su nombre?")
    await say(customer, "sí, a mi nombre")
    await expect(ana.get_by_text("Respondió: sí, a mi nombre")).to_be_visible()

    async with at_work(14, ana) as hands:
        await ana.get_by_label("Motivo que leerá el cliente").fill("la foto no se lee")
        await hands.click(ana.get_by_role("button", name="Rechazar"))
        await expect(last).to_contain_text("la foto no se lee")


async def test_reveal(office: Office, new_page: NewPage) -> None:
    """Task 17: behind a mask one looks for a reason: two clicks and the words of it."""
    customer, ana = await new_page(viewport=WIDE), await office.enter(new_page)
    await customer.goto(f"{office.house.url}/simulador")
    await customer.get_by_role("button", name="+ Sin número").click()
    await say(customer, "mi cédula es 1098765432")
    await _open(ana, office, "mi cédula es")
    await expect(ana.locator("#log")).to_contain_text("mi cédula es")
    await expect(ana.locator("#log")).not_to_contain_text("1098765432")

    async with at_work(17, ana) as hands:
        await hands.click(ana.get_by_text("Más acciones"))
        await ana.get_by_label("Para qué hay que verlo").fill("comparar con la foto")
        await hands.click(ana.get_by_role("button", name="Mostrar un minuto"))
        await expect(ana.get_by_role("dialog")).to_contain_text("1098765432")
