"""Two clocks: one that jumps, for rules about minutes and days, and the real one."""

import asyncio
from typing import Protocol


class Clock(Protocol):
    """What the simulator knows of time, in seconds since 1970.

    Attributes:
        jumps: `reach` comes back at once: nothing may be under way meanwhile.
    """

    @property
    def jumps(self) -> bool: ...

    def now(self) -> float: ...

    async def reach(self, at: float) -> None: ...


class VirtualClock:
    """Stands still until somebody waits for a later time, and then shows that time."""

    jumps = True

    def __init__(self, start: float = 1_750_000_000.0) -> None:
        """Show this time at first."""
        self._now = start

    def now(self) -> float:
        """Tell the time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self._now += seconds

    async def reach(self, at: float) -> None:
        """Make it that late, unless it is later already."""
        await asyncio.sleep(0)
        self._now = max(self._now, at)


class RealClock:
    """The event loop's clock, set to the time of day it started at."""

    jumps = False

    def __init__(self, start: float) -> None:
        """Show this time now."""
        self._offset = start - asyncio.get_running_loop().time()

    def now(self) -> float:
        """Tell the time."""
        return self._offset + asyncio.get_running_loop().time()

    async def reach(self, at: float) -> None:
        """Wait until it is that late."""
        await asyncio.sleep(max(0.0, at - self.now()))
