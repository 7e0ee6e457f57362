"""One-time links by which members of staff choose a password: each its own, valid for a day.

A link is of one member and one password of that member: once a password was chosen no earlier link
is good for anything, and of several links of a member only the newest is. A link for the first
administrator is of nobody, and is good while there are no members.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

import msgspec
import structlog
from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable

_log = structlog.get_logger("enlace.staff")

LIFE = 24 * 3600_000
"""How long a link is valid, ms."""


class LinkKind(StrEnum):
    """What a link is for."""

    FIRST = "first"
    """For the first administrator, who chooses a name too."""

    INVITATION = "invitation"
    """For a new member's first password."""

    PASSWORD = "password"  # noqa: S105
    """For another password of a member."""


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link that is valid: what it is for, and whose it is (`""` if the name is to be chosen)."""

    kind: LinkKind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """A link as it stands in Redis.

    Attributes:
        digest: of its token.
        user: the member (by digest), or `""`.
        password: the number of the password that it replaces.
        until: when it ends, ms.
    """

    digest: str
    user: str = ""
    password: int = 0
    until: int


class OneTimeLinks:
    """All one-time links."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def issue(self, *, user: str = "", password: int = 0, now: int) -> str:
        """Make a link and return its token, of which only a keyed digest is stored."""
        token = secrets.token_urlsafe(24)
        digest = self.digest(token)
        link = StoredLink(digest=digest, user=user, password=password, until=now + LIFE)
        sealed = self._keyring.seal(msgspec.msgpack.encode(link), place=f"link:{digest}")
        await self._redis.set(keys.name_key("link", digest), sealed, px=LIFE)
        return token

    async def read(self, token: str, *, now: int) -> StoredLink | None:
        """Read the link of a token; None if it was used, has ended, or never was."""
        digest = self.digest(token)
        sealed = wire.blob(await self._redis.get(keys.name_key("link", digest)))
        if sealed is None:
            return None
        try:
            plain = self._keyring.open(sealed, place=f"link:{digest}")
            link = msgspec.msgpack.decode(plain, type=StoredLink)
        except (Unsealable, msgspec.MsgspecError):
            _log.error("staff.link_not_ours")
            return None
        return link if now < link.until else None

    async def drop(self, digest: str) -> None:
        """Delete a link."""
        await self._redis.delete(keys.name_key("link", digest))

    def digest(self, token: str) -> str:
        """Return the digest of a token."""
        return self._keyring.digest(f"link:{token}")
