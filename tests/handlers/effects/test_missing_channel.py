"""A channel that is taken out of the settings: what waits is kept, and goes out when it is back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot import bootstrap, keyrings
from bot.commands import dead, doctor
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.effects.performer import MISSING
from handlers.errors import ChannelMissing
from handlers.ports import Delivery
from state.effects import TakeCall
from state.events import Said
from state.store import keys
from tests.campaign.plain import PlainReceiver
from tests.house_stage import HouseStage
from tests.inboxes import list_all

_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house whose clock stands still, and whose settings name the channel `other` only."""
    staged = HouseStage(redis, sandbox)
    staged.sender = staged.sending_by(staged.inbox, name="other")
    yield staged
    await staged.aclose()


def _chosen(redis_url: str, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        data_dir=tmp_path,
        secret_keys=SecretStr(_KEY),
    )


async def test_messages_are_kept(stage: HouseStage) -> None:
    """Nothing is lost, nothing breaks, one line says so; then everything goes out in order."""
    with capture_logs() as logs:
        await stage.happen(Said(text="hola"))
        await stage.happen(Said(text="ayuda"))
        await stage.pass_time(10 * MISSING)

    assert stage.heard() == []
    assert [(line["event"], line["channel"]) for line in logs] == [("channel.missing", "test")]
    stage.sender = stage.sending_by(stage.inbox)
    await stage.pass_time(MISSING)
    assert [message.text[:10] for message in stage.heard()] == ["Hola, buen", "Registro s"]


async def test_others_go_on(stage: HouseStage) -> None:
    """A chat of another channel is answered meanwhile."""
    waiting = stage.chat
    await stage.happen(Said(text="hola"))
    stage.chat = replace(waiting, channel="other")

    await stage.happen(Said(text="hola"))

    assert len(stage.heard()) == 1


async def test_looked_for_now_and_then(stage: HouseStage) -> None:
    """The chat does not come due every few seconds; what is only a courtesy is left out."""
    said = Delivery(id="1", event=Said(text="hola"), at=0, handle="a button's spinner")
    await stage.turns.take(stage.chat, said)
    await stage.pass_time(0)

    due = await stage.store.schedule.nearest(keys.ALL)
    assert list(due.values()) == [stage.clock() + MISSING]


async def test_calls_are_kept(stage: HouseStage) -> None:
    """A long call of its vendor waits in its lane, and is taken when the channel is back."""
    body = b'[{"chat": "573001234567", "id": "9", "text": "9s"}]'
    with capture_logs() as logs:
        await stage.store.outbox.defer(TakeCall(channel="plain", body=body), now=stage.clock())
        await stage.pass_time(10 * MISSING)
    assert [line["event"] for line in logs] == ["channel.missing"]

    stage.inlets["plain"] = PlainReceiver()
    await stage.pass_time(MISSING)

    (seen,) = await list_all(stage.store)
    assert seen.row is not None
    assert seen.row.channel == "plain"


async def test_doctor_counts_them(
    stage: HouseStage, redis_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The doctor tells how many chats wait for a channel that the settings do not name."""
    chosen = _chosen(redis_url, tmp_path)
    async with bootstrap.build_application(
        chosen, keyring=keyrings.read_keyring(chosen), wisphub=("http://127.0.0.1:9", "")
    ) as house:
        for name in ("a", "b"):
            chat = replace(stage.chat, channel="telegram", id=name)
            await house.turns.take(chat, Delivery(id="1", event=Said(text="hola"), at=0))
        simulated = replace(stage.chat, channel="simulator")
        await house.turns.take(simulated, Delivery(id="1", event=Said(text="hola"), at=0))

    await doctor.examine(chosen)

    told = capsys.readouterr().out
    assert "2 chats wait for telegram, which the settings do not name." in told
    assert "simulator" not in told


async def test_letter_of_a_missing_channel(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    """A dead call of a channel that is gone is told in a sentence, and kept."""
    assert await redis.ping()
    chosen = _chosen(redis_url, tmp_path)
    async with bootstrap.build_application(
        chosen, keyring=keyrings.read_keyring(chosen), wisphub=("http://127.0.0.1:9", "")
    ) as house:
        await house.store.dead.keep("telegram", b"{}", reason="Unreadable")
        (letter,) = await house.store.dead.list()

        with pytest.raises(ChannelMissing, match="telegram"):
            await dead.retry(chosen, [letter.id])

        assert len(await house.store.dead.list()) == 1
