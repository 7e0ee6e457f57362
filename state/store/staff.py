"""The staff: whose session asks, and what one-time links are good for.

A password's verifier, the roles, and whether a member is disabled are sealed for the member and a
number (`state.store.members`): whoever writes to Redis without the keys signs nobody in and gives
nobody a role. Of tokens only keyed digests are stored, so a dump signs nobody in either.

All times are ms since 1970. A member is called by its digest where it is known, by its name where a
person types it.
"""

import hmac

from redis.asyncio import Redis, RedisCluster

from state.store.authentication import NO_BROWSER, Authentication, Browser, SignedIn
from state.store.encryption import Keyring
from state.store.formats import Formats
from state.store.known_browsers import KnownBrowsers
from state.store.members import Member, Members, StoredMember
from state.store.membership import Membership
from state.store.one_time_links import LinkKind, OneTimeLink, OneTimeLinks, StoredLink
from state.store.pipeline import Pipeline
from state.store.sessions import Sessions
from state.store.sign_in_throttle import SignInThrottle
from state.store.staff_errors import LinkInvalid


class Staff:
    """All members of staff.

    Attributes:
        members: how they are stored.
        sessions: the browsers in which they are signed in.
    """

    def __init__(
        self,
        redis: Redis | RedisCluster,
        pipeline: Pipeline,
        keyring: Keyring,
        formats: Formats,
        *,
        company: str = "",
    ) -> None:
        """Use this Redis, with these keys; no member is called as the company, and no password."""
        self.members = Members(redis, pipeline, keyring, formats)
        self.sessions = Sessions(redis, keyring, formats, self.members)
        self._links = OneTimeLinks(redis, keyring)
        throttle = SignInThrottle(pipeline, keyring)
        self._authentication = Authentication(
            self.members, self.sessions, throttle, KnownBrowsers(keyring), company=company
        )
        self._membership = Membership(
            redis, self.members, self.sessions, self._links, throttle, company=company
        )
        self.sign_in = self._authentication.sign_in
        self.change_password = self._authentication.change_password
        self.list = self._membership.list
        self.add = self._membership.add
        self.invite_again = self._membership.invite_again
        self.set_roles = self._membership.set_roles
        self.disable = self._membership.disable
        self.enable = self._membership.enable

    async def member(self, token: str, *, now: int, person: bool = True) -> Member:
        """Return the member of a session token; a person's request keeps the session going.

        A stream asks with `person=False`.

        Raises:
            SignInRefused: the session has ended, or its member was disabled.
        """
        return (await self.sessions.admit(token, now=now, person=person)).member

    async def first_link(self, *, now: int) -> str | None:
        """Make a link for the first administrator and return its token; None once there is one."""
        if await self.members.any():
            return None
        return await self._links.issue(now=now)

    async def link(self, token: str, *, now: int) -> OneTimeLink:
        """Tell what a link is for, and whose it is.

        Raises:
            LinkInvalid: it is not valid (any more).
        """
        _, stored = await self._follow(token, now=now)
        if stored is None:
            return OneTimeLink(LinkKind.FIRST)
        kind = LinkKind.PASSWORD if stored.verifier else LinkKind.INVITATION
        return OneTimeLink(kind, stored.name)

    async def accept(
        self, token: str, password: str, *, now: int, name: str = "", browser: Browser = NO_BROWSER
    ) -> SignedIn:
        """Choose the password that a link is for, and begin a session; all others end.

        `name` is that of the first administrator; other links know whose they are. A name or
        password that is refused leaves the link as it is.

        Raises:
            LinkInvalid: it is not valid (any more).
            NameRefused, PasswordRefused: choose another one.
            TooManyTries: too many choose one at this moment.
        """
        link, stored = await self._follow(token, now=now)
        verifier = await self._authentication.stretch(password, stored.name if stored else name)
        if stored is None:
            stored = await self._membership.add_first(name)
        while (changed := await self._authentication.replace(stored, verifier)) is None:
            _, stored = await self._follow(token, now=now)  # something else of the member changed
            if stored is None:
                raise LinkInvalid
        await self._links.drop(link.digest)
        return await self._authentication.begin(changed, browser, now=now)

    async def _follow(self, token: str, *, now: int) -> tuple[StoredLink, StoredMember | None]:
        """Return a link that is valid, and its member; None for the first administrator."""
        link = await self._links.read(token, now=now)
        if link is None:
            raise LinkInvalid
        if not link.user:
            if await self.members.any():
                raise LinkInvalid
            return link, None
        stored = await self.members.read(link.user)
        if stored is None or stored.standing.disabled or not _is_newest(link, stored):
            raise LinkInvalid
        return link, stored


def _is_newest(link: StoredLink, stored: StoredMember) -> bool:
    """Tell whether it is the member's newest link, and none was used since."""
    newest = hmac.compare_digest(link.digest, stored.link)
    return newest and link.password == stored.standing.password
