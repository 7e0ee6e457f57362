"""The pages in a real browser: what a customer, a newcomer and staff see and do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from state.messages import CATALOGUE
from tests.bot.demo_process import Demo, demo
from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import PASSWORD, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_WIDE = {"width": 1440, "height": 900}
_NARROW = {"width": 390, "height": 844}
_SCREENS = pytest.mark.parametrize(
    ("size", "look"), [(_WIDE, "light"), (_NARROW, "dark")], ids=["1440-light", "390-dark"]
)
_DOCUMENT = "1098765432"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that is running: what one test leaves in it, no other sees."""
    with demo(tmp_path / "data") as running:
        yield running


async def _answered(page: Page, text: str) -> None:
    await expect(page.locator("#screen .theirs").last).to_contain_text(text)


async def _say(page: Page, text: str, answer: str) -> None:
    await page.get_by_label("Mensaje", exact=True).fill(text)
    await page.keyboard.press("Enter")
    await _answered(page, answer)


async def _press(page: Page, label: str, answer: str) -> None:
    await page.locator("#screen").get_by_role("button", name=label).last.click()
    await _answered(page, answer)


async def _linked(page: Page, url: str) -> None:
    """Walk the whole conversation as a newcomer does."""
    await page.goto(f"{url}/simulador")
    await expect(page.locator(".live")).to_have_text("en vivo")
    await _say(page, "hola", "Soy el asistente automático de FibraNet")
    await _press(page, "Empezar", "Ley 1581")
    await _press(page, "Sí, autorizo", "Compartir mi número")
    await page.locator("#suggestions button").first.click()
    await _answered(page, "¿Es el suyo?")
    await _press(page, "Sí, es el mío", "Escriba su número de cédula")
    await _say(page, _DOCUMENT, "Revise antes de guardar")
    await _press(page, "Sí, guardar", "Perfil del cliente actualizado exitosamente.")
    await expect(page.locator("tr.changed").first).to_contain_text(_DOCUMENT)


async def _with_a_number(page: Page) -> None:
    """Take the phone of a customer with a number on file."""
    row = page.locator("tr").filter(has_text="Teléfono")
    await page.get_by_role("button", name="+ Sin número").click()
    while "—" in await row.inner_text():
        await page.get_by_role("button", name="+ Sin número").click()


async def _signed_in(page: Page, house: Demo) -> None:
    """Make the first administrator if there is none, or sign in."""
    await page.goto(house.setup or f"{house.url}/consola")
    if house.setup:
        house.setup = ""
        await page.get_by_label("Nombre").fill("ana")
        await page.get_by_label("Contraseña").fill(PASSWORD)
        await page.get_by_role("button", name="Guardar y entrar").click()
    else:
        await sign_in(page, "ana")
    await page.get_by_role("navigation", name="Listas").get_by_role("link", name="Todos").click()
    await expect(page.locator(".live")).to_have_text("en vivo")


@_SCREENS
async def test_customer_links(house: Demo, new_page: NewPage, size: object, look: str) -> None:
    """A newcomer links an invented customer; WispHub's record changes; axe finds nothing."""
    page = await new_page(viewport=size, color_scheme=look)
    await page.goto(f"{house.url}/simulador")
    await page.get_by_role("button", name="+ Telegram").click()
    await _linked(page, house.url)
    await accessible(page)


@_SCREENS
async def test_staff_steps_in(house: Demo, new_page: NewPage, size: object, look: str) -> None:
    """Staff watch live, take over, answer and return; the bot is silent meanwhile."""
    customer = await new_page(viewport=_WIDE)
    await customer.goto(f"{house.url}/simulador")
    await customer.get_by_role("button", name="+ Sin número").click()
    await _say(customer, "hola", "Soy el asistente")
    staff = await new_page(viewport=size, color_scheme=look)
    await _signed_in(staff, house)

    await staff.locator("#inbox a").first.click()
    await expect(staff.locator(".live")).to_have_text("en vivo")
    await expect(staff.locator("#log .customer").last).to_contain_text("hola")
    await expect(staff.get_by_text("escriba para tomarlo")).to_be_visible()
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    await _answered(customer, "Hola, soy ana, de FibraNet.")
    await customer.get_by_label("Mensaje", exact=True).fill("<b>¿sigue ahí?</b>")
    await customer.keyboard.press("Enter")
    await expect(staff.locator("#log .customer").last).to_contain_text("<b>¿sigue ahí?</b>")
    await staff.get_by_label("Responder").fill("Sí, dígame.")
    await staff.keyboard.press("Enter")
    await _answered(customer, "Sí, dígame.")
    await expect(staff.get_by_label("Responder")).to_have_value("")
    await accessible(staff)
    await staff.get_by_role("button", name="Devolver al asistente").click()
    await staff.get_by_role("button", name="Donde iba").click()
    await _answered(customer, "Sigo yo, el asistente")
    await expect(staff.get_by_text("escriba para tomarlo")).to_be_visible()


