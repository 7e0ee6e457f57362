"""Looking after members: who is added, what roles they have, who is let in no more.

Members are added, and their roles changed, by one at a time in the whole installation: so there is
always an administrador who can sign in.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

from redis.asyncio import Redis, RedisCluster

from state import members as rules
from state.fields.folding import plain
from state.members import NameProblem
from state.roles import FIRST, Role
from state.store import keys
from state.store.members import Members, Standing, StoredMember
from state.store.one_time_links import OneTimeLinks
from state.store.sessions import Sessions
from state.store.sign_in_throttle import SignInThrottle
from state.store.staff_errors import (
    LastAdministrator,
    LinkInvalid,
    MembersBusy,
    NameRefused,
    NoSuchMember,
    RolesMissing,
)

_PATIENCE = 100  # times to ask for the right to change members, every 50 ms
_TURN = 10_000  # ms for which one has it


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInfo:
    """A member, as whoever looks after members sees one.

    Attributes:
        has_password: False until the first link was used.
        link_until: until when a link of the member's is valid, ms; 0 if there is none.
        signed_in_at: when the member last signed in, ms; 0 for never.
        reserved: somebody else is called so too: it is of before names were reserved.
    """

    name: str
    digest: str
    roles: frozenset[Role]
    disabled: bool
    has_password: bool
    link_until: int
    signed_in_at: int
    reserved: bool


class Membership:
    """What adds members, and changes what they are."""

    def __init__(
        self,
        redis: Redis | RedisCluster,
        members: Members,
        sessions: Sessions,
        links: OneTimeLinks,
        throttle: SignInThrottle,
        *,
        company: str,
    ) -> None:
        """Nobody is called as the company."""
        self._redis = redis
        self._members = members
        self._sessions = sessions
        self._links = links
        self._throttle = throttle
        self._company = (company,) if company else ()

    async def list(self, *, now: int) -> list[MemberInfo]:
        """List all members, by name."""
        return [self._describe(stored, now=now) for stored in await self._members.list()]

    async def add(self, name: str, roles: Collection[Role], *, now: int) -> str:
        """Add a member, and return the token of the link by which the member chooses a password.

        The first member ever is a supervisor and an administrador whatever roles are given.

        Raises:
            NameRefused: choose another name.
            RolesMissing, MembersBusy: as they say.
        """
        async with self._alone():
            first = not await self._members.any()
            stored = await self._create(name, FIRST if first else roles)
        return await self._issue(stored, now=now)

    async def invite_again(self, name: str, *, now: int) -> str:
        """Return the token of a link by which a member chooses a (new) password.

        An earlier link of the member is void; the password is not, until the link was used.

        Raises:
            NoSuchMember: nobody is called so.
        """
        return await self._issue(await self._find(name), now=now)

    async def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """Give a member these roles instead of those from before; they count at once.

        Raises:
            NoSuchMember, RolesMissing, LastAdministrator, MembersBusy: as they say.
        """
        given = _require(roles)
        await self._change(name, lambda standing: replace(standing, roles=given))

    async def disable(self, name: str) -> None:
        """Let a member in no more: sessions end at once, links are void, roles are kept.

        Raises:
            NoSuchMember, LastAdministrator, MembersBusy: as they say.
        """
        await self._change(name, lambda standing: replace(standing, disabled=True))
        stored = await self._find(name)
        await self._members.note(stored.digest, link="", link_until=0)
        await self._sessions.end_all(stored.digest)

    async def enable(self, name: str) -> None:
        """Let a disabled member in again, and forget the tries for the name.

        Raises:
            NoSuchMember, MembersBusy: as they say.
        """
        await self._change(name, lambda standing: replace(standing, disabled=False))
        await self._throttle.clear(name)

    async def add_first(self, name: str) -> StoredMember:
        """Add the first administrator.

        Raises:
            NameRefused: choose another name.
            LinkInvalid: there is a member already.
        """
        async with self._alone():
            if await self._members.any():
                raise LinkInvalid
            return await self._create(name, FIRST)

    async def _create(self, name: str, roles: Collection[Role]) -> StoredMember:
        """Write a new member; whoever looks like another is refused."""
        given, name = _require(roles), plain(name)
        problem = rules.find_problem(name, also=self._company)
        if problem is not None:
            raise NameRefused(problem)
        if not await self._members.claim(name):
            raise NameRefused(NameProblem.TAKEN)
        stored = await self._members.create(name, Standing(roles=given))
        if stored is None:
            raise NameRefused(NameProblem.TAKEN)
        return stored

    async def _issue(self, stored: StoredMember, *, now: int) -> str:
        token = await self._links.issue(
            user=stored.digest, password=stored.standing.password, now=now
        )
        link = await self._links.read(token, now=now)
        assert link is not None
        await self._members.note(stored.digest, link=link.digest, link_until=link.until)
        return token

    async def _change(self, name: str, changed: Callable[[Standing], Standing]) -> None:
        """Change what a member is, while nobody else changes anybody."""
        async with self._alone():
            while True:
                stored = await self._find(name)
                standing = changed(stored.standing)
                if _administers(stored.standing) and not _administers(standing):
                    await self._require_another(stored)
                if await self._members.amend(replace(stored, standing=standing)):
                    return

    async def _require_another(self, stored: StoredMember) -> None:
        others = [one for one in await self._members.list() if one.digest != stored.digest]
        if not any(one.is_active and _administers(one.standing) for one in others):
            raise LastAdministrator(LastAdministrator.__doc__)

    async def _find(self, name: str) -> StoredMember:
        stored = await self._members.read(self._members.digest(name))
        if stored is None:
            raise NoSuchMember(NoSuchMember.__doc__)
        return stored

    def _describe(self, stored: StoredMember, *, now: int) -> MemberInfo:
        return MemberInfo(
            name=stored.name,
            digest=stored.digest,
            roles=stored.standing.roles,
            disabled=stored.standing.disabled,
            has_password=bool(stored.verifier),
            link_until=stored.link_until if stored.link and now < stored.link_until else 0,
            signed_in_at=stored.signed_in_at,
            reserved=rules.is_reserved(stored.name, also=self._company),
        )

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Let nobody else add members or change their roles meanwhile."""
        name, token = keys.name_key("lease", "members"), uuid4().hex
        for _ in range(_PATIENCE):
            if await self._redis.set(name, token, nx=True, px=_TURN):
                break
            await asyncio.sleep(0.05)
        else:
            raise MembersBusy(MembersBusy.__doc__)
        try:
            yield
        finally:
            if await self._redis.get(name) == token.encode():
                await self._redis.delete(name)


def _require(roles: Collection[Role]) -> frozenset[Role]:
    if not roles:
        raise RolesMissing(RolesMissing.__doc__)
    return frozenset(roles)


def _administers(standing: Standing) -> bool:
    return Role.ADMINISTRADOR in standing.roles and not standing.disabled
