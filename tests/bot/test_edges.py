"""Where we meet the terminal, the log and the vendors' limits."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis
from starlette.types import Message, Receive, Scope
from starlette.types import Send as AsgiSend

from bot.bootstrap import clock
from bot.channels.simulator import refusal
from bot.settings import Settings, SettingsError, read, reveal
from handlers.auditing import Auditor
from handlers.pages.rows import show_row
from handlers.pages.security import SecurityMiddleware
from handlers.pages.words import name_chat
from state.conversation import Chat, Conversation
from state.effects import Button, Send
from state.fields.table import Field
from state.parts import KEPT, QUEUE, Draft
from state.store.encryption import Keyring
from state.store.inbox import ListedChat
from state.store.store import Store
from state.views import View, summarize
from tests.api_keys import DECIDES, UPDATES

_CARELESS = """
import logging, structlog
from bot import logs
logs.configure()
structlog.get_logger("enlace.test").warning("turn.taken", chat="abc", text="52123456")
failure = ValueError("52123456")
logging.getLogger("somebody").error("no way to %s", "573001234567", exc_info=failure)
"""


def test_log_keeps_harmless_names_only() -> None:
    """A careless call cannot leak: unknown names are dropped, a library's words too."""
    done = subprocess.run(
        [sys.executable, "-c", _CARELESS], capture_output=True, text=True, check=True
    )

    ours, theirs = (json.loads(line) for line in done.stderr.splitlines())
    assert (ours["event"], ours["chat"]) == ("turn.taken", "abc")
    assert (theirs["event"], theirs["logger"]) == ("library", "somebody")
    assert theirs["where"] == "<string>:7"
    assert "52123456" not in done.stderr
    assert "573001234567" not in done.stderr


def _message(text: str = "Hola", *buttons: Button) -> Send:
    return Send(text=text, member="bot", buttons=buttons)


_BUTTON = Button(choice="a", label="A", id="1:a")


@pytest.mark.parametrize(
    ("message", "look", "problem"),
    [
        (_message(), "whatsapp", ""),
        (_message(""), "telegram", "length of the text"),
        (_message("x" * 4097), "telegram", "length of the text"),
        (_message("x" * 1025, _BUTTON), "telegram", ""),
        (_message("x" * 1025, _BUTTON), "whatsapp", "length of the text with buttons"),
        (_message("x", *([_BUTTON] * 10)), "whatsapp", ""),
        (_message("x", *([_BUTTON] * 11)), "whatsapp", "buttons"),
        (
            _message("x", *([Button(choice="a", label="A" * 73, id="1:a")] * 4)),
            "whatsapp",
            "buttons",
        ),
        (_message("x", Button(choice="a", label="A" * 21, id="1:a")), "whatsapp", "buttons"),
        (
            _message("x", Button(choice="a", label="A", id="ñ" * 33)),
            "telegram",
            "length of a button's id",
        ),
    ],
)
def test_vendors_limits(message: Send, look: str, problem: str) -> None:
    """The simulated phone refuses what the vendor it looks like would refuse."""
    assert refusal(message, look=look) == problem


def test_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are split at commas; a misspelt name is refused by its name."""
    monkeypatch.setenv("ENLACE_API_KEYS", f" {UPDATES}, {DECIDES}:update+decide ,")
    assert read().api_keys.get_secret_value() == f"{UPDATES},{DECIDES}:update+decide"

    monkeypatch.setenv("ENLACE_API_KEY", "secreto")
    with pytest.raises(
        SettingsError, match=r"ENLACE_API_KEY \(do you mean ENLACE_API_KEYS\?\)"
    ) as refused:
        read()
    assert "secreto" not in str(refused.value)


def test_secrets_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings stand in files too, as secret managers mount them; a variable goes before."""
    monkeypatch.setenv("ENLACE_SECRETS_DIR", str(tmp_path))
    (tmp_path / "enlace_api_keys").write_text(f"{UPDATES}\n")
    (tmp_path / "enlace_wisphub_key").write_text("of-the-file")
    (tmp_path / "another").write_text("x")
    monkeypatch.setenv("ENLACE_WISPHUB_KEY", "of-the-variable")
    settings = read()

    assert settings.api_keys.get_secret_value() == UPDATES
    assert settings.wisphub_key is not None
    assert settings.wisphub_key.get_secret_value() == "of-the-variable"


