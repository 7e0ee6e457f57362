"""Encryption ("sealing") of personal data at rest, and the keyed digests that name them.

AES-256-GCM. What a value is and whose ("place") is its associated data: a sealed record copied to
another chat, or to another field of the same chat, cannot be decrypted. The first key encrypts,
any key decrypts, and the last one makes the digests in key names: a new key is put in front of the
old ones, so names stay the same.
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
_NAMES = 8192  # digests cached: a chat's is needed several times in each turn


class Unsealable(Exception):
    """The data were sealed with another key or for another place, or are damaged."""


class Keyring:
    """The secret keys of one installation."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Take keys of 32 bytes each, the encrypting one first.

        Raises:
            ValueError: no key, or one of a wrong length.
        """
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("at least one key of 32 bytes is needed")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._sealing = _key_id(keys[0])
        self._naming = hashlib.sha256(b"enlace naming" + keys[-1]).digest()
        self.digest = lru_cache(maxsize=_NAMES)(self._digest)
        """Return a keyed digest of something: 26 characters of base32, always the same."""

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Encrypt for a place, e.g. `record:<chat>`: key id, nonce, ciphertext."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._sealing].encrypt(nonce, plain, place.encode())
        return self._sealing + nonce + sealed

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Decrypt what was sealed for that place.

        Raises:
            Unsealable: wrong key, wrong place, or damaged.
        """
        cipher = self._ciphers.get(sealed[:_KEY_ID])
        if cipher is None:
            raise Unsealable("sealed with a key that is not in ENLACE_SECRET_KEYS")
        nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
        try:
            return cipher.decrypt(nonce, sealed[_KEY_ID + _NONCE :], place.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: cut short
            raise Unsealable("sealed for another place, or damaged") from error

    def fresh(self, sealed: bytes) -> bool:
        """Tell whether the first key sealed it."""
        return sealed.startswith(self._sealing)

    def reseal(self, sealed: bytes, *, place: str) -> bytes:
        """Re-encrypt, with the first key, what any key sealed for that place.

        Raises:
            Unsealable: wrong key, wrong place, or damaged.
        """
        return self.seal(self.open(sealed, place=place), place=place)

    def reference(self, value: str) -> str:
        """Return eight characters by which a person may name something; not cached."""
        return base64.b32encode(self._mac(value)[:5]).decode()

    def digits(self, value: str) -> str:
        """Return six unguessable digits; the same for the same value."""
        return f"{int.from_bytes(self._mac(value)[:8]) % 1_000_000:06d}"

    def short_digest(self, value: str) -> bytes:
        """Return twelve bytes that distinguish deliveries."""
        return self._mac(value)[:12]

    def _digest(self, value: str) -> str:
        return base64.b32encode(self._mac(value)[:16]).decode().rstrip("=").lower()

    def _mac(self, value: str) -> bytes:
        return hmac.digest(self._naming, value.encode("utf-8", "surrogatepass"), "sha256")


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"enlace key id" + key).digest()[:_KEY_ID]
