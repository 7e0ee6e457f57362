"""WispHub refuses us: readiness, the doctor and the console say so, until it answers well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.app import create_app
from bot.bootstrap import Application, build_application
from bot.commands import doctor
from bot.keyrings import read_keyring
from bot.redis import client as redis_client
from bot.rejections import RejectionWatch
from bot.settings import Settings
from bot.wisphub.adapter import WispHub
from handlers.errors import DirectoryUnavailable
from handlers.pages.words import show_rejections
from state.client import OnFile
from state.fields.table import Field
from state.rejections import Cause, Rejection, Use, Vendor
from state.store import keys
from state.store.encryption import Keyring
from state.store.store import Store
from tests.endpoint import serving
from tests.members import PASSWORD, join
from tests.waiting import HUNG, until

_DENIED = JSONResponse({"detail": "Invalid token."}, 401)
_NO_API = HTMLResponse("<!DOCTYPE html><h1>404 Not Found</h1>", 404)


@dataclass
class Moody:
    """A WispHub that answers as it is told, and counts what it is asked."""

    url: str = ""
    refusal: Response | None = None
    writes: Response | None = None
    asked: list[str] = field(default_factory=list)

    async def respond(self, request: Request) -> Response:
        """Answer a list read, or refuse."""
        self.asked.append(f"{request.method} {request.url.query}")
        if request.method != "GET":
            return self.writes or JSONResponse({})
        return self.refusal or JSONResponse({"count": 1, "results": [{"id_servicio": 1001}]})


@pytest.fixture
async def vendor() -> AsyncIterator[Moody]:
    """WispHub on loopback."""
    moody = Moody()
    route = Route("/{path:path}", moody.respond, methods=["GET", "PATCH"])
    async with serving(Starlette(routes=[route])) as moody.url:
        yield moody


@pytest.fixture
def chosen(redis: Redis, redis_url: str, vendor: Moody) -> Settings:
    """Settings of an installation of several processes."""
    assert redis.connection_pool is not None
    return Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        secret_keys=SecretStr("A" * 43 + "="),
        public_url="https://enlace.example",
        wisphub_url=vendor.url,
        wisphub_key=SecretStr("abc.def"),
    )


@asynccontextmanager
async def _process(chosen: Settings) -> AsyncIterator[Application]:
    """One process of the installation."""
    where = (chosen.wisphub_url, "abc.def")
    async with build_application(chosen, keyring=read_keyring(chosen), wisphub=where) as built:
        yield built


@pytest.fixture
async def worker(chosen: Settings) -> AsyncIterator[Application]:
    """The process that calls WispHub."""
    async with _process(chosen) as built:
        yield built


@pytest.fixture
async def web(chosen: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at another process, which never called WispHub."""
    async with (
        _process(chosen) as built,
        _telling(built),
        serving(create_app(built, front="/consola")) as url,
        httpx.AsyncClient(base_url=url, timeout=HUNG) as client,
    ):
        await join(built.store.staff, "ana")
        entered = await client.post("/consola/entrar", data={"name": "ana", "password": PASSWORD})
        client.headers["cookie"] = entered.headers["set-cookie"].split(";")[0]
        yield client
        built.hub.close()


@asynccontextmanager
async def _telling(built: Application) -> AsyncIterator[None]:
    """Let open pages follow the feed, as a process does."""
    async with asyncio.TaskGroup() as group:
        group.create_task(built.hub.run(built.store.feed))
        try:
            yield
        finally:
            built.hub.close()


async def _look_up(process: Application) -> None:
    with suppress(DirectoryUnavailable):
        await process.clients.find(1001)


@pytest.mark.parametrize(
    ("refusal", "setting"),
    [(_DENIED, "ENLACE_WISPHUB_KEY"), (_NO_API, "ENLACE_WISPHUB_URL")],
)
async def test_readiness(
    worker: Application,
    web: httpx.AsyncClient,
    vendor: Moody,
    refusal: Response,
    setting: str,
) -> None:
    """Any process tells what WispHub refuses another, and stays ready; a good answer ends it."""
    await _look_up(worker)
    assert (await web.get("/health/ready")).json() == {"ok": True}

    vendor.refusal = refusal
    await _look_up(worker)
    told = await web.get("/health/ready")
    assert (told.status_code, told.json()) == (
        200,
        {"ok": True, "wisphub": "rejected", "check": [setting]},
    )

    vendor.refusal = None
    await _look_up(worker)
    assert (await web.get("/health/ready")).json() == {"ok": True}


