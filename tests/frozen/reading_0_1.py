"""How 0.1 looked at an installation before it started, and how it opened a record.

Kept as it was (`bot/redis_checks.py`, `state/store/encryption.py`, `state/store/conversations.py`
of 0.1), cut down to what decides whether it goes on.
"""

import hashlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.asyncio import Redis

_META = "enlace:{s00}:meta"
_SHARDS = 16
_SCHEMA = 1
_NONCE = 12
_KEY_ID = 4


class Unsealable(Exception):
    """The data were sealed with another key, for another place, or were damaged."""


async def grave(redis: Redis) -> list[str]:
    """Compare the shard count and the schema with those of the first start, or be the first."""
    findings = []
    for name, ours in (("shards", _SHARDS), ("schema", _SCHEMA)):
        await redis.hsetnx(_META, name, ours)
        theirs = int(await redis.hget(_META, name) or 0)
        if theirs > ours or (name == "shards" and theirs != ours):
            findings.append(f"this installation has {theirs} as its {name}, this program {ours}")
    return findings


def opened(key: bytes, sealed: bytes, *, chat: str) -> Any:
    """Open a record, as every turn did before anything else."""
    key_id = hashlib.sha256(b"enlace key id" + key).digest()[:_KEY_ID]
    cipher = {key_id: AESGCM(key)}.get(sealed[:_KEY_ID])
    if cipher is None:
        raise Unsealable("sealed with a key that is not in ENLACE_SECRET_KEYS")
    nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
    try:
        return cipher.decrypt(nonce, sealed[_KEY_ID + _NONCE :], f"record:{chat}".encode())
    except InvalidTag as error:
        raise Unsealable("sealed for another place, or damaged") from error
