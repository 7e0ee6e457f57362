"""Sign-in, sign-out, and the one-time links by which members choose a password."""

import math
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.gate import SIGN_IN
from handlers.console.sign_in_audit import SignInAudit
from handlers.pages.browsers import describe_browser
from handlers.pages.cookies import StaffCookies
from handlers.pages.rendering import page
from handlers.ports import Clock
from state.audit import SecurityEvent
from state.messages.staff import NAME_PROBLEMS, PASSWORD_PROBLEMS, Page
from state.store.authentication import Browser, SignedIn
from state.store.known_browsers import LIFE
from state.store.one_time_links import LinkKind, OneTimeLink
from state.store.sessions import LONGEST
from state.store.staff import Staff
from state.store.staff_errors import (
    LinkInvalid,
    NameRefused,
    PasswordRefused,
    SignInRefused,
    TooManyTries,
)

_LINK = "/consola/inicio/{token}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Signs members of staff in."""

    staff: Staff
    clock: Clock
    record: SignInAudit
    cookies: StaffCookies

    def routes(self) -> list[BaseRoute]:
        """Build the routes that need no session."""
        return [
            Route(SIGN_IN, self._form, methods=["GET"]),
            Route(SIGN_IN, self._enter, methods=["POST"]),
            Route(_LINK, self._link_form, methods=["GET"]),
            Route(_LINK, self._accept, methods=["POST"]),
            Route("/consola/salir", self._leave, methods=["POST"]),
        ]

    async def _form(self, _request: Request) -> Response:
        return page("console/enter.html", error="")

    async def _enter(self, request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        try:
            signed_in = await self.staff.sign_in(
                name,
                password,
                address=request.client.host if request.client else "",
                now=self.clock(),
                browser=self._browser(request),
            )
        except SignInRefused:
            await self.record.refuse(request, SecurityEvent.SIGN_IN, name)
            return page("console/enter.html", status=401, error=Page.SIGN_IN_REFUSED)
        except TooManyTries as error:
            await self.record.refuse(request, SecurityEvent.SIGN_IN_SLOWED, name)
            return _slow("console/enter.html", error)
        await self.record.let_in(request, SecurityEvent.SIGN_IN, signed_in)
        return self._welcome(signed_in)

    async def _link_form(self, request: Request) -> Response:
        try:
            link = await self._link(request)
        except LinkInvalid:
            return await self._void(request)
        return page("console/first.html", error="", **_words(link))

    async def _accept(self, request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        try:
            words = _words(await self._link(request))
        except LinkInvalid:
            return await self._void(request)
        try:
            signed_in = await self._choose(request, name, password)
        except LinkInvalid:
            return await self._void(request)
        except NameRefused as refused:
            error = NAME_PROBLEMS[refused.problem]
        except PasswordRefused as refused:
            error = PASSWORD_PROBLEMS[refused.problem]
        except TooManyTries as late:
            return _slow("console/first.html", late, **words)
        else:
            await self.record.let_in(request, SecurityEvent.LINK_USED, signed_in)
            return self._welcome(signed_in)
        return page("console/first.html", status=422, error=error, **words)

    async def _link(self, request: Request) -> OneTimeLink:
        return await self.staff.link(request.path_params["token"], now=self.clock())

    async def _choose(self, request: Request, name: str, password: str) -> SignedIn:
        return await self.staff.accept(
            request.path_params["token"],
            password,
            name=name,
            now=self.clock(),
            browser=self._browser(request),
        )

    async def _leave(self, request: Request) -> Response:
        token = self.cookies.session.read(request)
        await self._note_leaving(request, token)
        await self.staff.sessions.sign_out(token)
        response = RedirectResponse(SIGN_IN, 303)
        self.cookies.clear(response)
        return response

    def _browser(self, request: Request) -> Browser:
        return Browser(
            words=describe_browser(request.headers.get("user-agent", "")),
            known=self.cookies.browser.read(request),
            token=self.cookies.session.read(request),
        )

    async def _note_leaving(self, request: Request, token: str) -> None:
        try:
            member = await self.staff.member(token, now=self.clock(), person=False)
        except SignInRefused:
            return
        await self.record.leave(request, member.name)

    async def _void(self, request: Request) -> Response:
        await self.record.refuse(request, SecurityEvent.LINK_USED)
        words = {"error": Page.LINK_USED, "good": False, "named": False}
        return page("console/first.html", status=404, **words)

    def _welcome(self, signed_in: SignedIn) -> Response:
        """Give the browser its cookies: the session's, and the one that makes it a known one."""
        response = RedirectResponse("/consola", 303)
        self.cookies.session.write(response, signed_in.token, seconds=LONGEST // 1000)
        self.cookies.browser.write(response, signed_in.known, seconds=LIFE)
        return response


def _words(link: OneTimeLink) -> dict[str, Any]:
    return {"good": True, "named": link.kind is not LinkKind.FIRST, "name": link.name}


def _slow(template: str, error: TooManyTries, **words: object) -> Response:
    """Say how long to wait, as a person reads it and as a program does."""
    seconds = max(1, math.ceil(error.retry_after))
    wait = f"{seconds} s" if seconds < 60 else f"{math.ceil(seconds / 60)} min"
    answer = page(template, status=429, error=Page.TOO_MANY_TRIES.format(wait=wait), **words)
    answer.headers["Retry-After"] = str(seconds)
    return answer
