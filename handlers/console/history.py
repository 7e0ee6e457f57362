"""The lines of a chat, a page at a time: the last ones first, older ones as one scrolls up."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.gate import Gate
from handlers.pages.masking import mask_lines
from handlers.pages.rendering import page
from handlers.pages.ticks import fold_notes, list_marked, show_marks
from state.journal import is_line_id
from state.messages.staff import Page
from state.roles import Act
from state.store.conversations import NoSuchConversation
from state.store.members import Member
from state.store.store import Store

_LINES = 60
"""Lines of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPages:
    """Gives the lines before those that are shown."""

    store: Store
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        """Build the one route."""
        return [Route("/consola/c/{key}/lineas", self.gate.guard(Act.READ, self._before))]

    async def _before(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        key, before = request.path_params["key"], request.query_params.get("antes", "")
        if not is_line_id(before):
            return HTMLResponse(Page.NO_CHAT, 404)
        try:
            channel = (await self.store.conversations.find(key)).chat.channel
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        now = self.gate.clock()
        shown = await show_history(self.store, key, channel, now=now, before=before)
        return page("console/_before.html", key=key, **shown)


async def show_history(
    store: Store, key: str, channel: str, *, now: int, before: str = ""
) -> dict[str, Any]:
    """Show the last lines of a chat, masked, or those before a line.

    `oldest` is where more of them end, `newest` the last one, whether or not it is shown.
    """
    read = await store.journal.read(key, before=before, limit=_LINES + 1)
    more, entries = len(read) > _LINES, read[-_LINES:]
    marks = show_marks(await store.marks.read(key, list_marked(entries, now=now)), channel)
    return {
        "entries": mask_lines(fold_notes(entries, marks)),
        "marks": marks,
        "oldest": entries[0].id if more else "",
        "newest": entries[-1].id if entries else "",
    }
