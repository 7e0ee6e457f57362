"""A full disk is called a full disk."""

from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from bot.redis import disk
from bot.redis.errors import DiskFull
from bot.redis.server import running


async def test_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a full disk whatever fails is told as that; elsewhere by its own reason."""
    gone = RedisConnectionError("Error 111")
    assert disk.explainer(tmp_path)(gone) == "not reachable"
    assert (
        disk.explainer(None)(ResponseError("MISCONF ...: No space left on device")) == "disk full"
    )

    monkeypatch.setattr(disk, "_NEEDED", 2**80)
    assert disk.explainer(tmp_path)(gone) == "disk full"
    with pytest.raises(DiskFull, match="make room"):
        async with running(tmp_path, binary=Path("/bin/false")):
            pytest.fail("started")
