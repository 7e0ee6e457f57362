"""An installation on a Redis that will fail: its processes, a member of staff, an open page."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from bot.bootstrap import clock
from bot.sandbox.server import Sandbox
from state.store.encryption import Keyring
from state.store.store import Store
from tests.bot.channels.enlace_process import enlace
from tests.handlers.console.test_streams import enter
from tests.members import join
from tests.outages.disks import small_disk
from tests.outages.embedded import EmbeddedRedis
from tests.outages.kinds import Kind
from tests.outages.lane import Lane, OpenPage
from tests.outages.phones import SECRET, TOKEN, Phones
from tests.outages.redises import OwnRedis, Suffering
from tests.waiting import HUNG, until


@dataclass(frozen=True)
class Plan:
    """Which processes on which Redis, and what becomes of it, one after the other."""

    roles: tuple[str, ...]
    redis: str
    kinds: tuple[Kind, ...]
    size: int = 50_000  # bytes of each value that it loads: 200 MB

    @property
    def name(self) -> str:
        """Name it in the table."""
        return f"{' + '.join(self.roles)}, {self.redis}"


class NotPossible(Exception):
    """This machine does not let us play it."""


@asynccontextmanager
async def running(plan: Plan, phones: Phones, sandbox: Sandbox) -> AsyncIterator[Lane]:
    """Run an installation for as long as the context lasts.

    Raises:
        NotPossible: the kind cannot be played on this machine.
    """
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="enlace-")))
        stack.push(partial(_note_logs, plan, place))
        telegram = {
            "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API_URL": phones.url,
        }  # fmt: skip
        redis, settings = await _prepare(plan, place, stack)
        processes = [
            await stack.enter_async_context(
                enlace(_make(place / role), sandbox, role=role, **telegram, **settings)
            )
            for role in plan.roles
        ]
        if isinstance(redis, EmbeddedRedis):
            await _fill(plan, redis)
        anew = httpx.Limits(max_keepalive_connections=0)  # a server may close a kept one
        client = httpx.AsyncClient(base_url=processes[0].url, timeout=HUNG, limits=anew)
        await stack.enter_async_context(client)
        await _sign_in(redis, client)
        page = OpenPage()
        looking = asyncio.create_task(page.look(client))
        lane = Lane(redis, processes, phones, client, page)
        await until(lambda: page.pictures > 0, "the open page")
        await lane.begin()
        yield lane
        ended = [await process.stop() for process in processes]
        await looking
        assert set(ended) == {0}, ended


def _note_logs(plan: Plan, place: Path, _kind: object, error: object, _trace: object) -> None:
    """Have an error tell what the processes logged."""
    if isinstance(error, Exception):
        logs = [log.read_text("utf-8")[-2000:] for log in place.glob("*/enlace.log")]
        error.add_note("\n".join([plan.name, *logs]))


def _make(directory: Path) -> Path:
    directory.mkdir()
    return directory


async def _prepare(
    plan: Plan, place: Path, stack: AsyncExitStack
) -> tuple[Suffering, dict[str, str]]:
    """Make the Redis, and what the settings say of it."""
    disk: Path | None = place / "redis"
    if Kind.DISK in plan.kinds:
        disk = await stack.enter_async_context(small_disk(place / "redis"))
    if disk is None:
        raise NotPossible("no small file system can be mounted here")
    disk.mkdir(exist_ok=True)
    fsync = "everysec" if Kind.DISK in plan.kinds else "always"
    own = OwnRedis(disk, fsync)
    stack.callback(own.end)
    if Kind.OTHER_KEY in plan.kinds:
        await own.prepare_other()
    if plan.redis == "embedded":
        embedded = EmbeddedRedis(disk / "data", disk / "other")
        embedded.digest = own.digest
        return embedded, {"DATA_DIR": str(disk / "data")}
    await own.start()
    await own.ask("PING")
    await _fill(plan, own)
    await own.rewrite()
    return own, {"REDIS_URL": f"unix://{own.socket}"}


async def _fill(plan: Plan, redis: Suffering) -> None:
    if Kind.LOADING in plan.kinds:
        await redis.fill(plan.size)


async def _sign_in(redis: Suffering, client: httpx.AsyncClient) -> None:
    async with redis.client() as connected:
        staff = Store(connected, Keyring((bytes(32),)), token="test").staff
        await join(staff, "ana", now=clock())
    await enter(client, "ana")


def list_plans(kinds: Sequence[Kind]) -> list[Plan]:
    """List every cell that can exist."""
    both = [(("web", "worker"), "own"), (("run",), "own"), (("run",), "embedded")]
    return [Plan(roles, redis, (kind,)) for kind in kinds for roles, redis in both]
