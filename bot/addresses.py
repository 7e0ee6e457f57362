"""Addresses and keys of vendors, as people paste them into the settings.

What is plainly meant is mended: quotes and blanks around it, the word before a key, the path behind
an address. Everything else is refused at start, with what to do; no message holds the value.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from bot.pasting import VISIBLE, drop_strays, is_host

_LABEL = re.compile(
    r"(?:authorization\s*:\s*)?(?:(?:api[- ]?key|bearer)\s*[:=]?\s+)?", re.IGNORECASE
)
_BOT = re.compile(r"(?:https?://\S*?/)?(?:bot)?([0-9]+:[A-Za-z0-9_-]+)(?:/\S*)?", re.IGNORECASE)
_VERSION = re.compile(r"v?([0-9]{1,3})(\.[0-9])?", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_NETWORK = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")
_PATH = re.compile(r"[A-Za-z0-9._~/%:=+-]*")


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where a vendor's API is.

    Attributes:
        hosts: the vendor's own; they are reached by https only, and without a path.
        domain: matches the vendor's other hosts, which are no API.
        tail: what people paste behind the address; we append it ourselves.
    """

    hosts: tuple[str, ...]
    domain: re.Pattern[str]
    tail: re.Pattern[str]

    def mend(self, value: str) -> str:
        """Reduce an address to what we put our own paths behind; an empty one is the default.

        Raises:
            ValueError: it is no address, or not that of the API.
        """
        text = drop_strays(value)
        if not text:
            return f"https://{self.hosts[0]}"
        parts = _split(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").rstrip(".")
        path = self.tail.sub("", parts.path).rstrip("/")
        if host in self.hosts and not path:
            return f"https://{host}"
        if host in self.hosts or self.domain.fullmatch(host):
            raise ValueError(f"that is not the API's address: use https://{self._nearest(host)}")
        return f"{parts.scheme}://{parts.netloc}{path}"

    def _nearest(self, host: str) -> str:
        """Name the API's host of the same installation, if there is one."""
        ending = ".".join(host.split(".")[-2:])
        same = (one for one in self.hosts if one == host or one.endswith(f".{ending}"))
        return next(same, self.hosts[0])


WISPHUB = Vendor(
    ("api.wisphub.net", "api.wisphub.io", "api.wisphub.app", "sandbox-api.wisphub.net"),
    domain=re.compile(r"(?:.*\.)?wisphub\.(?:net|io|app)"),
    tail=re.compile(r"/+api(?:/.*)?$", re.IGNORECASE),
)
TELEGRAM = Vendor(
    ("api.telegram.org",),
    domain=re.compile(r"(?:.*\.)?(?:telegram\.org|telegram\.me|t\.me)"),
    tail=re.compile(r"/+(?:file/+)?bot.*$", re.IGNORECASE),
)
WHATSAPP = Vendor(
    ("graph.facebook.com",),
    domain=re.compile(r"(?:.*\.)?(?:facebook|whatsapp|meta)\.com"),
    tail=re.compile(r"/+v\d+(?:\.\d+)?(?:/.*)?$", re.IGNORECASE),
)


def mend_key(value: SecretStr | None) -> SecretStr | None:
    """Take a key without the words of its header; an empty one is none.

    Raises:
        ValueError: what is left cannot be a key.
    """
    key = drop_strays(_LABEL.sub("", drop_strays(_reveal(value)), count=1))
    if not VISIBLE.fullmatch(key):
        raise ValueError("paste the key only: letters, digits and signs, without blanks")
    return SecretStr(key) if key else None


def mend_bot_token(value: SecretStr | None) -> SecretStr | None:
    """Take a bot's token, alone or out of an address; an empty one is none.

    Raises:
        ValueError: it is no token.
    """
    text = drop_strays(_reveal(value))
    token = _BOT.fullmatch(text)
    if text and not token:
        raise ValueError("paste the token of @BotFather: digits, a colon, letters and digits")
    return SecretStr(token[1]) if token else None


def mend_number_id(value: str) -> str:
    """Take the id of a WhatsApp number.

    Raises:
        ValueError: it is something else, such as the number itself.
    """
    text = drop_strays(value)
    if text and not (text.isascii() and text.isdecimal()):
        raise ValueError("digits only: the number's id in Meta's app, not the phone number")
    return text


def mend_version(value: str) -> str:
    """Spell a version of the Graph API as `v26.0`.

    Raises:
        ValueError: it is none.
    """
    version = _VERSION.fullmatch(drop_strays(value))
    if not version:
        raise ValueError("a version of the Graph API, such as v26.0")
    return f"v{version[1]}{version[2] or '.0'}"


def _split(text: str) -> SplitResult:
    """Split an address that has a scheme we use, a host, and no password."""
    try:
        parts = urlsplit(text)
        spelled = _NETWORK.fullmatch(parts.netloc) and _PATH.fullmatch(parts.path)
        usable = bool(spelled) and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        parts, usable = SplitResult("", "", "", "", ""), False
    if not usable or not _SCHEME.match(text) or not VISIBLE.fullmatch(text):
        raise ValueError("an address begins with https:// and names a host, without a password")
    return parts


def _reveal(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
