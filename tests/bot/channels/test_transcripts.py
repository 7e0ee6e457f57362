"""Every transcript, through both vendors: their simulators call, and are called."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from tests.bot.channels.stages import telegram_stage, whatsapp_stage
from tests.transcripts import CONVERSATIONS, Performance

pytestmark = [pytest.mark.slow, pytest.mark.vendors]

_EACH = pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
_NUMBERLESS = pytest.mark.parametrize(
    "path", [p for p in CONVERSATIONS if not p.stem.startswith("whatsapp_")], ids=lambda p: p.stem
)
"""Telegram tells no number of its own accord."""


@_NUMBERLESS
async def test_telegram(path: Path, redis: Redis, sandbox: Sandbox) -> None:
    """A customer of Telegram reads what the transcript says."""
    async with telegram_stage(redis, sandbox) as stage:
        await Performance(stage).perform(path)


@_EACH
async def test_whatsapp(path: Path, redis: Redis, sandbox: Sandbox) -> None:
    """A customer of WhatsApp reads what the transcript says."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await Performance(stage).perform(path)
