"""`/api/v1/requests`: changes that need approval, for other programs.

Only for keys with the scope `decide`. A program decides in the name of its key (`api:` and six
letters of the key's digest). Where two people are needed, no key is one of them.
"""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.api.access import Access
from handlers.api.clients import envelope
from handlers.api.scopes import Scope
from handlers.auditing import Auditor, address_of, list_objects
from handlers.pages import changes, words
from handlers.ports import Clock, Delivery
from handlers.turns import Turns
from state.audit import Result
from state.lengths import QUESTION, REASON, count_units
from state.machine.admission import find_refusal
from state.messages.refusals import REFUSALS
from state.messages.staff import Api
from state.refusals import Refusal
from state.roles import act_of
from state.staff_actions import Asked, Decided
from state.store.conversations import ConversationRow
from state.store.store import Store

_MOST = 500
_LONGEST = 4096  # bytes of a body


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Lets programs read and decide requests."""

    store: Store
    turns: Turns
    clock: Clock
    access: Access
    auditor: Auditor

    def routes(self) -> list[BaseRoute]:
        """Build the routes; all of them need a key."""
        return [
            Route("/api/v1/requests", self._require_key(self._list)),
            Route(
                "/api/v1/requests/{code}/{action}", self._require_key(self._act), methods=["POST"]
            ),
        ]

    def _require_key(
        self, handler: Callable[[Request, str], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Admit callers whose key may decide, under the key's name."""

        async def handle_with_key(request: Request) -> Response:
            return await handler(request, await self.access.admit(request, Scope.DECIDE))

        return handle_with_key

    async def _list(self, _request: Request, _agent: str) -> Response:
        waiting = await self.store.conversations.pending(limit=_MOST)
        return JSONResponse(
            {"ok": True, "data": [view for chat_row in waiting if (view := _show(chat_row))]}
        )

    async def _act(self, request: Request, agent: str) -> Response:
        words = await _words(request)
        event = _event(request.path_params, agent, words)
        if event is None:
            return envelope(HTTPStatus.NOT_FOUND, Api.NO_ACTION)
        if not words and not (isinstance(event, Decided) and event.approved):
            return envelope(HTTPStatus.UNPROCESSABLE_ENTITY, Api.NO_WORDS)
        longest, length = QUESTION if isinstance(event, Asked) else REASON, count_units(words)
        if length > longest:
            told = Api.TOO_LONG.format(length=length, longest=longest)
            return envelope(HTTPStatus.UNPROCESSABLE_ENTITY, told)
        refusal = await self._do(request, event)
        if refusal is not None:
            return envelope(HTTPStatus.CONFLICT, REFUSALS[refusal])
        return JSONResponse({"ok": True, "data": None}, HTTPStatus.ACCEPTED)

    async def _do(self, request: Request, event: Decided | Asked) -> Refusal | None:
        """Note what a program does and do it; tell why, where nothing comes of it."""
        chat_row = await self._find(event.code)
        refusal = (
            Refusal.NO_REQUEST if chat_row is None else find_refusal(chat_row.conversation, event)
        )
        if refusal is None and chat_row is not None:
            await self._note(request, event, chat_row, Result.DONE)
            delivery = Delivery(id=f"staff:{uuid4().hex}", event=event, at=self.clock())
            refusal = await self.turns.take(chat_row.conversation.chat, delivery)
        if refusal is not None:
            await self._note(request, event, chat_row, Result.REFUSED)
        return refusal

    async def _note(
        self,
        request: Request,
        event: Decided | Asked,
        chat_row: ConversationRow | None,
        result: Result,
    ) -> None:
        """Note what a program does, before it is done, or what was refused."""
        await self.auditor.note(
            act_of(event),
            actor=event.agent,
            about=f"chat:{chat_row.key}" if chat_row else f"request:{event.code}",
            more=list_objects(chat_row.conversation) if chat_row else (),
            reason=event.reason if isinstance(event, Decided) else event.text,
            result=result,
            address=address_of(request),
        )

    async def _find(self, code: str) -> ConversationRow | None:
        waiting = await self.store.conversations.pending(limit=_MOST)
        requests = ((chat_row, chat_row.conversation.change.request) for chat_row in waiting)
        return next((seen for seen, request in requests if request and request.code == code), None)


async def _words(request: Request) -> str:
    """Read the body's text; empty if there is none."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _LONGEST:
            return ""
    try:
        body: Any = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        return ""
    text = body.get("text") if isinstance(body, dict) else None
    return text.strip() if isinstance(text, str) else ""


def _event(path: Mapping[str, str], agent: str, words: str) -> Decided | Asked | None:
    code = path["code"][:20]
    match path["action"]:
        case "approve":
            return Decided(agent=agent, code=code, approved=True)
        case "reject":
            return Decided(agent=agent, code=code, approved=False, reason=words)
        case "ask":
            return Asked(agent=agent, code=code, text=words)
        case _:
            return None


def _show(chat_row: ConversationRow) -> dict[str, Any] | None:
    """Show a request as JSON: masked, as staff see it."""
    view = changes.show_request(chat_row.conversation)
    if view is None:
        return None
    rows = [asdict(row) for row in view["rows"]]
    return {
        **view,
        "proofs": [proof.value for proof in chat_row.conversation.identity.proofs],
        "rows": rows,
        "chat": chat_row.key,
        "service": words.name_service(chat_row.key, chat_row.conversation),
    }
