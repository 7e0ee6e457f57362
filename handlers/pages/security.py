"""Security headers of every answer, and the same-origin check of forms.

Pure ASGI: a middleware that buffers would delay event streams. The same-origin check uses the
browser's `Sec-Fetch-Site`, or compares `Origin` with our public address, or with the host called
where there is none; a caller that sends neither is no browser and still needs the cookie.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.auditing import Auditor, address_of
from handlers.pages.origins import Origin, names_this_machine, read_host, read_origin
from state.audit import SecurityEvent
from state.messages.staff import Page

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_SAFE = ("GET", "HEAD", "OPTIONS")
_MACHINES = ("/api/", "/webhooks/")
_FOR_EVER = "public, max-age=31536000, immutable"


class SecurityMiddleware:
    """Adds the headers and rejects forms from other sites."""

    def __init__(self, app: ASGIApp, auditor: Auditor, public: Origin | None = None) -> None:
        """Guard this application; what is rejected goes into the audit.

        `public` is where browsers reach it, if that is known.
        """
        self._app = app
        self._auditor = auditor
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or reject it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", _POLICY)
                for name, value in _HEADERS.items():
                    headers[name] = value
                kept = scope["path"].startswith("/static/") and message["status"] < 400
                headers.setdefault("Cache-Control", _FOR_EVER if kept else "no-store")
            await send(message)

        if _is_foreign(scope, self._public):
            await self._note(Request(scope))
            refusal = PlainTextResponse(Page.OTHER_SITE, 403)
            await refusal(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    async def _note(self, request: Request) -> None:
        await self._auditor.refuse(SecurityEvent.OTHER_SITE, address=address_of(request))


class HostMiddleware:
    """Answers only calls of this machine's own names: for the demonstration, which has no keys.

    Otherwise a page of another site, whose name its owner makes lead here, could use the simulated
    phones (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, public: Origin | None = None) -> None:
        """Guard this application; the host of `public` is answered too."""
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or reject it."""
        if scope["type"] == "http" and not self._knows(read_host(scope)):
            refusal = PlainTextResponse(Page.OTHER_HOST, 421)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        return names_this_machine(host) or (self._public is not None and host == self._public.host)


def _is_foreign(scope: Scope, public: Origin | None) -> bool:
    if scope["method"] in _SAFE or scope["path"].startswith(_MACHINES):
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    named = headers.get("origin")
    if named is None:
        return False
    origin = read_origin(named)
    if origin is None:
        return True
    own = public or read_origin(f"{origin.scheme}://{headers.get('host', '')}")
    return origin != own
