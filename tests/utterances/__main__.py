"""`python -m tests.utterances [--held] [--wrong] [--missed] [PLACE or MATTER …]`: the rates."""

import argparse
import asyncio
import sys
from collections.abc import Iterable

from tests.utterances import MATTERS, PLACES, Kind, Row, read_rows
from tests.utterances.judging import Judged, Verdict, count, judge_all


def main(arguments: list[str]) -> int:
    """Print the table by place and by matter, and the rows that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.utterances", description=__doc__)
    parser.add_argument("--held", action="store_true", help="score the rows held back instead")
    parser.add_argument("--wrong", action="store_true", help="list what is taken wrongly")
    parser.add_argument("--missed", action="store_true", help="list what is not understood")
    parser.add_argument("about", nargs="*", choices=[*PLACES, *MATTERS, []], default=[])
    told = parser.parse_args(arguments)
    judged = asyncio.run(judge_all(read_rows(held=told.held)))
    chosen = [one for one in judged if not told.about or _is_about(one.row, told.about)]
    for line in _table(chosen):
        print(line)
    for one in chosen:
        if (one.verdict is Verdict.WRONG and (told.wrong or told.missed)) or (
            one.verdict in (Verdict.HELPED, Verdict.MISSED) and told.missed
        ):
            row = one.row
            print(f"\n{row.source} at {row.place}: {row.text!r}")
            print(f"    {one.verdict}: {one.why}\n    bot: {one.heard[:160]}")
    return 0


def _is_about(row: Row, about: Iterable[str]) -> bool:
    return any(row.place == word or word in _matters(row) for word in about)


def _matters(row: Row) -> set[str]:
    return {one.name for one in row.named if one.kind is Kind.MATTER}


def _table(judged: list[Judged]) -> list[str]:
    head = f"{'':16}{'rows':>6}" + "".join(f"{verdict:>12}" for verdict in Verdict)
    groups = [(place, [one for one in judged if one.row.place == place]) for place in PLACES]
    groups += [("", [])]
    groups += [(it, [one for one in judged if it in _matters(one.row)]) for it in MATTERS]
    groups += [("", []), ("all", judged)]
    return [head, *(_line(name, ones) for name, ones in groups if ones or not name)]


def _line(name: str, judged: list[Judged]) -> str:
    if not judged:
        return ""
    counts, all_rows = count(judged), len(judged)
    cells = "".join(f"{counts[verdict]:12}" for verdict in Verdict)
    return f"{name:16}{all_rows:6}{cells}{100 * counts[Verdict.UNDERSTOOD] / all_rows:8.1f} %"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
