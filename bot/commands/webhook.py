"""`enlace webhook`: set, show, remove and check the vendors' webhooks."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx

from bot.channels import loose, registry
from bot.channels.telegram import setup as telegram_setup
from bot.settings import PREFIX, Settings, SettingsError, reveal
from handlers.errors import EnlaceError

if TYPE_CHECKING:
    from bot.channels.telegram.api import Api

_CONNECTIONS = 40
_PATIENCE = 10.0  # seconds
_WHATSAPP = "/webhooks/whatsapp"


class HookFailed(EnlaceError):
    """The webhook does not work; the message says how to fix it."""


async def set_(settings: Settings) -> None:
    """Register our webhook with Telegram; updates waiting there are kept."""
    address = f"{_public(settings)}/webhooks/telegram"
    secret = reveal(settings.telegram_secret)
    if not secret:
        raise SettingsError(f"{PREFIX}TELEGRAM_SECRET is missing: 8 to 256 letters, digits, _ or -")
    async with telegram_setup.open_api(settings) as api:
        await _present(api).set_webhook(address, secret, connections=_CONNECTIONS)
    _print(f"Webhook set to {address}.")


async def delete(settings: Settings) -> None:
    """Remove the webhook from Telegram."""
    async with telegram_setup.open_api(settings) as api:
        await _present(api).delete_webhook()
    _print("Webhook removed. Telegram keeps new updates for 24 hours.")


async def info(settings: Settings) -> None:
    """Print the webhook's status at Telegram.

    Raises:
        HookFailed: none is set.
    """
    async with telegram_setup.open_api(settings) as api:
        told = await _present(api).webhook()
    if not loose.text(told, "url"):
        raise HookFailed("no webhook is set: run `enlace webhook set telegram`")
    failed = loose.number(told, "last_error_date")
    _print(f"address  {loose.text(told, 'url')}")
    _print(f"waiting  {loose.number(told, 'pending_update_count')}")
    if failed:
        when = datetime.fromtimestamp(failed, UTC).isoformat(timespec="seconds")
        _print(f"failed   {when}  {loose.text(told, 'last_error_message')}")


async def check(settings: Settings) -> None:
    """Call our own WhatsApp webhook as Meta would: the handshake, a wrong token, no signature.

    Raises:
        HookFailed: one of them gets a wrong answer.
    """
    registry.build_receivers(settings)  # all settings are there
    address, challenge = f"{_public(settings)}{_WHATSAPP}", uuid4().hex
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge}
    token = reveal(settings.whatsapp_verify_token)
    async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as world:
        try:
            right = await world.get(address, params=asked | {"hub.verify_token": token})
            wrong = await world.get(address, params=asked | {"hub.verify_token": "not this one"})
            unsigned = await world.post(address, json={})
        except httpx.HTTPError as error:
            raise HookFailed(
                f"{address} cannot be reached ({type(error).__name__}): is `enlace run` "
                f"running, and is {PREFIX}PUBLIC_URL its public address?"
            ) from None
    _expect(right.status_code == httpx.codes.OK and right.text == challenge, "the handshake")
    _expect(wrong.status_code == httpx.codes.FORBIDDEN, "a wrong token")
    _expect(unsigned.status_code == httpx.codes.UNAUTHORIZED, "a call without a signature")
    _print(f"{address}: OK, answers as Meta expects.")


def _expect(fulfilled: bool, what: str) -> None:  # noqa: FBT001  # reads as a sentence
    if not fulfilled:
        raise HookFailed(
            f"wrong answer to {what}: does another program answer at {PREFIX}PUBLIC_URL, "
            f"or does Enlace run there with another {PREFIX}WHATSAPP_VERIFY_TOKEN?"
        )


def _public(settings: Settings) -> str:
    if not settings.public_url:
        raise SettingsError(f"{PREFIX}PUBLIC_URL is missing: our public address, https://…")
    return settings.public_url.rstrip("/")


def _present(api: "Api | None") -> "Api":
    if api is None:
        raise SettingsError(f"{PREFIX}TELEGRAM_TOKEN is missing: get one from @BotFather")
    return api


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
