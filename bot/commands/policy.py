"""`enlace policy`: print who may change what."""

import sys

from state.policy import Preset, Situation, decide
from state.proof import Level

_WORDS = {"automatic": "automatic", "approval": "needs approval", "refused": "handed to staff"}


async def show(chosen_policy: str) -> None:
    """Print the table of a policy: situations by levels of assurance."""
    preset = Preset(chosen_policy)
    levels = list(Level)
    _print(f"Policy {preset.value}")
    _print(f"{'':<20}" + "".join(f"{level!s:<21}" for level in levels))
    for situation in Situation:
        cells = (_WORDS[decide(situation, level, preset)] for level in levels)
        _print(f"{situation.value:<20}" + "".join(f"{cell:<21}" for cell in cells))
    _print("A0: nothing proven. A1: facts. A2: possession (number, code or invitation).")
    _print("A3: both, or verified by staff.")
    if preset is Preset.FIRST_FILL:
        _print("If nothing is on file, all four facts are enough for the first chat that tries.")


def _print(line: str) -> None:
    sys.stdout.write(f"{line.rstrip()}\n")
