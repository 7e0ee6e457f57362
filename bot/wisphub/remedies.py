"""What mends an answer of WispHub that will not get better by itself.

A key is valid at its own installation only: elsewhere it gets a page of nginx with 403 (SOCIUM), or
a page of the panel (RAPI).
"""

import httpx

_KEY = (
    "check ENLACE_WISPHUB_KEY: it must be a key of this installation, and its user must be allowed "
    "to read and change customers"
)
_URL = (
    "check ENLACE_WISPHUB_URL: there is no API at that address; it is https://api.wisphub.net, .io "
    "or .app, where the key was made"
)


def find_remedy(answer: httpx.Response) -> str:
    """Say what to do about an answer; empty if it may pass by itself, as a page with 500 may."""
    if answer.is_server_error:
        return ""
    page = answer.content.lstrip()[:1] == b"<"
    if page or answer.is_redirect or answer.status_code == httpx.codes.NOT_FOUND:
        return _URL
    denied = answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
    return _KEY if denied else ""
