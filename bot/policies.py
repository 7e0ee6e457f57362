"""`enlace policy`: who may change what, as a table to print."""

import sys

from state.policy import Preset, Situation, decide
from state.proof import Level

_WORDS = {"automatic": "automatic", "approval": "people decide", "refused": "a person takes over"}


async def show(chosen_policy: str) -> None:
    """Print the table of a policy: situations by levels of assurance."""
    preset = Preset(chosen_policy)
    levels = list(Level)
    _print(f"Policy {preset.value}")
    _print(f"{'':<20}" + "".join(f"{level!s:<21}" for level in levels))
    for situation in Situation:
        cells = (_WORDS[decide(situation, level, preset)] for level in levels)
        _print(f"{situation.value:<20}" + "".join(f"{cell:<21}" for cell in cells))
    _print("A0 nothing proven, A1 facts, A2 possession (number or invitation), A3 both, or staff.")
    if preset is Preset.FIRST_FILL:
        _print("Where nothing is on file, all four facts of the first chat to try are enough.")


def _print(line: str) -> None:
    sys.stdout.write(f"{line.rstrip()}\n")
