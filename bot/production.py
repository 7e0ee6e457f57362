"""What `enlace run`, `web` and `worker` need, and settings that cannot work in production.

A vendor that a test or a trial stands in for is reached at an address that is not the vendor's own:
then what only production needs is a warning. The rest is refused in one message that names all.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import structlog
from pydantic import SecretStr

from bot import addresses
from bot.own_texts import list_faults
from bot.settings import PREFIX, Settings, SettingsError, reveal, split_list
from handlers.pages.origins import Origin

_PLACEHOLDER = re.compile(
    r"<.*>|\[.*\]|[x.…?*_-]{3,}|0{3,}|n\.?/?a\.?|none|null|example|ejemplo|placeholder"
    r"|pendientes?(?: (?:de|por)\b.*)?|por (?:definir|confirmar|llenar)|c[aá]mbi[ae]me|cambiar"
    r"|(?:.*[^a-z])?change[ _-]?(?:me|this)(?:[^a-z].*)?|your[ _-].*"
    r"|.*:(?-i:PASSWORD)@.*"
    r"|(?:tu|su|mi)[ _-](?:token|clave|llave|secreto|empresa|nit|direcci[oó]n|correo).*",
    re.IGNORECASE,
)
_RESERVED = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "lan"})
"""Last labels of names that lead nowhere from outside (RFC 2606, RFC 6761, RFC 6762)."""

_COMPANY: dict[str, tuple[Callable[[str], object], str]] = {
    "company_name": (bool, ""),
    "company_nit": (re.compile(r"\d").search, "the company's tax number has digits"),
    "company_address": (bool, ""),
    "company_phone": (re.compile(r"\d").search, "a phone number has digits"),
    "company_email": (re.compile(r"\S@\S").search, "an e-mail address has an @"),
    "privacy_url": (bool, ""),
}
"""The company's data, what a right one fulfils, and what is told otherwise."""

_NO_CHANNEL = (
    f"no channel is set up: set {PREFIX}TELEGRAM_TOKEN, or {PREFIX}WHATSAPP_TOKEN and what goes "
    "with it; see docs/operations.md, Telegram and WhatsApp"
)
_NOT_REACHABLE = (
    f"{PREFIX}PUBLIC_URL must be our address in the Internet, https://…: vendors call our webhooks "
    f"there (for a trial, {PREFIX}TELEGRAM_POLLING=true needs none)"
)

_log = structlog.get_logger("enlace.settings")


def require(settings: Settings, *, web: bool) -> None:
    """Refuse settings that cannot work; warn of what only a trial can do without.

    Raises:
        SettingsError: something is missing, a placeholder, or cannot work.
    """
    problems = [*_list_missing(settings, web=web), *_list_placeholders(settings)]
    problems += list_faults(settings.data_dir)
    unfit = dict(_list_unfit(settings, web=web))
    if not _is_trial(settings):
        problems += filter(None, unfit.values())
    if problems:
        raise SettingsError("; ".join(problems))
    for reason in unfit:
        _log.warning("settings.unfit", reason=reason)


def _list_missing(settings: Settings, *, web: bool) -> Iterator[str]:
    if not split_list(settings.secret_keys):
        yield f"{PREFIX}SECRET_KEYS is missing: `enlace keys new` prints a key"
    if web and not split_list(settings.api_keys):
        yield f"{PREFIX}API_KEYS is missing: set at least one key for the API"
    if not reveal(settings.wisphub_key):
        yield f"{PREFIX}WISPHUB_KEY is missing: create one in WispHub, under Personal"
    missing = [_name(field) for field in _COMPANY if not getattr(settings, field)]
    if missing:  # consent must name who asks for it (Ley 1581, art. 12)
        yield f"missing: {', '.join(missing)}; shown to customers before consent"


def _list_placeholders(settings: Settings) -> Iterator[str]:
    for field in Settings.model_fields:
        if any(map(_PLACEHOLDER.fullmatch, _texts(getattr(settings, field)))):
            yield f"{_name(field)} is a placeholder: write the real value, or leave the line out"
        elif field in _COMPANY and getattr(settings, field):
            fulfils, told = _COMPANY[field]
            if not fulfils(getattr(settings, field)):
                yield f"{_name(field)}: {told}"


def _texts(value: object) -> tuple[str, ...]:
    """List the texts in which a placeholder may stand."""
    if isinstance(value, SecretStr):
        return split_list(value)
    return (value,) if isinstance(value, str) and value else ()


def _list_unfit(settings: Settings, *, web: bool) -> Iterator[tuple[str, str]]:
    """List what no customer can use, each with its reason; one without a problem only warns."""
    telegram = settings.telegram_token is not None
    whatsapp = settings.whatsapp_token is not None or bool(settings.whatsapp_phone_number_id)
    if not telegram and not whatsapp:
        yield "no_channel", _NO_CHANNEL
    if web and not _is_reachable(settings.public_origin):
        called = whatsapp or (telegram and not settings.telegram_polling)
        yield "public_url", _NOT_REACHABLE if called else ""


def _is_reachable(origin: Origin | None) -> bool:
    """Tell whether a vendor can call an address: by https, and from outside."""
    if origin is None or origin.scheme != "https":
        return False
    try:
        return ip_address(origin.host).is_global
    except ValueError:
        return "." in origin.host and origin.host.rpartition(".")[2] not in _RESERVED


def _is_trial(settings: Settings) -> bool:
    """Tell whether something stands in for a vendor."""
    called = [
        (addresses.WISPHUB, settings.wisphub_url),
        (addresses.TELEGRAM, settings.telegram_api_url),
        (addresses.WHATSAPP, settings.whatsapp_api_url),
    ]
    return any(url not in {f"https://{host}" for host in who.hosts} for who, url in called)


def _name(field: str) -> str:
    return f"{PREFIX}{field.upper()}"
