"""The simulator delivers by the vendor's rules."""

import asyncio
import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from starlette.responses import Response

from tests.telegram.hook import SECRET, START, badly, served, times, well
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones

pytestmark = pytest.mark.slow


async def test_request(telegram: TelegramServer, phones: Phones) -> None:
    """A request looks as the vendor's: a POST of escaped JSON with the secret in a header."""
    number = telegram.post(phones.text(7, "Señal \ud83d"))
    async with served(well, telegram) as hook:
        await telegram.deliver()
    assert hook.bodies[0].startswith(f'{{"update_id":{number},\n"message":'.encode())
    assert b"Se\\u00f1al \\ud83d" in hook.bodies[0]
    assert hook.received[0]["message"]["chat"] == {"id": 7, "type": "private", "first_name": "Ana"}
    headers = hook.headers[0]
    assert headers["x-telegram-bot-api-secret-token"] == SECRET
    assert headers["content-type"] == "application/json"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "user-agent" not in headers
    assert telegram.log == [(START, number, 200)]


async def test_first_in_first_out(telegram: TelegramServer, phones: Phones) -> None:
    """One chat's messages come in order and one at a time, whatever fails in between."""
    chance, flying, most = random.Random(2), Counter[int](), Counter[int]()

    async def moody(update: dict[str, Any]) -> Response:
        chat = update["message"]["chat"]["id"]
        flying[chat] += 1
        most[chat] = max(most[chat], flying[chat])
        await asyncio.sleep(0)
        flying[chat] -= 1
        return Response(status_code=chance.choice((200, 204, 302, 404, 500)))

    for turn in range(5):
        for chat in (7, 8, 9):
            telegram.post(phones.text(chat, f"{chat} {turn}"))
    async with served(moody, telegram) as hook:
        await telegram.deliver()
    for chat in (7, 8, 9):
        came = [text for text in hook.texts() if text.startswith(f"{chat} ")]
        assert list(dict.fromkeys(came)) == [f"{chat} {turn}" for turn in range(5)]
    assert set(most.values()) == {1}
    assert telegram.counts["delivered"] == 15


async def test_different_queues_at_once(telegram: TelegramServer, phones: Phones) -> None:
    """After a first success different queues are served at once, a press and a text too."""
    meeting = asyncio.Barrier(3)

    async def together(update: dict[str, Any]) -> Response:
        if update.get("message", {}).get("text") != "first":
            await meeting.wait()
        return Response()

    telegram.post(phones.text(6, "first"))
    telegram.post(phones.text(7, "a text"))
    telegram.post(phones.press(7, 7, "a press", 1))
    telegram.post(phones.text(8, "another's"))
    async with served(together, telegram):
        await telegram.deliver()
    assert telegram.counts["delivered"] == 4


@pytest.mark.parametrize(("asked", "most"), [(3, 3), (1, 1)])
async def test_connections(telegram: TelegramServer, phones: Phones, asked: int, most: int) -> None:
    """No more requests are under way than connections were asked for."""
    flying: list[int] = [0]
    peaks = set[int]()

    async def counted(_: dict[str, Any]) -> Response:
        flying[0] += 1
        peaks.add(flying[0])
        await asyncio.sleep(0)
        flying[0] -= 1
        return Response()

    for chat in range(1, 30):
        telegram.post(phones.text(chat, "hola"))
    async with served(counted, telegram, max_connections=asked):
        await telegram.deliver()
    assert max(peaks) <= most
    assert telegram.counts["delivered"] == 29


async def test_silence_leaves_one_connection(telegram: TelegramServer, phones: Phones) -> None:
    """Without a success for more than ten seconds there is one connection, until the next."""
    flying: list[int] = [0]
    peaks = dict[float, int]()

    async def counted(_: dict[str, Any]) -> Response:
        flying[0] += 1
        at = telegram.clock.now() - START
        peaks[at] = max(peaks.get(at, 0), flying[0])
        await asyncio.sleep(0)
        flying[0] -= 1
        return Response(status_code=200 if at == 0 else 503)

    async with served(counted, telegram):
        telegram.post(phones.text(6, "first"))
        await telegram.deliver_for(5)
        for chat in range(7, 27):
            telegram.post(phones.text(chat, "hola"))
        await telegram.deliver_for(60)
    assert peaks[5] > 1
    assert {peak for at, peak in peaks.items() if at > 10} == {1}


@pytest.mark.parametrize("stuck", [3, 4])
async def test_window(telegram: TelegramServer, phones: Phones, stuck: int) -> None:
    """Twice as many stuck queues as connections block all others, one less does not."""

    async def choosy(update: dict[str, Any]) -> Response:
        if update.get("message", {}).get("text") == "poison":
            return Response(status_code=500, headers={"retry-after": "3600"})
        return Response()

    for chat in range(stuck):
        telegram.post(phones.text(1 + chat, "poison"))
    healthy = telegram.post(phones.text(5, "hola"), expires=START + 200_000)
    telegram.post(phones.press(6, 6, "too late", 1), queue=5)
    async with served(choosy, telegram, max_connections=2):
        await telegram.deliver()
    assert times(telegram, healthy) == [86_400 if stuck == 4 else 0]
    assert telegram.counts["dropped"] == (5 if stuck == 4 else 3)


async def test_retry_times(telegram: TelegramServer, phones: Phones) -> None:
    """A failure is repeated at once, then ever later, at last after one to two minutes."""
    number = telegram.post(phones.text(7, "hola"))
    async with served(badly, telegram):
        await telegram.deliver_for(1000)
    tried = times(telegram, number)
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert waits[:6] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= wait <= 120 for wait in waits[6:])
    assert telegram.counts == {"failed": len(tried), "dropped": 0}


@pytest.mark.parametrize(
    ("header", "waits"),
    [("5", [5, 5, 5]), ("9999", [3600, 3600, 3600]), ("-3", [0, 2, 4]), ("soon", [0, 2, 4])],
)
async def test_retry_after(
    telegram: TelegramServer, phones: Phones, header: str, waits: list[int]
) -> None:
    """Whole seconds of Retry-After replace the back-off, up to an hour; nonsense does not."""
    answers = iter([503, 429, 500, 200])

    async def busy(_: dict[str, Any]) -> Response:
        return Response(status_code=next(answers), headers={"retry-after": header})

    number = telegram.post(phones.text(7, "hola"))
    async with served(busy, telegram):
        await telegram.deliver()
    tried = times(telegram, number)
    assert [later - earlier for earlier, later in pairwise(tried)] == waits
