"""The address of a Redis, as people write it.

A password goes into an address percent-encoded; one that is not is encoded where only one reading
is possible. No message holds any part of the address.
"""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from redis.connection import parse_url

from bot.pasting import VISIBLE, drop_strays, is_host

_COMMAND = re.compile(r"redis-cli\s+(?:--tls\s+)?-u\s+", re.IGNORECASE)
_PARTS = re.compile(r"(rediss?)://(.*)@([^@]*)", re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNFIT = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=%-]")
_OPTIONS = frozenset({"db", "username", "password"})
_OF_TLS = frozenset(
    {"ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname"}
)
_CHECKS = frozenset({"none", "optional", "required"})  # what `ssl_cert_reqs` may be

NO_ADDRESS = (
    "no address of a Redis: redis://HOST:6379/0, rediss://USER:PASSWORD@HOST:6379/0 for TLS, or "
    "unix:///run/redis.sock?db=0"
)
UNENCODED = (
    "its password holds characters that an address cannot hold: write / as %2F, ? as %3F, # as "
    "%23, @ as %40, : as %3A, % as %25 and a blank as %20"
)


def mend(value: str) -> str:
    """Give the address with its password encoded; an empty one stays empty.

    Raises:
        ValueError: it is no address, or how it is meant cannot be told.
    """
    text = _COMMAND.sub("", drop_strays(value), count=1).strip()
    if not text or _is_address(text):
        return text
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ValueError(UNENCODED if "@" in text else NO_ADDRESS)
    scheme, who, where = parts.groups()
    if _UNFIT.search(who.replace(":", "", 1)) and _ENCODED.search(who):
        raise ValueError(UNENCODED)  # whether its %2F is meant as / cannot be told
    user, colon, password = who.partition(":")
    mended = f"{scheme}://{quote(user, safe='')}{colon}{quote(password, safe='')}@{where}"
    if not colon or not _is_address(mended):
        raise ValueError(UNENCODED if _is_address(f"{scheme}://{where}") else NO_ADDRESS)
    return mended


def _is_address(text: str) -> bool:
    """Tell whether the client reads it as it is written, and can connect by it."""
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        parse_url(text)  # type: ignore[no-untyped-call]
        whole = parts.port != 0 and not parts.fragment and bool(VISIBLE.fullmatch(text))
    except ValueError:
        return False
    who = unquote((parts.username or "") + (parts.password or ""), errors="replace")
    if not whole or not who.isprintable() or not _are_options(options, parts.scheme):
        return False
    if parts.scheme == "unix":
        return len(parts.path) > 1 and "%00" not in parts.path
    return _is_host(parts)


def _are_options(options: dict[str, str], scheme: str) -> bool:
    known = _OPTIONS | (_OF_TLS if scheme == "rediss" else frozenset())
    return (
        options.keys() <= known
        and options.get("ssl_cert_reqs", "none") in _CHECKS
        and bool(re.fullmatch(r"[0-9]{1,5}", options.get("db", "0")))
    )


def _is_host(parts: SplitResult) -> bool:
    path = re.fullmatch(r"/?|/[0-9]{1,5}", parts.path)
    return is_host(parts.hostname or "") and bool(path) and "@" not in parts.query
