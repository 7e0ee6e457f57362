"""Takes the README's pictures of a running demonstration: `make pictures`."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from tests.bot.demo_process import Demo, demo
from tests.chromium import executable
from tests.handlers.pages.playing import add_member

PICTURES = Path(__file__).parent / "pictures"

_GOES = (  # a number shall go; the invitation is the first suggestion
    ("hola", "Soy el asistente"),
    ("empezar", "Ley 1581"),
    ("sí, autorizo", "Compartir mi número"),
    ("Vincular", "¿Es el suyo?"),
    ("sí, es el mío", "Escriba su número de cédula"),
    ("1.098.765.433", "Revise antes de guardar"),
    ("corregir", "¿Qué desea corregir?"),
    ("el celular", "los avisos"),
    ("quitar el anterior", "queda solo el nuevo"),
    ("320 123 4567", "SMS de prueba"),
    ("seguir sin código", "Revise antes de guardar"),
    ("sí, guardar", "Como quita un celular"),
)
_TYPED = (  # WhatsApp shows the number
    ("hola", "Soy el asistente"),
    ("empezar", "Ley 1581"),
    ("sí, autorizo", "Escriba su número de cédula"),
    ("1.098.765.432", "Revise antes de guardar"),
    ("sí, guardar", "Perfil del cliente actualizado"),
)


async def take(running: Demo) -> None:
    """Link a customer, step in, and take a picture of each page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable())
        page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="es-CO")
        await page.emulate_media(reduced_motion="reduce")
        await _linked(page, running.url)
        await page.screenshot(path=PICTURES / "simulador.png")
        await _signed_in(page, running.setup)
        await page.screenshot(path=PICTURES / "consola.png")
        await _asked(page, running.url)
        await page.goto(f"{running.url}/consola/solicitudes")
        await expect(page.locator("#tasks article")).to_be_visible()
        await page.screenshot(path=PICTURES / "solicitudes.png")
        await add_member(page, running, "Beto Ruiz", "agente", "supervisor")
        await (
            page.get_by_label("Enlace de un solo uso")
            .get_by_role("textbox")
            .evaluate("field => field.value = 'https://enlace.example/consola/inicio/…'")
        )
        await page.screenshot(path=PICTURES / "personal.png")
        await browser.close()


async def _linked(page: Page, url: str) -> None:
    await page.goto(f"{url}/simulador")
    for text, answer in _TYPED:
        await page.get_by_label("Mensaje", exact=True).fill(text)
        await page.keyboard.press("Enter")
        await expect(page.locator("#screen .theirs").last).to_contain_text(answer)


async def _asked(page: Page, url: str) -> None:
    await page.goto(f"{url}/simulador")
    row = page.locator("tr").filter(has_text="Teléfono")
    await page.get_by_role("button", name="+ Sin número").click()
    while "—" in await row.inner_text():
        await page.get_by_role("button", name="+ Sin número").click()
    for text, answer in _GOES:
        if text == "Vincular":
            await page.locator("#suggestions button").first.click()
        else:
            await page.get_by_label("Mensaje", exact=True).fill(text)
            await page.keyboard.press("Enter")
        await expect(page.locator("#screen .theirs").last).to_contain_text(answer)


async def _signed_in(page: Page, setup: str) -> None:
    await page.goto(setup)
    await page.get_by_label("Nombre").fill("ana")
    await page.get_by_label("Contraseña").fill("una-clave-larga")
    await page.get_by_role("button", name="Guardar y entrar").click()
    await page.get_by_role("navigation", name="Listas").get_by_role("link", name="Todos").click()
    await page.locator("#inbox a").first.click()
    await page.get_by_role("button", name="Tomar", exact=True).click()
    await expect(page.locator("#log .staff").last).to_be_visible()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory, demo(Path(directory) / "data") as running:
        asyncio.run(take(running))
