"""The operator's commands around the channels: webhooks set and tried, customers invited."""

import random
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot.channels import registry
from bot.channels.telegram.receive import KINDS
from bot.commands import invite, webhook
from bot.commands.webhook import HookFailed
from bot.sandbox.server import Sandbox
from bot.settings import Settings, SettingsError
from state.audit import OPERATOR
from state.store.invitations import NoSuchInvitation
from tests.bot.channels.stages import (
    APP_SECRET,
    SECRET,
    VERIFY_TOKEN,
    WhatsAppStage,
    whatsapp_stage,
)
from tests.meta import graph as meta_graph
from tests.meta.clock import RealClock as MetaClock
from tests.meta.graph import GraphApi
from tests.meta.webhooks import MetaWebhooks
from tests.telegram import api as bot_api
from tests.telegram.api import TOKEN, BotApi
from tests.telegram.clock import VirtualClock
from tests.telegram.server import TelegramServer

pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    """The Bot API, and a Telegram behind it."""
    chance = random.Random(3)
    server = TelegramServer(VirtualClock(), chance)
    async with bot_api.running(BotApi(server=server, chance=chance)) as api:
        yield api


@pytest.fixture
def chosen(telegram: BotApi, redis: Redis, redis_url: str, tmp_path: Path) -> Settings:
    """Settings of an operator who has a bot."""
    assert redis.connection_pool is not None
    return Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        data_dir=tmp_path,
        secret_keys=SecretStr("A" * 43 + "="),
        public_url="https://enlace.example/",
        telegram_token=SecretStr(TOKEN),
        telegram_secret=SecretStr(SECRET),
        telegram_api_url=telegram.url,
    )


async def test_webhook_of_telegram(chosen: Settings, telegram: BotApi, capsys: Capture) -> None:
    """The webhook is set as often as one likes, looked at, and taken back; nothing is dropped."""
    with pytest.raises(HookFailed, match="webhook set telegram"):
        await webhook.info(chosen)
    for _ in range(2):
        await webhook.set_(chosen)
    await webhook.info(chosen)

    assert telegram.server.url == "https://enlace.example/webhooks/telegram"
    assert telegram.server.secret == SECRET
    assert telegram.server.allowed == set(KINDS)
    assert "waiting  0" in capsys.readouterr().out

    await webhook.delete(chosen)

    assert telegram.server.url == ""


async def test_settings_that_are_missing(chosen: Settings) -> None:
    """What is missing is named, with what to do about it."""
    for change, missing in (
        ({"public_url": ""}, "ENLACE_PUBLIC_URL"),
        ({"telegram_secret": None}, "ENLACE_TELEGRAM_SECRET"),
        ({"telegram_token": None}, "ENLACE_TELEGRAM_TOKEN"),
    ):
        with pytest.raises(SettingsError, match=missing):
            await webhook.set_(chosen.model_copy(update=change))
    with pytest.raises(SettingsError, match="ENLACE_TELEGRAM_SECRET"):
        registry.build_receivers(chosen.model_copy(update={"telegram_secret": None}))
    with pytest.raises(SettingsError, match="ENLACE_WHATSAPP_APP_SECRET, ENLACE_WHATSAPP_VERIFY"):
        registry.build_receivers(
            chosen.model_copy(
                update={"whatsapp_token": SecretStr("t"), "whatsapp_phone_number_id": "1"}
            )
        )


def test_secret_that_telegram_would_refuse() -> None:
    """A secret with other characters than Telegram's is refused at the start."""
    with pytest.raises(ValueError, match="letters, digits"):
        Settings(_env_file=None, telegram_secret=SecretStr("contraseña"))


def _with_whatsapp(chosen: Settings, **more: object) -> Settings:
    return chosen.model_copy(
        update={
            "whatsapp_token": SecretStr("EAAG"),
            "whatsapp_phone_number_id": "106540352242922",
            "whatsapp_app_secret": SecretStr(APP_SECRET),
            "whatsapp_verify_token": SecretStr(VERIFY_TOKEN),
            **more,
        }
    )


async def test_webhook_of_whatsapp(
    chosen: Settings, redis: Redis, sandbox: Sandbox, capsys: Capture
) -> None:
    """Our own webhook is called from outside, as Meta would, and told apart from another one's."""
    async with whatsapp_stage(redis, sandbox) as stage:
        public = stage.meta.url.removesuffix("/webhooks/whatsapp")
        there = _with_whatsapp(chosen, public_url=public)
        await webhook.check(there)
        with pytest.raises(HookFailed, match="the handshake"):
            await webhook.check(_changed(there, whatsapp_verify_token=SecretStr("another")))
        with pytest.raises(HookFailed, match="cannot be reached"):
            await webhook.check(_changed(there, public_url="http://127.0.0.1:9"))

    assert "as Meta expects" in capsys.readouterr().out


def _changed(chosen: Settings, **change: object) -> Settings:
    return chosen.model_copy(update=change)


async def _invited(chosen: Settings, capsys: Capture, png: Path | None = None) -> str:
    await invite.invite(chosen, 1001, png=png)
    return capsys.readouterr().out


async def test_invitation(
    chosen: Settings, telegram: BotApi, tmp_path: Path, capsys: Capture
) -> None:
    """An invitation is a link for each channel, drawn on the terminal or into files."""
    meta = MetaWebhooks(url="", secret="", chance=random.Random(1), clock=MetaClock())
    vendor = GraphApi(webhooks=meta, token="EAAG", chance=random.Random(1))
    async with meta_graph.running(vendor):
        both = _with_whatsapp(chosen, whatsapp_api_url=vendor.url)
        told = await _invited(both, capsys)
        drawn = await _invited(both, capsys, tmp_path / "ana.png")

    assert re.search(r"https://t\.me/enlace_bot\?start=[\w-]{22}\n", told)
    assert re.search(r"https://wa\.me/573000000000\?text=Vincular%20[2-9A-Z]{8}\n", told)
    assert "█" in told
    assert "█" not in drawn
    pictures = [(tmp_path / f"ana-{name}.png").read_bytes() for name in ("telegram", "whatsapp")]
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert telegram.counts["getMe"] == 2


async def test_invitation_without_a_channel(chosen: Settings) -> None:
    """Without a channel there is no link to give, and that is said."""
    with pytest.raises(SettingsError, match="no channel is set up"):
        await invite.invite(_changed(chosen, telegram_token=None), 1001, png=None)


async def test_withdrawn_invitation(
    chosen: Settings, redis: Redis, sandbox: Sandbox, capsys: Capture
) -> None:
    """A withdrawn invitation is worth nothing, by its code and by its link."""
    told = await _invited(chosen, capsys)
    code = re.search(r"Code: (\w{8})", told)
    token = re.search(r"start=([\w-]{22})", told)
    assert code is not None
    assert token is not None
    await invite.withdraw(chosen, code[1])

    for name in (code[1], token[1]):
        with pytest.raises(NoSuchInvitation):
            await invite.withdraw(chosen, name)
    stage = WhatsAppStage(redis, sandbox)
    with pytest.raises(NoSuchInvitation):
        await stage.store.invitations.redeem(token[1], by="x")
    entries = await stage.store.audit.read()
    await stage.aclose()
    made = next(entry for entry in entries if entry.act == "invitation.made")

    assert {entry.actor for entry in entries} == {OPERATOR}
    assert {entry.act for entry in entries} == {"invitation.made", "invitation.withdrawn"}
    assert made.about == "service:1001"
