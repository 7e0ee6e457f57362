"""Every transcript, on the machine alone and through the whole house."""

import re
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from tests.house_stage import HouseStage
from tests.machine_stage import MachineStage
from tests.transcripts import CONVERSATIONS, IN_FULL, Performance, wording
from tests.transcripts.rewriting import named_anywhere

_EACH = pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)


@_EACH
async def test_machine(path: Path) -> None:
    """The machine alone answers as the transcript says."""
    await Performance(MachineStage()).perform(path)


@pytest.mark.slow
@_EACH
async def test_house(path: Path, redis: Redis, sandbox: Sandbox) -> None:
    """The whole house answers as the transcript says, though every delivery comes twice."""
    stage = HouseStage(redis, sandbox)
    try:
        await Performance(stage).perform(path)
    finally:
        await stage.aclose()


def test_enough() -> None:
    """There are at least a hundred and twenty transcripts."""
    assert len(CONVERSATIONS) >= 120


def test_fewest_messages() -> None:
    """The architecture's table tells how many messages of the customer its transcripts take."""
    page = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text("utf-8")
    told = re.findall(r"^\| [^|]+ \| (\d+) \| `(\w+)` \|$", page, re.MULTILINE)
    texts = {path.stem: path.read_text("utf-8") for path in CONVERSATIONS}

    assert len(told) >= 10
    assert {name: texts[name].count("\ncustomer: ") for _, name in told} == {
        name: int(count) for count, name in told
    }


def test_named_texts_stand_in_full() -> None:
    """Every text that transcripts write by its name stands word for word in one."""
    full = "\n".join(p.read_text("utf-8") for p in CONVERSATIONS if p.stem.startswith(IN_FULL))
    spoken = [line.partition(": ")[2] for line in full.splitlines() if line.startswith("bot: ")]
    named = named_anywhere(CONVERSATIONS)

    assert len(named) >= 25
    for name in named:
        expected = wording.pattern(f"<{name}>")
        assert any(expected.search(line) for line in spoken), f"nowhere in full: {name}"
