"""One outage of each kind under real processes; `make outages` plays all, and longer ones."""

import pytest

from bot.sandbox.server import Sandbox
from tests.outages.installation import Plan, running
from tests.outages.kinds import Kind
from tests.outages.lane import Cell
from tests.outages.phones import answering

pytestmark = pytest.mark.slow

_SECONDS = 0.3
_REASONS = {
    Kind.KILLED: "503 not reachable",
    Kind.FULL: "503 memory full",
    Kind.READ_ONLY: "503 read-only",
    Kind.OTHER_KEY: "503 holds the data of another key",
    Kind.PASSWORD: "503 refuses the password",
}
"""What readiness says in the end, of those that last until they are healed."""

_OWN = (*_REASONS, Kind.STOPPED, Kind.STALLED, Kind.LOADING)
_EMBEDDED = (Kind.STOPPED, Kind.FULL, Kind.OTHER_KEY)


@pytest.mark.parametrize(
    "plan",
    [Plan(("web", "worker"), "own", _OWN, size=2_500), Plan(("run",), "embedded", _EMBEDDED)],
    ids=lambda plan: plan.name,
)
async def test_outages(plan: Plan, sandbox: Sandbox) -> None:
    """Nothing is lost, nothing ends, callers are asked to come again; then all goes on."""
    async with answering() as phones, running(plan, phones, sandbox) as lane:
        for kind in plan.kinds:
            await lane.play(kind, _SECONDS, _REASONS.get(kind, ""))
        for cell in await lane.count():
            _check(cell)


def _check(cell: Cell) -> None:
    assert cell.clean, cell
    assert cell.during["webhook"].keys() | cell.during["a new page"].keys() <= {"200", "503"}, cell
