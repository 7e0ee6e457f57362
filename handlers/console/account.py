"""A member's own account: another password, and the browsers that are signed in."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.console.refusals import tell
from handlers.console.sessions import let_in, read_browser
from handlers.pages.cookies import StaffCookies
from handlers.pages.live import Hub
from handlers.pages.rendering import page
from handlers.ports import Clock
from state.audit import Result, SecurityEvent
from state.members import PASSWORD_LENGTHS
from state.messages.personnel import Personnel
from state.roles import Act
from state.store.members import Member
from state.store.staff import Staff
from state.store.staff_errors import PasswordRefused, SignInRefused, TooManyTries

PATH = "/consola/cuenta"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPages:
    """What members do with their own password and sessions."""

    staff: Staff
    hub: Hub
    gate: Gate
    clock: Clock
    cookies: StaffCookies

    def routes(self) -> list[BaseRoute]:
        """Build the page and its forms, and what tells a script whose session it is."""
        own, guard = Act.USE_ACCOUNT, self.gate.guard
        return [
            Route(PATH, guard(own, self._show)),
            Route(f"{PATH}/clave", guard(own, self._change_password), methods=["POST"]),
            Route(f"{PATH}/sesion", guard(own, self._end_one), methods=["POST"]),
            Route(f"{PATH}/sesiones", guard(own, self._end_others), methods=["POST"]),
            Route("/consola/sesion", guard(own, _tell_member)),
        ]

    async def _show(self, request: Request, member: Member) -> Response:
        return await self._answer(request, member)

    async def _answer(
        self, request: Request, member: Member, *, error: str = "", status: int = 200
    ) -> Response:
        token = self.cookies.session.read(request)
        sessions = await self.staff.sessions.list(member.digest, token=token, now=self.clock())
        done = Personnel.CHANGED if "nueva" in request.query_params else ""
        return page(
            "console/account.html", status=status, error=error, done=done,
            open_sessions=sessions, shortest=PASSWORD_LENGTHS.start, **show_frame(member),
        )  # fmt: skip

    async def _change_password(self, request: Request, member: Member) -> Response:
        """Change the password: the present one is asked, and all sessions end but a new one."""
        form = await request.form()
        present, password = str(form.get("present", "")), str(form.get("password", ""))
        browser = read_browser(request, self.cookies)
        await self._note(request, member, SecurityEvent.PASSWORD_SET)
        try:
            signed_in = await self.staff.change_password(
                browser.token, present, password, now=self.clock(), browser=browser
            )
        except (SignInRefused, PasswordRefused, TooManyTries) as refusal:
            await self._note(request, member, SecurityEvent.PASSWORD_SET, result=Result.REFUSED)
            error = Personnel.WRONG if isinstance(refusal, SignInRefused) else tell(refusal)
            status = 429 if isinstance(refusal, TooManyTries) else 422
            return await self._answer(request, member, error=error, status=status)
        self.hub.ask_again()
        return let_in(RedirectResponse(f"{PATH}?nueva=1", 303), self.cookies, signed_in)

    async def _end_one(self, request: Request, member: Member) -> Response:
        form = await request.form()
        await self._note(request, member, SecurityEvent.SESSION_ENDED)
        await self.staff.sessions.end(member.digest, str(form.get("session", "")))
        return self._go_back()

    async def _end_others(self, request: Request, member: Member) -> Response:
        await self._note(request, member, SecurityEvent.SESSION_ENDED)
        token = self.cookies.session.read(request)
        await self.staff.sessions.end_all(member.digest, except_token=token)
        return self._go_back()

    async def _note(
        self, request: Request, member: Member, event: SecurityEvent, result: Result = Result.DONE
    ) -> None:
        about = f"member:{member.name}"
        await self.gate.note(request, member, event, about=about, result=result)

    def _go_back(self) -> Response:
        """Show the page again; streams of the sessions that ended are told at once."""
        self.hub.ask_again()
        return RedirectResponse(PATH, 303)


async def _tell_member(_request: Request, member: Member) -> Response:
    """Tell a script that its session lasts, and whose it is."""
    return Response(status_code=204, headers={"X-Member": member.digest})
