"""The settings: environment variables with the prefix `ENLACE_`, or lines of a `.env` file.

An unknown name is rejected, so that a typing error does not silently become a default. Secrets are
never printed.
"""

import base64
import binascii
import os
import re
from collections.abc import Collection
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import addresses
from handlers.api.scopes import read_key
from handlers.hours import Hours
from handlers.pages.origins import Origin, read_origin

PREFIX = "ENLACE_"

_SHORTEST_TOKEN = 16  # characters of what admits to the metrics
_SHORTEST_SECRET = 8  # characters of a webhook's secret: too many to be guessed call by call


class SettingsError(Exception):
    """The settings cannot be used; the message names each, with its fix, and no values."""


def _normalize_list(value: SecretStr) -> SecretStr:
    """Drop blanks around the commas, and empty parts."""
    parts = (part.strip() for part in value.get_secret_value().split(","))
    return SecretStr(",".join(part for part in parts if part))


def _api_keys(value: SecretStr) -> SecretStr:
    """Check each key, and name a wrong one by its position."""
    listed = _normalize_list(value)
    for number, entry in enumerate(split_list(listed), 1):
        try:
            read_key(entry)
        except ValueError as error:
            raise ValueError(f"key {number}: {error}") from None
    return listed


def _app_secrets(value: SecretStr) -> SecretStr:
    """Check that each is as long as a secret: Meta's have 32 hexadecimal digits."""
    listed = _normalize_list(value)
    for number, secret in enumerate(split_list(listed), 1):
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(
                f"secret {number}: shorter than {_SHORTEST_SECRET} characters; "
                "copy it from the app's page: Settings, Basic, App secret"
            )
    return listed


def _verify_token(value: SecretStr | None) -> SecretStr | None:
    if reveal(value) and len(reveal(value)) < _SHORTEST_SECRET:
        raise ValueError(
            f"shorter than {_SHORTEST_SECRET} characters; set a longer one here and in Meta's app"
        )
    return value


def _secret_token(value: SecretStr | None) -> SecretStr | None:
    """Telegram's own rule (Client.cpp:16018-16024) but for the length, which is ours.

    Whoever knows it speaks for every customer.
    """
    pattern = rf"[A-Za-z0-9_-]{{{_SHORTEST_SECRET},256}}"
    if value is not None and not re.fullmatch(pattern, value.get_secret_value()):
        raise ValueError(
            f"{_SHORTEST_SECRET} to 256 letters, digits, _ or -; after a change run "
            "`enlace webhook set telegram`"
        )
    return value


def _public_url(value: str) -> str:
    """Check that an address that is set has an origin: forms and cookies go by it."""
    if value.strip() and read_origin(value.strip()) is None:
        raise ValueError("our public address begins with https:// and names a host")
    return value.strip()


def _trusted_proxies(value: str) -> str:
    """Check each address or network, and name a wrong one by its position."""
    listed = [part.strip() for part in value.split(",") if part.strip()]
    for number, part in enumerate(listed, 1):
        try:
            ip_network(part)
        except ValueError:
            raise ValueError(
                f"entry {number}: neither an address nor a network; write 10.0.0.2, or 10.0.0.0/8 "
                "with no bit set behind the prefix, separated by commas; names are not looked up"
            ) from None
    return ",".join(listed)


def _metrics_token(value: SecretStr | None) -> SecretStr | None:
    token = reveal(value).strip()
    if token and (len(token) < _SHORTEST_TOKEN or not token.isascii()):
        raise ValueError(
            f"{_SHORTEST_TOKEN} ASCII characters or more; `enlace keys new` prints one that will do"
        )
    return SecretStr(token) if token else None


def _hours(value: str) -> str:
    Hours(value)
    return value


Key = Annotated[SecretStr | None, AfterValidator(addresses.mend_key)]
BotToken = Annotated[SecretStr | None, AfterValidator(addresses.mend_bot_token)]
NumberId = Annotated[str, AfterValidator(addresses.mend_number_id)]
Version = Annotated[str, AfterValidator(addresses.mend_version)]
WispHubUrl = Annotated[str, AfterValidator(addresses.WISPHUB.mend)]
TelegramUrl = Annotated[str, AfterValidator(addresses.TELEGRAM.mend)]
WhatsAppUrl = Annotated[str, AfterValidator(addresses.WHATSAPP.mend)]
SecretList = Annotated[SecretStr, NoDecode, AfterValidator(_normalize_list)]


