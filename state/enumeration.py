"""Enumeration: whether the numbers that were tried look like a walk through all numbers.

A stranger tries neighbouring numbers: 12345, 12346, 12347. A typing error does not look like that:
exchanged digits are nine apart or more, and two attempts are no pattern yet. So a walk is three
numbers, in the order in which they were tried and possibly with others between them, that go in one
direction by small steps (up to three), or by the same step (up to ten).
"""

from collections.abc import Collection, Sequence

_LAST = 8  # numbers examined
_WALK = 3  # numbers that make a walk
_COMMON = 4  # the same for several chats: their numbers are neighbours by chance more often
_NEAR, _FAR = 3, 10  # maximum size of steps: any steps, equal ones

_GAITS = (
    frozenset(range(1, _NEAR + 1)),
    frozenset(range(-_NEAR, 0)),
    *(frozenset({way * step}) for step in range(_NEAR + 1, _FAR + 1) for way in (1, -1)),
)


def is_enumeration(tried: Sequence[int]) -> bool:
    """Tell whether the last numbers that somebody tried look like a walk."""
    last = tried[-_LAST:]
    return any(max(_lengths(last, gait).values(), default=0) >= _WALK for gait in _GAITS)


def continues_enumeration(tried: Sequence[int]) -> bool:
    """Tell whether the last of the numbers tried by several chats continues a walk of theirs."""
    return any(_lengths(tried, gait)[tried[-1]] >= _COMMON for gait in _GAITS)


def _lengths(tried: Sequence[int], gait: Collection[int]) -> dict[int, int]:
    """Return, for each number, the length of the longest walk that ends there with such steps."""
    lengths: dict[int, int] = {}
    for number in tried:
        arriving = 1 + max(lengths.get(number - step, 0) for step in gait)
        lengths[number] = max(arriving, lengths.get(number, 0))
    return lengths
