"""Where a page comes from, and whether a call comes from this machine."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_PORTS = {"http": 80, "https": 443}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_OF_PROXIES = ("forwarded", "via", "x-real-ip", "x-forwarded-")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a browser takes for one site: scheme, host in lower case, and port."""

    scheme: str
    host: str
    port: int


def read_origin(address: str) -> Origin | None:
    """Read the origin of an address; without one, as `null`, give none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    host = parts.hostname.removesuffix(".")
    return Origin(parts.scheme, host, _PORTS[parts.scheme] if port is None else port)


def read_host(scope: Scope) -> str:
    """Read the host that was called, without its port; empty if it cannot be read."""
    named = Headers(scope=scope).get("host", "")
    origin = None if set(named) & set("/@?#\\") else read_origin(f"http://{named}")
    return "" if origin is None else origin.host


def names_this_machine(host: str) -> bool:
    """Tell whether a host that was called is this machine, which no name of others can be."""
    return host in _THIS_MACHINE


def is_from_this_machine(scope: Scope) -> bool:
    """Tell whether a program or browser on this machine calls us directly.

    Not one that a proxy passes on, which adds headers; nor a page of another site whose name was
    made to lead here (DNS rebinding), which calls its own host.
    """
    if any(name.decode("latin-1").startswith(_OF_PROXIES) for name, _ in scope["headers"]):
        return False
    caller = scope.get("client")
    return caller is not None and _is_loopback(caller[0]) and names_this_machine(read_host(scope))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
