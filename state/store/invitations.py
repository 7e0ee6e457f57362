"""Invitations: a service, once, for a week, under two names.

The code is for people to type (39 bits); the token for a link (128 bits), whose payload Telegram
limits to 64 characters. Whichever is used first uses both up. One that is shown in person, as at
an installation, lives an hour, and counts as staff's own word for who it is.
"""

import secrets
from dataclasses import dataclass

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Keyring

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # 30 symbols, none that looks like another
_LENGTH = 8
_LIFE = 7 * 24 * 3600  # seconds
_IN_PERSON = 3600  # seconds
_SHOWN = "shown"
_TOKEN = 16  # bytes


class NoSuchInvitation(Exception):
    """The code was never given out, was used, was withdrawn, or is too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What is given to a customer: a code to type, a token for a link."""

    code: str
    token: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The service of an invitation, and whether staff showed it in person."""

    service_id: int
    in_person: bool = False


class Invitations:
    """The invitations given out and not used yet."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def issue(self, service_id: int, *, in_person: bool = False) -> Invitation:
        """Invite a service's customer; code and token are kept nowhere but as digests."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        token = secrets.token_urlsafe(_TOKEN)
        names = [self._digest(code), self._digest(token)]
        for name in names:
            parts = [str(service_id), *names, *([_SHOWN] if in_person else [])]
            sealed = self._keyring.seal("|".join(parts).encode(), place=f"invite:{name}")
            life = _IN_PERSON if in_person else _LIFE
            await self._redis.set(keys.keyed("invite", name), sealed, ex=life)
        return Invitation(code=code, token=token)

    async def withdraw(self, code: str) -> None:
        """Make an invitation worthless, named by its code or its token.

        Raises:
            NoSuchInvitation: there is none.
        """
        _, *names = (await self._read(self._digest(code)))[:3]
        for name in names:
            await self._redis.delete(keys.keyed("invite", name))

    async def redeem(self, code: str, *, by: str) -> Redeemed:
        """Tell what a code stands for; from then on the code is worth something to `by` only.

        The same redeemer may ask again: an effect performed twice must find the same answer.

        Raises:
            NoSuchInvitation: it is not, or no longer, worth anything.
        """
        service_id, first, _, *how = await self._read(self._digest(code))
        owner = keys.keyed("invited", first)
        redeemer = self._keyring.digest(by)
        await self._redis.set(owner, redeemer, nx=True, ex=_LIFE)
        if await self._redis.get(owner) != redeemer.encode():
            raise NoSuchInvitation
        return Redeemed(int(service_id), in_person=_SHOWN in how)

    async def _read(self, name: str) -> list[str]:
        """Read an invitation by one of its names: the service, both names, and how it is given."""
        sealed = wire.blob(await self._redis.get(keys.keyed("invite", name)))
        if sealed is None:
            raise NoSuchInvitation
        return self._keyring.open(sealed, place=f"invite:{name}").decode().split("|")

    def _digest(self, code: str) -> str:
        return self._keyring.digest(f"invitation:{code}")
