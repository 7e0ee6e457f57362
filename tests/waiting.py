"""How tests wait: until it is so, however slow the machine is.

How long something takes decides no test. `HUNG` only ends one that would wait for ever; what waits
for a process or a thread without a limit of its own is ended by pytest (`faulthandler_timeout`).
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

HUNG = 120.0
"""Seconds after which a test that still waits for something is taken to hang."""


async def until(true: Callable[[], bool | Awaitable[bool]], what: object = "") -> None:
    """Wait until it is so; `what` tells what never came."""
    try:
        async with asyncio.timeout(HUNG):
            while not (await told if inspect.isawaitable(told := true()) else told):
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"never came: {what}") from None


def until_now(true: Callable[[], bool], what: Callable[[], object] = str) -> None:
    """Wait until it is so, without an event loop."""
    deadline = time.monotonic() + HUNG
    while not true():
        assert time.monotonic() < deadline, f"never came: {what()}"
        time.sleep(0.002)
