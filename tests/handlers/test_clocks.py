"""Our clock and a channel's differ: it is measured and told, and nobody is silenced by it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import structlog
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.applications import Starlette

from bot.commands import doctor
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.api import health
from handlers.clocks import Offsets
from handlers.ports import Delivery
from state.events import Said
from state.rejections import Rejection, Vendor
from state.store.outage import explain
from tests.house_stage import HouseStage
from tests.machine_stage import NINE_O_CLOCK


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


async def _hear(stage: HouseStage, behind: int) -> None:
    """Three messages, ten seconds apart, stamped so many seconds ago."""
    for text in ("hola", "empezar", "ayuda"):
        stage.reach(stage.clock() + 10_000)
        at = stage.clock() - behind * 1000
        await stage.turns.take(stage.chat, Delivery(id=f"{at}", event=Said(text=text), at=at))
        await stage.pass_time(0)


@pytest.mark.parametrize("behind", [90, -90])
async def test_measured_and_logged_once(stage: HouseStage, behind: int) -> None:
    """An offset of over a minute is kept for whoever looks, and logged once."""
    with structlog.testing.capture_logs() as logs:
        await _hear(stage, behind)

    assert await stage.store.clocks.list_far() == {"test": behind}
    lines = [line for line in logs if line["event"] == "clock.offset"]
    assert [(line["channel"], line["seconds"]) for line in lines] == [("test", behind)]


async def test_clocks_that_agree(stage: HouseStage) -> None:
    """Nothing is told of clocks that agree."""
    with structlog.testing.capture_logs() as logs:
        await _hear(stage, 2)

    assert await stage.store.clocks.list_far() == {}
    assert not [line for line in logs if line["event"] == "clock.offset"]


async def test_doctor_tells(
    stage: HouseStage, redis_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The doctor tells which way the clocks differ, and what to do."""
    await stage.store.clocks.note("test", 90_000)
    await stage.store.clocks.note("other", -120_000)
    await stage.store.clocks.note("third", 5_000)

    key = SecretStr("A" * 43 + "=")
    await doctor.examine(
        Settings(_env_file=None, secret_keys=key, redis_url=SecretStr(redis_url), data_dir=tmp_path)
    )

    said = capsys.readouterr().out
    assert "warning: this machine's clock is 90 s ahead of the clock of test. Set" in said
    assert "warning: this machine's clock is 120 s behind the clock of other. Set" in said
    assert "third" not in said


async def test_nobody_is_silenced(stage: HouseStage) -> None:
    """Each message stamped ninety seconds ago is answered, through the whole house."""
    await _hear(stage, 90)

    assert len(stage.heard()) == 3


def _measured(*arrivals: tuple[float, float]) -> int:
    """The offset (s) after messages that were stamped, and arrived, so long after nine."""
    offsets = Offsets()
    for at, now in arrivals:
        offsets.measure("x", NINE_O_CLOCK + int(at * 1000), now=NINE_O_CLOCK + int(now * 1000))
    return offsets.of("x") // 1000


def test_held_up_messages_measure_nothing() -> None:
    """Messages that were held up, and come all at once, say nothing of the clocks."""
    backlog = [(number * 30, 600 + number / 2) for number in range(20)]

    assert _measured(*backlog) == 0


def test_one_odd_stamp_measures_nothing() -> None:
    """A stamp that no other agrees with says nothing of the clocks."""
    assert _measured((0, 0), (9999, 10), (20, 20), (1, 30)) == 0


def test_offset_follows_the_clocks() -> None:
    """When our clock is set right, the offset is gone."""
    assert _measured((0, 90), (10, 100)) == 90
    assert _measured((0, 90), (10, 100), (20, 20), (30, 30)) == 0


@pytest.mark.parametrize(
    ("far", "told"),
    [({}, {"ok": True}), ({"x": 90}, {"ok": True, "clock_ahead_seconds": {"x": 90}})],
)
async def test_readiness_tells(far: dict[str, int], told: dict[str, object]) -> None:
    """Readiness names the channels whose clock is not ours, and stays ready."""

    async def clocks() -> dict[str, int]:
        return far

    async def rejections() -> list[Rejection]:
        return []

    async def closings() -> dict[Vendor, int]:
        return {}

    async def writes() -> None:
        return

    routes = health.create_routes(
        writes=writes, explain=explain, clocks=clocks, rejections=rejections, closings=closings
    )
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        answer = await client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, told)
