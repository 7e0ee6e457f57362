"""The table of the page `docs/proof.md`, as `make outages` writes it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.outages import starts
from tests.outages.installation import Plan
from tests.outages.kinds import ALONE, HOW, IMPOSSIBLE, Kind
from tests.outages.lane import PATHS, Cell
from tests.outages.starts import Started

BEGIN, END = "<!-- written by make outages -->", "<!-- end of what make outages wrote -->"
_HEAD = ("installation", *PATHS, "open page", "log", "answered")


def draw(
    played: dict[Plan, list[Cell]], refused: dict[Plan, str], started: Sequence[Started]
) -> str:
    """Write all tables."""
    seconds = " / ".join(f"{cell.seconds:g}" for cell in next(iter(played.values())))
    lines = [f"Each count is that of an outage of {seconds} s.", ""]
    for kind in dict.fromkeys(plan.kinds[0] for plan in [*played, *refused]):
        lines += [f"**{kind}**: {HOW[kind]}.", "", _row(_HEAD), _row(["-"] * len(_HEAD))]
        lines += [_of(plan, cells) for plan, cells in played.items() if kind in plan.kinds]
        lines += ["", *_cannot(kind, refused)]
    cells = [cell for cells in played.values() for cell in cells]
    lines += [f"{ALONE[0].upper()}{ALONE[1:]}.", "", *_sum(cells), ""]
    return "\n".join([*lines, *_of_starts(started), ""])


def put_into(page: str, table: str) -> str:
    """Put the tables into the page, in place of those of before."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n{END}{after}"


def _of(plan: Plan, cells: Sequence[Cell]) -> str:
    columns = [_counts([cell.during.get(path, Counter()) for cell in cells]) for path in PATHS]
    page = "went on" if all(cell.page_went_on for cell in cells) else "ENDED"
    told = ", ".join(sorted({reason for cell in cells for reason in cell.told})) or "nothing"
    accepted = " / ".join(str(len(cell.chats)) for cell in cells)
    marked = sum(cell.marked for cell in cells)
    bad = [f"{marked} twice, marked"] if marked else []
    bad += [f"LOST {cell.lost}, TWICE {cell.twice}" for cell in cells if cell.lost or cell.twice]
    return _row([plan.name, *columns, page, told, ", ".join([accepted, *bad])])


def _of_starts(started: Sequence[Started]) -> list[str]:
    head = ("a start of `enlace web` while its own Redis is", *starts.PATHS, "afterwards")
    rows = [[one.kind, *(one.answers.get(p, "") for p in starts.PATHS), one.end] for one in started]
    return [_row(head), _row(["-"] * len(head)), *map(_row, rows)]


def _counts(counts: Sequence[Counter[str]]) -> str:
    answers = sorted({answer for one in counts for answer in one})
    return "<br>".join(
        f"{answer}: {' / '.join(str(one[answer]) for one in counts)}" for answer in answers
    )


def _cannot(kind: Kind, refused: dict[Plan, str]) -> list[str]:
    why = [f"{redis}: {reason}." for (redis, one), reason in IMPOSSIBLE.items() if one is kind]
    why += [f"{plan.name}: {reason}." for plan, reason in refused.items() if kind in plan.kinds]
    return [f"Not there: {'; '.join(why)}", ""] if why else []


def _sum(cells: Sequence[Cell]) -> list[str]:
    accepted = sum(len(cell.chats) for cell in cells)
    rows = {
        "outages played": len(cells),
        "messages accepted with 200, each answered": accepted - sum(c.lost for c in cells),
        "messages lost": sum(cell.lost for cell in cells),
        "answered twice, marked as in doubt": sum(cell.marked for cell in cells),
        "answered twice, not marked": sum(cell.twice for cell in cells),
        "processes that ended": sum(cell.ended for cell in cells),
        "open pages that ended": sum(not cell.page_went_on for cell in cells),
        "answers other than 200 once Redis served again": sum(
            count
            for cell in cells
            for one in cell.after.values()
            for answer, count in one.items()
            if answer != "200"
        ),
    }
    return [_row(["", ""]), _row(["-", "-"]), *(_row([n, f"{v:,}"]) for n, v in rows.items())]


def _row(columns: Iterable[str]) -> str:
    return f"| {' | '.join(columns)} |"
