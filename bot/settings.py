"""The settings: environment variables with the prefix `ENLACE_`, or lines of a `.env` file.

The table below says the kind of each (`bot.kinds`). An unknown name is rejected, so that a typing
error does not silently become a default. An empty value is as if it were not set. Secrets are never
printed.
"""

import base64
import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import kinds
from bot.kinds import SPELLED
from bot.pasting import clean
from bot.secret_kinds import decode_key, reveal, split_list
from bot.sources import SourceError, read_directory, read_file
from handlers.pages.origins import Origin, read_origin

__all__ = ["PREFIX", "Settings", "SettingsError", "new_key", "read", "reveal", "split_list"]

PREFIX = "ENLACE_"
_FILE = Path(".env")


class SettingsError(Exception):
    """The settings cannot be used; the message names each, with its fix, and no values."""


class Settings(BaseSettings):
    """All settings of one installation; `docs/operations.md` describes each."""

    model_config = SettingsConfigDict(extra="forbid", hide_input_in_errors=True)

    host: kinds.Host = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: kinds.PublicUrl = ""
    trusted_proxies: kinds.Proxies = ""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_token: kinds.MetricsToken = None
    secrets_dir: kinds.Directory | None = None
    data_dir: kinds.Directory = Path("data")
    redis_url: kinds.RedisUrl = None
    redis_replicas: int = Field(default=0, ge=0, le=9)
    redis_wait: float = Field(default=60.0, ge=0, le=3600)
    secret_keys: kinds.SecretKeys = SecretStr("")
    api_keys: kinds.ApiKeys = SecretStr("")
    api_calls_per_minute: int = Field(default=600, ge=1, le=10_000)
    api_writes_per_day: int = Field(default=20, ge=1, le=1_000)
    telegram_token: kinds.BotToken = None
    telegram_secret: kinds.SecretToken = None
    telegram_api_url: kinds.TelegramUrl = "https://api.telegram.org"
    telegram_polling: bool = False
    whatsapp_token: kinds.Key = None
    whatsapp_phone_number_id: kinds.NumberId = ""
    whatsapp_app_secret: kinds.AppSecrets = SecretStr("")
    whatsapp_verify_token: kinds.VerifyToken = None
    whatsapp_api_url: kinds.WhatsAppUrl = "https://graph.facebook.com"
    whatsapp_api_version: kinds.Version = "v26.0"
    whatsapp_template: kinds.Template = ""
    whatsapp_template_text: kinds.TemplateText = ""
    whatsapp_template_language: kinds.Language = "es_CO"
    wisphub_url: kinds.WispHubUrl = "https://api.wisphub.net"
    wisphub_key: kinds.Key = None
    company_name: kinds.Text = ""
    company_nit: kinds.Text = ""
    company_address: kinds.Text = ""
    company_phone: kinds.Text = ""
    company_email: kinds.Text = ""
    privacy_url: kinds.PrivacyUrl = ""
    whatsapp_code_template: kinds.Template = ""
    codes: Annotated[Literal["staff", "whatsapp", "console", "simulator"], SPELLED] = "staff"
    staff_hours: kinds.StaffHours = ""
    consent_years: int = Field(default=10, ge=1, le=50)
    policy: Annotated[Literal["balanced", "strict", "first_fill"], SPELLED] = "balanced"
    phone_format: Annotated[Literal["e164", "national"], SPELLED] = "e164"
    country: kinds.Country = "CO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `read` gives, and nothing else."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

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
        """The secret keys, 32 bytes each."""
        return tuple(decode_key(text) for text in split_list(self.secret_keys))


def read() -> Settings:
    """Read the settings; the environment goes before the file `.env`, and that before secrets.

    Raises:
        SettingsError: one is unknown or malformed, or the file cannot be read.
    """
    names = sorted((n for n in os.environ if n.upper().startswith(PREFIX)), reverse=True)
    of_environment = _by_field((name, os.environ[name]) for name in names)
    try:
        written = _by_field(read_file(_FILE, PREFIX)) | of_environment
    except SourceError as error:
        raise SettingsError(str(error)) from None
    return _build(_read_secrets(written.get("secrets_dir", "")) | written)


def _read_secrets(directory: str) -> dict[str, str]:
    """Read the files of the directory that a setting names."""
    try:
        place = clean(directory)
        return _by_field(read_directory(Path(place).expanduser(), PREFIX)) if place else {}
    except (SourceError, SettingsError, ValueError, RuntimeError) as error:
        raise SettingsError(f"{PREFIX}SECRETS_DIR: {error}") from None


def new_key() -> str:
    """Make a secret key, as `ENLACE_SECRET_KEYS` takes it."""
    return base64.b64encode(os.urandom(32)).decode()


def _by_field(written: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Sort what was written under names in any case by the table's fields; the last one counts.

    Raises:
        SettingsError: a name is unknown.
    """
    pairs = list(written)
    known = {f"{PREFIX}{field}".upper(): field for field in Settings.model_fields}
    unknown = sorted({name for name, _ in pairs if name.upper() not in known})
    if unknown:
        told = ", ".join(_suggest(name, list(known)) for name in unknown)
        raise SettingsError(f"unknown: {told}; see docs/operations.md for the names")
    return {known[name.upper()]: value for name, value in pairs}


def _suggest(name: str, known: list[str]) -> str:
    """Quote an unknown name as it was written, with the nearest one that there is."""
    shown = re.sub(r"[^A-Za-z0-9_.-]", "?", name)[:60]
    near = get_close_matches(name.upper(), known, n=1)
    return f"{shown} (do you mean {near[0]}?)" if near else shown


def _build(values: Mapping[str, str]) -> Settings:
    """Clean and check all values, so that one message names whatever is wrong."""
    usable: dict[str, str] = {}
    problems: list[str] = []
    for field, raw in values.items():
        try:
            text = clean(raw)
        except ValueError as error:
            problems.append(f"{PREFIX}{field.upper()}: {error}")
        else:
            usable |= {field: text} if text else {}
    try:
        settings = Settings.model_validate(usable)
    except ValidationError as error:  # as a cause it would print the values
        problems += _describe(error)
    else:
        if not problems:
            return settings
    raise SettingsError("; ".join(problems)) from None


_KINDS = {
    "int_parsing": "a whole number, in digits",
    "int_parsing_size": "a whole number, in digits",
    "float_parsing": "a number of seconds, in digits",
    "bool_parsing": "true or false",
}
"""What is told instead of the library's words, by its types of errors."""


def _describe(error: ValidationError) -> list[str]:
    return [
        f"{PREFIX}{problem['loc'][0]}".upper()
        + f": {_KINDS.get(problem['type']) or _shorten(problem['msg'])}"
        for problem in error.errors(include_input=False, include_url=False)
    ]


def _shorten(told: str) -> str:
    return told.removeprefix("Value error, ").removeprefix("Input should be ")
