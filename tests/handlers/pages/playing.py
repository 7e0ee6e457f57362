"""What the browser tests do over and over: sign in, write as a customer, end a session."""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, StorageState, ViewportSize, expect
from redis.asyncio import Redis

from tests.bot.demo_process import Demo
from tests.chromium import NewPage

PASSWORD = "una-clave-larga"
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


async def make_first(page: Page, house: Demo) -> None:
    """Make the first administrator, ana, by the one-time link."""
    await page.goto(house.setup)
    await page.get_by_label("Nombre").fill("ana")
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Guardar y entrar").click()
    await expect(page.locator(".live")).to_have_text("en vivo")


@dataclass
class Office:
    """A demonstration that several tests work in, one after the other: chats of before stay."""

    house: Demo
    cookies: StorageState | None = field(default=None, repr=False)

    async def enter(self, new_page: NewPage, path: str = "/consola", **options: Any) -> Page:
        """Open a page of ana's; the first time, she is made."""
        if self.cookies is not None:
            options = {"storage_state": self.cookies} | options
        page = await new_page(**({"viewport": WIDE} | options))
        if self.cookies is None:
            await make_first(page, self.house)
            self.cookies = await page.context.storage_state()
        await page.goto(f"{self.house.url}{path}")
        return page


async def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill the form of the sign-in page that is open, and go on."""
    await page.get_by_label("Usuario").fill(name)
    await page.get_by_label("Contraseña").fill(password)
    await page.get_by_role("button", name="Entrar").click()


async def sign_in_over(page: Page, password: str = PASSWORD, *, name: str = "") -> None:
    """Fill the dialog over an open page."""
    dialog = page.get_by_role("dialog", name="Su sesión terminó")
    await expect(dialog).to_be_visible()
    if name:
        await dialog.get_by_label("Usuario").fill(name)
    await dialog.get_by_label("Contraseña").fill(password)
    await page.keyboard.press("Enter")


async def pick_up(page: Page, house: Demo) -> None:
    """Take a simulated phone, and say hello."""
    await page.goto(f"{house.url}/simulador")
    await page.get_by_role("button", name="+ Sin número").click()
    await say(page, "hola", "Soy el asistente")


async def say(page: Page, text: str, answer: str = "") -> None:
    """Write as a customer, and wait for the answer if there shall be one."""
    await page.get_by_label("Mensaje", exact=True).fill(text)
    await page.keyboard.press("Enter")
    if answer:
        await expect(page.locator("#screen .theirs").last).to_contain_text(answer)


async def expire_sessions(house: Demo) -> None:
    """Let every session of a demonstration be over, as after twelve hours."""
    async with Redis(unix_socket_path=str(house.directory / "redis.sock")) as redis:
        sessions = [name async for name in redis.scan_iter("*:session:*")]
        for name in sessions:
            await redis.delete(name)
    assert sessions


async def add_member(admin: Page, house: Demo, name: str, *roles: str) -> str:
    """Add a member on the page of members, and return the one-time link."""
    await admin.goto(f"{house.url}/consola/personal")
    await admin.get_by_label("Nombre que verán los clientes").fill(name)
    for role in roles:
        await admin.get_by_label(role).check()
    await admin.get_by_role("button", name="Agregar").click()
    return await admin.get_by_label("Enlace de un solo uso").get_by_role("textbox").input_value()


async def accept(page: Page, link: str, name: str) -> None:
    """Follow a one-time link as the member, choose a password, and be signed in."""
    await page.goto(link)
    await expect(page.get_by_role("heading", name=f"Hola, {name}")).to_be_visible()
    await page.get_by_label("Contraseña").fill(PASSWORD)
    await page.get_by_role("button", name="Guardar y entrar").click()
    await expect(page.locator(".live")).to_have_text("en vivo")


async def ask_to_replace(page: Page, house: Demo, document: str) -> None:
    """Ask, as a customer with a document on file, that another takes its place."""
    await page.goto(f"{house.url}/simulador")
    row = page.locator("tr").filter(has_text="Cédula")
    await page.get_by_role("button", name="+ Sin número").click()
    while "—" in await row.inner_text():
        await page.get_by_role("button", name="+ Sin número").click()
    await say(page, "hola", "Soy el asistente")
    await press(page, "Empezar", "Ley 1581")
    await press(page, "Sí, autorizo", "Compartir mi número")
    await page.locator("#suggestions button").first.click()
    await expect(page.locator("#screen .theirs").last).to_contain_text("¿Es el suyo?")
    await press(page, "Sí, es el mío", "ya estaban al día")
    await press(page, "Cambiar mis datos", "un documento que termina")
    await press(page, "Cambiarlo", "cédula")
    await say(page, document, "¿Qué celular dejamos")
    await say(page, "dejar el actual", "Revise antes de guardar")
    await press(page, "Sí, guardar", "la revisa un asesor")


async def press(page: Page, label: str, answer: str) -> None:
    """Press a button of the bot's last message, and wait for the answer."""
    await page.locator("#screen").get_by_role("button", name=label).last.click()
    await expect(page.locator("#screen .theirs").last).to_contain_text(answer)
