"""Calls that bring much, drip, or never end: what they do to the others."""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.bootstrap import clock
from bot.sandbox.server import Sandbox
from tests.channels.enlace_process import Enlace, enlace
from tests.channels.signing import signed
from tests.channels.stages import APP_SECRET, SECRET
from tests.meta import graph as meta_graph
from tests.meta.clock import RealClock
from tests.meta.graph import GraphApi
from tests.meta.shapes import Customer
from tests.meta.webhooks import MetaWebhooks
from tests.telegram.api import TOKEN

pytestmark = pytest.mark.proof  # they are timed

_NUMBER = "106540352242922"
_MANY = 1000
_CLOSED = 10.0  # seconds within which each dripping connection must be closed


def _whatsapp(**more: str) -> dict[str, str]:
    return {
        "WHATSAPP_TOKEN": "EAAG",
        "WHATSAPP_PHONE_NUMBER_ID": _NUMBER,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": "verify",
        **more,
    }


@pytest.fixture
async def web(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Enlace]:
    """A web process for both vendors; it sends nothing."""
    both = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, **_whatsapp()}
    async with enlace(tmp_path, sandbox, role="web", **both) as process:
        yield process


async def _update(client: httpx.AsyncClient, web: Enlace, number: int) -> float:
    """Post one update as Telegram does; gives the seconds until its answer."""
    message = {
        "message_id": number, "date": clock() // 1000, "text": "hola",
        "from": {"id": number, "is_bot": False}, "chat": {"id": number, "type": "private"},
    }  # fmt: skip
    begun = time.perf_counter()
    answer = await client.post(
        f"{web.url}/webhooks/telegram",
        json={"update_id": number, "message": message},
        headers={"x-telegram-bot-api-secret-token": SECRET},
    )
    assert answer.status_code == 200
    return time.perf_counter() - begun


async def _pace(web: Enlace, start: int, count: int = 200) -> float:
    """Tell the median seconds of so many good calls, one after the other."""
    async with httpx.AsyncClient(timeout=30) as client:
        return statistics.median([await _update(client, web, start + n) for n in range(count)])


@asynccontextmanager
async def _dripping(web: Enlace) -> AsyncIterator[asyncio.subprocess.Process]:
    """A thousand bodies that drip, from a process of their own, all of them under way."""
    dripper = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.channels.dripping", web.settings["ENLACE_PORT"], str(_MANY)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert dripper.stdout is not None
    assert await dripper.stdout.readline() == b"dripping\n"
    yield dripper
    assert await dripper.wait() == 0


async def test_thousand_dripping_bodies(web: Enlace) -> None:
    """A thousand bodies that drip are closed within ten seconds; good calls hardly notice them."""
    await _pace(web, 1_000)
    alone = await _pace(web, 2_000)

    async with _dripping(web) as dripper:
        among = await _pace(web, 3_000)
        assert dripper.returncode is None  # measured while all of them dripped
        assert dripper.stdout is not None
        longest = float(await dripper.stdout.readline())

    assert longest < _CLOSED
    assert among < 2 * alone


async def test_body_without_a_secret_is_not_waited_for(web: Enlace) -> None:
    """Without a secret the answer comes before the body, and the connection ends."""
    port = int(web.settings["ENLACE_PORT"])
    for path in (b"telegram", b"whatsapp"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /webhooks/" + path + b" HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n"
        )
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 401")


async def test_thousand_updates_in_a_call(web: Enlace) -> None:
    """A thousand updates in one call are stored before it hears 200, in a quarter second."""
    async with httpx.AsyncClient(timeout=30) as client:
        seconds = [await _thousand(client, web, run) for run in range(3)]
        counted = (await client.get(f"{web.url}/metrics")).text

    assert "enlace_turns_total 0.0" in counted  # a worker takes them
    assert web.memory() < 70
    assert statistics.median(seconds) < 0.25


async def _thousand(client: httpx.AsyncClient, web: Enlace, run: int) -> float:
    people = [_person(run, number).user_id for number in range(_MANY)]
    body, headers = signed(people, number=_NUMBER, secret=APP_SECRET, at=clock() // 1000)
    begun = time.perf_counter()
    answer = await client.post(f"{web.url}/webhooks/whatsapp", content=body, headers=headers)
    assert answer.status_code == 200
    return time.perf_counter() - begun


def _person(run: int, number: int) -> Customer:
    return Customer(phone=None, user_id=f"CO.{run}{number:06d}", shows_phone=False)


async def test_each_of_a_call_is_answered(tmp_path: Path, sandbox: Sandbox) -> None:
    """Each of a thousand updates in one call is answered, in its own chat, once."""
    chance = random.Random(1)
    meta = MetaWebhooks(url="http://127.0.0.1:9", secret="", chance=chance, clock=RealClock())
    vendor = GraphApi(webhooks=meta, token="EAAG", chance=chance)
    for number in range(_MANY):
        vendor.know(_person(0, number))
        meta.heard[_person(0, number).user_id] = clock() / 1000
    async with (
        meta_graph.running(vendor),
        enlace(tmp_path, sandbox, **_whatsapp(WHATSAPP_API_URL=vendor.url)) as process,
        httpx.AsyncClient(timeout=30) as client,
    ):
        await _thousand(client, process, 0)
        async with asyncio.timeout(90):
            while len(vendor.shown) < _MANY:
                await asyncio.sleep(0.1)

    assert {len(shown) for shown in vendor.shown.values()} == {1}
