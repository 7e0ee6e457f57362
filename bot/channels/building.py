"""The channels that the settings ask for, and how to build them.

Receiving needs no vendor's library; sending imports it here, when the channel is built.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.channels import telegram_inlet, whatsapp_inlet
from bot.channels.codes import ConsoleCodes, NoCodes, WhatsAppCodes
from bot.channels.telegram_inlet import TelegramInlet
from bot.channels.whatsapp_inlet import WhatsAppInlet
from bot.settings import PREFIX, Settings, SettingsError, listed, revealed
from handlers.intake import Intake
from handlers.ports import Account, Channel, CodeSender, Inlet

if TYPE_CHECKING:
    from bot.channels.telegram_api import Api
    from bot.channels.telegram_polling import Poller
    from bot.channels.whatsapp import Graph


def telegram_account(chosen: Settings) -> str:
    """Return the bot's id, the beginning of its token."""
    return revealed(chosen.telegram_token).partition(":")[0]


def inlets(chosen: Settings) -> dict[str, Inlet]:
    """Build the receiving side of all channels.

    Raises:
        SettingsError: a channel's settings are incomplete.
    """
    built: dict[str, Inlet] = {}
    if chosen.telegram_token is not None:
        built[telegram_inlet.NAME] = telegram(chosen)
    if chosen.whatsapp_token is not None or chosen.whatsapp_phone_number_id:
        built[whatsapp_inlet.NAME] = _whatsapp(chosen)
    return built


def names(chosen: Settings) -> frozenset[str]:
    """Name the channels that the settings set up, and the simulator's, which is always there.

    Raises:
        SettingsError: a channel is set up by half.
    """
    return frozenset({*inlets(chosen), "simulator"})


def telegram(chosen: Settings) -> TelegramInlet:
    """Build the receiving side of Telegram.

    Raises:
        SettingsError: the webhook has no secret.
    """
    secret = revealed(chosen.telegram_secret)
    if not secret and not chosen.telegram_polling:
        raise SettingsError(
            f"{PREFIX}TELEGRAM_SECRET is missing: choose up to 256 letters, digits, _ or -"
        )
    return TelegramInlet(telegram_account(chosen), secret)


def _whatsapp(chosen: Settings) -> WhatsAppInlet:
    needed = {
        "WHATSAPP_TOKEN": revealed(chosen.whatsapp_token),
        "WHATSAPP_PHONE_NUMBER_ID": chosen.whatsapp_phone_number_id,
        "WHATSAPP_APP_SECRET": revealed(chosen.whatsapp_app_secret),
        "WHATSAPP_VERIFY_TOKEN": revealed(chosen.whatsapp_verify_token),
    }
    missing = [f"{PREFIX}{name}" for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(f"missing: {', '.join(missing)}; WhatsApp needs all of them")
    return WhatsAppInlet(
        chosen.whatsapp_phone_number_id,
        listed(chosen.whatsapp_app_secret),
        revealed(chosen.whatsapp_verify_token),
    )


def accounts(chosen: Settings) -> list[Account]:
    """List the accounts at which customers are known by their numbers.

    To a number that never wrote to us, WhatsApp allows approved templates only.
    """
    if not chosen.whatsapp_phone_number_id:
        return []
    number, cold = chosen.whatsapp_phone_number_id, bool(chosen.whatsapp_template)
    return [Account(channel=whatsapp_inlet.NAME, id=number, cold=cold)]


@asynccontextmanager
async def outlets(chosen: Settings) -> AsyncIterator[dict[str, Channel]]:
    """Build the sending side of all channels, for as long as the context lasts."""
    built: dict[str, Channel] = {}
    async with telegram_api(chosen) as api, graph(chosen) as cloud:
        if api is not None:
            from bot.channels.telegram import TelegramChannel  # noqa: PLC0415  # costs 3 s

            built[telegram_inlet.NAME] = TelegramChannel(api)
        if cloud is not None:
            from bot.channels.whatsapp import WhatsAppChannel  # noqa: PLC0415  # if needed

            built[whatsapp_inlet.NAME] = WhatsAppChannel(
                cloud,
                template=chosen.whatsapp_template,
                language=chosen.whatsapp_template_language,
            )
        yield built


@asynccontextmanager
async def code_sender(chosen: Settings) -> AsyncIterator[CodeSender]:
    """Build the sender of one-time codes.

    Raises:
        SettingsError: codes go by WhatsApp, but its template or number is missing.
    """
    if chosen.codes != "whatsapp":
        yield ConsoleCodes() if chosen.codes == "console" else NoCodes()
        return
    async with graph(chosen) as cloud:
        template = chosen.whatsapp_code_template
        if cloud is None or not template:
            raise SettingsError(
                f"{PREFIX}CODES=whatsapp needs {PREFIX}WHATSAPP_TOKEN and "
                f"{PREFIX}WHATSAPP_CODE_TEMPLATE, an approved authentication template"
            )
        yield WhatsAppCodes(cloud, template=template, language=chosen.whatsapp_template_language)


@asynccontextmanager
async def poller(chosen: Settings, intake: Intake) -> AsyncIterator["Poller | None"]:
    """Build the poller of Telegram; None if its updates come by webhook."""
    if not chosen.telegram_polling:
        yield None
        return
    async with telegram_api(chosen) as api:
        if api is None:
            raise SettingsError(f"{PREFIX}TELEGRAM_TOKEN is missing: get one from @BotFather")
        from bot.channels.telegram_polling import Poller  # noqa: PLC0415  # imports aiogram

        yield Poller(api, telegram(chosen), intake)


@asynccontextmanager
async def telegram_api(chosen: Settings) -> AsyncIterator["Api | None"]:
    """Open the Bot API; None if there is no bot."""
    if chosen.telegram_token is None:
        yield None
        return
    from bot.channels.telegram_api import Api  # noqa: PLC0415  # costs 3 s and 120 MB

    api = Api(revealed(chosen.telegram_token), url=chosen.telegram_api_url)
    try:
        yield api
    finally:
        await api.aclose()


@asynccontextmanager
async def graph(chosen: Settings) -> AsyncIterator["Graph | None"]:
    """Open the Graph API; None if there is no number."""
    if chosen.whatsapp_token is None:
        yield None
        return
    from bot.channels.whatsapp import Graph  # noqa: PLC0415  # if needed

    cloud = Graph(
        revealed(chosen.whatsapp_token),
        chosen.whatsapp_phone_number_id,
        url=chosen.whatsapp_api_url,
        version=chosen.whatsapp_api_version,
    )
    try:
        yield cloud
    finally:
        await cloud.aclose()