def test_wrong_secrets_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A directory that is not there, and a file named as no setting is, are refused by name."""
    monkeypatch.setenv("ENLACE_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="no such directory"):
        read()

    monkeypatch.setenv("ENLACE_SECRETS_DIR", str(tmp_path))
    (tmp_path / "enlace_secret_key").write_text("secreto")
    with pytest.raises(SettingsError, match="unknown: enlace_secret_key ") as refused:
        read()
    assert "secreto" not in str(refused.value)


_META, _TELEGRAM = "0123456789abcdef" * 2, "telegram_secret-" * 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("API_KEYS", "a", "key 1: shorter than 32 characters; `enlace keys new`"),
        ("API_KEYS", f"{UPDATES},{DECIDES[:31]}:update", "key 2: shorter than 32"),
        ("API_KEYS", f"{UPDATES},{DECIDES}:rule", "key 2: what follows the colon is no scope"),
        ("TELEGRAM_SECRET", "s", "8 to 256 letters"),
        ("TELEGRAM_SECRET", "s3cr3t-", "`enlace webhook set telegram`"),
        ("WHATSAPP_APP_SECRET", f"{_META},{_META[:7]}", "secret 2: shorter than 8"),
        ("WHATSAPP_VERIFY_TOKEN", "letras7", "shorter than 8 characters"),
    ],
)
def test_short_secrets(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that could be guessed is refused by its place, never by its value."""
    monkeypatch.setenv(f"ENLACE_{name}", value)
    with pytest.raises(SettingsError, match=told) as refused:
        read()

    assert f"ENLACE_{name}: " in str(refused.value)
    for part in value.split(","):
        assert len(part) < 2 or part not in str(refused.value)
        assert "rule" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_KEYS", "AB+/" * 10 + "ABC="),
        ("TELEGRAM_SECRET", _TELEGRAM),
        ("WHATSAPP_APP_SECRET", f"{_META},{_META[::-1]}"),
        ("WHATSAPP_VERIFY_TOKEN", "letras-8"),
        ("WHATSAPP_VERIFY_TOKEN", ""),
    ],
)
def test_secrets_long_enough(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `enlace keys new` prints and what Meta issues is taken, and so is what is not set."""
    monkeypatch.setenv(f"ENLACE_{name}", value)

    assert reveal(getattr(read(), name.lower())) == value


def test_secrets_are_not_printed() -> None:
    """Settings can be shown without their secrets."""
    assert "secreto" not in repr(Settings.model_validate({"wisphub_key": "secreto"}))


def test_row_of_a_new_chat() -> None:
    """A chat without a client or a message has a row of its own."""
    waiting = Conversation(
        chat=Chat(channel="fax", account="1", id="x"),
        speaker=QUEUE,
        draft=Draft(answers={Field.PHONE: KEPT}),
    )

    listed = ListedChat(
        key="abcdef", place=1, row=summarize(waiting), words=None, places={View.WAITING: 1}
    )
    shown = show_row(listed, now=60_001)

    assert (shown.title, shown.channel, shown.excerpt) == ("Chat ABCD", "fax", "")
    assert (shown.kind, shown.waited) == ("queue", ("1 min", ""))
    assert name_chat("abcdef", waiting) == shown.title


async def test_only_http_is_guarded(redis: Redis) -> None:
    """What is no HTTP passes the middleware as it is."""
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: AsgiSend) -> None:
        passed.append(scope["type"])
        await send(await receive())

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        passed.append(message["type"])

    store = Store(redis, Keyring((bytes(32),)), token="one")
    auditor = Auditor(audit=store.audit, clock=clock)
    await SecurityMiddleware(app, auditor)({"type": "lifespan"}, receive, send)

    assert passed == ["lifespan", "lifespan.startup"]
