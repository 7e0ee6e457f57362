"""An event loop on which time is a number: whoever sleeps is woken at once, in order."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.SelectSelector):
    """Waits for nothing: time jumps to whatever comes next."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Let time pass."""
        assert timeout is not None, "everybody waits for something that nobody will do"
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time begins at zero and jumps."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        """Tell the virtual time in seconds."""
        return self._jump.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end, in virtual time; what is left over is thrown away."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        _throw_away(loop)
        loop.close()


def _throw_away(loop: asyncio.AbstractEventLoop) -> None:
    while left := asyncio.all_tasks(loop):
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left, timeout=1))
