"""How well a figure tells two groups apart: the area under the ROC curve, and its error."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Separation:
    """How likely a figure of the second group is the larger one; 0.5 tells nothing.

    Attributes:
        error: its standard error if there is no difference (Mann and Whitney, ties corrected).
    """

    area: float
    error: float

    @property
    def off(self) -> float:
        """How many standard errors it is off from telling nothing."""
        distance = self.area - 0.5
        if self.error == 0:
            return 0.0 if distance == 0 else math.copysign(math.inf, distance)
        return distance / self.error

    @property
    def interval(self) -> tuple[float, float]:
        """Where it lies, 19 times out of 20."""
        return self.area - 1.96 * self.error, self.area + 1.96 * self.error


def separate(first: Sequence[float], second: Sequence[float]) -> Separation:
    """Tell how well a figure separates two groups, neither of them empty."""
    ties = Counter([*first, *second])
    ranks, below = {}, 0
    for value in sorted(ties):
        ranks[value] = below + (ties[value] + 1) / 2
        below += ties[value]
    m, n = len(first), len(second)
    larger = sum(ranks[value] for value in second) - n * (n + 1) / 2
    total = m + n
    tied = sum(many**3 - many for many in ties.values()) / (total * (total - 1))
    return Separation(larger / (m * n), math.sqrt((total + 1 - tied) / (12 * m * n)))