@_SCREENS
async def test_request_is_decided(house: Demo, new_page: NewPage, size: object, look: str) -> None:
    """A number shall go: staff see it come up, reject it, and the customer reads why."""
    staff = await new_page(viewport=size, color_scheme=look)
    await _signed_in(staff, house)
    await staff.goto(f"{house.url}/consola/solicitudes")
    await expect(staff.locator(".live")).to_have_text("en vivo")
    customer = await new_page(viewport=_WIDE)
    await customer.goto(f"{house.url}/simulador")
    await _with_a_number(customer)
    await _say(customer, "hola", "Soy el asistente")
    await _press(customer, "Empezar", "Ley 1581")
    await _press(customer, "Sí, autorizo", "Compartir mi número")
    await customer.locator("#suggestions button").first.click()
    await _answered(customer, "¿Es el suyo?")
    await _press(customer, "Sí, es el mío", "Escriba su número de cédula")
    await _say(customer, _DOCUMENT, "Revise antes de guardar")
    await _press(customer, "Corregir", "¿Qué desea corregir?")
    await _press(customer, "El celular", "los avisos")
    await _say(customer, "quitar el anterior", "queda solo el nuevo")
    await _say(customer, "320 123 4567", "SMS de prueba")
    sms = await customer.locator("#screen .theirs").last.inner_text()
    code = sms.split(" es ")[1][:6]
    await _say(customer, code, "Revise antes de guardar")
    await _press(customer, "Sí, guardar", "Como quita un celular registrado")
    request = staff.locator("#tasks article").last
    await expect(request).to_contain_text("(quita los demás)")
    await accessible(staff)
    await request.get_by_label("Motivo que leerá el cliente").fill("No coincide la firma")
    await request.get_by_role("button", name="Rechazar").click()

    await _answered(customer, "Motivo: No coincide la firma")
    await expect(staff.locator("#tasks")).to_contain_text("Nada espera por ustedes.")


async def test_draft_survives(house: Demo, new_page: NewPage) -> None:
    """A draft and its focus survive what arrives meanwhile."""
    customer, staff = await new_page(viewport=_WIDE), await new_page(viewport=_WIDE)
    await customer.goto(f"{house.url}/simulador")
    await customer.get_by_role("button", name="+ Sin número").click()
    await _say(customer, "hola", "Soy el asistente")
    await _signed_in(staff, house)
    await staff.locator("#inbox a").first.click()
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    draft = staff.get_by_label("Responder")
    await draft.fill("Estoy escrib")
    await customer.get_by_label("Mensaje", exact=True).fill("otra cosa")
    await customer.keyboard.press("Enter")
    await expect(staff.locator("#log .customer").last).to_contain_text("otra cosa")

    await expect(draft).to_have_value("Estoy escrib")
    await expect(draft).to_be_focused()
    await staff.keyboard.press("Escape")
    await staff.keyboard.press("b")
    await staff.keyboard.press("Enter")
    await expect(staff.locator("#holder")).to_contain_text("El asistente lleva este chat")


async def test_fast_typing(house: Demo, new_page: NewPage) -> None:
    """Whoever types faster than the answers come loses no message."""
    page = await new_page(viewport=_WIDE)
    await page.goto(f"{house.url}/simulador")
    await page.get_by_role("button", name="+ Sin número").click()
    field = page.get_by_label("Mensaje", exact=True)
    for text in ("hola", "1", "1", "ayuda", "repetir"):
        await field.fill(text)
        await page.keyboard.press("Enter")

    await expect(page.locator("#screen .mine")).to_have_count(5)
    await _answered(page, "Compartir mi número")
    await expect(field).to_have_value("")


