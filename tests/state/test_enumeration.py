"""A enumeration, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.enumeration import continues_enumeration, is_enumeration

_NUMBERS = st.integers(min_value=1, max_value=10**10)
_STEPS = st.integers(min_value=-10, max_value=10).filter(bool)


@pytest.mark.parametrize(
    "tried",
    [
        [12345, 12346, 12347],
        [12347, 12346, 12345],
        [12345, 12347, 12349],
        [12345, 12355, 12365],
        [12365, 12355, 12345],
        [12345, 12346, 12348],
        [12345, 777, 12346, 12346, 888, 12347],
        [100, 99, 101, 98, 102],
        [1, 2, 3, 50_000, 60_000, 70_000, 80_000, 90_000],
        [52_123_456, 52_123_457, 52_123_458],
    ],
)
def test_walks(tried: list[int]) -> None:
    """Three numbers that go one way by small steps, or by the same step, are a walk."""
    assert is_enumeration(tried)


@pytest.mark.parametrize(
    "tried",
    [
        [],
        [12345],
        [12345, 12346],
        [12345, 12345, 12345, 12345],
        [12345, 12354],
        [12345, 12354, 12345, 12354],
        [12345, 12354, 12435],
        [12345, 12346, 12345, 12346],
        [12345, 12346, 12344],
        [1234, 12345, 123_456],
        [12345, 12349, 12356],
        [12345, 12356, 12367],
        [1, 2, 50_000, 60_000, 70_000, 80_000, 90_000, 40_000, 3],
    ],
)
def test_does_not_walk(tried: list[int]) -> None:
    """Numbers repeated, mistyped, far from each other or tried long before are no walk."""
    assert not is_enumeration(tried)


def test_joins() -> None:
    """Of several chats, four numbers are a walk, and only who gives one of them joins it."""
    assert not continues_enumeration([12345, 12346, 12347])
    assert continues_enumeration([12345, 12346, 12347, 12348])
    assert continues_enumeration([12345, 500, 12346, 900, 12347, 12346, 12348])
    assert not continues_enumeration([12345, 12346, 12347, 12348, 500])
    assert not continues_enumeration([12345, 12346, 12347, 12348, 12400])
    assert continues_enumeration([12345, 12346, 12347, 12348, 500, 12349])


@given(start=_NUMBERS, step=_STEPS, length=st.integers(min_value=3, max_value=8))
def test_equal_steps_always_walk(start: int, step: int, length: int) -> None:
    """Whatever the start and the small step, a walk is one."""
    assert is_enumeration([start + step * i for i in range(length)])


@given(
    start=_NUMBERS,
    step=_STEPS,
    between=st.lists(_NUMBERS, max_size=5),
    places=st.lists(st.integers(min_value=0, max_value=3), min_size=5, max_size=5),
)
def test_others_between_hide_no_walk(
    start: int, step: int, between: list[int], places: list[int]
) -> None:
    """Five numbers of any kind, anywhere between, hide no walk of three."""
    tried: list[int] = []
    for place in range(4):
        tried += [number for number, at in zip(between, places, strict=False) if at == place]
        tried += [start + step * place] if place < 3 else []

    assert is_enumeration(tried)


@given(st.lists(st.sampled_from((12345, 12346)), max_size=20))
def test_two_numbers_never_walk(tried: list[int]) -> None:
    """Two numbers, however often and in whichever order, are no walk."""
    assert not is_enumeration(tried)


@given(st.lists(_NUMBERS.map(lambda number: number * 11), max_size=20))
def test_far_numbers_never_walk(tried: list[int]) -> None:
    """Numbers that lie more than ten apart are no walk."""
    assert not is_enumeration(tried)


@given(st.lists(st.integers(min_value=1, max_value=60), max_size=8), _NUMBERS)
def test_symmetry(tried: list[int], shift: int) -> None:
    """A walk is one in either direction, wherever it is."""
    assert (
        is_enumeration(tried)
        == is_enumeration(tried[::-1])
        == is_enumeration([shift + number for number in tried])
    )


@given(st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=8))
def test_to_join_one_must_walk(tried: list[int]) -> None:
    """Several chats that walk would be walking as one."""
    assert is_enumeration(tried) or not continues_enumeration(tried)
