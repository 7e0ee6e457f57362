"""The guard on what a message costs while consoles are open: a ratio, measured in one run."""

import asyncio

import pytest

from bench.streams import Scene, measure

MOST = 3
"""How many times its turn a message may cost while everybody looks at the list that changes."""


@pytest.mark.slow
def test_ratio() -> None:
    """Twenty consoles that look on cost no more than twice the turn itself, and see everything."""
    found = asyncio.run(measure(Scene(chats=200, consoles=20, messages=40, rate=40, runs=2)))

    assert min(found.watched) <= MOST * min(found.alone), found
    assert found.shown > 0.9
