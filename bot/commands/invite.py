"""`enlace invite`: links that prove a chat to be the customer's."""

import sys
from pathlib import Path
from urllib.parse import quote

import segno

from bot import bootstrap
from bot.channels.telegram import setup as telegram_setup
from bot.channels.whatsapp import setup as whatsapp_setup
from bot.settings import Settings, SettingsError
from state.audit import OPERATOR, SecurityEvent
from state.store.invitations import Invitation

_DAYS = 7


async def invite(
    settings: Settings, service_id: int, *, png: Path | None, in_person: bool = False
) -> None:
    """Print the links of a new invitation, each with its QR code.

    Raises:
        SettingsError: no channel is set up.
    """
    async with bootstrap.open_for_command(settings) as application:
        await application.auditor.note(
            SecurityEvent.INVITATION_MADE, actor=OPERATOR, about=f"service:{service_id}"
        )
        invitation = await application.store.invitations.issue(service_id, in_person=in_person)
    life = "one hour, as proof by staff" if in_person else f"{_DAYS} days"
    links = await _links(settings, invitation)
    if not links:
        raise SettingsError("no channel is set up: see docs/operations.md, Telegram and WhatsApp")
    _print(f"Service {service_id}: for one chat, valid for {life}. Code: {invitation.code}")
    for channel, link in links.items():
        _print(f"\n{channel}  {link}")
        _show(link, png and png.with_stem(f"{png.stem}-{channel.lower()}"))
    _print(f"\nTo revoke it: enlace invite {service_id} --withdraw {invitation.code}")


async def withdraw(settings: Settings, name: str) -> None:
    """Revoke an invitation.

    Raises:
        NoSuchInvitation: no invitation has that code or token.
    """
    async with bootstrap.open_for_command(settings) as application:
        await application.auditor.note(SecurityEvent.INVITATION_WITHDRAWN, actor=OPERATOR)
        await application.store.invitations.withdraw(name)
    _print("Invitation revoked.")


async def _links(settings: Settings, invitation: Invitation) -> dict[str, str]:
    links = {}
    async with (
        telegram_setup.open_api(settings) as api,
        whatsapp_setup.open_graph(settings) as cloud,
    ):
        if api is not None:
            links["Telegram"] = f"https://t.me/{await api.name()}?start={invitation.token}"
        if cloud is not None:
            text = quote(f"Vincular {invitation.code}")
            links["WhatsApp"] = f"https://wa.me/{await cloud.number()}?text={text}"
    return links


def _show(link: str, png: Path | None) -> None:
    """Draw the link as a QR code, to a file or on the terminal."""
    drawn = segno.make(link, error="m")
    if png is None:
        drawn.terminal(out=sys.stdout, compact=True)
        return
    drawn.save(str(png), kind="png", scale=8)
    _print(f"QR code written to {png}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
