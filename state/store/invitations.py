"""Invitations: a code that stands for a service, once, for a week."""

import secrets

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Keyring

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # 30 symbols, none that looks like another
_LENGTH = 8
_LIFE = 7 * 24 * 3600  # seconds


class NoSuchInvitation(Exception):
    """The code was never given out, was used, or is too old."""


class Invitations:
    """The invitations given out and not used yet."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def issue(self, service_id: int) -> str:
        """Make a code for a service; it is not kept anywhere but in a sealed form."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        digest = self._digest(code)
        sealed = self._keyring.seal(str(service_id).encode(), place=f"invite:{digest}")
        await self._redis.set(keys.keyed("invite", digest), sealed, ex=_LIFE)
        return code

    async def redeem(self, code: str, *, by: str) -> int:
        """Tell the service of a code; from then on the code is worth something to `by` only.

        The same redeemer may ask again: an effect performed twice must find the same answer.

        Raises:
            NoSuchInvitation: it is not, or no longer, worth anything.
        """
        digest = self._digest(code)
        owner = keys.keyed("invited", digest)
        sealed = wire.blob(await self._redis.get(keys.keyed("invite", digest)))
        if sealed is None:
            raise NoSuchInvitation
        redeemer = self._keyring.digest(by)
        await self._redis.set(owner, redeemer, nx=True, ex=_LIFE)
        if await self._redis.get(owner) != redeemer.encode():
            raise NoSuchInvitation
        return int(self._keyring.open(sealed, place=f"invite:{digest}"))

    def _digest(self, code: str) -> str:
        return self._keyring.digest(f"invitation:{code}")
