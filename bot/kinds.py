"""The kinds of settings: what is mended in a value of each, and what is refused, with the remedy.

A message never holds the value or a part of it: it is printed, and may be a secret.
"""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from bot import addresses, secret_kinds
from bot.pasting import VISIBLE, drop_strays, is_host
from handlers.hours import Hours
from handlers.pages.origins import read_origin

_LONGEST_BODY = 1024  # characters of a template's text (Meta)
_LONGEST_TEXT = 200  # characters of a company's datum, which stands within messages
_OURS = re.compile(r"/+(?:webhooks|consola|simulador|docs|health|api)?(?:/.*)?", re.IGNORECASE)
_HOMES = frozenset({"CO", "COL", "COLOMBIA", "57", "+57"})


def _public_url(value: str) -> str:
    """Check that an address that is set has an origin, by which forms and cookies go.

    Our own paths behind it are dropped.
    """
    text = drop_strays(value)
    if not text:
        return ""
    origin = read_origin(text)
    if origin is None or not is_host(origin.host) or not VISIBLE.fullmatch(text):
        raise ValueError("our public address begins with https:// and names a host")
    parts = urlsplit(text)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("our public address has no password, and nothing behind ? or #")
    path = "" if _OURS.fullmatch(parts.path) else parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _privacy_url(value: str) -> str:
    text = drop_strays(value)
    spelled = text if "://" in text or not text else f"https://{text}"
    try:
        parts = urlsplit(spelled)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        parts, host = urlsplit(""), ""
    named = is_host(host) and ("." in host or host == "localhost") and "@" not in parts.netloc
    if text and (parts.scheme not in ("http", "https") or not named or len(text.split()) > 1):
        raise ValueError("the address of the privacy policy: https://…")
    return spelled


def _trusted_proxies(value: str) -> str:
    """Check each address or network, and name a wrong one by its position."""
    listed = [drop_strays(part) for part in value.split(",") if drop_strays(part)]
    for number, part in enumerate(listed, 1):
        try:
            ip_network(part)
        except ValueError:
            raise ValueError(
                f"entry {number}: neither an address nor a network; write 10.0.0.2, or 10.0.0.0/8 "
                "with no bit set behind the prefix, separated by commas; names are not looked up"
            ) from None
    return ",".join(listed)


def _host(value: str) -> str:
    host = drop_strays(value).removeprefix("[").removesuffix("]")
    if not is_host(host):
        raise ValueError("the address to listen on, such as 127.0.0.1 or 0.0.0.0, without a port")
    return host


def _directory(value: Path) -> Path:
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("there is no such home directory: write the whole path") from None


def _hours(value: str) -> str:
    Hours(value)
    return value


def _text(value: str) -> str:
    """Put a text on one line."""
    text = " ".join(value.split())
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"longer than {_LONGEST_TEXT} characters: it stands within messages")
    return text


def _template(value: str) -> str:
    text = drop_strays(value)
    if not re.fullmatch(r"[a-z0-9_]{0,512}", text):
        raise ValueError("a template's name in Meta's app: small letters, digits and _")
    return text


def _template_text(value: str) -> str:
    text = value.strip()
    if text and (text.count("{{1}}") != 1 or "{{" in text.replace("{{1}}", "")):
        raise ValueError("the template's body as Meta approved it, with {{1}} once")
    if len(text) > _LONGEST_BODY:
        raise ValueError(f"longer than {_LONGEST_BODY} characters, which Meta does not allow")
    return text


def _language(value: str) -> str:
    text = drop_strays(value).replace("-", "_")
    if not re.fullmatch(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?", text):
        raise ValueError("the language of the templates as Meta names it, such as es_CO")
    return text


def _country(value: str) -> str:
    """Accept our country only: phones alone would be half of it."""
    if drop_strays(value).upper() not in _HOMES:
        raise ValueError("CO only: documents, phones, hours and the law of consent are Colombia's")
    return "CO"


def _spell(value: Any) -> Any:
    """Spell one of several choices as we do."""
    return value.strip().lower().replace("-", "_") if isinstance(value, str) else value


Host = Annotated[str, AfterValidator(_host)]
Directory = Annotated[Path, AfterValidator(_directory)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]
Proxies = Annotated[str, AfterValidator(_trusted_proxies)]
MetricsToken = Annotated[SecretStr | None, AfterValidator(secret_kinds.mend_metrics_token)]
RedisUrl = Annotated[SecretStr | None, AfterValidator(secret_kinds.mend_redis_url)]
SecretKeys = Annotated[SecretStr, AfterValidator(secret_kinds.mend_secret_keys)]
ApiKeys = Annotated[SecretStr, AfterValidator(secret_kinds.mend_api_keys)]
Key = Annotated[SecretStr | None, AfterValidator(addresses.mend_key)]
BotToken = Annotated[SecretStr | None, AfterValidator(addresses.mend_bot_token)]
SecretToken = Annotated[SecretStr | None, AfterValidator(secret_kinds.mend_secret_token)]
AppSecrets = Annotated[SecretStr, AfterValidator(secret_kinds.mend_app_secrets)]
VerifyToken = Annotated[SecretStr | None, AfterValidator(secret_kinds.mend_verify_token)]
NumberId = Annotated[str, AfterValidator(addresses.mend_number_id)]
Version = Annotated[str, AfterValidator(addresses.mend_version)]
Template = Annotated[str, AfterValidator(_template)]
TemplateText = Annotated[str, AfterValidator(_template_text)]
Language = Annotated[str, AfterValidator(_language)]
WispHubUrl = Annotated[str, AfterValidator(addresses.WISPHUB.mend)]
TelegramUrl = Annotated[str, AfterValidator(addresses.TELEGRAM.mend)]
WhatsAppUrl = Annotated[str, AfterValidator(addresses.WHATSAPP.mend)]
Text = Annotated[str, AfterValidator(_text)]
PrivacyUrl = Annotated[str, AfterValidator(_privacy_url)]
StaffHours = Annotated[str, AfterValidator(_hours)]
Country = Annotated[str, AfterValidator(_country)]
SPELLED = BeforeValidator(_spell)
"""Of a choice: in any case, and with - for _."""
