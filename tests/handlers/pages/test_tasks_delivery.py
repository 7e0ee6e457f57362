"""Tasks of the day: the window, the ticks, what failed, what the customer sent; no word is lost.

A house with a WhatsApp number, and Meta around it; one member at work in a browser.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from pydantic import SecretStr

from bot.app import create_app
from bot.bootstrap import Application, build_application, clock
from bot.keyrings import read_keyring
from bot.redis import client as redis_client
from bot.sandbox.server import KEY, Sandbox
from bot.sandbox.server import running as running_sandbox
from bot.settings import Settings
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Event, Medium, SentMedia
from state.staff_actions import TakenOver
from tests.bot.channels.stages import APP_SECRET, VERIFY_TOKEN, WhatsApp
from tests.chromium import NewPage, accessible
from tests.endpoint import serving
from tests.handlers.pages.playing import WIDE, sign_in
from tests.handlers.pages.tasks import at_work
from tests.members import join
from tests.meta import graph
from tests.meta.clock import Course, RealClock
from tests.meta.graph import GraphApi
from tests.meta.webhooks import MetaWebhooks

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

_DAY = 24 * 3600
_STEADY = Course(disorder=0, repeats=0, skips=0, reads=0, lag=0.01)


@dataclass
class _Stage:
    """The house, Meta's two sides, and where the pages are."""

    house: Application
    meta: MetaWebhooks
    api: GraphApi
    url: str

    async def say(self, text: str, *, ago: int = 0) -> str:
        """Let the customer have written so many seconds ago; the chat's key."""
        item = self.meta.shapes.text(WhatsApp, text)
        item["timestamp"] = str(int(item["timestamp"]) - ago)
        self.meta.add(item, WhatsApp)
        await self.meta.deliver()
        number = self.meta.phone_number_id
        return self.house.store.key(Chat(channel="whatsapp", account=number, id=WhatsApp.user_id))

    def read_phone(self) -> list[str]:
        """Read what the customer's phone shows."""
        return [shown.text for shown in self.api.shown[WhatsApp.user_id]]


@pytest_asyncio.fixture(loop_scope="session")
async def stage(redis_url: str) -> AsyncIterator[_Stage]:
    """A house that works, and the member ana."""
    chance = random.Random(7)
    meta = MetaWebhooks(url="", secret=APP_SECRET, chance=chance, clock=RealClock())
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(redis_client.connect(redis_url))
        await redis.flushall()
        api = GraphApi(webhooks=meta, token="EAAG", chance=chance, course=_STEADY)
        await stack.enter_async_context(graph.running(api))
        api.know(WhatsApp)
        sandbox = await stack.enter_async_context(running_sandbox(Sandbox()))
        settings = Settings(
            redis_url=SecretStr(redis_url),
            secret_keys=SecretStr("A" * 43 + "="),
            company_name="FibraNet",
            whatsapp_token=SecretStr("EAAG"),
            whatsapp_phone_number_id=meta.phone_number_id,
            whatsapp_app_secret=SecretStr(APP_SECRET),
            whatsapp_verify_token=SecretStr(VERIFY_TOKEN),
            whatsapp_api_url=api.url,
            whatsapp_template="aviso",
            whatsapp_template_text="Mensaje de FibraNet: {{1}} Responda para seguir.",
        )
        building = build_application(
            settings, keyring=read_keyring(settings), wisphub=(sandbox.url, KEY)
        )
        house = await stack.enter_async_context(building)
        await join(house.store.staff, "ana", now=clock())
        url = await stack.enter_async_context(serving(create_app(house, front="/consola")))
        meta.url = f"{url}/webhooks/whatsapp"
        work = [
            asyncio.create_task(house.hub.run(house.store.feed)),
            asyncio.create_task(house.worker.run()),
        ]
        yield _Stage(house, meta, api, url)
        house.hub.close()
        house.worker.stop()
        await asyncio.gather(*work)


async def _enter(stage: _Stage, new_page: NewPage, key: str) -> Page:
    """Sign in, and open the chat."""
    page = await new_page(viewport=WIDE, refusals=(409,))
    await page.goto(f"{stage.url}/consola/c/{key}")
    await sign_in(page, "ana")
    await expect(page.locator(".live")).to_have_text("en vivo")
    return page


def _line(page: Page, words: str) -> Locator:
    """Find the newest line of the log with these words."""
    lines = page.get_by_role("log", name="Mensajes").get_by_role("listitem")
    return lines.filter(has_text=words).last


