"""Sign-in, sign-out, and the one-time links by which members choose a password."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.auditing import address_of
from handlers.console.frame import HOME
from handlers.console.gate import SIGN_IN
from handlers.console.next_path import read_next
from handlers.console.refusals import count_seconds, tell
from handlers.console.sessions import let_in, read_browser
from handlers.console.sign_in_audit import SignInAudit
from handlers.pages.cookies import StaffCookies
from handlers.pages.live import Hub
from handlers.pages.rendering import page
from handlers.ports import Clock
from state.audit import SecurityEvent
from state.messages.staff import Page
from state.store.authentication import SignedIn
from state.store.one_time_links import LinkKind, OneTimeLink
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
    """Signs members of staff in, on a page of its own or over a page whose session ended."""

    staff: Staff
    hub: Hub
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

    async def _form(self, request: Request) -> Response:
        return page("console/enter.html", error="", next=_read_next(request.query_params))

    async def _enter(self, request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        try:
            signed_in = await self.staff.sign_in(
                name,
                password,
                address=address_of(request),
                now=self.clock(),
                browser=read_browser(request, self.cookies),
            )
        except SignInRefused:
            await self.record.refuse(request, SecurityEvent.SIGN_IN, name)
            return _refuse(request, form, 401, Page.SIGN_IN_REFUSED)
        except TooManyTries as refusal:
            await self.record.refuse(request, SecurityEvent.SIGN_IN_SLOWED, name)
            return _slow(_refuse(request, form, 429, tell(refusal)), refusal)
        await self.record.let_in(request, SecurityEvent.SIGN_IN, signed_in)
        return self._let_in(_go_on(request, form, signed_in), signed_in)

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
        words["name"] = words["name"] or name
        try:
            signed_in = await self._choose(request, name, password)
        except LinkInvalid:
            return await self._void(request)
        except (NameRefused, PasswordRefused) as refusal:
            return page("console/first.html", status=422, error=tell(refusal), **words)
        except TooManyTries as refusal:
            late = page("console/first.html", status=429, error=tell(refusal), **words)
            return _slow(late, refusal)
        await self.record.let_in(request, SecurityEvent.LINK_USED, signed_in)
        return self._let_in(RedirectResponse(HOME, 303), signed_in)

    async def _link(self, request: Request) -> OneTimeLink:
        return await self.staff.link(request.path_params["token"], now=self.clock())

    async def _choose(self, request: Request, name: str, password: str) -> SignedIn:
        return await self.staff.accept(
            request.path_params["token"],
            password,
            name=name,
            now=self.clock(),
            browser=read_browser(request, self.cookies),
        )

    async def _leave(self, request: Request) -> Response:
        token = self.cookies.session.read(request)
        await self._note_leaving(request, token)
        await self.staff.sessions.sign_out(token)
        self.hub.ask_again()
        response = RedirectResponse(SIGN_IN, 303)
        self.cookies.clear(response)
        return response

    def _let_in(self, response: Response, signed_in: SignedIn) -> Response:
        """Give the browser its session; streams of the one that it had before end at once."""
        self.hub.ask_again()
        return let_in(response, self.cookies, signed_in)

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


def _read_next(words: Mapping[str, object]) -> str:
    return read_next(str(words.get("next", "")))


def _go_on(request: Request, form: Mapping[str, object], signed_in: SignedIn) -> Response:
    """Go on: to the page that was asked for, or where the open page stands that signed in."""
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"X-Member": signed_in.member.digest})
    return RedirectResponse(_read_next(form) or HOME, 303)


def _refuse(request: Request, form: Mapping[str, object], status: int, words: str) -> Response:
    """Tell why not: on the page of its own, or in the dialog over an open page."""
    if "hx-request" in request.headers:
        return HTMLResponse(words, status)
    return page("console/enter.html", status=status, error=words, next=_read_next(form))


def _words(link: OneTimeLink) -> dict[str, Any]:
    return {"good": True, "named": link.kind is not LinkKind.FIRST, "name": link.name}


def _slow(answer: Response, refusal: TooManyTries) -> Response:
    """Tell a program too how long to wait."""
    answer.headers["Retry-After"] = str(count_seconds(refusal))
    return answer
