"""What a browser tells of itself, and what it keeps when a member signs in there."""

from starlette.requests import Request
from starlette.responses import Response

from handlers.pages.browsers import describe_browser
from handlers.pages.cookies import StaffCookies
from state.store import known_browsers, sessions
from state.store.authentication import Browser, SignedIn


def read_browser(request: Request, cookies: StaffCookies) -> Browser:
    """Read which browser it is, its session, and who signed in there before."""
    return Browser(
        words=describe_browser(request.headers.get("user-agent", "")),
        known=cookies.browser.read(request),
        token=cookies.session.read(request),
    )


def let_in(response: Response, cookies: StaffCookies, signed_in: SignedIn) -> Response:
    """Give the browser its cookies: the session's, and the one that makes it a known one."""
    cookies.session.write(response, signed_in.token, seconds=sessions.LONGEST // 1000)
    cookies.browser.write(response, signed_in.known, seconds=known_browsers.LIFE)
    return response
