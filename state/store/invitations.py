"""Invitations: each stands for a service, once, for a week, under two names.

The code (39 bits) is for typing; the token (128 bits) for a link, whose payload Telegram limits to
64 characters. Using either uses up both. An invitation shown in person, as at an installation, is
valid for an hour, and counts as verification by staff.
"""

import secrets
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable

_log = structlog.get_logger("enlace.store")

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # 30 symbols that cannot be confused
_LENGTH = 8
_LIFE = 7 * 24 * 3600  # seconds
_IN_PERSON = 3600  # seconds
_SHOWN = "shown"
_TOKEN = 16  # bytes


class NoSuchInvitation(Exception):
    """The code was never issued, or was used or revoked, or has expired, or does not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation: a code to type, a token for a link."""

    code: str
    token: str


@dataclass(frozen=True, slots=True)
class RedeemedInvitation:
    """The service of an invitation, and whether staff showed it in person."""

    service_id: int
    in_person: bool = False


class Invitations:
    """The open invitations."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def issue(self, service_id: int, *, in_person: bool = False) -> Invitation:
        """Create an invitation for a service; code and token are stored only as digests."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        token = secrets.token_urlsafe(_TOKEN)
        names = [self._digest(code), self._digest(token)]
        for name in names:
            parts = [str(service_id), *names, *([_SHOWN] if in_person else [])]
            sealed = self._keyring.seal("|".join(parts).encode(), place=f"invite:{name}")
            life = _IN_PERSON if in_person else _LIFE
            await self._redis.set(keys.name_key("invite", name), sealed, ex=life)
        return Invitation(code=code, token=token)

    async def withdraw(self, code: str) -> None:
        """Revoke an invitation by its code or its token.

        Raises:
            NoSuchInvitation: it does not exist.
        """
        _, *names = (await self._read(self._digest(code)))[:3]
        for name in names:
            await self._redis.delete(keys.name_key("invite", name))

    async def redeem(self, code: str, *, by: str) -> RedeemedInvitation:
        """Return what a code stands for; from then on it is valid for `by` only.

        The same redeemer may ask again: a repeated effect must get the same answer.

        Raises:
            NoSuchInvitation: it is not valid, or no longer.
        """
        service_id, first, _, *how = await self._read(self._digest(code))
        owner = keys.name_key("invited", first)
        redeemer = self._keyring.digest(by)
        await self._redis.set(owner, redeemer, nx=True, ex=_LIFE)
        if await self._redis.get(owner) != redeemer.encode():
            raise NoSuchInvitation
        return RedeemedInvitation(int(service_id), in_person=_SHOWN in how)

    async def _read(self, name: str) -> list[str]:
        """Read an invitation by one of its names: the service, both names, and how it was shown."""
        sealed = wire.blob(await self._redis.get(keys.name_key("invite", name)))
        if sealed is None:
            raise NoSuchInvitation
        try:
            return self._keyring.open(sealed, place=f"invite:{name}").decode().split("|")
        except Unsealable:
            _log.error("invitation.unreadable")
            raise NoSuchInvitation from None

    def _digest(self, code: str) -> str:
        return self._keyring.digest(f"invitation:{code}")
