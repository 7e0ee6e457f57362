"""Security headers of every answer, and the same-origin check of forms.

Pure ASGI: a middleware that buffers would delay event streams. The same-origin check uses the
browser's `Sec-Fetch-Site`, or compares `Origin` with the address called; a caller that sends
neither is no browser and still needs the cookie.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.auditing import Auditor, address_of
from state.audit import SecurityEvent
from state.messages.staff import Page

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
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

    def __init__(self, app: ASGIApp, auditor: Auditor) -> None:
        """Guard this application; what is rejected goes into the audit."""
        self._app = app
        self._auditor = auditor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or reject it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                kept = scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", _FOR_EVER if kept else "no-store")
            await send(message)

        if _foreign(scope):
            await self._note(Request(scope))
            refusal = PlainTextResponse(Page.OTHER_SITE, 403)
            await refusal(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    async def _note(self, request: Request) -> None:
        await self._auditor.refuse(SecurityEvent.OTHER_SITE, address=address_of(request))


def _foreign(scope: Scope) -> bool:
    if scope["method"] in _SAFE or scope["path"].startswith(_MACHINES):
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
