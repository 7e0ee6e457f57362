"""Staff at work: who is added, what each may do, what needs two, and what is kept of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.demo_process import Demo, demo
from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import (
    NARROW,
    PASSWORD,
    WIDE,
    accept,
    add_member,
    ask_to_replace,
    expire_sessions,
    make_first,
    pick_up,
    say,
    sign_in,
    sign_in_over,
)

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Demo]:
    """A demonstration that is running."""
    with demo(tmp_path / "data") as running:
        yield running


async def _open_newest(page: Page, house: Demo) -> None:
    await page.goto(f"{house.url}/consola?v=todos")
    await page.locator("#inbox a").first.click()
    await expect(page.locator(".live")).to_have_text("en vivo")


async def _give_roles(admin: Page, house: Demo, name: str, *roles: str) -> None:
    await admin.goto(f"{house.url}/consola/personal")
    await admin.get_by_role("link", name=name).click()
    for box in await admin.get_by_role("checkbox").all():
        await box.set_checked(await box.get_attribute("value") in roles)
    await admin.get_by_role("button", name="Guardar los roles").click()
    await expect(admin.get_by_role("status")).to_contain_text("valen desde ya")


async def test_members(house: Demo, new_page: NewPage) -> None:
    """A member comes by a link, gets other roles while at work, and is removed while reading."""
    customer, admin = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    await pick_up(customer, house)
    await make_first(admin, house)
    link = await add_member(admin, house, "Beto Ruiz", "agente")
    await accessible(admin)
    beto = await new_page(viewport=WIDE, refusals=(401, 403))
    await accept(beto, link, "Beto Ruiz")
    await expect(beto.get_by_role("navigation", name="Páginas")).to_contain_text("Solicitudes")
    await expect(beto.get_by_role("link", name="Personal")).to_have_count(0)
    await _open_newest(beto, house)
    await expect(beto.get_by_role("button", name="Tomar", exact=True)).to_be_visible()

    await _give_roles(admin, house, "Beto Ruiz", "observador")
    await expect(beto.get_by_role("button", name="Tomar", exact=True)).to_have_count(0)
    await expect(beto.get_by_text("Su rol no permite responder.")).to_be_visible()
    await _give_roles(admin, house, "Beto Ruiz", "agente")
    await expect(beto.get_by_role("button", name="Tomar", exact=True)).to_be_visible()
    await beto.evaluate("document.getElementById('stream').remove()")
    await _give_roles(admin, house, "Beto Ruiz", "observador")
    await beto.get_by_role("button", name="Tomar", exact=True).click()
    await expect(beto.locator("#refusal")).to_contain_text("Su rol no permite esto.")

    await _open_newest(beto, house)
    await admin.get_by_role("button", name="Desactivar").click()
    await expect(beto.get_by_role("dialog", name="Su sesión terminó")).to_be_visible()
    await say(customer, "nadie lo lee")
    await expect(customer.locator("#screen .mine").last).to_contain_text("nadie lo lee")
    await expect(beto.locator("#log")).not_to_contain_text("nadie lo lee")
    await sign_in_over(beto)
    await expect(beto.locator("#sign-in-refusal")).to_contain_text("incorrectos")


async def test_two_people(house: Demo, new_page: NewPage) -> None:
    """A document is replaced by two, put back by two, and all of it stands in the audit."""
    customer, ana = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    beto = await new_page(viewport=WIDE)
    await make_first(ana, house)
    link = await add_member(ana, house, "beto", "supervisor")
    await accept(beto, link, "beto")
    await ask_to_replace(customer, house, "79123456")
    for member, left in ((ana, 1), (beto, 0)):
        await member.goto(f"{house.url}/consola/solicitudes")
        await member.get_by_role("button", name="Aprobar").click()
        await expect(member.locator("#tasks article")).to_have_count(left)
    await expect(customer.locator("#screen .theirs").last).to_contain_text("actualizado")
    await expect(customer.locator("tr.changed").first).to_contain_text("79123456")

    await _open_newest(ana, house)
    await ana.get_by_label("Por qué se deshace el último cambio").fill("no era el titular")
    await ana.get_by_role("button", name="Pedir que se deshaga").click()
    await beto.goto(f"{house.url}/consola/solicitudes")
    await beto.get_by_role("button", name="Aprobar").click()
    await expect(customer.locator("#screen .theirs").last).to_contain_text("deshizo")
    await expect(customer.locator("tr.changed")).to_have_count(0)

    await beto.goto(f"{house.url}/consola/auditoria")
    entries = beto.get_by_role("list", name="Registro")
    for words in ("Aprobar una solicitud", "Deshacer un cambio", "Agregar a una persona"):
        await expect(entries).to_contain_text(words)
    await accessible(beto)


async def test_typed_for_one_request(house: Demo, new_page: NewPage) -> None:
    """What is being typed stays with its request when another leaves the list, and on expiry."""
    customer, ana = await new_page(viewport=WIDE), await new_page(viewport=WIDE, refusals=(401,))
    await make_first(ana, house)
    for document in ("79123456", "79123457"):
        await ask_to_replace(customer, house, document)
    await ana.goto(f"{house.url}/consola/solicitudes")
    requests = ana.locator("#tasks article")
    await expect(ana.locator(".live")).to_have_text("en vivo")
    second = await requests.nth(1).get_attribute("aria-label")
    for number, words in enumerate(("para el primero", "para el segundo")):
        await requests.nth(number).get_by_label("Motivo que leerá").fill(words)
    other = await ana.context.new_page()
    await other.goto(f"{house.url}/consola/solicitudes")
    await other.get_by_label("Motivo que leerá").first.fill("no")
    await other.get_by_role("button", name="Rechazar").first.click()

    await expect(requests).to_have_count(1)
    assert await requests.get_attribute("aria-label") == second
    await expect(requests.get_by_label("Motivo que leerá")).to_have_value("para el segundo")
    await expire_sessions(house)
    await ana.get_by_role("button", name="Rechazar").click()
    await sign_in_over(ana)
    await expect(ana.locator(".live")).to_have_text("en vivo")
    await expect(requests.get_by_label("Motivo que leerá")).to_have_value("para el segundo")


async def test_reveal_and_copy(house: Demo, new_page: NewPage) -> None:
    """What is masked is read and copied for a reason only, and the audit tells by whom and why."""
    customer, ana = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    await pick_up(customer, house)
    await say(customer, "mi cédula es 1098765432")
    await make_first(ana, house)
    await _open_newest(ana, house)
    log = ana.locator("#log .customer").last
    await expect(log).to_contain_text("mi cédula es")
    await expect(log).not_to_contain_text("1098765432")
    await ana.get_by_text("Más acciones").click()
    await ana.get_by_label("Para qué hay que verlo").fill("comparar con la foto")
    await ana.get_by_role("button", name="Mostrar un minuto").click()
    await expect(ana.get_by_role("dialog")).to_contain_text("1098765432")
    await ana.get_by_role("button", name="Tapar").click()
    await ana.get_by_role("button", name="Tomar", exact=True).click()
    await ana.get_by_label("Para qué se descarga").fill("la pidió por escrito")
    async with ana.expect_download() as copied:
        await ana.get_by_role("button", name="Descargar copia para el cliente").click()
    assert re.fullmatch(r"copia-\w{8}\.json", (await copied.value).suggested_filename)

    await ana.goto(f"{house.url}/consola/auditoria")
    entries = ana.get_by_role("list", name="Registro")
    for words in ("comparar con la foto", "la pidió por escrito"):
        await expect(entries).to_contain_text(words)


async def test_somebody_else_signs_in(house: Demo, new_page: NewPage) -> None:
    """Another member who signs in over the page gets a page of their own, without the draft."""
    customer, staff = await new_page(viewport=WIDE), await new_page(viewport=WIDE)
    await pick_up(customer, house)
    await make_first(staff, house)
    link = await add_member(staff, house, "beto", "agente")
    other = await new_page(viewport=WIDE)
    await accept(other, link, "beto")
    await _open_newest(staff, house)
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    await staff.get_by_label("Responder").fill("Un borrador")
    await expire_sessions(house)
    await say(customer, "¿sigue ahí?")
    await sign_in_over(staff, name="beto")

    await expect(staff.locator(".me")).to_have_text("beto")
    await expect(staff.locator("#log .customer").last).to_contain_text("¿sigue ahí?")
    await expect(staff.get_by_label("Responder")).to_have_value("")
    await expect(staff.get_by_role("button", name="Tomar de todos modos")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
async def test_account(house: Demo, new_page: NewPage, size: object) -> None:
    """One changes the password, by keyboard too, and ends another browser's session."""
    own, other = await new_page(viewport=size), await new_page(viewport=WIDE)
    await make_first(own, house)
    await other.goto(f"{house.url}/consola/cuenta")
    await sign_in(other, "ana")
    await expect(other).to_have_url(f"{house.url}/consola/cuenta")
    await own.goto(f"{house.url}/consola/cuenta")
    await expect(own.get_by_text("este equipo")).to_have_count(1)
    await accessible(own)
    await own.get_by_role("button", name="Terminar", exact=False).first.click()
    await expect(own.get_by_role("list").get_by_role("button")).to_have_count(0)
    await other.reload()
    await expect(other.get_by_label("Usuario")).to_be_visible()

    await own.get_by_label("Contraseña actual").focus()
    await own.keyboard.type(PASSWORD)
    await own.keyboard.press("Tab")
    await own.keyboard.type("otra clave, y larga")
    await own.keyboard.press("Enter")
    await expect(own.get_by_role("status")).to_contain_text("Su contraseña cambió.")
    await sign_in(other, "ana", "otra clave, y larga")
    await expect(other).to_have_url(f"{house.url}/consola/cuenta")


async def test_form_over_an_expired_session(house: Demo, new_page: NewPage) -> None:
    """A form that is sent too late stays as it was filled in, and is sent after signing in."""
    admin = await new_page(viewport=NARROW, refusals=(401,))
    await make_first(admin, house)
    await admin.goto(f"{house.url}/consola/personal")
    await admin.get_by_label("Nombre que verán los clientes").fill("Beto Ruiz")
    await admin.get_by_label("agente").check()
    await expire_sessions(house)
    await admin.get_by_role("button", name="Agregar").click()
    await sign_in_over(admin)
    await expect(admin.locator("#sign-in")).to_be_hidden()
    await expect(admin.get_by_label("Nombre que verán los clientes")).to_have_value("Beto Ruiz")
    await admin.get_by_role("button", name="Agregar").click()
    await expect(admin.get_by_role("heading", name="Enlace para Beto Ruiz")).to_be_visible()
    await accessible(admin)
    await admin.get_by_role("link", name="Beto Ruiz").click()
    await expect(admin.get_by_role("button", name="Desactivar")).to_be_visible()
    await accessible(admin)
