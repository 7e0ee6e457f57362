"""Proofs of consent, kept apart from conversations: erasing a chat does not erase them.

A chat's proofs are stored under its digest; their contents identify the customer by two digits
only.
"""

import msgspec
import structlog

from state.effects import ConsentDecision, RecordConsent
from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

_log = structlog.get_logger("enlace.store")

_YEAR = 365 * 24 * 3600  # seconds
_json = msgspec.json.Encoder()
_record = msgspec.json.Decoder(RecordConsent)


class Consents:
    """Customers' decisions on the consent."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring

    async def record(self, key: str, record: RecordConsent, *, years: int) -> None:
        """Store a decision of the chat of that key for so many years; once for each code."""
        name = keys.name_key("consent", key)
        sealed = self._keyring.seal(_json.encode(record), place=f"consent:{key}")
        code = self._keyring.short_digest(record.code)
        await self._pipeline.ask(("HSETNX", name, code, sealed), ("EXPIRE", name, years * _YEAR))

    async def read(self, key: str) -> list[RecordConsent]:
        """Return the decisions of a chat, oldest first; one that was revoked was given before."""
        (read,) = await self._pipeline.ask(("HGETALL", keys.name_key("consent", key)))
        kept = wire.pairs(read).values()
        opened = [record for sealed in kept if (record := self._open(key, sealed)) is not None]
        return sorted(opened, key=_order)

    def _open(self, key: str, sealed: bytes) -> RecordConsent | None:
        """Decrypt a decision; one that cannot be read hides no other."""
        try:
            return _record.decode(self._keyring.open(sealed, place=f"consent:{key}"))
        except (Unsealable, msgspec.MsgspecError):
            _log.error("consent.unreadable", chat=key)
            return None


def _order(record: RecordConsent) -> tuple[int, bool]:
    return record.at, record.decision is ConsentDecision.REVOKED
