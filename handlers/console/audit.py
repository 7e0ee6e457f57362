"""The audit as supervisors read it: newest first, by person, object, act and result."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.pages.rendering import page
from state.audit import AuditEntry, AuditFilter
from state.messages.audit import ABOUT, ACTORS, AUDITED, RESULTS
from state.roles import Act
from state.store.audit import Audit
from state.store.members import Member

PATH = "/consola/auditoria"

_LONGEST = 100  # characters of a filter
_ID = re.compile(r"\d{1,16}-\d{1,10}")
_KEY = 8  # letters of a chat's key that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One entry in words; `chat` is the key of the chat it is about, or ""."""

    entry: AuditEntry
    act: str
    actor: str
    result: str
    about: str
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPages:
    """Shows who did what.

    What is looked for is sent as a form: a name or a number would stay in an address.
    """

    audit: Audit
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        """Build the page, and its filter."""
        return [
            Route(PATH, self.gate.guard(Act.READ_AUDIT, self._show), methods=["GET"]),
            Route(PATH, self.gate.guard(Act.READ_AUDIT, self._find), methods=["POST"]),
        ]

    async def _show(self, _request: Request, member: Member) -> Response:
        return await self._answer(member, AuditFilter(), "")

    async def _find(self, request: Request, member: Member) -> Response:
        form = await request.form()
        given = {name: str(form.get(name, "")).strip()[:_LONGEST] for name in _FIELDS}
        before = str(form.get("before", ""))
        known = before if _ID.fullmatch(before) else ""
        return await self._answer(member, AuditFilter(**given), known)

    async def _answer(self, member: Member, wanted: AuditFilter, before: str) -> Response:
        await self.gate.auditor.settle()
        entries, more = await self.audit.find(wanted, before=before)
        values: dict[str, Any] = {
            "rows": [show_entry(entry) for entry in entries],
            "wanted": wanted,
            "acts": sorted(AUDITED.items(), key=lambda item: item[1]),
            "results": RESULTS.items(),
            "before": before,
            "more": more,
        }
        return page("console/audit.html", **show_frame(member), **values)


_FIELDS = ("actor", "thing", "act", "result")


def show_entry(entry: AuditEntry) -> AuditRow:
    """Tell an entry in words."""
    return AuditRow(
        entry=entry,
        act=AUDITED.get(entry.act, entry.act),
        actor=ACTORS.get(entry.actor, entry.actor),
        result=RESULTS[entry.result],
        about=", ".join(_show_thing(thing) for thing in (entry.about, *entry.more) if thing),
        chat=entry.chat,
    )


def _show_thing(thing: str) -> str:
    kind, _, name = thing.partition(":")
    if kind not in ABOUT:
        return thing
    return f"{ABOUT[kind]} {name[:_KEY] if kind == 'chat' else name}"
