"""What a customer sent, opened on demand: fetched from the vendor, passed on, kept nowhere.

Opening is an act, by POST, in the audit and the journal. It gives a ticket for a minute, by which
the browser fetches the bytes as a picture, a sound or a video of its page.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from handlers.console.chat_actions import ChatActions
from handlers.console.gate import Gate
from handlers.errors import EnlaceError, FileGone, FileTooLarge
from handlers.pages.rendering import page
from handlers.ports import Clock, Files, FoundFile
from state.journal import Entry, Kind, is_line_id
from state.messages.sending import FileProblem
from state.roles import Act
from state.staff_actions import FileOpened
from state.store.conversations import NoSuchConversation
from state.store.members import Member
from state.store.store import Store

LARGEST = 25 * 1024 * 1024
"""Bytes of a file that is passed on."""

_SHOWN = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif",
    "application/pdf": "pdf", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a",
    "audio/aac": "aac", "audio/amr": "amr", "audio/wav": "wav",
    "video/mp4": "mp4", "video/3gpp": "3gp", "video/webm": "webm",
}  # fmt: skip
"""What a browser may show; anything else is saved, whatever it says that it is."""

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePages:
    """Opens files, and passes their bytes on."""

    store: Store
    files: Mapping[str, Files]
    actions: ChatActions
    gate: Gate
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        """Build its routes."""
        guard, opened = self.gate.guard, "/consola/c/{key}/abrir/{entry}"
        return [
            Route(opened, guard(Act.OPEN_FILE, self._open), methods=["POST"]),
            Route("/consola/archivo/{ticket}", guard(Act.OPEN_FILE, self._pass_on)),
        ]

    async def _open(self, request: Request, member: Member) -> Response:
        """Open a file: who may, and what it is, before anything of it is fetched."""
        key, entry = request.path_params["key"], request.path_params["entry"]
        try:
            channel, line = await self._find_line(key, entry)
            event, name = FileOpened(agent=member.name), f"staff:{uuid4().hex}"
            refused = await self.actions.perform(request, member, Act.OPEN_FILE, event, name=name)
            if refused is not None:
                return refused
            found = await self._find(channel, line)
        except (NoSuchConversation, FileGone, FileTooLarge, EnlaceError) as error:
            return _tell(error)
        ticket = self.store.file_tickets.issue(key, entry, member=member.digest, now=self.clock())
        kind, ending = _sort(found)
        return page(
            "console/_opened.html",
            address=f"/consola/archivo/{ticket}",
            kind=kind,
            name=f"archivo.{ending}",
            text=line.text.partition(":")[0],
        )

    async def _pass_on(self, request: Request, member: Member) -> Response:
        """Pass the bytes of a ticket's file on."""
        ticket = self.store.file_tickets.read(
            request.path_params["ticket"], member=member.digest, now=self.clock()
        )
        if ticket is None:
            return HTMLResponse(FileProblem.OVER, 404)
        try:
            channel, line = await self._find_line(ticket.key, ticket.entry)
            found = await self._find(channel, line)
            pieces = _limit(self.files[channel].read(found))
            first = await anext(pieces, b"")
        except (NoSuchConversation, FileGone, FileTooLarge, EnlaceError) as error:
            return _tell(error)
        kind, ending = _sort(found)
        way = "attachment" if kind == "other" else "inline"
        headers = _HEADERS | {"Content-Disposition": f'{way}; filename="archivo.{ending}"'}
        media = "application/octet-stream" if kind == "other" else found.kind
        return StreamingResponse(_join(first, pieces), media_type=media, headers=headers)

    async def _find_line(self, key: str, entry: str) -> tuple[str, Entry]:
        """Find the line that tells of a file, and its channel.

        Raises:
            NoSuchConversation: the chat is gone.
            FileGone: the line is, or tells of no file.
        """
        channel = (await self.store.conversations.find(key)).chat.channel
        lines = await self.store.journal.read_line(key, entry) if is_line_id(entry) else []
        if not lines or not lines[0].file or lines[0].kind is not Kind.CUSTOMER:
            raise FileGone
        if channel not in self.files:
            raise FileGone
        return channel, lines[0]

    async def _find(self, channel: str, line: Entry) -> FoundFile:
        """Ask the vendor for a file.

        Raises:
            FileGone, FileTooLarge, ChannelDown: it cannot be shown.
        """
        found = await self.files[channel].find(line.file)
        if found.size > LARGEST:
            raise FileTooLarge
        return found


def _sort(found: FoundFile) -> tuple[str, str]:
    """Tell as what a browser shows a file, and the end of its name."""
    ending = _SHOWN.get(found.kind)
    if ending is None:
        return "other", "bin"
    return "pdf" if ending == "pdf" else found.kind.partition("/")[0], ending


async def _limit(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Pass on so many bytes at most: a vendor may say less than it sends.

    Raises:
        FileTooLarge: there are more.
    """
    passed = 0
    async for piece in pieces:
        passed += len(piece)
        if passed > LARGEST:
            raise FileTooLarge
        yield piece


async def _join(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _tell(error: Exception) -> Response:
    """Tell in plain words why a file cannot be shown."""
    match error:
        case NoSuchConversation() | FileGone():
            return HTMLResponse(FileProblem.GONE, 404)
        case FileTooLarge():
            return HTMLResponse(FileProblem.TOO_LARGE.format(most=LARGEST // 1024**2), 413)
        case _:
            return HTMLResponse(FileProblem.AWAY, 503)
