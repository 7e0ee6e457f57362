"""The kinds of settings that are secrets, as people paste them; see `bot.kinds`."""

import base64
import binascii
import re
from collections.abc import Callable

from pydantic import SecretStr

from bot import addresses, redis_addresses
from bot.pasting import VISIBLE, drop_strays
from handlers.api.scopes import read_key

_SHORTEST_TOKEN = 16  # characters of what admits to the metrics
_SHORTEST_SECRET = 8  # characters of a webhook's secret: too many to be guessed call by call
_HEADER = re.compile(r"x-api-key\s*[:=]\s*", re.IGNORECASE)
_NO_HEADER = re.compile("^$")


def split_list(setting: SecretStr) -> tuple[str, ...]:
    """Split a setting that may have several values, separated by commas."""
    return tuple(part for part in setting.get_secret_value().split(",") if part)


def reveal(setting: SecretStr | None) -> str:
    """Return the text of a secret; empty if it is not set."""
    return "" if setting is None else setting.get_secret_value()


def decode_key(text: str) -> bytes:
    """Decode a secret key, also in the alphabet of addresses, and without its last `=`.

    Raises:
        ValueError: it is not base64 of 32 bytes.
    """
    plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError("each key is base64 of 32 bytes; `enlace keys new` prints one")
    return key


def _each(
    value: SecretStr, *, what: str, check: Callable[[str], object], header: re.Pattern[str]
) -> SecretStr:
    """Check each of several secrets, and name a wrong one by its position."""
    parts = (header.sub("", drop_strays(part)) for part in value.get_secret_value().split(","))
    listed = [drop_strays(part) for part in parts if part]
    for number, part in enumerate(listed, 1):
        try:
            _require_visible(part)
            check(part)
        except ValueError as error:
            raise ValueError(f"{what} {number}: {error}") from None
    return SecretStr(",".join(listed))


def mend_secret_keys(value: SecretStr) -> SecretStr:
    """Take secret keys, separated by commas; refuse one that is not base64 of 32 bytes."""
    return _each(value, what="key", check=decode_key, header=_NO_HEADER)


def mend_api_keys(value: SecretStr) -> SecretStr:
    """Take keys of programs, with their scopes, separated by commas."""
    return _each(value, what="key", check=read_key, header=_HEADER)


def mend_app_secrets(value: SecretStr) -> SecretStr:
    """Take the secrets that sign WhatsApp's calls, separated by commas."""
    return _each(value, what="secret", check=_app_secret, header=_NO_HEADER)


def _app_secret(secret: str) -> None:
    """Check that it is as long as a secret: Meta's have 32 hexadecimal digits."""
    if len(secret) < _SHORTEST_SECRET:
        raise ValueError(
            f"shorter than {_SHORTEST_SECRET} characters; "
            "copy it from the app's page: Settings, Basic, App secret"
        )


def mend_verify_token(value: SecretStr) -> SecretStr | None:
    """Take the token of Meta's handshake; an empty one is none."""
    token = drop_strays(reveal(value))
    if token and len(token) < _SHORTEST_SECRET:
        raise ValueError(
            f"shorter than {_SHORTEST_SECRET} characters; set a longer one here and in Meta's app"
        )
    _require_visible(token)
    return SecretStr(token) if token else None


def mend_secret_token(value: SecretStr) -> SecretStr | None:
    """Take the webhook's secret; an empty one is none.

    Telegram's own rule (Client.cpp:16018-16024) but for the length, which is ours: whoever knows it
    speaks for every customer.
    """
    token = drop_strays(reveal(value))
    if token and not re.fullmatch(rf"[A-Za-z0-9_-]{{{_SHORTEST_SECRET},256}}", token):
        raise ValueError(
            f"{_SHORTEST_SECRET} to 256 letters, digits, _ or -; after a change run "
            "`enlace webhook set telegram`"
        )
    return SecretStr(token) if token else None


def mend_metrics_token(value: SecretStr) -> SecretStr | None:
    """Take what admits to the metrics; an empty one is none."""
    try:
        token = addresses.mend_key(value)
    except ValueError:
        token = SecretStr("not ASCII")
    if token and len(reveal(token)) < _SHORTEST_TOKEN:
        raise ValueError(
            f"{_SHORTEST_TOKEN} ASCII characters or more; `enlace keys new` prints one that will do"
        )
    return token


def mend_redis_url(value: SecretStr) -> SecretStr | None:
    """Take the address of a Redis; an empty one is none."""
    address = redis_addresses.mend(reveal(value))
    return SecretStr(address) if address else None


def _require_visible(text: str) -> None:
    if not VISIBLE.fullmatch(text):
        raise ValueError("letters, digits and signs of ASCII only, without blanks")
