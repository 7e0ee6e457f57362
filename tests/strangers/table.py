"""What a run tells: how far what a phone shows separates what exists from what does not."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.strangers.separation import Separation, separate
from tests.strangers.stranger import Kind, Sign, Stranger

MOST = 4.0
"""Standard errors; what is farther off is a fault."""

Signature = Callable[[Stranger], object]

SIGNATURES: dict[str, Signature] = {
    "words": lambda one: [[sign.words for sign in step] for step in one.shown],
    "number of messages": lambda one: [
        sum(sign.kind is not Kind.TYPING for sign in step) for step in one.shown
    ],
    "number of typing signs": lambda one: [
        sum(sign.kind is Kind.TYPING for sign in step) for step in one.shown
    ],
    "order": lambda one: [[sign.kind for sign in step] for step in one.shown],
}
"""What must not differ at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, and how far it separates.

    Attributes:
        beside: of those who name what exists, and of those who name what does not: how many see
            something else than most, or the median of a time, in seconds.
    """

    name: str
    strangers: int
    separation: Separation
    beside: tuple[float, float]

    @property
    def fault(self) -> bool:
        """Whether it tells what exists."""
        return abs(self.separation.off) > MOST


def draw_up(strangers: Sequence[Stranger]) -> list[Row]:
    """Compare the two halves."""
    return [_compare_signatures(*each, strangers) for each in SIGNATURES.items()] + [
        row
        for name, (group, figure) in _times(strangers).items()
        if (row := _compare_times(name, group, figure)) is not None
    ]


def _compare_signatures(name: str, of: Signature, strangers: Sequence[Stranger]) -> Row:
    """Compare by who sees something else than most do in the same channel, by the same way."""
    seen = [(one, (one.channel, one.way), repr(of(one))) for one in strangers]
    usual = {
        cell: Counter(what for _, of_cell, what in seen if of_cell == cell).most_common(1)[0][0]
        for cell in {cell for _, cell, _ in seen}
    }
    odd = {True: list[float](), False: list[float]()}
    for one, cell, what in seen:
        odd[one.exists].append(float(what != usual[cell]))
    unusual = (sum(odd[True]), sum(odd[False]))
    return Row(name, len(seen), separate(odd[False], odd[True]), unusual)


def _times(
    strangers: Sequence[Stranger],
) -> dict[str, tuple[Sequence[Stranger], Callable[[Stranger], float | None]]]:
    """Name the times that are compared, and of whom."""
    times: dict[str, tuple[Sequence[Stranger], Callable[[Stranger], float | None]]] = {
        "time to the questions in between, mean": (strangers, _mean_before),
        "time to the typing sign": (strangers, lambda one: _nth(one, 0, typing=True)),
        "time to «one moment»": (strangers, lambda one: _nth(one, 0)),
        "time to the answer": (strangers, lambda one: _nth(one, 1)),
        "time from «one moment» to the answer": (strangers, _between),
    }
    groups = [(f"{way}", [one for one in strangers if one.way == way]) for way in _ways(strangers)]
    groups += [(c, [one for one in strangers if one.channel == c]) for c in _channels(strangers)]
    for name, group in groups:
        times[f"time to the answer, {name}"] = (group, lambda one: _nth(one, 1))
    return times


def _ways(strangers: Sequence[Stranger]) -> list[str]:
    return sorted({one.way for one in strangers})


def _channels(strangers: Sequence[Stranger]) -> list[str]:
    return sorted({one.channel for one in strangers})


def _nth(stranger: Stranger, number: int, *, typing: bool = False) -> float | None:
    """Give the time of a sign after the last message."""
    signs = [s for s in stranger.shown[-1] if (s.kind is Kind.TYPING) is typing]
    return signs[number].after if number < len(signs) else None


def _between(stranger: Stranger) -> float | None:
    """Give the time between the two answers to the last message: what delays both is left out."""
    first, last = _nth(stranger, 0), _nth(stranger, 1)
    return None if first is None or last is None else last - first


def _mean_before(stranger: Stranger) -> float | None:
    """Give the mean time to the answers before the last message."""
    answers = [_first_answer(step) for step in stranger.shown[:-1]]
    return sum(answers) / len(answers) if answers else None


def _first_answer(step: Sequence[Sign]) -> float:
    return next(sign.after for sign in step if sign.kind is not Kind.TYPING)


def _compare_times(
    name: str, strangers: Sequence[Stranger], figure: Callable[[Stranger], float | None]
) -> Row | None:
    figures = [(one.exists, value) for one in strangers if (value := figure(one)) is not None]
    there = [value for exists, value in figures if exists]
    nowhere = [value for exists, value in figures if not exists]
    if not there or not nowhere:
        return None
    return Row(name, len(figures), separate(nowhere, there), (median(there), median(nowhere)))


def render(rows: Sequence[Row]) -> str:
    """Print the rows as a table."""
    lines = [
        "| what the phone shows | strangers | exists | does not | area | interval | off |",
        "|-|-|-|-|-|-|-|",
    ]
    for row in rows:
        low, high = row.separation.interval
        there, nowhere = (f"{value:.{0 if row.name in SIGNATURES else 3}f}" for value in row.beside)
        lines.append(
            f"| {row.name} | {row.strangers} | {there} | {nowhere} | {row.separation.area:.4f} | "
            f"{low:.4f} to {high:.4f} | {row.separation.off:+.1f} |"
        )
    return "\n".join(lines)
