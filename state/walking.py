"""Walking: whether numbers that were tried look like a way through all numbers.

Who does not know a number tries its neighbours: 12345, 12346, 12347. Who mistypes one does not:
exchanged digits lie nine apart or more, and two attempts are no pattern yet. So a walk is three
numbers, in the order in which they were tried and with others between them, that go one way by
small steps (up to three), or by the same step (up to ten).
"""

from collections.abc import Collection, Sequence

_LAST = 8  # numbers that are looked at
_WALK = 3  # numbers that make a walk
_COMMON = 4  # that make one of several chats: their numbers are neighbours by chance sooner
_NEAR, _FAR = 3, 10  # how large steps may be: any steps, equal ones

_GAITS = (
    frozenset(range(1, _NEAR + 1)),
    frozenset(range(-_NEAR, 0)),
    *(frozenset({way * step}) for step in range(_NEAR + 1, _FAR + 1) for way in (1, -1)),
)


def walks(tried: Sequence[int]) -> bool:
    """Tell whether the last numbers that somebody tried look like a walk."""
    last = tried[-_LAST:]
    return any(max(_lengths(last, gait).values(), default=0) >= _WALK for gait in _GAITS)


def joins(tried: Sequence[int]) -> bool:
    """Tell whether the last of the numbers tried by several goes on a walk of theirs."""
    return any(_lengths(tried, gait)[tried[-1]] >= _COMMON for gait in _GAITS)


def _lengths(tried: Sequence[int], gait: Collection[int]) -> dict[int, int]:
    """Tell of each number how long the longest walk is that arrives there by such steps."""
    lengths: dict[int, int] = {}
    for number in tried:
        arriving = 1 + max(lengths.get(number - step, 0) for step in gait)
        lengths[number] = max(arriving, lengths.get(number, 0))
    return lengths
