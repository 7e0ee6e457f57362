"""`enlace` with its gates wide open: each message still asks them, and none has to wait.

A script, for the checkout that `PYTHONPATH` names: a vendor's pace (25 messages a second) would
otherwise measure how long the bot sleeps. Only the class of a rate is known here, and by text where
each checkout has it: the other one may be of any age.
"""

import runpy
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_WIDE = 10_000
_PLACES = ("state.store.rate_limits", "state.store.gates")  # today's, and version 0.1's


def _open() -> None:
    place = next(name for name in _PLACES if find_spec(name) is not None)
    rate: Any = import_module(place).Rate
    narrow = rate.__init__

    def wide(self: object, per_second: float, burst: int = 1) -> None:
        narrow(self, per_second * _WIDE, burst * _WIDE)

    rate.__init__ = wide


if __name__ == "__main__":
    _open()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
