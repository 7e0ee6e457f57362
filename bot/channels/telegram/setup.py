"""Telegram as the settings ask for it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.channels.telegram.files import TelegramFiles
from bot.channels.telegram.receive import NAME, TelegramReceiver
from bot.settings import PREFIX, Settings, SettingsError, reveal
from handlers.intake import Intake
from handlers.ports import Account, Channel

if TYPE_CHECKING:
    from bot.channels.telegram.api import Api
    from bot.channels.telegram.polling import Poller

__all__ = [
    "NAME",
    "build_files",
    "build_receiver",
    "list_accounts",
    "open_api",
    "open_channel",
    "open_poller",
]


def build_receiver(settings: Settings) -> TelegramReceiver | None:
    """Build the receiving side.

    Raises:
        SettingsError: the webhook has no secret.
    """
    if settings.telegram_token is None:
        return None
    return _receiver(settings)


def _receiver(settings: Settings) -> TelegramReceiver:
    secret = reveal(settings.telegram_secret)
    if not secret and not settings.telegram_polling:
        raise SettingsError(
            f"{PREFIX}TELEGRAM_SECRET is missing: choose 8 to 256 letters, digits, _ or -"
        )
    account = reveal(settings.telegram_token).partition(":")[0]  # the bot's id
    return TelegramReceiver(account, secret)


def build_files(settings: Settings) -> TelegramFiles | None:
    """Build the way to what customers sent."""
    if settings.telegram_token is None:
        return None
    return TelegramFiles(reveal(settings.telegram_token), url=settings.telegram_api_url)


def list_accounts(_settings: Settings) -> Sequence[Account]:
    """List none: Telegram does not know customers by their numbers."""
    return ()


@asynccontextmanager
async def open_channel(settings: Settings) -> AsyncIterator[Channel | None]:
    """Open the sending side; None if there is no bot."""
    async with open_api(settings) as api:
        if api is None:
            yield None
            return
        from bot.channels.telegram.send import TelegramChannel  # noqa: PLC0415  # costs 3 s

        yield TelegramChannel(api)


@asynccontextmanager
async def open_poller(settings: Settings, intake: Intake) -> AsyncIterator["Poller | None"]:
    """Open the poller; None if updates come by webhook."""
    if not settings.telegram_polling:
        yield None
        return
    async with open_api(settings) as api:
        if api is None:
            raise SettingsError(f"{PREFIX}TELEGRAM_TOKEN is missing: get one from @BotFather")
        from bot.channels.telegram.polling import Poller  # noqa: PLC0415  # imports aiogram

        yield Poller(api, _receiver(settings), intake)


@asynccontextmanager
async def open_api(settings: Settings) -> AsyncIterator["Api | None"]:
    """Open the Bot API; None if there is no bot."""
    if settings.telegram_token is None:
        yield None
        return
    from bot.channels.telegram.api import Api  # noqa: PLC0415  # costs 3 s and 120 MB

    api = Api(reveal(settings.telegram_token), url=settings.telegram_api_url)
    try:
        yield api
    finally:
        await api.aclose()
