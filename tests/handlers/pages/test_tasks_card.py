"""Tasks of the day: read what happened; see name, plan, state and balance. Nothing is pressed."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import NARROW, WIDE, Office, press, say
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_DOCUMENT = "1098765432"


async def _find_service(page: Page, office: Office) -> None:
    """Write as a customer whose service is found, and is asked for a document."""
    row = page.locator("tr").filter(has_text="Cédula")
    await page.goto(f"{office.house.url}/simulador")
    await page.get_by_role("button", name="+ Telegram").click()
    while "—" not in await row.inner_text():
        await page.get_by_role("button", name="+ Telegram").click()
    await say(page, "hola", "Soy el asistente")
    await press(page, "Empezar", "Ley 1581")
    await press(page, "Sí, autorizo", "Compartir mi número")
    await page.locator("#suggestions button").first.click()
    await expect(page.locator("#screen .theirs").last).to_contain_text("¿Es el suyo?")
    await press(page, "Sí, es el mío", "Escriba su número de cédula")


def _fact(card: Locator, name: str) -> Locator:
    return card.get_by_text(name, exact=True).locator("xpath=following-sibling::dd[1]")


async def test_card(office: Office, new_page: NewPage) -> None:
    """Tasks 7 and 8: the open chat tells what happened, who it is, and how the service stands."""
    customer, staff = (
        await new_page(viewport=WIDE),
        await office.enter(new_page, "/consola?v=todos"),
    )
    await _find_service(customer, office)
    name = await customer.get_by_role("region", name="Teléfono de").get_attribute("aria-label")
    assert name is not None
    name = name.removeprefix("Teléfono de ")
    rows = staff.get_by_role("list", name="Todos").get_by_role("listitem").filter(has_text=name)
    asked: list[str] = []
    staff.on("request", lambda one: asked.append(one.url) if "/servicio" in one.url else None)
    await rows.get_by_role("link").first.click()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    card = staff.get_by_role("complementary", name="Cliente")
    service = card.get_by_role("region", name="Servicio")

    async with at_work(7, staff):
        log = staff.get_by_role("log", name="Mensajes")
        await expect(log).to_contain_text("Sí, es el mío")
        rail = card.get_by_role("list", name="Recorrido").get_by_role("listitem")
        await expect(rail.filter(has_text="aquí")).to_contain_text("Cédula")
    async with at_work(8, staff):
        await expect(staff.get_by_role("heading", name=name)).to_be_visible()
        await expect(service).to_contain_text(re.compile("activo|suspendido"))
        await expect(_fact(service, "Saldo")).to_contain_text(re.compile("al día|debe|a favor"))
        await expect(service).to_contain_text("Actualizado hace 0 min")
        await expect(_fact(service, "Documento en archivo")).to_have_text("ninguno")

    assert len(asked) == 1
    await staff.get_by_text("Más acciones").click()
    await staff.get_by_label("Para qué hay que verlo").fill("lo pide el titular")
    await say(customer, _DOCUMENT, "Revise antes de guardar")
    await press(customer, "Sí, guardar", "Perfil del cliente actualizado exitosamente.")
    await expect(_fact(service, "Documento en archivo")).to_have_text("•••••432")  # D8
    await expect(staff.get_by_label("Para qué hay que verlo")).to_have_value("lo pide el titular")
    await expect(service.get_by_text("Cambios por chat")).to_be_visible()
    await accessible(staff)
    await staff.set_viewport_size(NARROW)
    await accessible(staff)


async def test_away(office: Office, new_page: NewPage) -> None:
    """WispHub away: asked again by keyboard, the card says so; a code comes to its reader."""
    customer, staff = (
        await new_page(viewport=WIDE),
        await office.enter(new_page, "/consola?v=todos"),
    )
    await _find_service(customer, office)
    await staff.reload()
    await staff.get_by_role("list", name="Todos").get_by_role("link").first.click()
    service = staff.get_by_role("region", name="Servicio")
    await expect(service).to_contain_text("Actualizado hace 0 min")
    await customer.get_by_label("Error 500").check()

    renew = service.get_by_role("button", name="Actualizar desde WispHub")
    await renew.focus()
    await staff.keyboard.press("Enter")

    await expect(service).to_contain_text("WispHub no responde")
    await expect(service).to_contain_text("Actualizado hace 0 min")
    await expect(service.get_by_role("button", name="Actualizar desde WispHub")).to_be_focused()
    await accessible(staff)

    await customer.get_by_label("Todo bien").check()
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    await staff.get_by_text("Más acciones").click()
    await staff.get_by_role("button", name="Dictar un código al número registrado").click()
    told = staff.get_by_role("complementary", name="Cliente").get_by_text("Llame al número")
    await expect(told).to_contain_text(re.compile(r"dicte: \d{6}"))
