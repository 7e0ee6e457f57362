"""Personal: who works here, with which roles, and how each of them gets in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.console.refusals import tell
from handlers.pages.live import Hub
from handlers.pages.rendering import page
from handlers.ports import Clock
from state.audit import Result, SecurityEvent
from state.messages.personnel import DONE, ROLES, Personnel
from state.roles import Act, Role
from state.store.members import Member
from state.store.membership import MemberInfo
from state.store.one_time_links import LIFE
from state.store.staff import Staff
from state.store.staff_errors import LastAdministrator, MembersBusy, NameRefused, RolesMissing

PATH = "/consola/personal"

Change = Callable[[MemberInfo, FormData], Awaitable[object]]

_HOUR = 3600_000  # ms


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPages:
    """What administrators do with members; no customer's data is shown here.

    Attributes:
        url: where the pages are reached, for links that are handed on.
        release: puts the chats that a member of that name holds in the queue.
    """

    staff: Staff
    hub: Hub
    gate: Gate
    clock: Clock
    url: str
    release: Callable[[str], Awaitable[object]]

    def routes(self) -> list[BaseRoute]:
        """Build the list, a page for each member, and what is done there."""
        one = f"{PATH}/{{digest}}"
        changes: dict[str, tuple[SecurityEvent, Change]] = {
            "roles": (SecurityEvent.ROLES_GIVEN, self._set_roles),
            "activar": (SecurityEvent.MEMBER_UNLOCKED, self._enable),
            "desbloquear": (SecurityEvent.MEMBER_UNLOCKED, self._enable),
            "desactivar": (SecurityEvent.MEMBER_DISABLED, self._disable),
            "sesion": (SecurityEvent.SESSION_ENDED, self._end_session),
            "sesiones": (SecurityEvent.SESSION_ENDED, self._end_sessions),
        }
        return [
            self._route(PATH, self._show, "GET"),
            self._route(PATH, self._add, "POST"),
            self._route(one, self._show_one, "GET"),
            self._route(f"{one}/enlace", self._link_again, "POST"),
            *(
                self._route(f"{one}/{name}", self._changing(name, event, change), "POST")
                for name, (event, change) in changes.items()
            ),
        ]

    def _route(self, path: str, handler: Any, method: str) -> Route:
        return Route(path, self.gate.guard(Act.MANAGE_MEMBERS, handler), methods=[method])

    # The list --------------------------------------------------------------------------------

    async def _show(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        return await self._list(member)

    async def _list(self, member: Member, *, status: int = 200, **values: object) -> Response:
        shown: dict[str, object] = {"error": "", "link": None, "name": "", "given": ()}
        everybody = [show_member(one) for one in await self.staff.list(now=self.clock())]
        shown |= {"members": everybody, "all_roles": ROLES} | values
        return page("console/members.html", status=status, **show_frame(member), **shown)

    async def _add(self, request: Request, member: Member) -> Response:
        """Add a member, and show the one-time link, once."""
        form = await request.form()
        name, given = str(form.get("name", "")).strip(), _read_roles(form)
        note = partial(
            self.gate.note, request, member, SecurityEvent.MEMBER_ADDED,
            about=f"member:{name}", reason=", ".join(sorted(given)),
        )  # fmt: skip
        await note()
        try:
            token = await self.staff.add(name, given, now=self.clock())
        except (NameRefused, RolesMissing, MembersBusy) as refusal:
            await note(result=Result.REFUSED)
            error = tell(refusal)
            return await self._list(member, status=422, error=error, name=name, given=given)
        return await self._list(member, link=self._show_link(request, name, token))

    # One member ------------------------------------------------------------------------------

    async def _show_one(self, request: Request, member: Member) -> Response:
        done = DONE.get(request.query_params.get("hecho", ""), "")
        return await self._answer(request, member, done=done)

    async def _answer(
        self, request: Request, member: Member, *, status: int = 200, **values: object
    ) -> Response:
        found = await self._find(request)
        if found is None:
            return await self._list(member, status=404, error=Personnel.NO_MEMBER)
        token = self.gate.cookie.read(request)
        sessions = await self.staff.sessions.list(found.digest, token=token, now=self.clock())
        shown: dict[str, object] = {"error": "", "done": "", "link": None}
        shown |= {"one": show_member(found), "open_sessions": sessions, "all_roles": ROLES}
        return page("console/member.html", status=status, **show_frame(member), **shown | values)

    def _changing(
        self, name: str, event: SecurityEvent, change: Change
    ) -> Callable[..., Awaitable[Response]]:
        """Build what changes a member: noted before, and as refused if it is."""

        async def handle(request: Request, member: Member) -> Response:
            found, form = await self._find(request), await request.form()
            if found is None:
                return await self._answer(request, member)
            about, reason = f"member:{found.name}", ", ".join(sorted(_read_roles(form)))
            note = partial(self.gate.note, request, member, event, about=about, reason=reason)
            await note()
            try:
                await change(found, form)
            except (LastAdministrator, RolesMissing, MembersBusy) as refusal:
                await note(result=Result.REFUSED)
                return await self._answer(request, member, status=422, error=tell(refusal))
            self.hub.ask_again()
            return RedirectResponse(f"{PATH}/{found.digest}?hecho={name}", 303)

        return handle

    async def _link_again(self, request: Request, member: Member) -> Response:
        """Make a link for another password, and show it, once."""
        found = await self._find(request)
        if found is None:
            return await self._answer(request, member)
        about = f"member:{found.name}"
        await self.gate.note(request, member, SecurityEvent.LINK_MADE, about=about)
        token = await self.staff.invite_again(found.name, now=self.clock())
        link = self._show_link(request, found.name, token)
        return await self._answer(request, member, link=link)

    async def _set_roles(self, found: MemberInfo, form: FormData) -> None:
        await self.staff.set_roles(found.name, _read_roles(form))

    async def _enable(self, found: MemberInfo, _form: FormData) -> None:
        await self.staff.enable(found.name)

    async def _disable(self, found: MemberInfo, _form: FormData) -> None:
        await self.staff.disable(found.name)
        await self.release(found.name)

    async def _end_session(self, found: MemberInfo, form: FormData) -> None:
        await self.staff.sessions.end(found.digest, str(form.get("session", "")))

    async def _end_sessions(self, found: MemberInfo, _form: FormData) -> None:
        await self.staff.sessions.end_all(found.digest)

    async def _find(self, request: Request) -> MemberInfo | None:
        digest = request.path_params["digest"]
        everybody = await self.staff.list(now=self.clock())
        return next((one for one in everybody if one.digest == digest), None)

    def _show_link(self, request: Request, name: str, token: str) -> dict[str, object]:
        base = self.url or f"{request.url.scheme}://{request.url.netloc}"
        return {
            "name": name,
            "url": f"{base.rstrip('/')}/consola/inicio/{token}",
            "hours": LIFE // _HOUR,
        }


def show_member(member: MemberInfo) -> dict[str, Any]:
    """Show a member as the list and the member's own page do."""
    state = Personnel.DISABLED if member.disabled else Personnel.ACTIVE
    if not member.has_password and not member.disabled:
        state = Personnel.INVITED if member.link_until else Personnel.LINK_EXPIRED
    return {
        "name": member.name,
        "digest": member.digest,
        "roles": [role for role in Role if role in member.roles],
        "state": state,
        "active": state == Personnel.ACTIVE,
        "disabled": member.disabled,
        "signed_in_at": member.signed_in_at,
    }


def _read_roles(form: FormData) -> frozenset[Role]:
    """Read the roles that are checked; what is none is none."""
    return frozenset(Role(str(one)) for one in form.getlist("role") if str(one) in set(Role))
