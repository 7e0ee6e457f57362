"""Members of staff and their browser sessions.

Passwords are stored as scrypt digests, sealed for the member and the number of the password:
whoever writes to Redis without the keys signs nobody in, nor does an earlier password under a later
number. Of session and link tokens only keyed digests are stored, so a dump signs nobody in; nor
does a session of one's own become another member's.
"""

import asyncio
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis, RedisCluster

from state.roles import FIRST, Role
from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable
from state.store.formats import Formats
from state.store.records import Resealed

_log = structlog.get_logger("enlace.staff")

SESSION = 12 * 3600
"""Seconds for which a session lasts."""

_FIRST = 1  # the number of a member's first password
_SETUP = 24 * 3600  # seconds
_FAILURES = 5
_PENALTY = 15 * 60  # seconds


class SignInRefused(Exception):
    """Wrong name or password; the error does not say which."""


class TooManyFailures(Exception):
    """Too many wrong passwords for that name, or from that address."""


class NameTaken(Exception):
    """A member of staff has that name already."""


class LinkInvalid(Exception):
    """The one-time link was used, has expired, or never existed."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff who is signed in."""

    name: str
    roles: frozenset[Role] = FIRST


class Staff:
    """All members of staff."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring, formats: Formats) -> None:
        """Use this Redis, with these keys; `formats` tells whether old passwords may be left."""
        self._redis = redis
        self._keyring = keyring
        self._formats = formats

    async def add(self, name: str, password: str) -> None:
        """Add a member.

        Raises:
            NameTaken: choose another name.
        """
        digest = self._digest(name)
        salt = os.urandom(16)
        password_hash = await _stretch(password, salt)
        taken = not await self._redis.hsetnx(keys.name_key("user", digest), "salt", salt)
        if taken:
            raise NameTaken
        member: Any = {
            "v": _FIRST,
            "password": self._keyring.seal(password_hash, place=_place(digest, _FIRST)),
            "name": self._keyring.seal(name.encode(), place=f"user:{digest}"),
        }
        await self._redis.hset(keys.name_key("user", digest), mapping=member)
        await self._redis.sadd(keys.users(), digest)

    async def sign_in(self, name: str, password: str, *, address: str) -> str:
        """Check name and password and return a session token.

        Raises:
            SignInRefused: one of them is wrong.
            TooManyFailures: retry in a quarter of an hour.
        """
        throttles = [self._throttle(f"name:{name.casefold()}"), self._throttle(f"from:{address}")]
        for throttle in throttles:
            if int(wire.blob(await self._redis.get(throttle)) or 0) >= _FAILURES:
                raise TooManyFailures
        found = wire.fields(await self._redis.hgetall(keys.name_key("user", self._digest(name))))
        salt, right = found.get(b"salt", bytes(16)), self._verifier(self._digest(name), found)
        given = await _stretch(password, salt)  # always: takes the same time for any name
        if not hmac.compare_digest(given, right):
            for throttle in throttles:
                await self._redis.incr(throttle)
                await self._redis.expire(throttle, _PENALTY)
            raise SignInRefused
        return await self._session(found[b"name"], self._digest(name))

    async def member(self, token: str) -> Member:
        """Return the member of a session token.

        Raises:
            SignInRefused: the session is invalid.
        """
        key = self._session_key(token)
        fields = ("name", "user", "proof")
        name, user, proof = wire.blobs(await self._redis.hmget(key, fields))
        if name is None or user is None:
            raise SignInRefused
        if not self._is_bound(key, user, proof):
            _log.error("staff.session_not_ours")
            raise SignInRefused
        try:
            return Member(self._keyring.open(name, place=f"user:{user.decode()}").decode())
        except Unsealable:
            raise SignInRefused from None

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await self._redis.delete(self._session_key(token))

    async def setup_token(self) -> str | None:
        """Make the one-time token for the first administrator; None once there is one."""
        if await self._redis.scard(keys.users()):
            return None
        token = secrets.token_urlsafe(24)
        await self._redis.set(keys.setup(), self._keyring.digest(f"setup:{token}"), ex=_SETUP)
        return token

    async def set_up(self, token: str, name: str, password: str) -> None:
        """Use the one-time token to add the first administrator.

        Raises:
            LinkInvalid: the token is not valid (any more).
        """
        if not await self.may_set_up(token) or not await self._redis.delete(keys.setup()):
            raise LinkInvalid
        await self.add(name, password)

    async def may_set_up(self, token: str) -> bool:
        """Tell whether a one-time token is still valid."""
        held = wire.blob(await self._redis.get(keys.setup())) or b""
        return hmac.compare_digest(held, self._keyring.digest(f"setup:{token}").encode())

    def reseal(self, digest: str, read: dict[bytes, bytes]) -> Resealed:
        """Seal the password's digest of a member's hash as it is sealed today, if it is not.

        Raises:
            Unsealable: it does not belong there, or is damaged.
        """
        guard, kept = (b"salt", read.get(b"salt", b"")), read.get(b"password")
        number = read.get(b"v")
        if kept is None:
            return Resealed(guard)
        if number is None and self._formats.old:
            anew = self._keyring.seal(kept, place=_place(digest, _FIRST))
            return Resealed(guard, (b"v", b"", b"%d" % _FIRST, b"password", kept, anew))
        place = _place(digest, int(number or 0))
        if self._keyring.fresh(kept):
            return Resealed(guard)
        return Resealed(guard, (b"password", kept, self._keyring.reseal(kept, place=place)))

    def bind_session(self, digest: str, read: dict[bytes, bytes]) -> Resealed:
        """Bind a session that 0.1 began to its member, as sessions are bound today."""
        user = read.get(b"user", b"")
        guard, key = (b"user", user), keys.name_key("session", digest)
        if not user or b"proof" in read:
            return Resealed(guard)
        return Resealed(guard, (b"proof", b"", self._prove(key, user.decode())))

    def _verifier(self, digest: str, found: dict[bytes, bytes]) -> bytes:
        """Open a password's digest; empty, which nothing equals, where none stands as it should."""
        kept, number = found.get(b"password", b""), found.get(b"v")
        if number is None:
            return kept if self._formats.old else b""
        try:
            return self._keyring.open(kept, place=_place(digest, int(number)))
        except Unsealable:
            _log.error("staff.password_not_ours")
            return b""

    async def _session(self, name: bytes, user: str) -> str:
        token = secrets.token_urlsafe(32)
        async with self._redis.pipeline(transaction=True) as pipe:
            key = self._session_key(token)
            begun: Any = {"name": name, "user": user, "proof": self._prove(key, user)}
            pipe.hset(key, mapping=begun)
            pipe.expire(key, SESSION)
            await pipe.execute()
        return token

    def _is_bound(self, key: str, user: bytes, proof: bytes | None) -> bool:
        """Tell whether a session is that member's; of 0.1 none is bound until it was walked to."""
        if proof is None:
            return self._formats.old
        return hmac.compare_digest(proof, self._prove(key, user.decode()))

    def _prove(self, key: str, user: str) -> bytes:
        """Bind a session to its member: nobody without the keys makes it another's."""
        return self._keyring.short_digest(f"signed in:{keys.digest_of(key)}:{user}")

    def _digest(self, name: str) -> str:
        return self._keyring.digest(f"staff:{name.strip().casefold()}")

    def _session_key(self, token: str) -> str:
        return keys.name_key("session", self._keyring.digest(f"session:{token}"))

    def _throttle(self, what: str) -> str:
        return keys.name_key("throttle", self._keyring.digest(f"throttle:{what}"))


def _place(digest: str, number: int) -> str:
    return f"password:{digest}:{number}"


async def _stretch(password: str, salt: bytes) -> bytes:
    """Hash a password (scrypt, 16 MiB, about 50 ms) in a thread."""
    return await asyncio.to_thread(
        hashlib.scrypt, password.encode("utf-8", "replace"), salt=salt, n=2**14, r=8, p=1
    )