async def test_console(worker: Application, web: httpx.AsyncClient, vendor: Moody) -> None:
    """A strip above the inbox tells it, on open pages too, and is gone with a good answer."""
    async with web.stream("GET", "/consola/live", headers={"accept": "text/event-stream"}) as live:
        pictures = _pictures(live)
        assert "rechaza" not in await anext(pictures)

        vendor.refusal = _DENIED
        await _look_up(worker)
        while "WispHub rechaza nuestra clave desde las" not in await anext(pictures):
            pass
        assert "debe revisar ENLACE_WISPHUB_KEY" in (await web.get("/consola")).text

        vendor.refusal = None
        await _look_up(worker)
        while "rechaza" in await anext(pictures):
            pass
        assert "rechaza" not in (await web.get("/consola")).text


async def _pictures(live: httpx.Response) -> AsyncIterator[str]:
    """Put the pictures of a live page together; pings are left out."""
    lines: list[str] = []
    async for line in live.aiter_lines():
        if line:
            lines.append(line)
            continue
        if lines[0].startswith("data:"):
            yield "\n".join(lines)
        lines.clear()


async def test_doctor(
    chosen: Settings,
    web: httpx.AsyncClient,
    vendor: Moody,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The doctor asks WispHub itself, and tells a refusal with its remedy; mended, it is gone."""
    vendor.refusal = _DENIED
    await doctor.examine(chosen)
    told = capsys.readouterr().out
    assert "warning: WispHub rejects our key" in told
    assert "check ENLACE_WISPHUB_KEY" in told
    assert (await web.get("/health/ready")).json()["wisphub"] == "rejected"

    vendor.refusal = None
    vendor.asked.clear()
    await doctor.examine(chosen)
    told = capsys.readouterr().out
    assert "WispHub: OK." in told
    assert vendor.asked == ["GET limit=1"]
    assert (await web.get("/health/ready")).json() == {"ok": True}


async def test_doctor_without_an_answer(
    chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A WispHub that does not answer, and a key that is missing, are told as such."""
    await doctor.examine(chosen.model_copy(update={"wisphub_url": "http://127.0.0.1:9"}))
    assert "warning: WispHub does not answer" in capsys.readouterr().out

    await doctor.examine(chosen.model_copy(update={"wisphub_key": None}))
    assert "ENLACE_WISPHUB_KEY is missing" in capsys.readouterr().out


class Wristwatch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_795_442_400_000

    def __call__(self) -> int:
        """Tell the time."""
        return self.now


@pytest.fixture
def clock() -> Wristwatch:
    """A clock that stands still."""
    return Wristwatch()


@pytest.fixture
def store(redis: Redis) -> Store:
    """The store of one process."""
    return Store(redis, Keyring((bytes(32),)), token="one")


def _watch(store: Store, clock: Wristwatch) -> RejectionWatch:
    return RejectionWatch(store.rejections, store.feed, clock)


async def _commands(redis: Redis) -> dict[str, int]:
    stats = await redis.info("commandstats")
    return {name.removeprefix("cmdstat_"): value["calls"] for name, value in stats.items()}


async def test_answers_cost_nothing(redis: Redis, store: Store, clock: Wristwatch) -> None:
    """A thousand answers alike in a minute are told once, and good ones write nothing at all."""
    for cause, written in ((None, {}), (Cause.KEY, {"hset": 1, "xadd": 1})):
        watch = _watch(store, clock)
        before = await _commands(redis)
        for _ in range(1000):
            await watch.take(Vendor.WISPHUB, Use.READ, cause)
        after = await _commands(redis)
        made = {name: after[name] - before.get(name, 0) for name in after.keys() - {"info"}}
        assert sum(made.values()) <= 4
        assert {n: made.get(n, 0) for n in ("hset", "hdel", "xadd") if made.get(n, 0)} == written


async def test_since_when(store: Store, clock: Wristwatch) -> None:
    """A rejection is told since its first answer, by whichever process; another cause is anew."""
    first, other = _watch(store, clock), _watch(store, clock)
    await first.take(Vendor.WISPHUB, Use.READ, Cause.KEY)
    began, clock.now = clock.now, clock.now + 90_000
    for watch in (first, other):
        await watch.take(Vendor.WISPHUB, Use.READ, Cause.KEY)
    assert [found.since for found in await store.rejections.list()] == [began]

    await other.take(Vendor.WISPHUB, Use.READ, Cause.ADDRESS)
    (found,) = await store.rejections.list()
    assert (found.since, found.setting) == (clock.now, "ENLACE_WISPHUB_URL")


async def test_other_process_answers_well(store: Store, clock: Wristwatch) -> None:
    """What one process was refused is gone with another's good answer, within a minute."""
    bad, good = _watch(store, clock), _watch(store, clock)
    await good.take(Vendor.WISPHUB, Use.READ, None)
    await bad.take(Vendor.WISPHUB, Use.READ, Cause.KEY)
    await good.take(Vendor.WISPHUB, Use.WRITE, None)
    assert await store.rejections.list()

    clock.now += 60_000
    await good.take(Vendor.WISPHUB, Use.READ, None)
    assert await store.rejections.list() == []


async def test_key_that_may_only_read(
    worker: Application, web: httpx.AsyncClient, vendor: Moody
) -> None:
    """A refused write is told until a write is taken: good reads say nothing of it."""
    vendor.writes = _DENIED
    client = await worker.clients.find(1001)
    with suppress(DirectoryUnavailable):
        await worker.clients.write(client, {Field.PHONE: OnFile(text="3")})
    await _look_up(worker)
    assert (await web.get("/health/ready")).json()["check"] == ["ENLACE_WISPHUB_KEY"]
    assert "no se guarda ningún cambio" in (await web.get("/consola")).text

    vendor.writes = None
    await worker.clients.write(client, {Field.PHONE: OnFile(text="3")})
    assert (await web.get("/health/ready")).json() == {"ok": True}


async def test_probing(worker: Application, vendor: Moody, store: Store) -> None:
    """While reading is refused a process asks by itself, and nothing while it is not."""
    await worker.probing.look()
    assert vendor.asked == []

    vendor.refusal = _DENIED
    await _look_up(worker)
    await worker.probing.look()
    assert await store.rejections.list()

    vendor.refusal = None
    probing = asyncio.create_task(worker.probing.run())
    await until(partial(_is_accepted, store))
    worker.probing.stop()
    await probing
    assert vendor.asked[-1] == "GET limit=1"


async def _is_accepted(store: Store) -> bool:
    return await store.rejections.list() == []


async def test_redis_away(vendor: Moody, clock: Wristwatch, tmp_path: Path) -> None:
    """Without Redis a client is read all the same, and what was refused is told afterwards."""
    async with redis_client.connect(f"unix://{tmp_path}/none") as away:
        watch = _watch(Store(away, Keyring((bytes(32),)), token="one"), clock)
        adapter = WispHub(vendor.url, "abc.def", watch=watch)
        assert (await adapter.find(1001)).service_id == 1001
        await adapter.aclose()
    assert watch._told == {}


async def test_what_a_newer_version_knows(redis: Redis, store: Store, clock: Wristwatch) -> None:
    """A vendor or cause that only a newer version knows is left out; that version's data stay."""
    await redis.hset(
        keys.meta(), mapping={"rejected:telegram:send": "1|token", "rejected:wisphub:read": "1|x"}
    )
    assert await store.rejections.list() == []

    store.formats.note_newer()
    before = await redis.hgetall(keys.meta())
    for cause in (None, Cause.KEY):
        await _watch(store, clock).take(Vendor.WISPHUB, Use.READ, cause)
    assert await redis.hgetall(keys.meta()) == before


@pytest.mark.parametrize(
    ("began", "shown"), [(15 * 3600, "desde las 10:00:"), (0, "desde el 24/11 a las 19:00:")]
)
def test_sentence_of_the_strip(began: int, shown: str) -> None:
    """The strip tells the time, and the day too where it was another one."""
    midnight = 1_795_564_800_000  # UTC; 19:00 in Colombia
    rejection = Rejection(
        vendor=Vendor.WISPHUB, use=Use.READ, cause=Cause.KEY, since=midnight + began * 1000
    )

    (told,) = show_rejections([rejection], now=midnight + 16 * 3600_000)

    assert shown in told
