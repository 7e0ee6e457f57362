"""WhatsApp as the settings ask for it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.channels.whatsapp.files import WhatsAppFiles
from bot.channels.whatsapp.receive import NAME, WhatsAppReceiver
from bot.settings import PREFIX, Settings, SettingsError, reveal, split_list
from handlers.ports import Account, Channel

if TYPE_CHECKING:
    from bot.channels.whatsapp.send import Graph

__all__ = ["NAME", "build_files", "build_receiver", "list_accounts", "open_channel", "open_graph"]


def build_receiver(settings: Settings) -> WhatsAppReceiver | None:
    """Build the receiving side.

    Raises:
        SettingsError: some of its settings are missing.
    """
    if settings.whatsapp_token is None and not settings.whatsapp_phone_number_id:
        return None
    needed = {
        "WHATSAPP_TOKEN": reveal(settings.whatsapp_token),
        "WHATSAPP_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id,
        "WHATSAPP_APP_SECRET": reveal(settings.whatsapp_app_secret),
        "WHATSAPP_VERIFY_TOKEN": reveal(settings.whatsapp_verify_token),
    }
    missing = [f"{PREFIX}{name}" for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(f"missing: {', '.join(missing)}; WhatsApp needs all of them")
    return WhatsAppReceiver(
        settings.whatsapp_phone_number_id,
        split_list(settings.whatsapp_app_secret),
        reveal(settings.whatsapp_verify_token),
    )


def build_files(settings: Settings) -> WhatsAppFiles | None:
    """Build the way to what customers sent."""
    if settings.whatsapp_token is None:
        return None
    return WhatsAppFiles(
        reveal(settings.whatsapp_token),
        settings.whatsapp_phone_number_id,
        url=settings.whatsapp_api_url,
        version=settings.whatsapp_api_version,
    )


def list_accounts(settings: Settings) -> Sequence[Account]:
    """List our number; to one that never wrote to us, WhatsApp allows approved templates only."""
    if not settings.whatsapp_phone_number_id:
        return ()
    number, cold = settings.whatsapp_phone_number_id, bool(settings.whatsapp_template)
    return (Account(channel=NAME, id=number, cold=cold),)


@asynccontextmanager
async def open_channel(settings: Settings) -> AsyncIterator[Channel | None]:
    """Open the sending side; None if there is no number."""
    async with open_graph(settings) as cloud:
        if cloud is None:
            yield None
            return
        from bot.channels.whatsapp.send import WhatsAppChannel  # noqa: PLC0415  # if needed

        yield WhatsAppChannel(
            cloud,
            template=settings.whatsapp_template,
            language=settings.whatsapp_template_language,
        )


@asynccontextmanager
async def open_graph(settings: Settings) -> AsyncIterator["Graph | None"]:
    """Open the Graph API; None if there is no number."""
    if settings.whatsapp_token is None:
        yield None
        return
    from bot.channels.whatsapp.send import Graph  # noqa: PLC0415  # if needed

    cloud = Graph(
        reveal(settings.whatsapp_token),
        settings.whatsapp_phone_number_id,
        url=settings.whatsapp_api_url,
        version=settings.whatsapp_api_version,
    )
    try:
        yield cloud
    finally:
        await cloud.aclose()
