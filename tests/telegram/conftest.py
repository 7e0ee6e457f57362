"""A Telegram whose clock jumps, and a caller of its API."""

import random
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.telegram.api import BotApi, running
from tests.telegram.caller import Caller
from tests.telegram.clock import VirtualClock
from tests.telegram.hook import START
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones
from tests.waiting import HUNG


@pytest.fixture
def telegram() -> TelegramServer:
    """Set up a server whose clock jumps."""
    return TelegramServer(VirtualClock(START), random.Random(1))


@pytest.fixture
def phones(telegram: TelegramServer) -> Phones:
    """Hand out phones."""
    return Phones(telegram)


@pytest.fixture
async def api(telegram: TelegramServer, phones: Phones) -> AsyncIterator[BotApi]:
    """Serve an API that knows the private chat 7 and the group -5."""
    telegram.post(phones.text(7, "hola"))
    telegram.post(phones.text(-5, "hola"))
    async with running(BotApi(telegram, chance=random.Random(1))) as api:
        yield api


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Caller]:
    """Connect to it."""
    async with httpx.AsyncClient(trust_env=False, timeout=HUNG) as client:
        yield Caller(api, client)
