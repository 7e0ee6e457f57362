"""How the time that work takes grows with its size: what is compared stands in one run."""

import gc
from collections.abc import Callable
from time import process_time


def growth(work: Callable[[int], object], small: int, large: int, *, runs: int) -> float:
    """Tell how many times the CPU time of the small work the large one takes, at their best.

    Between sizes that differ fourfold it is 4 where the time grows with the size, 16 where it
    grows with its square; the machine has no part in it.
    """
    timed = [(_timed(work, small), _timed(work, large)) for _ in range(runs)]
    return min(large for _, large in timed) / min(small for small, _ in timed)


def grows_less(work: Callable[[int], object], small: int, large: int, *, times: float) -> bool:
    """Tell whether the time grows less than that; an unsure measurement is repeated, longer."""
    return any(growth(work, small, large, runs=runs) < times for runs in (2, 4, 8))


def _timed(work: Callable[[int], object], size: int) -> float:
    gc.disable()  # what it takes depends on all that the process holds
    try:
        began = process_time()
        work(size)
        return max(process_time() - began, 1e-9)
    finally:
        gc.enable()


def assert_reads_long_texts(read: Callable[[str], object], piece: str) -> None:
    """Hold that a text as long as we read grows no work but its own, and a longer one none."""

    def work(size: int) -> None:
        read((piece * size)[:size])

    assert grows_less(work, 125, 500, times=10)
    assert grows_less(work, 500, 10_000, times=10)
