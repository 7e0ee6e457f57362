"""The gate of the console: every path names its act, and only members whose roles allow it pass.

What changes something stands in the audit: a handler notes it before it is done, with what it is
about; for one that does not, the gate notes it afterwards.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from handlers.auditing import Auditor, address_of
from handlers.console.next_path import read_next
from handlers.pages.cookies import Cookie
from handlers.pages.rendering import StreamEnded
from handlers.ports import Clock
from state.audit import Result, SecurityEvent
from state.messages.staff import Page
from state.roles import RULES, Act, may
from state.store.members import Member
from state.store.staff import Staff
from state.store.staff_errors import SignInRefused

SIGN_IN = "/consola/entrar"

_SAFE = ("GET", "HEAD")
_UNDONE = 400  # from this status on nothing was done

Handler = Callable[[Request, Member], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets members do what their roles allow, and keeps a record of it."""

    staff: Staff
    auditor: Auditor
    clock: Clock
    cookie: Cookie

    def guard(
        self, act: Act, handler: Handler, *, person: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        """Let only members who may do it reach a handler; others are redirected, or refused.

        What a page asks by itself, as its stream, is no person's request: it keeps no session.
        """

        async def handle_member(request: Request) -> Response:
            try:
                member = await self.admit(request, person=person)
            except SignInRefused:
                return _refuse_stranger(request)
            if not may(member.roles, act):
                await self.note(request, member, act, result=Result.REFUSED)
                return HTMLResponse(Page.NO_ROLE, 403)
            response = await handler(request, member)
            if _changes(request, act) and response.status_code < _UNDONE and not _is_noted(request):
                await self.note(request, member, act)
            return response

        return handle_member

    async def admit(self, request: Request, *, person: bool = True) -> Member:
        """Return the member whose browser calls.

        Raises:
            SignInRefused: nobody is signed in there.
        """
        token = self.cookie.read(request)
        return await self.staff.member(token, now=self.clock(), person=person)

    async def allows(self, request: Request, act: Act) -> bool:
        """Tell whether a member calls whose roles allow it; nothing is noted."""
        try:
            member = await self.admit(request)
        except SignInRefused:
            return False
        return may(member.roles, act)

    def watch(self, request: Request, act: Act) -> Callable[[], Awaitable[Member]]:
        """Watch who may still see a stream: the session, and whether its roles allow the act."""

        async def viewer() -> Member:
            try:
                member = await self.admit(request, person=False)
            except SignInRefused:
                raise StreamEnded from None
            if not may(member.roles, act):
                raise StreamEnded
            return member

        return viewer

    async def note(
        self,
        request: Request,
        member: Member,
        act: Act | SecurityEvent,
        *,
        about: str = "",
        more: tuple[str, ...] = (),
        reason: str = "",
        result: Result = Result.DONE,
    ) -> None:
        """Note in the audit what a member does, before it is done, or what was refused.

        Raises:
            RedisError: it is not kept: do not do it.
        """
        request.state.noted = True
        await self.auditor.note(
            act,
            actor=member.name,
            about=about or _about(request),
            more=more,
            reason=reason,
            result=result,
            address=address_of(request),
        )


def _changes(request: Request, act: Act) -> bool:
    return not RULES[act].reads and request.method not in _SAFE


def _is_noted(request: Request) -> bool:
    return getattr(request.state, "noted", False)


def _about(request: Request) -> str:
    """Name the chat of a path, or else the path."""
    key = request.path_params.get("key", "")
    return f"chat:{key}" if key else request.url.path


def _refuse_stranger(request: Request) -> Response:
    """Send people to sign in and back; scripts, which would follow silently, get a status."""
    scripted = "hx-request" in request.headers or "event-stream" in request.headers.get(
        "accept", ""
    )
    if scripted:
        return Response(Page.SESSION_ENDED, 401)
    return RedirectResponse(f"{SIGN_IN}{_way_back(request)}", 303)


def _way_back(request: Request) -> str:
    """Name the page to come back to: the one asked for, or the one that held the form."""
    if request.method == "GET":
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    else:
        asked = urlsplit(request.headers.get("referer", "")).path
    path = read_next(asked)
    return f"?{urlencode({'next': path})}" if path else ""
