"""Settings as people write them: in a `.env` of any editor, pasted, misspelt, forgotten."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import production
from bot.cli import main
from bot.keyrings import read_keyring
from bot.redis.client import connect
from bot.settings import Settings, SettingsError, read, reveal, split_list
from bot.wisphub.adapter import WispHub
from handlers.api.scopes import read_key
from tests.api_keys import UPDATES

_UTF8, _WINDOWS, _UTF16 = "utf-8", "cp1252", "utf-16"
_SECRET = "s3creto"
"""Stands in every value that must not be printed."""


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no settings but those of the test."""
    for name in [name for name in os.environ if name.upper().startswith("ENLACE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


# --- the file .env

_ADDRESS = "Calle 10 # 5-20, Tunja"
_MEANT: list[tuple[str, str, str]] = [
    ("in single quotes", f"ENLACE_COMPANY_ADDRESS='{_ADDRESS}'", _ADDRESS),
    ("in double quotes", f'ENLACE_COMPANY_ADDRESS="{_ADDRESS}"', _ADDRESS),
    ("in a word processor's quotes", f"ENLACE_COMPANY_ADDRESS=“{_ADDRESS}”", _ADDRESS),
    ("a comment behind", f"ENLACE_COMPANY_ADDRESS='{_ADDRESS}'  # ours", _ADDRESS),
    ("a # within a word", "ENLACE_COMPANY_ADDRESS=Calle 10 N#5-20", "Calle 10 N#5-20"),
    ("exported", "export ENLACE_COMPANY_ADDRESS=Tunja", "Tunja"),
    ("blanks around", "  ENLACE_COMPANY_ADDRESS \t=  Calle 10  ", "Calle 10"),
    ("a blank that is none", "ENLACE_COMPANY_ADDRESS=\u00a0Calle\u00a010\u200b", "Calle 10"),
    ("a variable", "ENLACE_COMPANY_ADDRESS=Tunja ${HOME} $HOME", "Tunja ${HOME} $HOME"),
    ("a variable in quotes", 'ENLACE_COMPANY_ADDRESS="Tunja ${HOME}"', "Tunja ${HOME}"),
    ("a backslash", r"ENLACE_COMPANY_ADDRESS=Calle\n10", r"Calle\n10"),
    ("small letters", "enlace_company_address=Tunja", "Tunja"),
    ("twice", "ENLACE_COMPANY_ADDRESS=Duitama\nENLACE_COMPANY_ADDRESS=Tunja", "Tunja"),
    ("nothing", "ENLACE_COMPANY_ADDRESS=", ""),
    ("a comment", "# ENLACE_COMPANY_ADDRESS=Tunja", ""),
    ("a program's lines", "TZ=America/Bogota\nCOMPOSE_PROJECT_NAME=x\nENLACE=1\nB='\n", ""),
    ("a quote of another", 'FOO="open\nENLACE_COMPANY_ADDRESS=Tunja', "Tunja"),
    ("an equals sign", "ENLACE_COMPANY_ADDRESS=a=b", "a=b"),
]
"""What a `.env` holds, and the address that is meant."""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", [_UTF8, "utf-8-sig", _UTF16, "utf-16-le"])
def test_file_as_meant(encoding: str, ending: str) -> None:
    """A line of `.env` means what its author meant, whichever editor saved it."""
    for what, text, meant in _MEANT:
        bom = "\ufeff" if encoding == "utf-16-le" else ""
        saved = (bom + text).replace("\n", ending).encode(encoding)
        Path(".env").write_bytes(saved)

        assert read().company_address == meant, what


_QUOTE = "put the value in quotes, it holds a #"
_REFUSED: list[tuple[str, str]] = [
    (f"ENLACE_COMPANY_ADDRESS={_ADDRESS}", f".env, line 1: ENLACE_COMPANY_ADDRESS: {_QUOTE}"),
    (f"\nENLACE_TELEGRAM_SECRET={_SECRET} # x", f".env, line 2: ENLACE_TELEGRAM_SECRET: {_QUOTE}"),
    ("ENLACE_TELEGRAM_TOKEN= # later", f".env, line 1: ENLACE_TELEGRAM_TOKEN: {_QUOTE}"),
    ("ENLACE_COMPANY_NAME='Fibra", "ENLACE_COMPANY_NAME: the quote is not closed on this line"),
    ('ENLACE_COMPANY_NAME="Fibra" Net', "ENLACE_COMPANY_NAME: put quotes around the whole value"),
    (f'ENLACE_COMPANY_NAME="{_SECRET}\\n"', "ENLACE_COMPANY_NAME: use single quotes, it holds"),
    ("\n\nENLACE_PORT: 8080", ".env, line 3: write ENLACE_NAME=value"),
    ("set ENLACE_PORT=8080", ".env, line 1: write ENLACE_NAME=value"),
    ("ENLACE_PORT", ".env, line 1: write ENLACE_NAME=value"),
    ("enlace_telegram_tokn=x", "unknown: enlace_telegram_tokn (do you mean ENLACE_TELEGRAM_TOK"),
    ("ENLACE_COMPANY_NIF=1", "unknown: ENLACE_COMPANY_NIF (do you mean ENLACE_COMPANY_NIT?)"),
    ("ENLACE_COMPANY_NAME=Fibra\0Net", ".env is not text: save it as UTF-8"),
    ("ENLACE_COMPANY_NAME=Fibra\aNet", "ENLACE_COMPANY_NAME: holds a control character"),
    ("ENLACE_COMPANY_NAME=Ib\ufffdez", "ENLACE_COMPANY_NAME: a letter was lost"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), _REFUSED)
def test_file_refused(text: str, told: str) -> None:
    """A line that programs read differently, or that none can read, is refused by its place."""
    Path(".env").write_text(text, _UTF8)
    with pytest.raises(SettingsError) as refused:
        read()

    assert told in str(refused.value)
    assert _SECRET not in str(refused.value)


def test_file_of_windows() -> None:
    """A file in Windows' own alphabet is refused by the setting that holds its letters."""
    Path(".env").write_bytes("# Núñez\nTZ=ñ\nENLACE_PORT=1\n".encode(_WINDOWS))
    assert read().port == 1

    Path(".env").write_bytes("ENLACE_COMPANY_NAME=Núñez".encode(_WINDOWS))
    with pytest.raises(SettingsError, match="ENLACE_COMPANY_NAME: not UTF-8: save the file as"):
        read()


def test_no_file() -> None:
    """What docker makes of a file that is not there is told: a directory."""
    Path(".env").mkdir()
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        read()


def test_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment goes before the file; empty there, a setting is not set at all."""
    Path(".env").write_text("ENLACE_PORT=1\nENLACE_COMPANY_NAME=Fibra", _UTF8)
    monkeypatch.setenv("enlace_port", "2")
    assert read().port == 2

    monkeypatch.setenv("ENLACE_PORT", "")
    monkeypatch.setenv("ENLACE_COMPANY_NAME", "")
    assert (read().port, read().company_name) == (8080, "")


def test_secrets_of_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file of secrets is read as `.env` is; what no setting can be is refused by name."""
    monkeypatch.setenv("ENLACE_SECRETS_DIR", f" '{tmp_path}' ")
    (tmp_path / "enlace_wisphub_key").write_bytes("Api-Key abc\r\n".encode(_UTF16))
    assert reveal(read().wisphub_key) == "abc"

    (tmp_path / "enlace_wisphub_key").write_bytes(f"{_SECRET}ñ".encode(_WINDOWS))
    with pytest.raises(SettingsError, match="ENLACE_WISPHUB_KEY: not UTF-8") as refused:
        read()
    assert _SECRET not in str(refused.value)


def test_unknown_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt name is refused as it was written, in small letters too."""
    monkeypatch.setenv("enlace_telegram_tokn", _SECRET)
    with pytest.raises(SettingsError, match=r"enlace_telegram_tokn .do you mean") as no:
        read()

    assert _SECRET not in str(no.value)


# --- each setting, pasted

_KEY = "A" * 42 + "E="
_BOT = "4242:AAE-x_y"
_PASTED: list[tuple[str, str, object]] = [
    ("HOST", " [::1] ", "::1"),
    ("PORT", ' "8081"\n', 8081),
    ("PUBLIC_URL", "“https://enlace.co/”", "https://enlace.co"),
    ("PUBLIC_URL", "https://enlace.co/webhooks/telegram", "https://enlace.co"),
    ("PUBLIC_URL", "https://enlace.co/consola?", "https://enlace.co"),
    ("PUBLIC_URL", "https://enlace.co/bot/", "https://enlace.co/bot"),
    ("TRUSTED_PROXIES", ' "10.0.0.2" , 10.1.0.0/16,', "10.0.0.2,10.1.0.0/16"),
    ("METRICS_PORT", "", None),
    ("METRICS_TOKEN", "Bearer 0123456789abcdef", "0123456789abcdef"),
    ("DATA_DIR", "'/srv/enlace'", Path("/srv/enlace")),
    ("DATA_DIR", "~/enlace", Path.home() / "enlace"),
    ("REDIS_URL", ' "redis://redis:6379/0" ', "redis://redis:6379/0"),
    ("REDIS_URL", "redis-cli -u redis://redis:6379", "redis://redis:6379"),
    ("REDIS_URL", "redis://:p/w?d#@redis:6379/0", "redis://:p%2Fw%3Fd%23@redis:6379/0"),
    ("REDIS_URL", "rediss://u:100%/x@redis/1", "rediss://u:100%25%2Fx@redis/1"),
    ("REDIS_URL", "redis://u:p@ss w@redis/1", "redis://u:p%40ss%20w@redis/1"),
    ("REDIS_URL", "redis://u:p%2Fw@redis/1", "redis://u:p%2Fw@redis/1"),
    ("REDIS_URL", "unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1"),
    ("REDIS_URL", "", None),
    ("SECRET_KEYS", f" '{_KEY}' ,\u200b{_KEY[:-1]},", f"{_KEY},{_KEY[:-1]}"),
    ("API_KEYS", f"X-API-Key: {UPDATES}", UPDATES),
    ("API_KEYS", f'"{UPDATES}:update"', f"{UPDATES}:update"),
    ("TELEGRAM_TOKEN", f"'{_BOT}\u200b'\n", _BOT),
    ("TELEGRAM_SECRET", " “secreto-de-telegram” ", "secreto-de-telegram"),
    ("TELEGRAM_SECRET", "''", None),
    ("TELEGRAM_POLLING", " True ", True),
    ("WHATSAPP_TOKEN", "Authorization: Bearer EAAG\n", "EAAG"),
    ("WHATSAPP_APP_SECRET", f' "{"a" * 32}", {"b" * 32}', f"{'a' * 32},{'b' * 32}"),
    ("WHATSAPP_VERIFY_TOKEN", "'letras-8'", "letras-8"),
    ("WHATSAPP_TEMPLATE", " 'aviso_1'", "aviso_1"),
    ("WHATSAPP_TEMPLATE_LANGUAGE", "es-CO", "es_CO"),
    ("COMPANY_NAME", ' "Fibra\tNet" ', "Fibra Net"),
    ("COMPANY_NAME", '"Fibra" y "Red"', '"Fibra" y "Red"'),
    ("PRIVACY_URL", "fibra.co/política", "https://fibra.co/política"),
    ("CODES", "WhatsApp", "whatsapp"),
    ("POLICY", "first-fill", "first_fill"),
    ("PHONE_FORMAT", "E164", "e164"),
    ("COUNTRY", "Colombia", "CO"),
]


@pytest.mark.parametrize(("name", "pasted", "meant"), _PASTED)
def test_pasted(name: str, pasted: str, meant: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a paste adds to a setting is dropped, and what is plainly meant is taken."""
    monkeypatch.setenv(f"ENLACE_{name}", pasted)

    value = getattr(read(), name.lower())

    assert (value.get_secret_value() if hasattr(value, "get_secret_value") else value) == meant


_UNENCODED = "its password holds characters that an address cannot hold: write / as %2F"
_WRONG: list[tuple[str, str, str]] = [
    ("HOST", f"http://{_SECRET}:8080", "the address to listen on, such as 127.0.0.1"),
    ("HOST", "a" * 64, "the address to listen on"),
    ("PORT", _SECRET, "a whole number"),
    ("PORT", "8080/tcp", "a whole number"),
    ("PORT", "80800", "less than or equal to 65535"),
    ("PUBLIC_URL", f"https://ana:{_SECRET}@enlace.co", "has no password"),
    ("PUBLIC_URL", f"https://{_SECRET} .co", "begins with https:// and names a host"),
    ("PUBLIC_URL", "https://enlace.co:99999", "begins with https:// and names a host"),
    ("METRICS_PORT", "-1", "greater than or equal to 0"),
    ("METRICS_TOKEN", f"{_SECRET} con blancos y ñ", "16 ASCII characters or more"),
    ("SECRETS_DIR", f"/nowhere/{_SECRET}", "no such directory; name the one with the files"),
    ("SECRETS_DIR", "~nobody-here/x", "home directory"),
    ("SECRETS_DIR", "x" * 300, "no such directory"),
    ("DATA_DIR", "~nobody-here/x", "write the whole path"),
    ("REDIS_URL", _SECRET, "no address of a Redis: redis://HOST:6379/0"),
    ("REDIS_URL", f"http://{_SECRET}:6379", "no address of a Redis"),
    ("REDIS_URL", "localhost:6379", "no address of a Redis"),
    ("REDIS_URL", "redis://", "no address of a Redis"),
    ("REDIS_URL", "redis://redis:6379/uno", "no address of a Redis"),
    ("REDIS_URL", f"redis://:{_SECRET}@:6379", "no address of a Redis"),
    ("REDIS_URL", "redis://redis:port", "no address of a Redis"),
    ("REDIS_URL", "redis://a..b", "no address of a Redis"),
    ("REDIS_URL", "redis://redis?ssl_cert_reqs=none", "no address of a Redis"),
    ("REDIS_URL", f"redis://redis?contraseña={_SECRET}", "no address of a Redis"),
    ("REDIS_URL", f"redis://:{_SECRET}/%2F@redis:6379/0", _UNENCODED),
    ("REDIS_URL", f"redis://{_SECRET}#1@redis:6379/0", _UNENCODED),
    ("REDIS_REPLICAS", "uno", "a whole number"),
    ("REDIS_WAIT", "un rato", "a number of seconds"),
    ("REDIS_WAIT", "7200", "less than or equal to 3600"),
    ("SECRET_KEYS", f"{_KEY},{_SECRET}", "key 2: each key is base64 of 32 bytes; `enlace keys new"),
    ("SECRET_KEYS", f"{_SECRET}ñ", "key 1: letters, digits and signs of ASCII only"),
    ("API_KEYS", f"{_SECRET}-0123456789-abcdef-ñandú", "key 1: letters, digits and signs of ASCII"),
    ("API_KEYS", _SECRET, "key 1: shorter than 32 characters"),
    ("API_CALLS_PER_MINUTE", "0", "greater than or equal to 1"),
    ("API_WRITES_PER_DAY", "mil", "a whole number"),
    ("TELEGRAM_TOKEN", _SECRET, "paste the token of @BotFather"),
    ("TELEGRAM_TOKEN", f"4242:{_SECRET} x", "paste the token of @BotFather"),
    ("TELEGRAM_SECRET", f"{_SECRET} ñ", "8 to 256 letters"),
    ("TELEGRAM_API_URL", f"https://a..b/{_SECRET}", "begins with https:// and names a host"),
    ("TELEGRAM_POLLING", "quizás", "true or false"),
    ("WHATSAPP_TOKEN", f"EAAG\n{_SECRET}", "paste the key only"),
    ("WHATSAPP_PHONE_NUMBER_ID", "+573001112233", "not the phone number"),
    ("WHATSAPP_APP_SECRET", "a" * 32 + ",corto", "secret 2: shorter than 8 characters"),
    ("WHATSAPP_VERIFY_TOKEN", f"{_SECRET} con blancos", "of ASCII only, without blanks"),
    ("WHATSAPP_API_URL", "https://business.facebook.com", "use https://graph.facebook.com"),
    ("WHATSAPP_API_VERSION", "la última", "such as v26.0"),
    ("WHATSAPP_TEMPLATE", "Aviso 1", "small letters, digits and _"),
    ("WHATSAPP_TEMPLATE_TEXT", f"Aviso {_SECRET}", "as Meta approved it, with {{1}} once"),
    ("WHATSAPP_TEMPLATE_TEXT", "{{1}} y {{2}}", "with {{1}} once"),
    ("WHATSAPP_TEMPLATE_TEXT", "x" * 1020 + "{{1}}", "longer than 1024 characters"),
    ("WHATSAPP_TEMPLATE_LANGUAGE", "español", "such as es_CO"),
    ("WHATSAPP_CODE_TEMPLATE", "Código", "small letters, digits and _"),
    ("WISPHUB_URL", "https://app.wisphub.io", "use https://api.wisphub.io"),
    ("WISPHUB_KEY", f"{_SECRET} ñ", "paste the key only"),
    ("COMPANY_NAME", "Fibra " * 40, "longer than 200 characters"),
    ("COMPANY_NIT", "9" * 201, "longer than 200 characters"),
    ("COMPANY_ADDRESS", "C" * 201, "longer than 200 characters"),
    ("COMPANY_PHONE", "\x07", "holds a control character"),
    ("COMPANY_EMAIL", "n\udcf1@x.co", "not UTF-8"),
    ("PRIVACY_URL", "pendiente", "the address of the privacy policy"),
    ("PRIVACY_URL", "fibra.co y más", "the address of the privacy policy"),
    ("TRUSTED_PROXIES", f"10.0.0.1,{_SECRET}", "entry 2: neither an address nor a network"),
    ("CODES", "sms", "'staff', 'whatsapp', 'console' or 'simulator'"),
    ("POLICY", "laxa", "'balanced', 'strict' or 'first_fill'"),
    ("PHONE_FORMAT", "e.164", "'e164' or 'national'"),
    ("STAFF_HOURS", f"lun 8:00-9:00, {_SECRET}", "entry 2: not of the form `lun-vie 8:00-18:00`"),
    ("STAFF_HOURS", "lun 25:00-26:00", "entry 1: a time of day is one of 0:00 to 24:00"),
    ("STAFF_HOURS", "xyz 8:00-9:00", "entry 1: a day is one of lun"),
    ("CONSENT_YEARS", "51", "less than or equal to 50"),
    ("COUNTRY", "zz", "CO only: documents, phones, hours and the law of consent are Colombia's"),
    ("COUNTRY", "VE", "CO only"),
]
"""Every setting, ways of writing it wrong, and what is told."""


@pytest.mark.parametrize(("name", "written", "told"), _WRONG)
def test_wrong(name: str, written: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be meant is refused by name with the remedy, and none of it is printed."""
    monkeypatch.setenv(f"ENLACE_{name}", written)
    with pytest.raises(SettingsError) as refused:
        read()

    assert str(refused.value).startswith(f"ENLACE_{name}: ")
    assert told in str(refused.value)
    assert _SECRET not in str(refused.value)
    assert refused.value.__cause__ is None


def test_table_is_complete() -> None:
    """No setting is left out of the table of wrong values."""
    assert {name.lower() for name, _, _ in _WRONG} == set(Settings.model_fields)


def test_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message names every setting that is wrong."""
    for name in ("PORT", "TELEGRAM_TOKEN", "COMPANY_NAME"):
        monkeypatch.setenv(f"ENLACE_{name}", "\x01")
    monkeypatch.setenv("ENLACE_COUNTRY", "zz")
    with pytest.raises(SettingsError) as refused:
        read()

    assert str(refused.value).count("ENLACE_") == 4


# --- anything at all

_FIELDS = sorted(Settings.model_fields)
_ODD = st.sampled_from(
    ["\u200b", "\ufeff", "#", " # ", "$", "${HOME}", '"', "'", "“", "”", "\\", "\r", "\n", "\t",
     "=", "%", "@", ":", "/", "?", "//", "\x01", "\u00a0", "\u2028", "ñ", "\udcf1", "٨", ",", "..",
     "[", "]", "redis://", "unix://", "https://", "Bearer ", "bot", "1", "lun 8:00-18:00", _SECRET]
)  # fmt: skip
_ANY = st.text(st.characters(exclude_characters="\0"), max_size=20)
_VALUES = st.lists(_ODD | _ANY, max_size=8).map("".join)


@given(st.sampled_from(_FIELDS), _VALUES)
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@example("redis_url", "redis://u:s3creto[@h")
@example("secret_keys", "ñ")
@example("telegram_token", "")
def test_anything(name: str, value: str) -> None:
    """Any content of any setting is usable by whoever uses it, or refused without a traceback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"ENLACE_{name.upper()}", _of_environment(value))
        chosen, told = _try()
        if chosen is None:
            ended = CliRunner().invoke(main, ["policy"])
            assert (ended.exit_code, ended.stderr) == (78, f"Settings: {told}\n")
            assert told.startswith(f"ENLACE_{name.upper()}: ")
            assert _SECRET not in told
            return
    again = Settings.model_validate({name: getattr(chosen, name)})

    assert getattr(again, name) == getattr(chosen, name)
    _use(chosen)


def _try() -> tuple[Settings | None, str]:
    """Read the settings, or what is told instead."""
    try:
        return read(), ""
    except SettingsError as error:
        return None, str(error)


def _of_environment(value: str) -> str:
    """What of a text can stand in the environment: other surrogates than those of bytes cannot."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")


def _use(chosen: Settings) -> None:
    """Build what is built of the settings before anything is called."""
    if split_list(chosen.secret_keys):
        read_keyring(chosen)
    for key in split_list(chosen.api_keys):
        read_key(key)
    if chosen.redis_url is not None:
        pool = connect(reveal(chosen.redis_url)).connection_pool
        pool.make_connection()  # type: ignore[no-untyped-call]
    WispHub(chosen.wisphub_url, reveal(chosen.wisphub_key))


@given(st.sampled_from(_FIELDS), _VALUES, st.sampled_from(["", "'", '"', "“"]))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_any_file(name: str, value: str, opening: str) -> None:
    """Any line of `.env`, in any encoding, is read or refused; the secret in it is not printed."""
    line = f"ENLACE_{name.upper()}={opening}{_SECRET}{value}{_SECRET}"
    for encoding in (_UTF8, _UTF16, _WINDOWS):
        errors = "surrogatepass" if encoding != _WINDOWS else "replace"
        Path(".env").write_bytes(f"TZ=x\n{line}\n".encode(encoding, errors))

        assert _SECRET not in _try()[1]


# --- what cannot work in production

_GOOD: dict[str, object] = {
    "secret_keys": _KEY,
    "api_keys": UPDATES,
    "wisphub_key": "abcd.1234",
    "company_name": "Mi Fibra",
    "company_nit": "900123456-8",
    "company_address": _ADDRESS,
    "company_phone": "608 740 1234",
    "company_email": "datos@fibra.co",
    "privacy_url": "https://fibra.co/datos",
    "public_url": "https://enlace.fibra.co",
    "telegram_token": _BOT,
    "telegram_secret": "secreto-de-telegram",
}
_WHATSAPP: dict[str, object] = {"telegram_token": None, "whatsapp_token": "EAAG"}
_POLLED: dict[str, object] = {"telegram_polling": True, "public_url": ""}


@pytest.mark.parametrize(
    ("more", "reasons"),
    [({}, []), (_WHATSAPP, []), ({"public_url": "https://8.8.8.8"}, []), (_POLLED, ["public_url"])],
)
def test_fit(more: dict[str, object], reasons: list[str]) -> None:
    """An installation that customers can reach starts; without a public address it is warned."""
    with capture_logs() as lines:
        production.require(Settings.model_validate(_GOOD | more), web=True)

    assert [line["reason"] for line in lines] == reasons


_PUBLIC = "ENLACE_PUBLIC_URL must be our address in the Internet"
_UNFIT: list[tuple[dict[str, object], str]] = [
    ({"telegram_token": None}, "no channel is set up: set ENLACE_TELEGRAM_TOKEN, or"),
    ({"public_url": ""}, _PUBLIC),
    ({"public_url": "http://enlace.fibra.co"}, _PUBLIC),
    ({"public_url": "https://enlace.example"}, _PUBLIC),
    ({"public_url": "https://localhost"}, _PUBLIC),
    ({"public_url": "https://192.168.1.2"}, _PUBLIC),
    (_WHATSAPP | {"public_url": ""}, _PUBLIC),
    ({"secret_keys": ""}, "ENLACE_SECRET_KEYS is missing: `enlace keys new`"),
    ({"api_keys": ""}, "ENLACE_API_KEYS is missing"),
    ({"wisphub_key": ""}, "ENLACE_WISPHUB_KEY is missing"),
    ({"company_nit": "", "privacy_url": ""}, "missing: ENLACE_COMPANY_NIT, ENLACE_PRIVACY_URL"),
    ({"company_nit": "pendiente"}, "ENLACE_COMPANY_NIT is a placeholder: write the real value"),
    ({"company_nit": "en trámite"}, "ENLACE_COMPANY_NIT: the company's tax number has digits"),
    ({"company_phone": "el de siempre"}, "ENLACE_COMPANY_PHONE: a phone number has digits"),
    ({"company_email": "fibra.co"}, "ENLACE_COMPANY_EMAIL: an e-mail address has an @"),
    ({"company_name": "XXX"}, "ENLACE_COMPANY_NAME is a placeholder"),
    ({"company_name": "Tu empresa"}, "ENLACE_COMPANY_NAME is a placeholder"),
    ({"company_address": "<dirección>"}, "ENLACE_COMPANY_ADDRESS is a placeholder"),
    ({"company_address": "Por definir"}, "ENLACE_COMPANY_ADDRESS is a placeholder"),
    ({"wisphub_key": "changeme"}, "ENLACE_WISPHUB_KEY is a placeholder"),
    ({"wisphub_key": "your-api-key"}, "ENLACE_WISPHUB_KEY is a placeholder"),
    ({"redis_url": "redis://:PASSWORD@redis:6379/0"}, "ENLACE_REDIS_URL is a placeholder"),
    ({"api_keys": "changeme-" * 4}, "ENLACE_API_KEYS is a placeholder"),
    ({"api_keys": f"{UPDATES},{'x' * 32}"}, "ENLACE_API_KEYS is a placeholder"),
    ({"telegram_secret": "CHANGE_ME"}, "ENLACE_TELEGRAM_SECRET is a placeholder"),
]


@pytest.mark.parametrize(("wrong", "told"), _UNFIT)
def test_unfit(wrong: dict[str, object], told: str) -> None:
    """What cannot work in production is refused by name, with the remedy."""
    with pytest.raises(SettingsError) as refused:
        production.require(Settings.model_validate(_GOOD | wrong), web=True)

    assert str(refused.value).startswith(told)
    assert str(refused.value).count("; ENLACE_") == 0


@pytest.mark.parametrize(
    "name", ["Mi Red", "Tu-Fibra", "Su Internet S.A.S.", "Cambia Net", "X", "Ñ"]
)
def test_real_names(name: str) -> None:
    """A company's name that sounds like a placeholder is none."""
    production.require(Settings.model_validate(_GOOD | {"company_name": name}), web=True)


@pytest.mark.parametrize(
    ("wrong", "reasons"),
    [
        ({"telegram_token": None}, ["no_channel"]),
        ({"public_url": ""}, ["public_url"]),
        ({"telegram_token": None, "public_url": "http://127.0.0.1"}, ["no_channel", "public_url"]),
    ],
)
def test_trial(wrong: dict[str, object], reasons: list[str]) -> None:
    """Where something stands in for a vendor, what only production needs is a warning."""
    chosen = _GOOD | {"wisphub_url": "http://127.0.0.1:9"} | wrong
    with capture_logs() as lines:
        production.require(Settings.model_validate(chosen), web=True)

    assert [(line["event"], line["reason"]) for line in lines] == [
        ("settings.unfit", reason) for reason in reasons
    ]


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_start_refused(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process of an installation refuses what cannot work, with its own exit code."""
    for name, value in _GOOD.items():
        monkeypatch.setenv(f"ENLACE_{name.upper()}", str(value))
    monkeypatch.setenv("ENLACE_TELEGRAM_TOKEN", "")
    ended = CliRunner().invoke(main, [command])

    assert ended.exit_code == 78
    assert "Settings: no channel is set up" in ended.stderr
