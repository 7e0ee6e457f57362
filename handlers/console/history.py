"""The lines of a chat, a page at a time: the last ones first, older ones as one scrolls up."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.gate import Gate
from handlers.pages.masking import mask_lines
from handlers.pages.rendering import page
from state.messages.staff import Page
from state.roles import Act
from state.store.journal import Journal
from state.store.members import Member

_LINES = 60
"""Lines of a page."""

_ID = re.compile(r"\d{1,20}-\d{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPages:
    """Gives the lines before those that are shown."""

    journal: Journal
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        """Build the one route."""
        return [Route("/consola/c/{key}/lineas", self.gate.guard(Act.READ, self._before))]

    async def _before(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        key, before = request.path_params["key"], request.query_params.get("antes", "")
        if not _ID.fullmatch(before):
            return HTMLResponse(Page.NO_CHAT, 404)
        shown = await show_history(self.journal, key, before=before)
        return page("console/_before.html", key=key, **shown)


async def show_history(journal: Journal, key: str, *, before: str = "") -> dict[str, Any]:
    """Show the last lines, masked, or those before a line; `oldest` is where more of them end."""
    entries = await journal.read(key, before=before, limit=_LINES + 1)
    more, entries = len(entries) > _LINES, entries[-_LINES:]
    return {"entries": mask_lines(entries), "oldest": entries[0].id if more else ""}
