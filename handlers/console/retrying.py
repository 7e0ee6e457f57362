"""Sending a message again that did not arrive: once, however often it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.chat_actions import ChatActions
from handlers.console.gate import Gate
from handlers.pages.ticks import list_marked
from handlers.ports import Clock
from state.journal import Entry, Kind
from state.messages.failures import is_obsolete
from state.messages.sending import Sending
from state.roles import Act
from state.staff_actions import Retried
from state.store.marks import Mark, Progress, name_retry
from state.store.members import Member
from state.store.store import Store

_LINES = 1_000  # of a chat's journal among which a message is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """Has messages sent again."""

    store: Store
    actions: ChatActions
    gate: Gate
    clock: Clock

    def routes(self) -> list[BaseRoute]:
        """Build its route."""
        path = "/consola/c/{key}/reintentar/{seq}"
        return [Route(path, self.gate.guard(Act.RETRY, self._retry), methods=["POST"])]

    async def _retry(self, request: Request, member: Member) -> Response:
        """Send a message again, unless it was, or arrived meanwhile."""
        key, asked = request.path_params["key"], request.path_params["seq"]
        seq = int(asked) if asked.isdecimal() and len(asked) < 16 else 0
        entries = await self.store.journal.read(key, limit=_LINES)
        said = next((one for one in entries if one.seq == seq and _is_message(one)), None)
        if not seq or said is None:
            return HTMLResponse(Sending.NO_MESSAGE, 404)
        marks = await self.store.marks.read(key, list_marked(entries, now=self.clock()))
        if refusal := _find_refusal(marks.get(seq)):
            return HTMLResponse(refusal, 409)
        event = Retried(
            agent=member.name,
            seq=seq,
            text=said.text,
            member=said.author,
            labels=said.buttons,
            others=bool(_list_failed(entries, marks) - {seq}),
        )
        refused = await self.actions.perform(
            request, member, Act.RETRY, event, name=name_retry(seq)
        )
        if refused is not None:
            return refused
        letter = await self.store.dead.find_message(key, seq)
        if letter is not None:
            await self.store.dead.drop(letter)
        return Response(status_code=204)


def _is_message(entry: Entry) -> bool:
    return entry.kind in (Kind.BOT, Kind.STAFF)


def _find_refusal(mark: Mark | None) -> str:
    """Tell why a message is not sent again; empty if it is."""
    if mark is None or mark.progress is not Progress.FAILED or is_obsolete(mark.cause):
        return Sending.ARRIVED
    return Sending.RETRIED if mark.retried else ""


def _list_failed(entries: Sequence[Entry], marks: Mapping[int, Mark]) -> set[int]:
    """List the messages that failed since somebody wrote last, and were not sent again."""
    failed = set[int]()
    for entry in reversed(entries):
        mark = marks.get(entry.seq) if _is_message(entry) else None
        if mark is not None and not _find_refusal(mark):
            failed.add(entry.seq)
        if entry.kind in (Kind.CUSTOMER, Kind.STAFF):
            break
    return failed
