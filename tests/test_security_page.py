"""What the page on security says of limits, times, keys and calls is what the code does."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import PREFIX, Settings
from state.members import PASSWORD_LENGTHS
from state.store import sessions, sign_in_throttle
from state.store.one_time_links import LIFE

_ROOT = Path(__file__).parents[1]
_LIMIT = r"\| (\d+) at once, then one (?:every (\d+) (minutes|seconds)|a (minute)) \|"
_PIN = r"^[a-z][^\n]*?(?:\\\n[^\n]*?)*$"
_HOUR, _MINUTE = 3600_000, 60_000  # ms


def _section(title: str, page: str = "docs/security.md") -> str:
    """Give what stands under a title, in one line."""
    text = (_ROOT / page).read_text("utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[1]


def test_limits_are_told() -> None:
    """How often somebody may try to sign in stands there as it is counted."""
    told = _section("Signing in")
    buckets = (
        sign_in_throttle._PAIR, sign_in_throttle._NAME,
        sign_in_throttle._ADDRESS, sign_in_throttle._BROWSER,
    )  # fmt: skip
    read = re.findall(_LIMIT, told)
    units = {"minutes": _MINUTE, "seconds": 1000, "minute": _MINUTE}

    assert [
        (int(burst), int(every or 1) * units[unit or one]) for burst, every, unit, one in read
    ] == [(bucket.burst, bucket.interval) for bucket in buckets]
    assert f"{PASSWORD_LENGTHS.start} to {PASSWORD_LENGTHS.stop - 1} characters" in told
    assert "(a day, once" in told
    assert LIFE == 24 * _HOUR


def test_words_are_told() -> None:
    """Which words no password may be made of stands there, and where the list is."""
    told = _section("Signing in")

    for word in ("`ENLACE_COMPANY_NAME`", "the member's name", "`state/store/password_rules.py`"):
        assert word in told
    assert {"enlace", "wisphub"} <= {word.strip("*") for word in re.findall(r"\*\w+\*", told)}


def test_sessions_are_told() -> None:
    """How long sessions last, and how many there may be, stands there as it is held."""
    told = _section("Signing in")

    assert f"| {sessions.SLIDING // _HOUR} hours; {sessions.IDLE // _MINUTE} minutes" in told
    assert f"| in all | {sessions.LONGEST // _HOUR} hours |" in told
    assert "several browsers, without a limit" in told


def test_masks_are_told() -> None:
    """What staff see of each kind of value stands there."""
    told = _section("What staff see")

    for word in ("four facts", "six digits and more", "invitation's code", "shared contacts"):
        assert word in told


def test_keys_are_told() -> None:
    """Every secret of the settings stands in the inventory of keys, or is an address or a gate."""
    told = _section("Keys and cryptography")
    secret = {
        f"{PREFIX}{name.upper()}"
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation) or isinstance(field.default, SecretStr)
    }
    missing = {name for name in secret if f"`{name}`" not in told}

    assert len(secret) > 8
    assert missing == {
        "ENLACE_REDIS_URL", "ENLACE_METRICS_TOKEN", "ENLACE_WHATSAPP_VERIFY_TOKEN",
    }  # fmt: skip
    for word in ("AES-256-GCM", "HMAC-SHA-256", "argon2id", "TLS"):
        assert word in told


def test_calls_are_told() -> None:
    """Every address of the settings that is called stands in the list of calls."""
    told = _section("Calls to the outside")
    named = {f"{PREFIX}{n.upper()}" for n in Settings.model_fields if n.endswith("_url")}

    assert named - set(re.findall(r"`(ENLACE_\w+)`", told)) == {"ENLACE_PRIVACY_URL"}  # is shown


def test_remediation_is_told() -> None:
    """How soon a weakness is mended stands there for each degree, ours and others'."""
    told = _section("Times for remediation", "SECURITY.md")

    for degree in ("critical", "high", "medium"):
        assert re.search(rf"^\| {degree} [^|]*\| \d+ days \| \d+ days \|$", told, re.MULTILINE)


@pytest.mark.slow
def test_components_can_be_listed() -> None:
    """Everything that is installed is pinned with its hash, and a target lists it for scanners."""
    make = (_ROOT / "Makefile").read_text("utf-8")
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.findall(_PIN, (_ROOT / name).read_text("utf-8"), re.MULTILINE)
        pinned = [entry for entry in entries if "==" in entry.split("\n")[0] and "--hash" in entry]
        assert entries
        assert pinned == entries, name

    assert "\nsbom: " in make
    assert "cyclonedx-py requirements requirements.txt" in make
