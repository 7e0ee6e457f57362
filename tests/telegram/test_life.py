"""The simulator delivers what it can, as often as it must, and gives up in time."""

import asyncio
import random
from collections import Counter
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from tests.telegram.clock import RealClock, VirtualClock
from tests.telegram.hook import SECRET, START, badly, served, times, well
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones
from tests.waiting import HUNG

pytestmark = pytest.mark.slow


async def test_presses_expire(telegram: TelegramServer, phones: Phones) -> None:
    """A press that nobody takes is given up within 150 seconds, and the next one follows."""
    first = telegram.post(phones.press(7, 7, "a", 1))
    async with served(badly, telegram) as hook:
        await telegram.deliver_for(100)
        second = telegram.post(phones.press(7, 7, "b", 1))
        await telegram.deliver()
    assert 100 < times(telegram, first)[-1] <= 150
    assert times(telegram, second)[0] == times(telegram, first)[-1]
    assert times(telegram, second)[-1] <= 250
    assert telegram.counts["dropped"] == 2
    assert {update["callback_query"]["data"] for update in hook.received} == {"a", "b"}


async def test_messages_expire(telegram: TelegramServer, phones: Phones) -> None:
    """A message is given up a day after it was written, by a change a day after the change."""
    await telegram.clock.reach(START + 1000)
    old = telegram.post(phones.text(7, "hola", int(START)))
    changed = telegram.post(phones.edited(7, 1, "¡hola!"))
    assert telegram.post(phones.text(7, "long ago", int(START) - 86_400)) == 0

    async def slowly(_: dict[str, Any]) -> Response:
        return Response(status_code=500, headers={"retry-after": "900"})

    async with served(slowly, telegram):
        await telegram.deliver()
    assert 85_500 <= times(telegram, old)[-1] <= 86_400
    assert 86_500 <= times(telegram, changed)[-1] <= 87_400


async def test_repeats(telegram: TelegramServer, phones: Phones) -> None:
    """An answer that gets lost brings the same update again, before the next of its queue."""
    telegram.repeats = 0.5
    texts = [str(turn) for turn in range(20)]
    for text in texts:
        telegram.post(phones.text(7, text))
    async with served(well, telegram) as hook:
        await telegram.deliver()
    assert len(hook.received) == 20 + telegram.counts["repeated"] > 25
    assert hook.texts() == sorted(hook.texts(), key=int)
    assert list(dict.fromkeys(hook.texts())) == texts


async def test_disorder(telegram: TelegramServer, phones: Phones) -> None:
    """Held back by up to a second, a press and a text overtake each other, but not texts."""
    telegram.disorder = 0.7
    firsts = Counter[str]()
    async with served(well, telegram) as hook:
        for turn in range(20):
            hook.received.clear()
            telegram.post(phones.text(7, f"a{turn}"))
            telegram.post(phones.text(7, f"b{turn}"))
            telegram.post(phones.press(7, 7, "press", 1))
            await telegram.deliver()
            texts = [update["message"]["text"] for update in hook.received if "message" in update]
            assert texts == [f"a{turn}", f"b{turn}"]
            firsts[list(hook.received[0])[1]] += 1
    assert min(firsts["message"], firsts["callback_query"]) > 2
    assert telegram.clock.now() < START + 40


async def test_no_answer(telegram: TelegramServer, phones: Phones) -> None:
    """No connection, or no answer in time, are failures like any other."""
    telegram.timeout = 0.2
    number = telegram.post(phones.text(7, "hola"))
    never = asyncio.Event()

    async def hanging(_: dict[str, Any]) -> Response:
        if len(telegram.log) < 3:
            telegram._client.timeout = httpx.Timeout(HUNG)  # from the next request on
            await never.wait()
        return Response()

    await telegram.deliver()  # nowhere
    telegram.webhook("http://127.0.0.1:9/hook")
    await telegram.deliver_for(1)
    async with served(hanging, telegram):
        await telegram.deliver()
        never.set()
    assert [status for _, _, status in telegram.log] == [0, 0, 0, 200]
    assert times(telegram, number) == [0, 0, 1, 1]


async def test_webhook_set_anew(telegram: TelegramServer, phones: Phones) -> None:
    """Setting the webhook while a request is under way makes the same update come twice."""
    telegram.post(phones.text(7, "hola"))

    async def setting(_: dict[str, Any]) -> Response:
        if len(hook.received) == 1:
            telegram.webhook(telegram.url, SECRET)
        return Response()

    async with served(setting, telegram) as hook:
        await telegram.deliver()
    assert hook.texts() == ["hola", "hola"]
    assert telegram.counts["delivered"] == 1


async def test_in_the_background() -> None:
    """In the background what is posted is delivered soon, until it is told to stop."""
    telegram = TelegramServer(RealClock(START), random.Random(1))
    phones, seen = Phones(telegram), asyncio.Event()

    async def noticing(update: dict[str, Any]) -> Response:
        if update["message"]["text"] == "last":
            seen.set()
        return Response()

    async with served(noticing, telegram) as hook, asyncio.TaskGroup() as group:
        group.create_task(telegram.run())
        await telegram.clock.reach(START + 0.05)
        for text in ("hola", "last"):
            telegram.post(phones.text(7, text))
        await seen.wait()
        telegram.stop()
    assert hook.texts() == ["hola", "last"]


async def test_kinds_and_queues(telegram: TelegramServer, phones: Phones) -> None:
    """Each kind has the queue of its chat or user, unless told; unwanted kinds are not queued."""
    telegram.allowed = {"message", "edited_message", "callback_query", "my_chat_member", "poll"}
    numbers = [
        telegram.post(phones.text(-5, "hola", user=7)),
        telegram.post(phones.edited(-5, 1, "¡hola!")),
        telegram.post(phones.press(-5, 7, "a", 2)),
        telegram.post(phones.member(7, "kicked")),
        telegram.post({"poll": {"id": "1"}}),
        telegram.post(phones.voice(7), queue=99),
    ]
    assert telegram.post({"inline_query": {"id": "1", "from": {"id": 7}}}) == 0
    queues = [telegram.queues.held[number].queue for number in numbers]
    assert queues[:4] == [-5, -5, 7 + 3 * 2**33, 7 + 5 * 2**33]
    assert queues[5] == 99
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    assert 2_000_000 < numbers[0] <= 1_000_000_001
    assert (telegram.chats, telegram.blocked) == ({-5, 7}, {7})
    telegram.post(phones.member(7, "member"))
    assert telegram.blocked == set()


async def test_clocks() -> None:
    """One clock jumps to a time waited for, the other waits; none goes back."""
    jumping, real = VirtualClock(START), RealClock(START)
    jumping.advance(5)
    await jumping.reach(START + 3)
    assert jumping.now() == START + 5
    await jumping.reach(START + 1000)
    assert jumping.now() == START + 1000
    await real.reach(START + 0.02)
    await real.reach(START)
    assert START + 0.02 <= real.now() < START + 10
