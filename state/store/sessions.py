"""Browsers that are signed in: a session each, of which only a keyed digest of its token is kept.

A session belongs to its member and to the number of the member's sessions: when that is raised (by
a new password, or by ending all of them) every session of before is refused at once, whatever
Redis still holds.
"""

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from redis.asyncio import Redis, RedisCluster

from state.roles import Role
from state.store import keys, wire
from state.store.connection import Command
from state.store.encryption import Keyring, Unsealable
from state.store.formats import Formats
from state.store.members import Members, StoredMember
from state.store.records import Resealed
from state.store.staff_errors import SignInRefused

_log = structlog.get_logger("enlace.staff")

SLIDING = 12 * 3600_000
"""How long a session lasts without a person's request, ms."""

IDLE = 30 * 60_000
"""The same of who decides what is risky (`Role.SUPERVISOR`)."""

LONGEST = 24 * 3600_000
"""How long a session lasts, whatever is done in it, ms."""

Mark = tuple[bytes | None, ...]

_TOUCHED = 60_000  # ms: what is newer is not written again
_BROWSER = 60  # characters
_FIELDS = ("user", "proof", "begun", "seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInfo:
    """A session, as its member sees it.

    Attributes:
        id: names it; signs nobody in.
        begun_at: when the member signed in, ms.
        seen_at: when a person last asked for something in it, ms; to the minute.
        browser: which browser, in a few words.
        current: it is the session that asks.
    """

    id: str
    begun_at: int
    seen_at: int
    browser: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredSession:
    """A session as it stands in Redis.

    Attributes:
        proof: binds it to the member (by digest) of `user`.
        begun_at, seen_at: ms; 0 for one of 0.1, whose time begins when it is met.
    """

    id: str
    user: str
    proof: bytes | None
    begun_at: int
    seen_at: int


class Sessions:
    """All sessions."""

    def __init__(
        self, redis: Redis | RedisCluster, keyring: Keyring, formats: Formats, members: Members
    ) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring
        self._formats = formats
        self._members = members

    async def begin(self, stored: StoredMember, *, browser: str, now: int) -> str:
        """Begin a session of a member and return its token."""
        token = secrets.token_urlsafe(32)
        id_ = self._id(token)
        await self._index(stored.digest, id_, now)
        words = self._keyring.seal(browser[:_BROWSER].encode(), place=f"session:{id_}")
        told = {
            "user": stored.digest,
            "proof": self._prove(id_, stored.digest, stored.standing.sessions),
            "begun": now,
            "seen": now,
            "browser": words,
        }
        await self._write(id_, told, SLIDING)
        return token

    async def admit(self, token: str, *, now: int, person: bool) -> StoredMember:
        """Return the member of a token's session; a person's request keeps the session going.

        Raises:
            SignInRefused: the session has ended, or its member was disabled.
        """
        session = await self._read(self._id(token))
        stored = await self._members.read(session.user) if session else None
        if session is None or stored is None or stored.standing.disabled:
            raise SignInRefused
        if not self._belongs(session, stored):
            raise SignInRefused
        if not _lasts(session, stored.standing.roles, now=now):
            await self.end(stored.digest, session.id)
            raise SignInRefused
        if person:
            await self._touch(session, now=now)
        return stored

    async def read_marks(self, signed_in: Sequence[tuple[str, str]]) -> Sequence[Mark]:
        """Read what changes when a session ends or its member is changed, in one round trip.

        Of each token and its member (by digest). While a mark is as it was when the session was
        admitted, so is the answer, but for the session's time.
        """
        asked: list[Command] = []
        for token, user in signed_in:
            session = keys.name_key("session", self._id(token))
            asked.append(("HMGET", session, "user", "proof"))
            asked.append(("HGET", keys.name_key("user", user), "v"))
        answers = await self._members.ask(asked)
        return [
            (*session, number) for session, number in zip(answers[::2], answers[1::2], strict=True)
        ]

    async def list(self, user: str, *, token: str = "", now: int) -> list[SessionInfo]:
        """List the sessions of a member (by digest), newest first; `token` is the one that asks."""
        stored = await self._members.read(user)
        found: list[SessionInfo] = []
        for id_ in reversed(await self._ids(user)):
            session = await self._read(id_)
            if session is None or stored is None or not self._belongs(session, stored):
                await self._redis.zrem(keys.name_key("sessions", user), id_)
            elif _lasts(session, stored.standing.roles, now=now):
                found.append(await self._describe(session, current=id_ == self._id(token)))
        return found

    async def end(self, user: str, id_: str) -> bool:
        """End a session of that member; False if the member has none of that id."""
        session = await self._read(id_)
        if session is None or session.user != user:
            return False
        await self._redis.delete(keys.name_key("session", id_))
        await self._redis.zrem(keys.name_key("sessions", user), id_)
        return True

    async def end_all(self, user: str, *, except_token: str | None = None) -> None:
        """End all sessions of a member, at once and for good, but the one of that token."""
        while (stored := await self._members.read(user)) is not None:
            standing = replace(stored.standing, sessions=stored.standing.sessions + 1)
            if await self._members.amend(replace(stored, standing=standing)):
                await self.forget(user, standing.sessions, except_token=except_token)
                return

    async def forget(self, user: str, number: int, *, except_token: str | None = None) -> None:
        """Delete sessions whose number is past, and bind the one that goes on to the new one."""
        kept = await self._read(self._id(except_token)) if except_token else None
        if kept is not None and kept.user == user:
            bound = {"proof": self._prove(kept.id, user, number)}
            await self._write(kept.id, bound, _rest(kept, now=kept.seen_at))
        for id_ in await self._ids(user):
            if kept is None or id_ != kept.id:
                await self.end(user, id_)

    async def sign_out(self, token: str) -> None:
        """End the session of a token."""
        session = await self._read(self._id(token))
        if session is not None:
            await self.end(session.user, session.id)

    def bind(self, digest: str, read: dict[bytes, bytes]) -> Resealed:
        """Bind a session that 0.1 began to its member, as sessions are bound today."""
        user = read.get(b"user", b"")
        guard = (b"user", user)
        if not user or b"proof" in read:
            return Resealed(guard)
        return Resealed(guard, (b"proof", b"", self._prove(digest, user.decode(), 1)))

    def _belongs(self, session: _StoredSession, stored: StoredMember) -> bool:
        """Tell whether it is a session of that member's, as we began it, and was not ended."""
        number = stored.standing.sessions
        if session.proof is None:  # of 0.1: none is bound until it was walked to
            return self._formats.old and number == 1
        right = self._prove(session.id, stored.digest, number)
        ours = hmac.compare_digest(session.proof, right)
        if not ours:
            _log.error("staff.session_not_ours")
        return ours

    async def _touch(self, session: _StoredSession, *, now: int) -> None:
        """Note that a person asked for something; written once a minute at most."""
        if now - session.seen_at < _TOUCHED:
            return
        await self._index(session.user, session.id, now)
        told = {"begun": session.begun_at or now, "seen": now}
        await self._write(session.id, told, _rest(session, now=now))

    def _id(self, token: str) -> str:
        """Return the id of the session of a token."""
        return self._keyring.digest(f"session:{token}")

    async def _read(self, id_: str) -> _StoredSession | None:
        held = await self._redis.hmget(keys.name_key("session", id_), _FIELDS)
        user, proof, begun, seen = wire.blobs(held)
        if user is None:
            return None
        return _StoredSession(
            id=id_,
            user=user.decode(),
            proof=proof,
            begun_at=int(begun or 0),
            seen_at=int(seen or 0),
        )

    async def _ids(self, user: str) -> Sequence[str]:
        """Return the sessions of a member, by when they were last used; some may have ended."""
        ids: Any = await self._redis.zrange(keys.name_key("sessions", user), 0, -1)
        return [id_.decode() for id_ in ids]

    async def _describe(self, session: _StoredSession, *, current: bool) -> SessionInfo:
        sealed = wire.blob(await self._redis.hget(keys.name_key("session", session.id), "browser"))
        try:
            browser = self._keyring.open(sealed or b"", place=f"session:{session.id}").decode()
        except Unsealable:
            browser = ""
        return SessionInfo(
            id=session.id, begun_at=session.begun_at, seen_at=session.seen_at, browser=browser,
            current=current,
        )  # fmt: skip

    async def _index(self, user: str, id_: str, now: int) -> None:
        """Know the session as one of its member's, before it is there."""
        name = keys.name_key("sessions", user)
        await self._redis.zadd(name, {id_: now})
        await self._redis.pexpire(name, LONGEST)

    async def _write(self, id_: str, told: Any, life: int) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(keys.name_key("session", id_), mapping=told)
            pipe.pexpire(keys.name_key("session", id_), life)
            await pipe.execute()

    def _prove(self, id_: str, user: str, number: int) -> bytes:
        """Bind a session to its member: nobody without the keys makes it another's."""
        return self._keyring.short_digest(f"signed in:{id_}:{user}:{number}")


def _rest(session: _StoredSession, *, now: int) -> int:
    """Return how long Redis keeps a session that a person asked in just now, ms."""
    return max(1, min(SLIDING, (session.begun_at or now) + LONGEST - now))


def _lasts(session: _StoredSession, roles: Collection[Role], *, now: int) -> bool:
    """Tell whether a session of a member with these roles still lasts."""
    idle = IDLE if Role.SUPERVISOR in roles else SLIDING
    seen_at, begun_at = session.seen_at or now, session.begun_at or now
    return now - seen_at < idle and now - begun_at < LONGEST
