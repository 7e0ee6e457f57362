"""What mends an answer of WispHub that will not get better by itself.

A key is valid at its own installation only: elsewhere it gets a page of nginx with 403 (SOCIUM), or
a page of the panel (RAPI).
"""

import httpx

from state.rejections import SETTINGS, Cause, Vendor

REMEDIES = {
    Cause.KEY: (
        "check ENLACE_WISPHUB_KEY: it must be a key of this installation, and its user must be "
        "allowed to read and change customers"
    ),
    Cause.ADDRESS: (
        "check ENLACE_WISPHUB_URL: there is no API at that address; it is https://api.wisphub.net, "
        ".io or .app, where the key was made"
    ),
}
"""What to do, for whoever runs Enlace."""


def find_cause(answer: httpx.Response) -> Cause | None:
    """Say what makes an answer bad; None if that may pass by itself, as a page with 500 may."""
    if answer.is_server_error:
        return None
    page = answer.content.lstrip()[:1] == b"<"
    if page or answer.is_redirect or answer.status_code == httpx.codes.NOT_FOUND:
        return Cause.ADDRESS
    denied = answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
    return Cause.KEY if denied else None


assert REMEDIES.keys() == {cause for vendor, cause in SETTINGS if vendor is Vendor.WISPHUB}
