"""Telegram without a public address: fetched, stored, and only then confirmed."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.channels.telegram.api import Api
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.receive import TelegramReceiver
from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.conversation import Chat
from state.store.conversations import NoSuchConversation
from tests.bot.channels.stages import ANA
from tests.house_stage import HouseStage
from tests.telegram import api as bot_api
from tests.telegram.api import TOKEN, BotApi
from tests.telegram.clock import VirtualClock
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
async def vendor() -> AsyncIterator[BotApi]:
    """The Bot API, where updates wait to be fetched."""
    chance = random.Random(3)
    server = TelegramServer(VirtualClock(), chance)
    async with bot_api.running(BotApi(server=server, chance=chance)) as api:
        yield api


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


@pytest.fixture
async def poller(vendor: BotApi, stage: HouseStage) -> AsyncIterator[Poller]:
    """What fetches for it."""
    api = Api(TOKEN, url=vendor.url)
    yield Poller(api, TelegramReceiver("4242", ""), stage.intake())
    await api.aclose()


async def _taken(stage: HouseStage, chat: int) -> bool:
    name = Chat(channel="telegram", account="4242", id=str(chat))
    try:
        return bool(await stage.store.conversations.find(stage.store.key(name)))
    except NoSuchConversation:
        return False


async def _until_taken(stage: HouseStage, poller: Poller, chat: int) -> None:
    running = asyncio.create_task(poller.run())
    await until(lambda: _taken(stage, chat))
    poller.stop()
    await running


async def test_fetched_and_confirmed(vendor: BotApi, stage: HouseStage, poller: Poller) -> None:
    """Updates are taken in their order; a poisoned one holds up nothing."""
    phones = Phones(vendor.server)
    vendor.server.post(phones.text(ANA, "hola"))
    poison = {"chat": {"id": ANA}, "date": 1_750_000_000, "from": [], "text": {}}
    vendor.server.post({"message": poison})
    last = vendor.server.post(phones.text(43, "hola"))

    await _until_taken(stage, poller, 43)

    assert await _taken(stage, ANA)
    assert poller.confirmed == last + 1


async def test_not_confirmed_before_it_is_stored(
    vendor: BotApi, stage: HouseStage, poller: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Redis is away nothing is confirmed; afterwards it is fetched again."""
    monkeypatch.setattr("bot.channels.telegram.polling._PAUSE", 0.01)
    take, failures = stage.turns.take, [RedisConnectionError(), RedisConnectionError()]

    async def failing(chat: Chat, *deliveries: Delivery) -> None:
        if failures:
            assert poller.confirmed == 0
            raise failures.pop()
        await take(chat, *deliveries)

    monkeypatch.setattr(stage.turns, "take", failing)
    vendor.server.post(Phones(vendor.server).text(ANA, "hola"))

    await _until_taken(stage, poller, ANA)

    assert failures == []


async def test_webhook_in_the_way(
    vendor: BotApi, stage: HouseStage, poller: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a webhook is set nothing can be fetched: that is waited for, not given up."""
    monkeypatch.setattr("bot.channels.telegram.polling._PAUSE", 0.01)
    vendor.server.webhook("http://127.0.0.1:9/")
    vendor.server.post(Phones(vendor.server).text(ANA, "hola"))
    running = asyncio.create_task(poller.run())
    await until(lambda: vendor.counts["getUpdates"] >= 2)
    vendor.server.webhook("")
    await until(lambda: _taken(stage, ANA))
    poller.stop()
    await running
