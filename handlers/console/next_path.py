"""Where a sign-in leads back to: a page of the console, whatever a link says."""

import re

_PAGE = re.compile(r"/consola(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9_.~=&%+-]*)?", re.ASCII)
_NO_PAGES = ("/consola/entrar", "/consola/salir", "/consola/inicio", "/consola/live")
_LONGEST = 500  # characters


def read_next(asked: str) -> str:
    """Return the page of the console that is asked for; `""` for anything else.

    What is let through is listed, letter by letter: neither another host (`//`, a backslash, a
    scheme) nor a path outside of the console (`..`) can be written with it.
    """
    if len(asked) > _LONGEST or not _PAGE.fullmatch(asked) or asked.startswith(_NO_PAGES):
        return ""
    return asked
