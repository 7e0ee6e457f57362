"""Every transcript, through a vendor, in turns: their simulators call, and are called."""

import os
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from tests.bot.channels.stages import telegram_stage, whatsapp_stage
from tests.transcripts import CONVERSATIONS, Performance

pytestmark = [pytest.mark.slow, pytest.mark.vendors]

EVERYTHING = bool(os.environ.get("EVERYTHING"))
_BOTH = "in_full_"  # every text, word for word: as long as it is on both


def _turns(vendor: int) -> list[Path]:
    """Deal the transcripts out: `make vendors` plays each through both."""
    return [
        path
        for number, path in enumerate(CONVERSATIONS)
        if EVERYTHING or path.stem.startswith(_BOTH) or number % 2 == vendor
    ]


def _only_whatsapp(path: Path) -> bool:
    """Tell whether it is about what Telegram never does, such as telling a number by itself."""
    return path.stem.startswith("whatsapp_")


_TELEGRAM = [path for path in _turns(0) if not _only_whatsapp(path)]
_WHATSAPP = sorted({*_turns(1), *filter(_only_whatsapp, CONVERSATIONS)})


@pytest.mark.parametrize("path", _TELEGRAM, ids=lambda path: path.stem)
async def test_telegram(path: Path, redis: Redis, sandbox: Sandbox) -> None:
    """A customer of Telegram reads what the transcript says."""
    async with telegram_stage(redis, sandbox) as stage:
        await Performance(stage).perform(path)


@pytest.mark.parametrize("path", _WHATSAPP, ids=lambda path: path.stem)
async def test_whatsapp(path: Path, redis: Redis, sandbox: Sandbox) -> None:
    """A customer of WhatsApp reads what the transcript says."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await Performance(stage).perform(path)


def test_each_is_played() -> None:
    """No transcript is left out, and each text is read in full on both."""
    assert {*_TELEGRAM, *_WHATSAPP} == {*CONVERSATIONS}
    full = {path for path in CONVERSATIONS if path.stem.startswith(_BOTH)}
    assert full <= {*_TELEGRAM} & {*_WHATSAPP}
