"""Updates while WispHub fails in every way that is known: each ends well, or is told to people."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import running
from state.messages import DEFAULTS
from tests.faults.run import TOLD, play
from tests.faults.weather import Weather


@pytest.fixture
async def weather() -> AsyncIterator[Weather]:
    """A WispHub in bad weather."""
    sandbox = Weather()
    async with running(sandbox):
        yield sandbox


def test_the_ends_are_worded_as_the_bot_words_them() -> None:
    """A text that is written anew is noticed here at once, not as customers who know nothing."""
    said = [message.text for message in DEFAULTS.values()]
    assert [words for words in TOLD if not any(words in text for text in said)] == []


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