async def test_delivery(stage: _Stage, new_page: NewPage) -> None:
    """Tasks 26 and 27: 0 clicks tell what arrived (best: 0), 1 click sends again (best: 1)."""
    staff = await _enter(stage, new_page, await stage.say("necesito ayuda"))
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    composer = staff.get_by_role("textbox", name="Responder")
    await composer.fill("Buenos días")
    async with at_work(26, staff):
        await staff.keyboard.press("Enter")
        await expect(_line(staff, "Buenos días")).to_contain_text("enviado")
        await stage.meta.deliver()
        await expect(_line(staff, "Buenos días")).to_contain_text("entregado")

    stage.api.customers.clear()  # the number is not on WhatsApp for a while
    await composer.fill("¿Sigue ahí?")
    await staff.keyboard.press("Enter")
    await expect(_line(staff, "¿Sigue ahí?")).to_contain_text("enviado")
    await stage.meta.deliver()
    failed = _line(staff, "¿Sigue ahí?")
    await expect(failed).to_contain_text("No se entregó: el número no tiene WhatsApp")
    await accessible(staff)
    stage.api.know(WhatsApp)
    async with at_work(27, staff) as hands:
        await hands.click(failed.get_by_role("button", name="Reintentar"))
        await expect(staff.get_by_text("Se volvió a enviar.")).to_be_visible()
        await stage.meta.deliver()
        await expect(_line(staff, "¿Sigue ahí?")).to_contain_text("entregado")

    await expect(staff.get_by_role("button", name="Reintentar")).to_have_count(0)
    said = [text for text in stage.read_phone() if text in ("Buenos días", "¿Sigue ahí?")]
    assert said == ["Buenos días", "¿Sigue ahí?"]


async def test_closed_window(stage: _Stage, new_page: NewPage) -> None:
    """Task 25: 2 clicks (best: 2). Free text is refused with its words kept; the template goes."""
    staff = await _enter(stage, new_page, await stage.say("mañana escribo", ago=_DAY + 60))
    window = staff.get_by_role("group", name="Ventana de WhatsApp")
    await expect(window).to_contain_text("Pasaron más de 24 horas")
    await staff.get_by_role("button", name="Tomar", exact=True).click()
    composer = staff.get_by_role("textbox", name="Responder")
    await composer.fill("Su visita es el lunes.")
    await staff.keyboard.press("Enter")
    refusal = staff.get_by_role("alert").filter(has_text="envíelo con la plantilla")
    await expect(refusal).to_be_visible()
    await expect(composer).to_have_value("Su visita es el lunes.")

    text = "Mensaje de FibraNet: Su visita es el lunes. Responda para seguir."
    async with at_work(25, staff) as hands:
        await hands.click(window.get_by_role("button", name="Ver cómo llega con la plantilla"))
        await expect(staff.get_by_role("blockquote")).to_have_text(text)
        assert text not in stage.read_phone()
        await accessible(staff)
        await hands.click(staff.get_by_role("button", name="Enviar plantilla"))
        await expect(_line(staff, text)).to_contain_text("enviado")

    await expect(composer).to_have_value("")
    await expect(staff.get_by_role("blockquote")).to_have_count(0)
    assert [shown.template for shown in stage.api.shown[WhatsApp.user_id]][-1] == "aviso"
    assert stage.read_phone()[-1] == "Su visita es el lunes."  # what Meta fills in
    await stage.say("gracias")
    await expect(window).to_contain_text("quedan 23 h")
    await composer.fill("A la orden")
    await staff.keyboard.press("Enter")
    await expect(_line(staff, "A la orden")).to_contain_text("enviado")
    assert stage.read_phone().count("A la orden") == 1


async def test_media(stage: _Stage, new_page: NewPage) -> None:
    """Task 28: 1 click (best: 1). The picture is shown in the page, and goes when it is closed."""
    chat = Chat(channel="simulator", account="whatsapp", id="foto")
    picture = SentMedia(medium=Medium.IMAGE, caption="el recibo", file="photo")
    events: tuple[Event, ...] = picture, TakenOver(agent="ana")
    for number, event in enumerate(events):
        delivery = Delivery(id=f"{number}", event=event, at=0)
        await stage.house.turns.take(chat, delivery)
    staff = await _enter(stage, new_page, stage.house.store.key(chat))
    await expect(_line(staff, "Foto: el recibo")).to_be_visible()

    async with at_work(28, staff) as hands:
        await hands.click(_line(staff, "Foto: el recibo").get_by_role("button", name="Abrir"))
        shown = staff.get_by_role("dialog", name="Lo que envió el cliente")
        image = shown.get_by_role("img", name="Foto que envió el cliente")
        await expect(image).to_be_visible()

    await expect(image).to_have_js_property("naturalWidth", 160)
    await accessible(staff)
    await shown.get_by_role("button", name="Cerrar").click()
    await expect(staff.get_by_role("img", name="Foto que envió el cliente")).to_have_count(0)
    await expect(_line(staff, "abrió un archivo")).to_be_visible()
