"""A channel whose account its vendor refuses, or that is not set up: told, and tried again soon."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.commands import doctor
from bot.rejections import RejectionWatch
from bot.sandbox.server import Sandbox
from handlers.api import health
from handlers.errors import ChannelDown
from handlers.local import local
from handlers.pages.words import show_closings, show_rejections
from handlers.ports import OutgoingMessage, SendingRate
from state.events import Said
from state.rejections import SETTINGS, Rejection, Use, Vendor
from state.store.outage import Outage
from tests.house_stage import Courteous, HouseStage

_FIRST = 5_000  # ms: the first closing
_SOON = 25_000  # ms: the longest closing, and one message's try


class Account(Courteous):
    """A channel's account that is refused until it is mended."""

    pace = SendingRate()

    def __init__(self) -> None:
        self.mended = False
        self.tried = 0
        self.sent = 0

    async def send(self, _outgoing: OutgoingMessage) -> str:
        """Refuse, or take a message."""
        self.tried += 1
        if not self.mended:
            raise ChannelDown("401", certain=True, refused=True)
        self.sent += 1
        return ""


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house whose clock stands still, with a chat of Telegram."""
    staged = HouseStage(redis, sandbox)
    staged.chat = replace(staged.chat, channel="telegram")
    yield staged
    await staged.aclose()


def _follow(stage: HouseStage, channel: Account, name: str) -> None:
    """Send by this channel, and tell what its vendor refuses."""
    watch = RejectionWatch(stage.store.rejections, stage.store.feed, stage.clock)
    performer = stage.sending_by(channel, name=name)
    told = replace(performer.messages, tell=watch.take_channel, tell_closing=watch.take_closing)
    stage.sender = replace(performer, messages=told)


async def _ready(stage: HouseStage) -> tuple[int, dict[str, object]]:
    routes = health.create_routes(
        writes=stage.store.check_writing,
        explain=Outage().explain,
        clocks=stage.store.clocks.list_far,
        rejections=stage.store.rejections.list,
        closings=lambda: stage.store.rejections.list_closings(now=stage.clock()),
    )
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://enlace") as client:
        answer = await client.get("/health/ready")
        return answer.status_code, answer.json()


async def test_told_until_taken_again(stage: HouseStage) -> None:
    """A refused account is told with its setting until the first success, and stays ready."""
    account = Account()
    _follow(stage, account, "telegram")
    await stage.happen(Said(text="hola"))
    until = datetime.fromtimestamp((stage.clock() + _FIRST) / 1000, UTC)

    assert await _ready(stage) == (
        200,
        {
            "ok": True,
            "telegram": "rejected",
            "check": ["ENLACE_TELEGRAM_TOKEN"],
            "closed_until": {"telegram": until.isoformat()},
        },
    )
    (finding,) = doctor._of_refused_channels(await stage.store.rejections.list())
    assert "Telegram refuses our account since" in finding.what

    account.mended = True
    await stage.pass_time(_SOON)
    assert await _ready(stage) == (200, {"ok": True})


async def test_told_until_when(stage: HouseStage) -> None:
    """The doctor and the strip above the inbox say until when a gate is closed, while it is."""
    account = Account()
    _follow(stage, account, "telegram")
    await stage.happen(Said(text="hola"))
    closed = await stage.store.rejections.list_closings(now=stage.clock())
    assert closed == {Vendor.TELEGRAM: stage.clock() + _FIRST}

    (finding,) = doctor._of_closed_gates(closed)
    at = datetime.fromtimestamp(closed[Vendor.TELEGRAM] / 1000, UTC)
    assert finding.what == f"messages of telegram wait until {at.isoformat()}"
    (sentence,) = show_closings(closed)
    assert f"esperan hasta las {local(closed[Vendor.TELEGRAM]):%H:%M:%S}" in sentence
    assert await stage.store.rejections.list_closings(now=stage.clock() + _FIRST) == {}

    account.mended = True
    await stage.pass_time(_SOON)
    assert await stage.store.rejections.list_closings(now=0) == {}


async def test_told_of_a_channel_that_is_not_set_up(stage: HouseStage) -> None:
    """Readiness tells that messages wait for a channel, until it is set up and one is sent."""
    account = Account()
    account.mended = True
    _follow(stage, account, "other")
    await stage.happen(Said(text="hola"))
    assert (await _ready(stage))[1]["telegram"] == "missing"

    _follow(stage, account, "telegram")
    await stage.pass_time(60_000)

    assert account.sent == 1
    assert await _ready(stage) == (200, {"ok": True})


async def test_opens_soon(stage: HouseStage) -> None:
    """However long it was refused, all that waits is sent within seconds of the mending."""
    account = Account()
    _follow(stage, account, "telegram")
    one = stage.chat
    for name in ("a", "b", "c"):
        stage.chat = replace(one, id=name)
        await stage.happen(Said(text="hola"))
    await stage.pass_time(3_660_000)
    assert account.tried < 3_660 / 10, "nothing is hammered"

    account.mended = True
    await stage.pass_time(_SOON)

    assert account.sent == 3


async def test_log_says_how_long(stage: HouseStage) -> None:
    """The line of a closed gate says in how many seconds it is tried again."""
    _follow(stage, Account(), "telegram")
    with capture_logs() as logs:
        await stage.happen(Said(text="hola"))

    assert [line["seconds"] for line in logs if line["event"] == "channel.down"] == [5]


def test_every_rejection_has_a_sentence() -> None:
    """The console has a sentence with the setting for everything that can be refused."""
    for vendor, cause in SETTINGS:
        for use in Use:
            found = Rejection(vendor=vendor, use=use, cause=cause, since=0)
            (sentence,) = show_rejections([found], now=1)
            assert SETTINGS[vendor, cause] in sentence
