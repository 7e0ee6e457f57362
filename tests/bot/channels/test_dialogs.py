"""The whole linking dialog by both vendors, while everything goes wrong that can.

A real process, killed twice; a vendor that repeats, reorders and fails three sends in ten.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.bootstrap import clock
from bot.sandbox.server import Sandbox
from bot.sandbox.server import running as running_sandbox
from handlers.use_cases import UPDATED
from tests.bot.channels.enlace_process import Enlace, enlace
from tests.bot.channels.stages import ANA, APP_SECRET, SECRET, VERIFY_TOKEN, WhatsApp
from tests.campaign.vendor import pretend_wisphub
from tests.meta import graph as meta_graph
from tests.meta.clock import RealClock as MetaClock
from tests.meta.graph import GraphApi
from tests.meta.webhooks import MetaWebhooks
from tests.telegram import api as bot_api
from tests.telegram.api import TOKEN, BotApi
from tests.telegram.clock import RealClock as TelegramClock
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.vendors]

_FAILING = 0.3

_PROMPTS = (
    "Soy el asistente",
    "Ley 1581",
    "Compartir mi número",
    "Escriba su número de cédula",
    "Revise antes de guardar",
    UPDATED,
)
"""What a customer must read, in this order, each by a part of it."""


def _in_order(texts: Sequence[str]) -> list[int]:
    """Tell which prompt each text is, those that are none left out."""
    found = [[n for n, part in enumerate(_PROMPTS) if part in text] for text in texts]
    return [numbers[-1] for numbers in found if numbers]


def _once_updated(sandbox: Sandbox) -> None:
    assert sandbox.rows[1001]["cedula"] == "1098765432"
    assert sandbox.rows[1001]["telefono"] == "3001234567"
    assert [method for method, _, _ in sandbox.requests if method != "GET"] == ["PATCH"]


async def _killed(process: Enlace) -> None:
    await process.kill()
    await process.start()


def _log_is_quiet(process: Enlace) -> None:
    """No number, name or text of the customer stands in it."""
    written = process.log.read_text("utf-8")
    for personal in ("1098765432", "3001234567", "Gómez", "13491208655302741918", "hola"):
        assert personal not in written


async def test_telegram(tmp_path: Path) -> None:
    """A customer of Telegram is linked: one update, every prompt in order, the message verbatim."""
    chance = random.Random(20)
    sandbox = pretend_wisphub(1)
    sandbox.rows[1001]["telefono"] = "3001234567"
    server = TelegramServer(TelegramClock(clock() / 1000), chance, repeats=0.3, disorder=0.3)
    vendor = BotApi(server=server, chance=chance)
    async with (
        running_sandbox(sandbox),
        bot_api.running(vendor),
        enlace(
            tmp_path, sandbox,
            TELEGRAM_TOKEN=TOKEN, TELEGRAM_SECRET=SECRET, TELEGRAM_API_URL=vendor.url,
        ) as process,
        asyncio.TaskGroup() as group,
    ):  # fmt: skip
        server.webhook(f"{process.url}/webhooks/telegram", SECRET)
        group.create_task(server.run())
        vendor.faults = _FAILING
        await _walk_telegram(server, vendor, process)
        shown = vendor.shown[ANA]
        server.stop()

    assert _in_order([one.text for one in shown]) == sorted(_in_order([s.text for s in shown]))
    assert set(_in_order([one.text for one in shown])) == set(range(len(_PROMPTS)))
    last = next(one for one in shown if UPDATED in one.text)
    assert last.text.startswith(f"{UPDATED}\n")
    assert last.protected
    _once_updated(sandbox)
    _log_is_quiet(process)


async def _walk_telegram(server: TelegramServer, vendor: BotApi, process: Enlace) -> None:
    phones = Phones(server)

    def shows(number: int) -> Callable[[], bool]:
        return lambda: any(_PROMPTS[number] in one.text for one in vendor.shown[ANA])

    def press(label: str) -> None:
        shown = next(s for s in reversed(vendor.shown[ANA]) if _labelled(s.buttons, label))
        data = _labelled(shown.buttons, label)
        server.post(phones.press(ANA, ANA, data, shown.message_id))

    server.post(phones.start(ANA))
    await until(shows(0), _PROMPTS[0])
    press("Empezar")
    await until(shows(1), _PROMPTS[1])
    await process.kill()
    press("Sí, autorizo")
    await process.start()
    await until(shows(2), _PROMPTS[2])
    server.post(phones.contact(ANA, ANA, "+57 300 123 4567"))
    await until(shows(3), _PROMPTS[3])
    server.post(phones.text(ANA, "1.098.765.432"))
    await until(shows(4), _PROMPTS[4])
    press("Sí, guardar")
    await _killed(process)
    await until(shows(5), _PROMPTS[5])


def _labelled(rows: Sequence[Sequence[dict[str, object]]], label: str) -> str:
    return next((str(b["callback_data"]) for row in rows for b in row if b["text"] == label), "")


async def test_whatsapp(tmp_path: Path) -> None:
    """A customer of WhatsApp is linked: one update, every prompt in order, the message verbatim."""
    chance = random.Random(21)
    sandbox = pretend_wisphub(1)
    sandbox.rows[1001]["telefono"] = "3001234567"
    meta = MetaWebhooks(
        url="", secret=APP_SECRET, chance=chance, clock=MetaClock(), batch=4, disorder=0.3,
        held=1.0, repeats=0.3,
    )  # fmt: skip
    vendor = GraphApi(webhooks=meta, token="EAAG", chance=chance)
    vendor.know(WhatsApp)
    async with (
        running_sandbox(sandbox),
        meta_graph.running(vendor),
        enlace(
            tmp_path, sandbox,
            WHATSAPP_TOKEN="EAAG", WHATSAPP_PHONE_NUMBER_ID=meta.phone_number_id,
            WHATSAPP_APP_SECRET=f"{APP_SECRET[::-1]},{APP_SECRET}",
            WHATSAPP_VERIFY_TOKEN=VERIFY_TOKEN,
            WHATSAPP_API_URL=vendor.url,
        ) as process,
        asyncio.TaskGroup() as group,
    ):  # fmt: skip
        meta.url = f"{process.url}/webhooks/whatsapp"
        shaken = await meta.handshake(VERIFY_TOKEN)
        assert shaken.text == shaken.request.url.params["hub.challenge"]
        group.create_task(meta.run())
        vendor.faults = _FAILING
        await _walk_whatsapp(meta, vendor, process)
        shown = vendor.shown[WhatsApp.user_id]
        meta.stop()

    numbers = _in_order([one.text for one in shown])
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len(_PROMPTS))) - {2}  # WhatsApp shows the number by itself
    assert any(one.text.startswith(f"{UPDATED}\n") for one in shown)
    _once_updated(sandbox)
    _log_is_quiet(process)


async def _walk_whatsapp(meta: MetaWebhooks, vendor: GraphApi, process: Enlace) -> None:
    def shows(number: int) -> Callable[[], bool]:
        return lambda: any(_PROMPTS[number] in s.text for s in vendor.shown[WhatsApp.user_id])

    def press(label: str) -> None:
        for shown in reversed(vendor.shown[WhatsApp.user_id]):
            for name, title in shown.buttons:
                if title == label:
                    meta.add(meta.shapes.button_reply(WhatsApp, shown.id, name, label), WhatsApp)
                    return

    def say(text: str) -> None:
        meta.add(meta.shapes.text(WhatsApp, text), WhatsApp)

    say("hola")
    await until(shows(0), _PROMPTS[0])
    press("Empezar")
    await until(shows(1), _PROMPTS[1])
    await process.kill()
    press("Sí, autorizo")
    await process.start()
    await until(shows(3), _PROMPTS[3])
    say("1.098.765.432")
    await until(shows(4), _PROMPTS[4])
    press("Sí, guardar")
    await _killed(process)
    await until(shows(5), _PROMPTS[5])
