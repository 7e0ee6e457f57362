"""What customers sent by Telegram, fetched on demand, without its library (that costs 120 MB).

A bot may fetch files of 20 MB at most (Bot API, getFile), for as long as Telegram keeps them.
"""

import re
from collections.abc import AsyncIterator

from bot.channels import loose
from bot.channels.fetching import ask, fetch
from handlers.errors import ChannelDown, FileGone, FileTooLarge
from handlers.ports import FoundFile

_PATH = re.compile(r"[\w-]+(?:/[\w-]+)*\.?\w{0,8}", re.ASCII)
_KINDS = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "gif": "image/gif", "pdf": "application/pdf", "oga": "audio/ogg", "ogg": "audio/ogg",
    "opus": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "mp4": "video/mp4",
    "webm": "video/webm",
}  # fmt: skip
"""By the end of a path: Telegram tells no type with the bytes."""


class TelegramFiles:
    """The files of one bot; implements `handlers.ports.Files`."""

    def __init__(self, token: str, *, url: str) -> None:
        """Ask the Bot API at that address."""
        self._token = token
        self._api = url.rstrip("/")

    async def find(self, file: str) -> FoundFile:
        """Ask where a file lies, and of what kind it is."""
        url = f"{self._api}/bot{self._token}/getFile"
        status, answer = await ask("POST", url, json={"file_id": file})
        told = loose.text(answer, "description").casefold()
        if "too big" in told:
            raise FileTooLarge
        if status == 400:
            raise FileGone
        path = loose.text(answer, "result", "file_path")
        if loose.at(answer, "ok") is not True or not _PATH.fullmatch(path):
            raise ChannelDown(str(status))
        kind = _KINDS.get(path.rpartition(".")[2].casefold(), "")
        return FoundFile(where=path, kind=kind, size=loose.number(answer, "result", "file_size"))

    def read(self, found: FoundFile) -> AsyncIterator[bytes]:
        """Fetch the bytes."""
        return fetch(f"{self._api}/file/bot{self._token}/{found.where}")
