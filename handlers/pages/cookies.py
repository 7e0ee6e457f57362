"""The cookies of staff's pages: their names and their attributes, in one place."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Cookie:
    """Reads and writes one value that a browser keeps for us.

    Attributes:
        secure: the pages are reached over https. Then browsers send the cookie over https only,
            and its prefix has them refuse one that another host of the domain sets (RFC 6265bis,
            4.1.3.2: `__Host-` needs `Secure`, `Path=/`, and no `Domain`).
    """

    plain_name: str
    secure: bool

    @property
    def name(self) -> str:
        """The cookie's name."""
        return f"__Host-{self.plain_name}" if self.secure else self.plain_name

    def read(self, request: HTTPConnection) -> str:
        """Read the value; empty if there is none."""
        return request.cookies.get(self.name, "")

    def write(self, response: Response, value: str, *, seconds: int) -> None:
        """Have the browser keep a value for so long."""
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", httponly=True, samesite="lax",
            secure=self.secure,
        )  # fmt: skip

    def clear(self, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(
            self.name, path="/", httponly=True, samesite="lax", secure=self.secure
        )


@dataclass(frozen=True, slots=True)
class StaffCookies:
    """What a member's browser keeps.

    Attributes:
        session: the session's token.
        browser: what makes it a known one; it stays when its member signs out.
    """

    session: Cookie
    browser: Cookie

    def clear(self, response: Response) -> None:
        """End the session in the browser, which forgets what it keeps of the pages, drafts too.

        Cookies are not named in the header: browsers would drop those of the whole domain, other
        programs' too, and would not be known any more (Clear Site Data, 3.1).
        """
        self.session.clear(response)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'


def build_cookies(*, secure: bool) -> StaffCookies:
    """Build the cookies for pages that are reached over https (`secure`), or over http."""
    return StaffCookies(Cookie("enlace_sesion", secure), Cookie("enlace_navegador", secure))
