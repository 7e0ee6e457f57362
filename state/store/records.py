"""Records under seal: each is bound to its chat and to its version.

A record of another chat does not open, nor does an earlier one of the same chat under a later
version's number. Whoever puts a whole hash back, number and all, is not noticed.
"""

from dataclasses import dataclass

import msgspec
import structlog

from state.conversation import Conversation
from state.store import codec, wire
from state.store.encryption import Keyring, Unsealable
from state.store.formats import Formats, NewerFormat

_log = structlog.get_logger("enlace.store")


@dataclass(frozen=True, slots=True)
class Resealed:
    """Values of a hash to be put back by `scripts/reseal_hash.lua`.

    Attributes:
        guard: a field, and the value that it must still have.
        values: of each field its name, the value that was read, and the one to put there.
    """

    guard: tuple[bytes, bytes]
    values: tuple[bytes, ...] = ()

    @property
    def arguments(self) -> list[bytes]:
        """Give what the script takes."""
        return [*self.guard, *self.values]

    @property
    def count(self) -> int:
        """Count the values."""
        return len(self.values) // 3


class Records:
    """What seals and opens the records of all chats."""

    def __init__(self, keyring: Keyring, formats: Formats) -> None:
        """Use these keys; `formats` tells whether records of before may be left."""
        self._keyring = keyring
        self._formats = formats
        self._unreadable: set[str] = set()

    def check(self) -> None:
        """Ask before something of a chat is written.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()

    def seal(self, key: str, conversation: Conversation, *, version: int) -> bytes:
        """Seal a record that shall stand under that version.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self.check()
        plain = codec.encode_conversation(conversation)
        return self._keyring.seal(plain, place=_place(key, version))

    def open(self, key: str, sealed: bytes, *, version: int) -> Conversation:
        """Open the record that stands under that version.

        Raises:
            Unsealable: it does not belong there, or is damaged.
            NewerFormat: a newer version of Enlace wrote it.
        """
        plain = self._plain(key, sealed, version)
        try:
            return codec.conversation(plain)
        except NewerFormat:
            raise self._formats.note_newer() from None
        except (msgspec.MsgspecError, IndexError) as error:
            raise Unsealable("no record") from error

    def read(self, key: str, sealed: bytes, *, version: int) -> Conversation | None:
        """Open a record; None, and one line in the log for each chat, if it cannot be read.

        Whoever reads the records of many chats goes on with the others.

        Raises:
            NewerFormat: a newer version of Enlace wrote it.
        """
        try:
            return self.open(key, sealed, version=version)
        except Unsealable:
            if key not in self._unreadable:
                self._unreadable.add(key)
                _log.error("record.unreadable", chat=key)
            return None

    def reseal(self, key: str, read: dict[bytes, bytes]) -> Resealed:
        """Seal the record of a chat's hash as it is sealed today, if it is not.

        Raises:
            Unsealable, NewerFormat: as for `open`.
        """
        version, sealed = read.get(b"v", b"0"), read.get(b"st")
        guard, number = (b"v", version), wire.number(version)
        if sealed is None or self._is_current(key, sealed, number):
            return Resealed(guard)
        conversation = self.open(key, sealed, version=number)
        anew = self.seal(key, conversation, version=number)
        return Resealed(guard, (b"st", sealed, anew))

    def _is_current(self, key: str, sealed: bytes, version: int) -> bool:
        """Tell whether a record is sealed by the first key, with its version, in our format."""
        if not self._keyring.fresh(sealed):
            return False
        try:
            plain = self._keyring.open(sealed, place=_place(key, version))
        except Unsealable:
            return False
        return codec.is_current(plain)

    def _plain(self, key: str, sealed: bytes, version: int) -> bytes:
        try:
            return self._keyring.open(sealed, place=_place(key, version))
        except Unsealable:
            if not self._formats.old:
                raise
        return self._keyring.open(sealed, place=f"record:{key}")


def _place(key: str, version: int) -> str:
    return f"record:{key}:{version}"
