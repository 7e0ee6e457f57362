"""The short form of the cuts of the append-only file; `make torn` makes 300."""

import pytest

from bot.redis.binary import find_bundled
from tests.campaign import torn_file


@pytest.mark.slow
async def test_cuts() -> None:
    """Wherever the file is cut, every chat is whole at the first start and at the second."""
    total = await torn_file.campaign(12, 7, find_bundled())

    assert (total["cuts"], total["starts"]) == (12, 24)
    assert total["mended"] > 0
    assert total["torn chats"] == total["turns missing"] == 0
