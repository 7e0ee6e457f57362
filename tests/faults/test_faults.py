"""Updates while WispHub fails in every way that is known: each ends well, or is told to people."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import running
from bot.wisphub import adapter
from tests.faults.run import play
from tests.faults.weather import Weather

_SHORT = 0.05  # seconds instead of five, after which a call that hangs is given up


@pytest.fixture
async def weather(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Weather]:
    """A WispHub in bad weather."""
    monkeypatch.setattr(adapter, "CALL", _SHORT)
    sandbox = Weather()
    async with running(sandbox):
        yield sandbox


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 100, 25))
async def test_any_weather(redis: Redis, weather: Weather, first: int) -> None:
    """Whatever WispHub does, the record is confirmed or as it was, and the customer knows it."""
    for seed in range(first, first + 25):
        await redis.flushall()
        try:
            await play(redis, weather, seed)
        except AssertionError as error:
            error.add_note(f"seed {seed}: {dict(weather.met)}")
            raise
