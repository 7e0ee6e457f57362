"""Tickets: one file that a customer sent, for one member, for a minute.

A ticket stands in an address. It is sealed, so it says nothing to whoever reads the address, and
nobody else can make one; nothing of it is stored.
"""

import base64
import binascii
from dataclasses import dataclass

import msgspec

from state.store.encryption import Keyring, Unsealable

LIFE = 60_000
"""Milliseconds for which a ticket is valid."""

_PLACE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTicket:
    """What a ticket is for.

    Attributes:
        key: of the chat.
        entry: the id of the line of its journal.
        member: the digest of the member whom it is for.
        until: when it ends, ms.
    """

    key: str
    entry: str
    member: str
    until: int


_ticket = msgspec.json.Decoder(FileTicket)


class FileTickets:
    """Makes and reads tickets."""

    def __init__(self, keyring: Keyring) -> None:
        """Seal with these keys."""
        self._keyring = keyring

    def issue(self, key: str, entry: str, *, member: str, now: int) -> str:
        """Make a ticket for an address."""
        ticket = FileTicket(key=key, entry=entry, member=member, until=now + LIFE)
        sealed = self._keyring.seal(msgspec.json.encode(ticket), place=_PLACE)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, text: str, *, member: str, now: int) -> FileTicket | None:
        """Read a member's ticket; None if it is another's, over, or none."""
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            ticket = _ticket.decode(self._keyring.open(sealed, place=_PLACE))
        except (binascii.Error, ValueError, Unsealable, msgspec.MsgspecError):
            return None
        return ticket if ticket.member == member and now < ticket.until else None
