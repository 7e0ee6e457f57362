"""The proofs of consent, kept apart from conversations: erasing a chat leaves them where they are.

A chat's proofs stand under its digest; what is sealed tells who it was by two digits only.
"""

import msgspec
from redis.asyncio import Redis, RedisCluster

from state.effects import Decision, RecordConsent
from state.store import keys, wire
from state.store.encryption import Keyring

_YEAR = 365 * 24 * 3600  # seconds
_json = msgspec.json.Encoder()
_record = msgspec.json.Decoder(RecordConsent)


class Consents:
    """What customers decided on the consent."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def record(self, key: str, record: RecordConsent, *, years: int) -> None:
        """Keep a decision of the chat of that key for so many years; once for each code."""
        name = keys.keyed("consent", key)
        sealed = self._keyring.seal(_json.encode(record), place=f"consent:{key}")
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hsetnx(name, self._keyring.short_digest(record.code), sealed)
            pipe.expire(name, years * _YEAR)
            await pipe.execute()

    async def read(self, key: str) -> list[RecordConsent]:
        """Give the decisions of a chat, the oldest first; what was revoked was given before."""
        kept = wire.fields(await self._redis.hgetall(keys.keyed("consent", key)))
        opened = (self._keyring.open(sealed, place=f"consent:{key}") for sealed in kept.values())
        return sorted(map(_record.decode, opened), key=_order)


def _order(record: RecordConsent) -> tuple[int, bool]:
    return record.at, record.decision is Decision.REVOKED
