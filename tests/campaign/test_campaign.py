"""The short form of the fault campaign; `make campaign` runs the long one."""

import random

import pytest

from bot.redis.binary import find_bundled
from tests.campaign.run import Plan, campaign

pytestmark = [pytest.mark.slow, pytest.mark.proof]  # beside other tests more is under way at a kill


async def test_campaign() -> None:
    """Processes and Redis killed, stalled, replaced: nothing lost, doubled or out of order."""
    random.seed(1)
    table = await campaign(
        Plan(deliveries=420, chats=30, seed=1, binary=find_bundled(), every=1.2, pause=0.8)
    )

    assert table.clean, table.printed()
    assert table.harm.total() >= 5
    assert table.rows["share of duplicates, %"] >= 30


async def test_deployment() -> None:
    """All processes replaced under load: webhooks answer 200 or 503, nothing is sent twice."""
    random.seed(2)
    table = await campaign(
        Plan(
            deliveries=250,
            chats=25,
            seed=2,
            binary=find_bundled(),
            harm=("term",),
            every=0.8,
            pause=0.8,
        )
    )

    assert table.clean, table.printed()
    assert table.harm["term"] >= 4
    assert table.rows["sent twice: for another reason"] == 0
