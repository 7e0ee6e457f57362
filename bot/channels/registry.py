"""The channels: a folder for each, and one line here.

What a folder's `setup` imports at its head serves receiving and needs no vendor's library; sending
imports it when the channel is opened.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from bot.channels.codes import ConsoleCodes, NoCodes, WhatsAppCodes
from bot.channels.telegram import setup as telegram
from bot.channels.whatsapp import setup as whatsapp
from bot.settings import PREFIX, Settings, SettingsError
from handlers.ports import Account, Channel, CodeSender, Files, Receiver


class Setup(Protocol):
    """What the folder of a channel offers, as its module `setup`."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a module's constant
        """The channel's name, in addresses and paths."""
        ...

    def build_receiver(self, settings: Settings, /) -> Receiver | None:
        """Build the receiving side; None if the settings do not ask for the channel.

        Raises:
            SettingsError: they do, but are incomplete.
        """
        ...

    def open_channel(self, settings: Settings, /) -> AbstractAsyncContextManager[Channel | None]:
        """Open the sending side; None if the settings do not ask for the channel."""
        ...

    def build_files(self, settings: Settings, /) -> Files | None:
        """Build the way to what customers sent; None if the settings do not ask for the channel."""
        ...

    def list_accounts(self, settings: Settings, /) -> Sequence[Account]:
        """List the accounts at which customers are known by their numbers."""
        ...


CHANNELS: tuple[Setup, ...] = (
    telegram,
    whatsapp,
)


def build_receivers(settings: Settings) -> dict[str, Receiver]:
    """Build the receiving side of all channels.

    Raises:
        SettingsError: a channel's settings are incomplete.
    """
    built = {channel.NAME: channel.build_receiver(settings) for channel in CHANNELS}
    return {name: receiver for name, receiver in built.items() if receiver is not None}


def names(settings: Settings) -> frozenset[str]:
    """Name the channels that the settings set up, and the simulator's, which is always there.

    Raises:
        SettingsError: a channel is set up by half.
    """
    return frozenset({*build_receivers(settings), "simulator"})


def build_files(settings: Settings) -> dict[str, Files]:
    """Build the ways to what customers sent; no vendor's library is loaded for it."""
    built = {channel.NAME: channel.build_files(settings) for channel in CHANNELS}
    return {name: files for name, files in built.items() if files is not None}


def list_accounts(settings: Settings) -> list[Account]:
    """List the accounts at which customers are known by their numbers."""
    return [account for channel in CHANNELS for account in channel.list_accounts(settings)]


@asynccontextmanager
async def build_channels(settings: Settings) -> AsyncIterator[dict[str, Channel]]:
    """Build the sending side of all channels, for as long as the context lasts."""
    async with AsyncExitStack() as stack:
        opened = {
            channel.NAME: await stack.enter_async_context(channel.open_channel(settings))
            for channel in CHANNELS
        }
        yield {name: channel for name, channel in opened.items() if channel is not None}


@asynccontextmanager
async def build_code_sender(settings: Settings) -> AsyncIterator[CodeSender]:
    """Build the sender of one-time codes.

    Raises:
        SettingsError: codes go by WhatsApp, but its template or number is missing.
    """
    if settings.codes != "whatsapp":
        yield ConsoleCodes() if settings.codes == "console" else NoCodes()
        return
    async with whatsapp.open_graph(settings) as cloud:
        template = settings.whatsapp_code_template
        if cloud is None or not template:
            raise SettingsError(
                f"{PREFIX}CODES=whatsapp needs {PREFIX}WHATSAPP_TOKEN and "
                f"{PREFIX}WHATSAPP_CODE_TEMPLATE, an approved authentication template"
            )
        yield WhatsAppCodes(cloud, template=template, language=settings.whatsapp_template_language)
