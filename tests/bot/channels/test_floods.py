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
from tests.bot.channels.enlace_process import Enlace, enlace
from tests.bot.channels.signing import signed
from tests.bot.channels.stages import APP_SECRET, SECRET, VERIFY_TOKEN
from tests.meta import graph as meta_graph
from tests.meta.clock import RealClock
from tests.meta.graph import GraphApi
from tests.meta.shapes import Customer
from tests.meta.webhooks import MetaWebhooks
from tests.telegram.api import TOKEN
from tests.waiting import HUNG, until

pytestmark = [pytest.mark.slow, pytest.mark.proof]
"""They are timed, one part of a run against the other."""

_NUMBER = "106540352242922"
_MANY = 1000


def _whatsapp(**more: str) -> dict[str, str]:
    return {
        "WHATSAPP_TOKEN": "EAAG",
        "WHATSAPP_PHONE_NUMBER_ID": _NUMBER,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
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


async def _pace(
    web: Enlace, start: int, count: int = 200, *, ending: asyncio.Task[str] | None = None
) -> float:
    """Tell the seconds that a good call takes in a good quarter of so many, one by one.

    They are fewer if something ends before.
    """
    seconds: list[float] = []
    async with httpx.AsyncClient(timeout=HUNG) as client:
        while len(seconds) < count and not (ending and ending.done()):
            seconds.append(await _update(client, web, start + len(seconds)))
    assert len(seconds) >= 20
    return statistics.quantiles(seconds, n=4)[0]


@asynccontextmanager
async def _dripping(web: Enlace, count: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Bodies that drip, from a process of their own, all of them under way."""
    dripper = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.bot.channels.dripping",
            web.settings["ENLACE_PORT"],
            str(count),
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert await _line(dripper) == "dripping"
        yield dripper
        assert await dripper.wait() == 0
    finally:
        if dripper.returncode is None:
            dripper.kill()
            await dripper.wait()


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def test_thousand_dripping_bodies(web: Enlace) -> None:
    """A thousand bodies that drip are closed like a single one; good calls hardly notice them."""
    async with _dripping(web, 1) as dripper:
        single = float(await _line(dripper))
    await _pace(web, 1_000)
    before = await _pace(web, 2_000)

    async with _dripping(web, _MANY) as dripper:
        closed = asyncio.create_task(_line(dripper))
        among = await _pace(web, 3_000, ending=closed)
        longest = float(await closed)
    after = await _pace(web, 4_000)

    assert longest < 2 * single
    assert among < 2 * max(before, after)


async def test_body_without_a_secret_is_not_waited_for(web: Enlace) -> None:
    """Without a secret the answer comes before the body, and the connection ends."""
    port = int(web.settings["ENLACE_PORT"])
    for path in (b"telegram", b"whatsapp"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /webhooks/" + path + b" HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n"
        )
        answer = await asyncio.wait_for(reader.read(), HUNG)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 401")


async def test_thousand_updates_in_a_call(web: Enlace) -> None:
    """A thousand updates in one call are stored before it hears 200, as soon as a hundred."""
    async with httpx.AsyncClient(timeout=HUNG) as client:
        seconds = [await _thousand(client, web, run) for run in range(3)]
        counted = (await client.get(f"{web.url}/metrics")).text

    assert "enlace_turns_total 0.0" in counted  # a worker takes them
    assert web.memory() < 73  # with aiohttp it is 76
    await _pace(web, 1_000, count=50)
    pace = await _pace(web, 2_000)
    assert statistics.median(seconds) < 100 * pace


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
        httpx.AsyncClient(timeout=HUNG) as client,
    ):
        await _thousand(client, process, 0)
        await until(lambda: len(vendor.shown) == _MANY, "an answer in each chat")

    assert {len(shown) for shown in vendor.shown.values()} == {1}
