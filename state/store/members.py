"""Who there is: the members of staff, each a hash of which every sealed part knows its number.

Whatever is changed of a member raises the number and seals the roles and the password anew, as
one. So whoever writes to Redis without the keys gives nobody a role, enables nobody and puts no
earlier password or role back; a whole hash put back is not noticed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis, RedisCluster

from state.members import skeleton
from state.roles import FIRST, Role
from state.store import keys, wire
from state.store.connection import Command
from state.store.encryption import Keyring, Unsealable
from state.store.formats import Formats
from state.store.pipeline import Pipeline
from state.store.records import Resealed

_log = structlog.get_logger("enlace.staff")

_FIRST = 1  # the number under which a member of 0.1 is sealed


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff who is signed in."""

    name: str
    digest: str = ""
    roles: frozenset[Role] = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a member is.

    Attributes:
        password: counts the member's passwords; links and known browsers are of one of them.
        sessions: counts the times at which all sessions of the member ended.
    """

    roles: frozenset[Role] = FIRST
    disabled: bool = False
    password: int = 1
    sessions: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember:
    """A member as it stands in Redis.

    Attributes:
        number: what the sealed parts are sealed with; `""` for a member of 0.1.
        verifier: what the password is compared with, `b""` if there is none yet.
        salt: of a verifier of before argon2.
        link: the digest of the newest one-time link, `""` for none, and until when it is valid, ms.
        signed_in_at: when the member signed in last, ms, or 0.
    """

    digest: str
    number: str
    name: str
    standing: Standing
    verifier: bytes = b""
    salt: bytes = b""
    link: str = ""
    link_until: int = 0
    signed_in_at: int = 0

    @property
    def is_active(self) -> bool:
        """Tell whether the member can sign in."""
        return bool(self.verifier) and not self.standing.disabled

    @property
    def member(self) -> Member:
        """Give the member as others know one."""
        return Member(self.name, self.digest, self.standing.roles)


class Members:
    """All members of staff."""

    def __init__(
        self, redis: Redis | RedisCluster, pipeline: Pipeline, keyring: Keyring, formats: Formats
    ) -> None:
        """Use this Redis, with these keys; `formats` tells whether members of 0.1 may be left."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._formats = formats
        self._amend = pipeline.script("amend")

    def digest(self, name: str) -> str:
        """Return the digest by which a member of that name is known."""
        return name_member(self._keyring, name)

    async def ask(self, commands: Sequence[Command]) -> Sequence[Any]:
        """Ask Redis several things of members in one round trip."""
        return await self._pipeline.ask(*commands) if commands else ()

    async def read(self, digest: str) -> StoredMember | None:
        """Read a member; None if there is none, or if it is not as we wrote it."""
        found = wire.fields(await self._redis.hgetall(keys.name_key("user", digest)))
        return self._open(digest, found) if b"name" in found else None

    async def list(self) -> list[StoredMember]:
        """Read all members, by name."""
        digests: Any = await self._redis.smembers(keys.users())
        read = [await self.read(digest.decode()) for digest in digests]
        return sorted((one for one in read if one), key=lambda one: one.name.casefold())

    async def any(self) -> bool:
        """Tell whether there is a member."""
        return bool(await self._redis.scard(keys.users()))

    async def claim(self, name: str) -> bool:
        """Claim what a name looks like for it, for ever; False if another member looks like it."""
        for other in await self.list():
            await self._redis.hsetnx(keys.looks(), self._look(other.name), other.digest)
        look, digest = self._look(name), self.digest(name)
        await self._redis.hsetnx(keys.looks(), look, digest)
        return bool(wire.blob(await self._redis.hget(keys.looks(), look)) == digest.encode())

    async def create(self, name: str, standing: Standing) -> StoredMember | None:
        """Write a member who has no password yet; None if there is one of that name."""
        digest = self.digest(name)
        if await self._redis.exists(keys.name_key("user", digest)):
            return None
        anew = StoredMember(digest=digest, number="", name=name, standing=standing)
        sealed = self._keyring.seal(name.encode(), place=f"user:{digest}")
        written = await self.amend(anew, name=sealed)
        if written is not None:
            await self._redis.sadd(keys.users(), digest)
        return written

    async def amend(self, stored: StoredMember, **fields: Any) -> StoredMember | None:
        """Write a member who was read and changed since; None if somebody else wrote meanwhile.

        `fields` are further fields of the hash, `""` removes one.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()
        number = str(int(stored.number or _FIRST) + 1)
        plain = msgspec.msgpack.encode(stored.standing)
        standing = self._keyring.seal(plain, place=_standing(stored.digest, number))
        password: bytes | str = ""
        if stored.verifier:
            place = _password(stored.digest, number)
            password = self._keyring.seal(stored.verifier, place=place)
        told = {"standing": standing, "password": password, "salt": stored.salt, **fields}
        args = [part for pair in told.items() for part in pair]
        name = keys.name_key("user", stored.digest)
        call = self._amend.call([name], [stored.number, number, *args])
        (written,) = await self._pipeline.ask(call)
        return replace(stored, number=number) if written else None

    async def note(self, digest: str, **fields: str | int) -> None:
        """Write fields that are not sealed."""
        told: Any = fields
        await self._redis.hset(keys.name_key("user", digest), mapping=told)

    def reseal(self, digest: str, read: dict[bytes, bytes]) -> Resealed:
        """Seal roles and password as they are sealed today, if they are not.

        Raises:
            Unsealable: they do not belong there, or are damaged.
        """
        if b"name" not in read:
            return Resealed((b"", b""))
        if b"v" not in read and self._formats.old:
            return self._carry(digest, read)
        number = read.get(b"v", b"")
        values: list[bytes] = []
        for field, place in ((b"password", _password), (b"standing", _standing)):
            kept = read.get(field)
            if kept is not None and not self._keyring.fresh(kept):
                anew = self._keyring.reseal(kept, place=place(digest, number.decode()))
                values += (field, kept, anew)
        return Resealed((b"v", number), tuple(values))

    def _carry(self, digest: str, read: Mapping[bytes, bytes]) -> Resealed:
        """Seal what 0.1 wrote: a password in clear, and no roles."""
        number = str(_FIRST)
        plain = msgspec.msgpack.encode(Standing())
        standing = self._keyring.seal(plain, place=_standing(digest, number))
        values = [b"v", b"", number.encode(), b"standing", b"", standing]
        if kept := read.get(b"password"):
            values += (b"password", kept, self._keyring.seal(kept, place=_password(digest, number)))
        return Resealed((b"salt", read.get(b"salt", b"")), tuple(values))

    def _open(self, digest: str, found: Mapping[bytes, bytes]) -> StoredMember | None:
        number = found.get(b"v", b"").decode()
        try:
            verifier, standing = self._open_sealed(digest, number, found)
            name = self._keyring.open(found[b"name"], place=f"user:{digest}").decode()
        except (Unsealable, msgspec.MsgspecError):
            _log.error("staff.member_not_ours")
            return None
        return StoredMember(
            digest=digest,
            number=number,
            name=name,
            standing=standing,
            verifier=verifier,
            salt=found.get(b"salt", b""),
            link=found.get(b"link", b"").decode(),
            link_until=int(found.get(b"link_until", 0)),
            signed_in_at=int(found.get(b"signed_in_at", 0)),
        )

    def _open_sealed(
        self, digest: str, number: str, found: Mapping[bytes, bytes]
    ) -> tuple[bytes, Standing]:
        """Open password and standing; of a member of 0.1 neither is sealed until it was walked to.

        Raises:
            Unsealable: they are not what we wrote.
        """
        kept = found.get(b"password", b"")
        if not number:
            if not self._formats.old:
                raise Unsealable("a member without a number")
            return kept, Standing()
        sealed = found.get(b"standing", b"")
        plain = self._keyring.open(sealed, place=_standing(digest, number))
        standing = msgspec.msgpack.decode(plain, type=Standing)
        if not kept:
            return b"", standing
        return self._keyring.open(kept, place=_password(digest, number)), standing

    def _look(self, name: str) -> str:
        return self._keyring.digest(f"look:{skeleton(name)}")


def name_member(keyring: Keyring, name: str) -> str:
    """Return the digest by which a member of that name is known."""
    return keyring.digest(f"staff:{name.strip().casefold()}")


def _password(digest: str, number: str) -> str:
    return f"password:{digest}:{number}"


def _standing(digest: str, number: str) -> str:
    return f"standing:{digest}:{number}"
