"""Signing in: a name and a password become a session, tries are counted before they are made."""

import asyncio
from dataclasses import dataclass, replace

from state.store import password_rules
from state.store.known_browsers import KnownBrowsers
from state.store.members import Member, Members, StoredMember
from state.store.passwords import Passwords, TooManyAtOnce
from state.store.sessions import Sessions
from state.store.sign_in_throttle import SignInThrottle, SignInTry
from state.store.staff_errors import PasswordRefused, SignInRefused, TooManyTries

_MOMENT = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser that signs in tells.

    Attributes:
        words: which it is, in a few words, for its member to recognise it.
        known: what its cookie of known browsers holds.
        token: the session that it still has, which ends; or `""`.
    """

    words: str = ""
    known: str = ""
    token: str = ""


NO_BROWSER = Browser()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a browser gets that signed in: a session's token, and what its member is known by."""

    member: Member
    token: str
    known: str


class Authentication:
    """What signs members in, and gives them passwords."""

    def __init__(
        self,
        members: Members,
        sessions: Sessions,
        throttle: SignInThrottle,
        known: KnownBrowsers,
        *,
        company: str,
    ) -> None:
        """No password is guessed from the company's name."""
        self._members = members
        self._sessions = sessions
        self._throttle = throttle
        self._known = known
        self._passwords = Passwords()
        self._company = company
        self._old: bool | None = None

    async def sign_in(
        self, name: str, password: str, *, address: str, now: int, browser: Browser = NO_BROWSER
    ) -> SignedIn:
        """Check name and password and begin a session; the browser's earlier one ends.

        Raises:
            SignInRefused: one of them is wrong, or the member is disabled.
            TooManyTries: for that name, or from that address; nothing was tried.
        """
        stored = await self._members.read(self._members.digest(name))
        known = self._known.recognise(browser.known, stored)
        attempted = SignInTry(name=name, address=address, browser=known)
        if not await self._is_right(attempted, stored, password, now=now):
            raise SignInRefused
        assert stored is not None
        await self._throttle.give_back(attempted, now=now)
        if not self._passwords.is_current(stored.verifier):
            stored = await self._restretch(stored, password)
        return await self.begin(stored, browser, now=now)

    async def change_password(
        self, token: str, current: str, password: str, *, now: int, browser: Browser = NO_BROWSER
    ) -> SignedIn:
        """Give the member of a session another password; all sessions end, and a new one begins.

        Raises:
            SignInRefused: the session has ended, or the current password is wrong.
            TooManyTries: nothing was tried.
            PasswordRefused: choose another one.
        """
        stored = await self._sessions.admit(token, now=now, person=True)
        attempted = SignInTry(name=stored.name, address="", browser="signed in")
        if not await self._is_right(attempted, stored, current, now=now):
            raise SignInRefused
        await self._throttle.give_back(attempted, now=now)
        changed = await self.replace(stored, await self.stretch(password, stored.name))
        if changed is None:
            raise SignInRefused  # somebody else changed the member meanwhile
        return await self.begin(changed, browser, now=now)

    async def stretch(self, password: str, name: str) -> bytes:
        """Make the verifier of a password that a member of that name may have.

        Raises:
            PasswordRefused: choose another one.
            TooManyTries: too many choose one at this moment.
        """
        known = [name, self._company]
        problem = await asyncio.to_thread(password_rules.find_problem, password, known)
        if problem is not None:
            raise PasswordRefused(problem)
        try:
            return await self._passwords.stretch(password)
        except TooManyAtOnce:
            raise TooManyTries(_MOMENT) from None

    async def replace(self, stored: StoredMember, verifier: bytes) -> StoredMember | None:
        """Give a member a password; all sessions and links end. None if it changed meanwhile."""
        before = stored.standing
        standing = replace(before, password=before.password + 1, sessions=before.sessions + 1)
        anew = replace(stored, verifier=verifier, salt=b"", standing=standing)
        changed = await self._members.amend(anew, link="", link_until="")
        if changed is not None:
            await self._sessions.forget(stored.digest, standing.sessions)
        return changed

    async def begin(self, stored: StoredMember, browser: Browser, *, now: int) -> SignedIn:
        """Begin a session; the one that the browser still has ends."""
        if browser.token:
            await self._sessions.sign_out(browser.token)
        token = await self._sessions.begin(stored, browser=browser.words, now=now)
        await self._members.note(stored.digest, signed_in_at=now)
        known = self._known.remember(browser.known, stored)
        return SignedIn(member=stored.member, token=token, known=known)

    async def _is_right(
        self, attempted: SignInTry, stored: StoredMember | None, password: str, *, now: int
    ) -> bool:
        """Count a try, and make it; as long for a name that nobody has."""
        if wait := await self._throttle.admit(attempted, now=now):
            raise TooManyTries(wait / 1000)
        verifier, salt = (stored.verifier, stored.salt) if stored else (b"", b"")
        twice = await self._has_old()
        try:
            right = await self._passwords.matches(password, verifier, salt=salt, twice=twice)
        except TooManyAtOnce:
            await self._throttle.give_back(attempted, now=now)
            raise TooManyTries(_MOMENT) from None
        return right and stored is not None and stored.is_active

    async def _has_old(self) -> bool:
        """Tell whether a member's password may still be one of 0.1."""
        if self._old is not False:
            verifiers = [stored.verifier for stored in await self._members.list()]
            self._old = not all(self._passwords.is_current(one) for one in verifiers if one)
        return self._old

    async def _restretch(self, stored: StoredMember, password: str) -> StoredMember:
        """Replace a verifier of 0.1; whoever changed the member meanwhile did it too, or will."""
        try:
            verifier = await self._passwords.stretch(password)
        except TooManyAtOnce:
            return stored
        return await self._members.amend(replace(stored, verifier=verifier, salt=b"")) or stored
