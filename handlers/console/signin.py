"""Sign-in, sign-out, and the first administrator's one-time link."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.gate import COOKIE, SIGN_IN
from handlers.pages.rendering import page
from state.messages.staff import Page
from state.store.staff import (
    SESSION,
    LinkInvalid,
    NameTaken,
    SignInRefused,
    Staff,
    TooManyFailures,
)

_SHORTEST = 10  # characters of a password


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Signs members of staff in.

    Attributes:
        secure: the pages are reached over https; cookies are marked secure.
    """

    staff: Staff
    secure: bool

    def routes(self) -> list[BaseRoute]:
        """Build the routes that need no session."""
        return [
            Route(SIGN_IN, self._form, methods=["GET"]),
            Route(SIGN_IN, self._enter, methods=["POST"]),
            Route("/consola/inicio/{token}", self._first_form, methods=["GET"]),
            Route("/consola/inicio/{token}", self._first, methods=["POST"]),
            Route("/consola/salir", self._leave, methods=["POST"]),
        ]

    async def _form(self, _request: Request) -> Response:
        return page("console/enter.html", error="")

    async def _enter(self, request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        address = request.client.host if request.client else ""
        try:
            token = await self.staff.sign_in(name, password, address=address)
        except SignInRefused:
            return page("console/enter.html", status=401, error=Page.SIGN_IN_REFUSED)
        except TooManyFailures:
            return page("console/enter.html", status=429, error=Page.TOO_MANY_TRIES)
        return self._welcome(token)

    async def _first_form(self, request: Request) -> Response:
        good = await self.staff.may_set_up(request.path_params["token"])
        error = "" if good else Page.LINK_USED
        return page("console/first.html", status=200 if good else 404, error=error, good=good)

    async def _first(self, request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
        if not name or len(password) < _SHORTEST:
            error = Page.FIRST_INCOMPLETE.format(shortest=_SHORTEST)
            return page("console/first.html", status=422, error=error, good=True)
        try:
            await self.staff.set_up(request.path_params["token"], name, password)
        except (LinkInvalid, NameTaken):
            return page("console/first.html", status=404, error=Page.LINK_USED, good=False)
        return RedirectResponse(SIGN_IN, 303)

    async def _leave(self, request: Request) -> Response:
        await self.staff.sign_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    def _welcome(self, token: str) -> Response:
        response = RedirectResponse("/consola", 303)
        response.set_cookie(
            COOKIE, token, max_age=SESSION, path="/", httponly=True, samesite="lax",
            secure=self.secure,
        )  # fmt: skip
        return response
