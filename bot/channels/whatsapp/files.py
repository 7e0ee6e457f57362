"""What customers sent by WhatsApp, fetched on demand: an id leads to an address, that to the bytes.

Meta keeps a file for seven days (media, 2025-12); afterwards its id is that of no object. The token
goes to Meta's own hosts only, and no redirect is followed.
"""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from bot.channels import loose
from bot.channels.fetching import ask, fetch
from handlers.errors import ChannelDown, FileGone
from handlers.ports import FoundFile

_HOSTS = (".fbsbx.com", ".fbcdn.net", ".facebook.com", ".whatsapp.net")
_GONE = frozenset({100, 33, 131052})


class WhatsAppFiles:
    """The files of one number; implements `handlers.ports.Files`."""

    def __init__(self, token: str, number: str, *, url: str, version: str) -> None:
        """Ask the Graph API at that address, in that version."""
        self._api = url.rstrip("/")
        self._version = version
        self._number = number
        self._headers = {"Authorization": f"Bearer {token}"}

    async def find(self, file: str) -> FoundFile:
        """Ask where a file lies, and of what kind it is."""
        url = f"{self._api}/{self._version}/{file}"
        params = {"phone_number_id": self._number}
        _, answer = await ask("GET", url, headers=self._headers, params=params)
        code = loose.number(answer, "error", "code")
        if code in _GONE:
            raise FileGone
        where = loose.text(answer, "url")
        if code or not self._is_metas(where):
            raise ChannelDown(str(code))
        kind = loose.text(answer, "mime_type").partition(";")[0].strip().casefold()
        return FoundFile(where=where, kind=kind, size=loose.number(answer, "file_size"))

    def read(self, found: FoundFile) -> AsyncIterator[bytes]:
        """Fetch the bytes."""
        return fetch(found.where, headers=self._headers)

    def _is_metas(self, url: str) -> bool:
        """Tell whether an address is one of Meta's, to which the token may go."""
        place, api = urlsplit(url), urlsplit(self._api)
        if (place.scheme, place.netloc) == (api.scheme, api.netloc):
            return True
        return place.scheme == "https" and f".{place.hostname or ''}".endswith(_HOSTS)
