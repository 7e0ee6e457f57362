"""Addresses and keys of vendors, as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.settings import Settings, SettingsError, read, reveal

_NET = "https://api.wisphub.net"


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.wisphub.net/api/", _NET), ("https://api.wisphub.net/api", _NET),
        ("https://api.wisphub.net/", _NET), ("api.wisphub.net", _NET), (f' "{_NET}" ', _NET),
        ("http://api.wisphub.net", _NET), ("HTTPS://API.WispHub.net:443/api/", _NET),
        ("https://api.wisphub.net/api/clientes/?limit=1", _NET), ("", _NET),
        (f"<{_NET}/api/>", _NET), ("\u200bhttps://api.wisphub.net\ufeff", _NET),
        ("https://api.wisphub.io/api", "https://api.wisphub.io"),
        ("https://sandbox-api.wisphub.net/api/", "https://sandbox-api.wisphub.net"),
        ("http://127.0.0.1:8099/", "http://127.0.0.1:8099"),
        ("https://proxy.example/wisphub/api/", "https://proxy.example/wisphub"),
    ],
)  # fmt: skip
def test_wisphub_address(monkeypatch: pytest.MonkeyPatch, pasted: str, meant: str) -> None:
    """WispHub's address is what is plainly meant by what was pasted."""
    monkeypatch.setenv("ENLACE_WISPHUB_URL", pasted)

    assert read().wisphub_url == meant


@pytest.mark.parametrize(
    ("name", "pasted", "remedy"),
    [
        ("WISPHUB_URL", "https://wisphub.net/panel/", "https://api.wisphub.net"),
        ("WISPHUB_URL", "https://app.wisphub.io", "https://api.wisphub.io"),
        ("WISPHUB_URL", "https://api.wisphub.net/clientes/", "https://api.wisphub.net"),
        ("WISPHUB_URL", "ftp://api.wisphub.net", "begins with https://"),
        ("WISPHUB_URL", "https://", "names a host"),
        ("WISPHUB_URL", "https://ana:secreto@api.wisphub.net", "without a password"),
        ("WISPHUB_URL", "https://api wisphub net", "begins with https://"),
        ("WISPHUB_URL", "https://host.example:secreto", "begins with https://"),
        ("WISPHUB_KEY", "Api-Key secreto mío", "paste the key only"),
        ("TELEGRAM_API_URL", "https://web.telegram.org", "https://api.telegram.org"),
        ("TELEGRAM_TOKEN", "secreto", "@BotFather"),
        ("WHATSAPP_API_URL", "https://business.facebook.com/x", "https://graph.facebook.com"),
        ("WHATSAPP_TOKEN", "EAAG secreto", "paste the key only"),
        ("WHATSAPP_PHONE_NUMBER_ID", "+57 300 111 2233", "not the phone number"),
        ("WHATSAPP_API_VERSION", "secreto", "such as v26.0"),
    ],
)
def test_refused(monkeypatch: pytest.MonkeyPatch, name: str, pasted: str, remedy: str) -> None:
    """What cannot be meant is refused by its name, with what to do and without the value."""
    monkeypatch.setenv(f"ENLACE_{name}", pasted)

    with pytest.raises(SettingsError) as caught:
        read()

    assert f"ENLACE_{name}: " in str(caught.value)
    assert remedy in str(caught.value)
    assert "secreto" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "pasted", "meant"),
    [
        ("wisphub_key", "Api-Key abcd.1234", "abcd.1234"),
        ("wisphub_key", "Authorization: Api-Key abcd.1234\n", "abcd.1234"),
        ("wisphub_key", " 'abcd.1234' ", "abcd.1234"),
        ("wisphub_key", "api-key: abcd.1234", "abcd.1234"),
        ("wisphub_key", " ", None),
        ("whatsapp_token", "Bearer EAAG", "EAAG"),
        ("telegram_token", "bot4242:AAx-_y", "4242:AAx-_y"),
        ("telegram_token", "https://api.telegram.org/bot4242:AA/getMe", "4242:AA"),
        ("telegram_token", "", None),
    ],
)
def test_keys(name: str, pasted: str, meant: str | None) -> None:
    """A key is taken without its header, its quotes, or the address around it."""
    settings = Settings.model_validate({name: SecretStr(pasted)})

    assert reveal(getattr(settings, name)) == (meant or "")
    assert (getattr(settings, name) is None) == (meant is None)


@pytest.mark.parametrize(
    ("name", "pasted", "meant"),
    [
        ("telegram_api_url", "https://api.telegram.org/bot4242:AA/", "https://api.telegram.org"),
        ("telegram_api_url", "http://telegram-bot-api:8081/", "http://telegram-bot-api:8081"),
        ("whatsapp_api_url", "graph.facebook.com/v26.0/", "https://graph.facebook.com"),
        ("whatsapp_api_url", "https://graph.facebook.com/v25.0/me", "https://graph.facebook.com"),
        ("whatsapp_api_version", "26", "v26.0"),
        ("whatsapp_api_version", " V26.0 ", "v26.0"),
        ("whatsapp_phone_number_id", " 106540352242922 ", "106540352242922"),
        ("whatsapp_phone_number_id", "", ""),
    ],
)
def test_other_vendors(name: str, pasted: str, meant: str) -> None:
    """The other vendors' settings are mended alike."""
    assert getattr(Settings.model_validate({name: pasted}), name) == meant


_VENDORS = ("WISPHUB_URL", "TELEGRAM_API_URL", "WHATSAPP_API_URL", "WISPHUB_KEY", "TELEGRAM_TOKEN")


@given(st.sampled_from(_VENDORS), st.text(st.characters(exclude_categories=["Cs"])))
def test_anything_is_mended_or_refused(name: str, pasted: str) -> None:
    """Whatever is pasted, it is mended once for all, or refused."""
    field = name.lower()
    try:
        once = getattr(Settings.model_validate({field: pasted}), field)
    except ValueError:
        return
    again = getattr(Settings.model_validate({field: once}), field)

    assert again == once
