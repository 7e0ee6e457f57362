"""What customers sent, fetched from vendors: found, gone, too large, and never from elsewhere."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.files import TelegramFiles
from bot.channels.telegram.receive import TelegramReceiver
from bot.channels.whatsapp.files import WhatsAppFiles
from bot.channels.whatsapp.receive import WhatsAppReceiver
from handlers.errors import ChannelDown, FileGone, FileTooLarge
from handlers.ports import Files
from state.events import SentMedia
from tests.bot.channels.vendor_files import BOT, PICTURE, TOKEN, VendorFiles
from tests.endpoint import serving


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFiles]:
    """Both vendors' files, served on loopback."""
    kept = VendorFiles()
    async with serving(kept.app()) as url:
        kept.url = url
        yield kept


def _whatsapp(vendor: VendorFiles) -> WhatsAppFiles:
    return WhatsAppFiles(TOKEN, "1065", url=vendor.url, version="v26.0")


async def _read(files: Files, name: str) -> bytes:
    return b"".join([piece async for piece in files.read(await files.find(name))])


async def test_whatsapp(vendor: VendorFiles) -> None:
    """An id leads to an address and that to the bytes, both with our token."""
    vendor.files["100"] = ("image/jpeg; charset=x", PICTURE)
    files = _whatsapp(vendor)

    found = await files.find("100")

    assert (found.kind, found.size) == ("image/jpeg", len(PICTURE))
    assert await _read(files, "100") == PICTURE
    assert set(vendor.tokens) == {f"Bearer {TOKEN}"}


async def test_whatsapp_gone(vendor: VendorFiles) -> None:
    """After seven days an id is that of no object; bytes may go before their id."""
    with pytest.raises(FileGone):
        await _whatsapp(vendor).find("100")
    vendor.files["100"] = ("image/jpeg", PICTURE)
    vendor.elsewhere = f"{vendor.url}/bytes/200"
    with pytest.raises(FileGone):
        await _read(_whatsapp(vendor), "100")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x",
        "http://lookaside.fbsbx.com/x",
        "https://fbsbx.com.example.com/x",
        "https://lookaside.fbsbx.com@example.com/x",
        "https://evilfbsbx.com/x",
        "file:///etc/passwd",
        "",
    ],
)
async def test_whatsapp_elsewhere(vendor: VendorFiles, url: str) -> None:
    """An address that is not Meta's is never asked: our token would go there."""
    vendor.files["100"] = ("image/jpeg", PICTURE)
    vendor.elsewhere = url or "nowhere"

    with pytest.raises(ChannelDown):
        await _whatsapp(vendor).find("100")


@pytest.mark.parametrize("host", ["lookaside.fbsbx.com", "scontent.xx.fbcdn.net"])
async def test_metas_hosts(vendor: VendorFiles, host: str) -> None:
    """Meta's own hosts are."""
    vendor.files["100"] = ("image/jpeg", PICTURE)
    vendor.elsewhere = f"https://{host}/x"

    assert (await _whatsapp(vendor).find("100")).where == vendor.elsewhere


async def test_redirects_are_not_followed(vendor: VendorFiles) -> None:
    """Where the bytes are said to be elsewhere they are not fetched."""
    vendor.files["100"] = ("image/jpeg", PICTURE)
    vendor.elsewhere = f"{vendor.url}/moved/100"

    with pytest.raises(ChannelDown):
        await _read(_whatsapp(vendor), "100")


async def test_telegram(vendor: VendorFiles) -> None:
    """A path is asked for by the id; its end tells the type."""
    vendor.files["AgAC"] = ("photos/file_1.jpg", PICTURE)
    files = TelegramFiles(BOT, url=vendor.url)

    found = await files.find("AgAC")

    assert (found.kind, found.size) == ("image/jpeg", len(PICTURE))
    assert await _read(files, "AgAC") == PICTURE
    with pytest.raises(FileGone):
        await files.find("other")
    with pytest.raises(FileTooLarge):
        await files.find("big")


@pytest.mark.parametrize("path", ["../x.jpg", "/etc/passwd", "a/../b.jpg", "a?b.jpg", "a//b", ""])
async def test_telegram_paths(vendor: VendorFiles, path: str) -> None:
    """A path that leads anywhere else is none."""
    vendor.files["AgAC"] = (path, PICTURE)

    with pytest.raises(ChannelDown):
        await TelegramFiles(BOT, url=vendor.url).find("AgAC")


async def test_nobody_answers() -> None:
    """A vendor that is away is told as one that is down."""
    with pytest.raises(ChannelDown):
        await WhatsAppFiles(TOKEN, "1", url="http://127.0.0.1:9", version="v1").find("100")
    with pytest.raises(ChannelDown):
        await TelegramFiles(BOT, url="http://127.0.0.1:9").find("100")


def _file_of(event: object) -> str:
    assert isinstance(event, SentMedia)
    return event.file


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}]}, "large"),
        ({"voice": {"file_id": "v1"}}, "v1"),
        ({"document": {"file_id": "d-1_x", "mime_type": "application/pdf"}}, "d-1_x"),
        ({"sticker": {"file_id": "s 1"}}, ""),
        ({"photo": []}, ""),
        ({"dice": {"value": 1}}, ""),
    ],
)
def test_telegram_ids(content: dict[str, object], file: str) -> None:
    """Of a picture's sizes the largest is meant; an id that is none is left out."""
    message = {"message_id": 7, "date": 1, "chat": {"id": 42, "type": "private"}, **content}
    update = {"update_id": 9, "message": message | {"from": {"id": 42, "is_bot": False}}}

    ((_, delivery),) = TelegramReceiver("1", "s").update(9, update).arrived

    assert _file_of(delivery.event) == file


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "sticker"])
def test_whatsapp_ids(kind: str) -> None:
    """Each kind of file has its id at one place."""
    message = {"from": "573001112233", "id": "wamid.A", "timestamp": "1", "type": kind}
    message |= {kind: {"id": "1234567890", "mime_type": "x/y"}}  # type: ignore[dict-item]
    receiver = WhatsAppReceiver("1065", ["s"], "v")

    (part,) = receiver._messages({"messages": [message]})

    assert isinstance(part, tuple)
    assert _file_of(part[1].event) == "1234567890"