async def test_loads_connect(house: Demo, new_page: NewPage) -> None:
    """Twenty loads in a row all go live."""
    page = await new_page()
    for _ in range(20):
        await page.goto(f"{house.url}/simulador")
        await expect(page.locator(".live")).to_have_text("en vivo")


async def test_same_delivery_again(house: Demo, new_page: NewPage) -> None:
    """The last delivery sent again changes nothing; faults can be switched on."""
    page = await new_page(viewport=_WIDE)
    await page.goto(f"{house.url}/simulador")
    await page.get_by_role("button", name="+ Sin número").click()
    await _say(page, "hola", "Soy el asistente")
    count = await page.locator("#screen li").count()

    async with page.expect_response(re.compile("/again")) as again:
        await page.get_by_role("button", name="Enviar otra vez").click()
    assert (await again.value).status == 204
    async with page.expect_response(re.compile("/faults")):
        await page.get_by_label("Error 500").check()
    await page.get_by_role("button", name="Nota de voz").click()
    await _answered(page, "No puedo escuchar notas de voz")
    assert await page.locator("#screen li").count() == count + 2
    async with page.expect_response(re.compile("/faults")):
        await page.get_by_label("Todo bien").check()
    await page.get_by_role("button", name="Otro contacto").click()
    await _answered(page, "Eso no lo puedo abrir")


async def test_reference(house: Demo, new_page: NewPage) -> None:
    """The API's page stands on its own: no foreign script."""
    page = await new_page()
    await page.goto(f"{house.url}/docs")

    await expect(page.get_by_role("heading", name="PUT /api/v1/clients")).to_be_visible()


async def test_phone_does_what_phones_do(house: Demo, new_page: NewPage) -> None:
    """A caption, an edit and a reaction by the phone's own buttons; then all of it as a proof."""
    page = await new_page(viewport=_WIDE)
    await page.goto(f"{house.url}/simulador")
    await page.get_by_role("button", name="+ WhatsApp").click()
    await _say(page, "hola", "Soy el asistente")
    await _press(page, "Empezar", "Ley 1581")
    await _press(page, "Sí, autorizo", "Escriba su número de cédula")
    field, screen = page.get_by_label("Mensaje", exact=True), page.get_by_role("log", name="Chat")
    await field.fill(f"mi cédula es {_DOCUMENT}")
    await page.get_by_role("button", name="Foto", exact=True).click()
    await _answered(page, "Revise antes de guardar")
    await expect(field).to_have_value("")
    await _say(page, "311 222 3345", "SMS de prueba")
    await page.get_by_role("button", name="Editar").click()
    await expect(field).to_be_focused()
    await field.fill("311 222 3344")
    await page.keyboard.press("Enter")
    await expect(screen.get_by_text("editado")).to_be_visible()
    await page.get_by_role("button", name="Reaccionar").last.click()
    await expect(screen.locator(".signs")).to_have_text("👍")
    await page.get_by_role("button", name="Copiar como prueba").click()

    copied = page.get_by_role("textbox", name="Prueba")
    await expect(copied).to_have_value(re.compile(rf"customer: \(foto: mi cédula es {_DOCUMENT}\)"))
    await expect(copied).to_have_value(re.compile(r"edits: 311 222 3344"))
    await accessible(page)


async def test_editing_is_given_up(house: Demo, new_page: NewPage) -> None:
    """Escape gives an edit up: what is written next is a new message."""
    page = await new_page(viewport=_WIDE)
    await page.goto(f"{house.url}/simulador")
    await page.get_by_role("button", name="+ Telegram").click()
    await _say(page, "hola", "Soy el asistente")
    await page.get_by_role("button", name="Editar").click()
    await page.keyboard.press("Escape")
    await _say(page, "ayuda", "")

    await expect(page.locator("#screen .mine")).to_have_count(2)
    await expect(page.get_by_text("editado")).to_have_count(0)


@pytest.mark.parametrize("look", ["whatsapp", "telegram"])
async def test_every_text_is_shown(house: Demo, new_page: NewPage, look: str) -> None:
    """Each text stands on a phone 360 px wide, and nothing of it beside the screen."""
    page = await new_page(viewport={"width": 360, "height": 800})
    await page.goto(f"{house.url}/simulador/textos?look={look}")

    shown = await page.locator("section[id]").evaluate_all("all => all.map(one => one.id)")
    assert shown == list(CATALOGUE)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await accessible(page)
