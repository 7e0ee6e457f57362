"""Personal data sealed at rest, and keyed digests that name it.

AES-256-GCM with what and whose it is as associated data: a sealed record copied to another chat,
or to another field of the same chat, does not open. The first key seals, all keys open, and the
last one makes the digests in the keys' names: a new key is put in front of the old ones, so names
stay as they are.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_KEY_ID = 4
_NAMES = 8192  # digests remembered: a chat's is asked for several times in each of its turns


class Unsealable(Exception):
    """The data were sealed with another key, for another place, or were damaged."""


class Keyring:
    """The secret keys of one installation."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Take keys of 32 bytes each, the sealing one first.

        Raises:
            ValueError: no key, or one of a wrong length.
        """
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("at least one key of 32 bytes is needed")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._sealing = _key_id(keys[0])
        self._naming = hashlib.sha256(b"enlace naming" + keys[-1]).digest()
        self.digest = lru_cache(maxsize=_NAMES)(self._digest)
        """Name something without telling it: 26 characters of base32, the same for ever."""

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Seal for a place, e.g. `record:<chat>`: key id, nonce, ciphertext."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._sealing].encrypt(nonce, plain, place.encode())
        return self._sealing + nonce + sealed

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open what was sealed for that place.

        Raises:
            Unsealable: wrong key, wrong place, or damaged.
        """
        cipher = self._ciphers.get(sealed[:_KEY_ID])
        if cipher is None:
            raise Unsealable("sealed with a key that is not in ENLACE_SECRET_KEYS")
        nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
        try:
            return cipher.decrypt(nonce, sealed[_KEY_ID + _NONCE :], place.encode())
        except InvalidTag as error:
            raise Unsealable("sealed for another place, or damaged") from error

    def fresh(self, sealed: bytes) -> bool:
        """Tell whether the first key sealed it."""
        return sealed.startswith(self._sealing)

    def reseal(self, sealed: bytes, *, place: str) -> bytes:
        """Seal anew, with the first key, what any key sealed for that place.

        Raises:
            Unsealable: wrong key, wrong place, or damaged.
        """
        return self.seal(self.open(sealed, place=place), place=place)

    def reference(self, value: str) -> str:
        """Make eight characters by which a person may name something; not remembered."""
        return base64.b32encode(self._mac(value)[:5]).decode()

    def digits(self, value: str) -> str:
        """Make six digits that nobody can guess; the same for the same value."""
        return f"{int.from_bytes(self._mac(value)[:8]) % 1_000_000:06d}"

    def short_digest(self, value: str) -> bytes:
        """Twelve bytes that tell one delivery from another."""
        return self._mac(value)[:12]

    def _digest(self, value: str) -> str:
        return base64.b32encode(self._mac(value)[:16]).decode().rstrip("=").lower()

    def _mac(self, value: str) -> bytes:
        return hmac.digest(self._naming, value.encode("utf-8", "surrogatepass"), "sha256")


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"enlace key id" + key).digest()[:_KEY_ID]