class Settings(BaseSettings):
    """All settings of one installation; `docs/operations.md` describes each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="forbid", hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    trusted_proxies: Annotated[str, AfterValidator(_trusted_proxies)] = ""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_token: Annotated[SecretStr | None, AfterValidator(_metrics_token)] = None
    secrets_dir: Path | None = None
    data_dir: Path = Path("data")
    redis_url: SecretStr | None = None
    redis_replicas: int = Field(default=0, ge=0, le=9)
    secret_keys: SecretList = SecretStr("")
    api_keys: Annotated[SecretStr, NoDecode, AfterValidator(_api_keys)] = SecretStr("")
    api_calls_per_minute: int = Field(default=600, ge=1, le=10_000)
    api_writes_per_day: int = Field(default=20, ge=1, le=1_000)
    telegram_token: BotToken = None
    telegram_secret: Annotated[SecretStr | None, AfterValidator(_secret_token)] = None
    telegram_api_url: TelegramUrl = "https://api.telegram.org"
    telegram_polling: bool = False
    whatsapp_token: Key = None
    whatsapp_phone_number_id: NumberId = ""
    whatsapp_app_secret: Annotated[SecretStr, NoDecode, AfterValidator(_app_secrets)] = SecretStr(
        ""
    )
    whatsapp_verify_token: Annotated[SecretStr | None, AfterValidator(_verify_token)] = None
    whatsapp_api_url: WhatsAppUrl = "https://graph.facebook.com"
    whatsapp_api_version: Version = "v26.0"
    whatsapp_template: str = ""
    whatsapp_template_language: str = "es_CO"
    wisphub_url: WispHubUrl = "https://api.wisphub.net"
    wisphub_key: Key = None
    company_name: str = ""
    company_nit: str = ""
    company_address: str = ""
    company_phone: str = ""
    company_email: str = ""
    privacy_url: str = ""
    whatsapp_code_template: str = ""
    codes: Literal["staff", "whatsapp", "console", "simulator"] = "staff"
    staff_hours: Annotated[str, AfterValidator(_hours)] = ""
    consent_years: int = Field(default=10, ge=1, le=50)
    policy: Literal["balanced", "strict", "first_fill"] = "balanced"
    phone_format: Literal["e164", "national"] = "e164"
    country: str = "CO"

    @property
    def public_origin(self) -> Origin | None:
        """Where browsers reach us; none if it is not set."""
        return read_origin(self.public_url)

    @property
    def is_public_over_https(self) -> bool:
        """Whether browsers reach us over https only."""
        return self.public_origin is not None and self.public_origin.scheme == "https"

    @property
    def sealing_keys(self) -> tuple[bytes, ...]:
        """The secret keys, 32 bytes each.

        Raises:
            SettingsError: one is not base64 of 32 bytes.
        """
        return tuple(_key(text) for text in split_list(self.secret_keys))


def read() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: one is unknown or malformed.
    """
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"unknown: {', '.join(unknown)}; see docs/operations.md for the names")
    directory = os.environ.get(f"{PREFIX}SECRETS_DIR") or None
    _check_secrets(directory, known)
    try:
        return Settings(_secrets_dir=directory)
    except ValidationError as error:
        raise SettingsError(_describe(error)) from None  # the cause would print the values


def _check_secrets(directory: str | None, known: Collection[str]) -> None:
    """Refuse a directory that is not there, and a file in it that is named as no setting is."""
    if directory is None:
        return
    if not Path(directory).is_dir():
        raise SettingsError(f"{PREFIX}SECRETS_DIR: no such directory; name the one with the files")
    names = [path.name for path in Path(directory).iterdir() if path.is_file()]
    unknown = [n for n in names if n.upper().startswith(PREFIX) and n.upper() not in known]
    if unknown:
        listed = ", ".join(sorted(unknown))
        raise SettingsError(f"{PREFIX}SECRETS_DIR: unknown: {listed}; see docs/operations.md")


def split_list(setting: SecretStr) -> tuple[str, ...]:
    """Split a setting that may have several values, separated by commas."""
    return tuple(part for part in setting.get_secret_value().split(",") if part)


def reveal(setting: SecretStr | None) -> str:
    """Return the text of a secret; empty if it is not set."""
    return "" if setting is None else setting.get_secret_value()


def new_key() -> str:
    """Make a secret key, as `ENLACE_SECRET_KEYS` takes it."""
    return base64.b64encode(os.urandom(32)).decode()


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise SettingsError(
            f"{PREFIX}SECRET_KEYS: each key is base64 of 32 bytes; `enlace keys new` prints one"
        )
    return key


def _describe(error: ValidationError) -> str:
    problems = [
        f"{PREFIX}{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(problems)
