"""Tasks of the day: find a chat by what its customer says, and get the list back."""

import re
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.chromium import NewPage, accessible
from tests.handlers.pages.playing import NARROW, WIDE, Office, pick_up, press, say
from tests.handlers.pages.tasks import at_work

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What a customer says when calling, as WispHub has it."""

    service: str
    name: str
    document: str
    phone: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def customer(office: Office, chromium: Browser) -> Customer:
    """A customer who has shown the phone on file, with a document there, among others."""
    context = await chromium.new_context(viewport=WIDE)
    page = await context.new_page()
    await page.goto(f"{office.house.url}/simulador")
    await page.get_by_role("button", name="+ Sin número").click()
    while "—" in await _read(page, "Cédula"):
        await page.get_by_role("button", name="+ Sin número").click()
    await say(page, "hola", "Soy el asistente")
    await press(page, "Empezar", "Ley 1581")
    await press(page, "Sí, autorizo", "Compartir mi número")
    await page.locator("#suggestions button").first.click()
    await expect(page.locator("#screen .theirs").last).to_contain_text("¿Es el suyo?")
    phones = re.split(r"[,;/ ]+", await _read(page, "Teléfono"))
    heading = await page.get_by_role("heading", name="servicio").inner_text()
    known = Customer(
        service=heading.split()[-1],
        name=await _read(page, "Nombre"),
        document=await _read(page, "Cédula"),
        phone=phones[0],
    )
    await context.close()
    return known


async def _read(page: Page, name: str) -> str:
    """Read what WispHub has now of the customer on the page."""
    row = page.locator("tr").filter(has_text=name)
    return await row.locator("td").last.inner_text()


async def _find(
    number: int, office: Office, new_page: NewPage, words: str, known: Customer
) -> None:
    """Play a task: the only chat that is found is open, and no word stands in the address."""
    staff = await office.enter(new_page)

    async with at_work(number, staff) as hands:
        await hands.press("/")
        await hands.write(words)
        await hands.press("Enter")
        opened = staff.get_by_role("region", name="Conversación").get_by_role("heading")
        await expect(opened.first).to_contain_text(known.service)

    assert words not in staff.url


async def test_by_service(office: Office, new_page: NewPage, customer: Customer) -> None:
    """Task 2: a service number, typed after a key, opens its chat."""
    await _find(2, office, new_page, customer.service, customer)


async def test_by_phone(office: Office, new_page: NewPage, customer: Customer) -> None:
    """Task 3: a phone as people say it opens the chat that has it on file."""
    spoken = f"{customer.phone[:3]} {customer.phone[3:6]} {customer.phone[6:]}"
    await _find(3, office, new_page, spoken, customer)


async def test_by_document(office: Office, new_page: NewPage, customer: Customer) -> None:
    """Task 4: an identity number with its points opens the chat that has it."""
    await _find(4, office, new_page, f"{int(customer.document):,}".replace(",", "."), customer)


async def test_by_name(office: Office, new_page: NewPage, customer: Customer) -> None:
    """Task 5: parts of a name lead to the chat through WispHub."""
    first, *_, last = customer.name.split()
    await _find(5, office, new_page, f"{first} {last[:4]}", customer)


async def test_back_to_the_list(office: Office, new_page: NewPage) -> None:
    """What is found stands in the place of the list, which lives on beneath; Esc brings it back."""
    writing, staff = await new_page(viewport=WIDE), await office.enter(new_page, "/consola?v=todos")
    listed, found = staff.get_by_role("list", name="Todos"), staff.locator("#found")
    await expect(listed).to_be_visible()
    await staff.keyboard.press("/")
    await staff.keyboard.type("10000001")
    await staff.keyboard.press("Enter")
    await expect(found).to_contain_text("Nadie con ese dato ha escrito.")
    await expect(listed).to_be_hidden()
    await expect(staff.get_by_role("search").get_by_role("status")).to_contain_text("Nadie con ese")
    for size in (NARROW, WIDE):
        await staff.set_viewport_size(size)
        await accessible(staff)

    await pick_up(writing, office.house)
    await say(writing, "busco ayuda")
    await expect(staff.locator("#inbox")).to_contain_text("busco ayuda")
    await expect(found).to_contain_text("Nadie con ese dato ha escrito.")
    await staff.keyboard.press("Escape")

    await expect(listed).to_be_visible()
    await expect(found).to_be_empty()
    await expect(staff.get_by_role("searchbox", name="Buscar")).to_have_value("")
