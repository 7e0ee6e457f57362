"""The inbox: the list of conversations, one of them open, and the actions of staff."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.export import copy
from handlers.console.signin import SignIn
from handlers.pages import views
from handlers.pages.live import Hub
from handlers.pages.rendering import fragment, live, page
from handlers.ports import Clock, Delivery
from handlers.turns import Turns
from state.conversation import Conversation
from state.events import (
    Asked,
    CodeRead,
    Decided,
    Event,
    Exported,
    HandedBack,
    Replied,
    Settled,
    TakenOver,
    Undone,
    Vouched,
)
from state.messages.staff import Page
from state.parts import member as speaking
from state.states import STATES
from state.store.conversations import NoSuchConversation, UnreadableRecord
from state.store.staff import Member
from state.store.store import Store

_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPages:
    """The pages that a member of staff works with."""

    store: Store
    turns: Turns
    hub: Hub
    clock: Clock

    def routes(self, sign_in: SignIn) -> list[BaseRoute]:
        """Build the routes that need a session."""
        return [
            Route("/consola", sign_in.guard(self._desk)),
            Route("/consola/c/{key}", sign_in.guard(self._desk)),
            Route("/consola/solicitudes", sign_in.guard(self._tasks)),
            Route("/consola/solicitudes/live", sign_in.guard(self._queue)),
            Route("/consola/live", sign_in.guard(self._live)),
            Route("/consola/c/{key}/copia", sign_in.guard(self._copy), methods=["POST"]),
            Route("/consola/c/{key}/{action}", sign_in.guard(self._act), methods=["POST"]),
        ]

    async def _desk(self, request: Request, member: Member) -> Response:
        key = request.path_params.get("key", "")
        try:
            values = await self._values(key, member)
        except NoSuchConversation as error:
            unreadable = isinstance(error, UnreadableRecord)
            return page("console/missing.html", status=404, unreadable=unreadable)
        return page("console/desk.html", **values)

    async def _tasks(self, request: Request, member: Member) -> Response:  # noqa: ARG002  # who reads it does not matter
        return page("console/tasks.html", tasks=await self._waiting())

    async def _queue(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        async def picture() -> str:
            return fragment("console/_queue.html", tasks=await self._waiting())

        return live(self.hub, picture, about=lambda _: True)

    async def _waiting(self) -> list[views.Task]:
        waiting = await self.store.conversations.pending(limit=_ROWS)
        return [views.task(chat_row) for chat_row in waiting]

    async def _live(self, request: Request, member: Member) -> Response:
        key = request.query_params.get("c", "")

        async def picture() -> str:
            try:
                values = await self._values(key, member)
            except NoSuchConversation:  # erased meanwhile, or it cannot be read
                values = await self._values("", member)
            return fragment("console/_picture.html", **values)

        return live(self.hub, picture, about=lambda _: True)

    async def _act(self, request: Request, member: Member) -> Response:
        key = request.path_params["key"]
        form = await request.form()
        words = {name: str(form.get(name, "")) for name in ("text", "code", "reason")}
        event = _event(request.path_params["action"], member.name, words)
        if event is None:
            return HTMLResponse(Page.NO_ACTION, 404)
        if _lacks_words(event):
            return HTMLResponse(Page.NO_WORDS, 422)
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        if isinstance(event, Replied) and conversation.speaker != speaking(member.name):
            return HTMLResponse(Page.NOT_HELD, 409)
        name = f"staff:{form.get('delivery') or uuid4().hex}"
        delivery = Delivery(id=name, event=event, at=self.clock())
        await self.turns.take(conversation.chat, delivery)
        return Response(status_code=204)

    async def _copy(self, request: Request, member: Member) -> Response:
        """Return the export of a chat; the journal records it."""
        key = request.path_params["key"]
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        copied = await copy(self.store, key, conversation)
        event = Exported(agent=member.name)
        delivery = Delivery(id=f"staff:{uuid4().hex}", event=event, at=self.clock())
        await self.turns.take(conversation.chat, delivery)
        name = f'attachment; filename="copia-{key[:8]}.json"'
        return JSONResponse(copied, headers={"Content-Disposition": name})

    async def _values(self, key: str, member: Member) -> dict[str, Any]:
        recent = await self.store.conversations.recent(limit=_ROWS)
        values: dict[str, Any] = {"member": member, "rows": views.rows(recent), "key": key}
        if not key:
            return values | {"open": False}
        conversation = await self.store.conversations.find(key)
        entries = await self.store.journal.read(key)
        return values | {"open": True, "entries": entries, **show_chat(key, conversation, member)}


def show_chat(key: str, conversation: Conversation, member: Member) -> dict[str, Any]:
    """Show the conversation that a member of staff has open."""
    return {
        "title": views.title(key, conversation),
        "step": STATES[conversation.state].for_staff,
        "speaker": views.speaker(conversation),
        "speaker_kind": conversation.speaker.kind.value,
        "mine": conversation.speaker == speaking(member.name),
        "rail": views.rail(conversation),
        "facts": views.facts(conversation),
        "request": views.request(conversation),
        "unsettled": views.show_unsettled(conversation),
        "reading": views.reading(conversation, member.name),
        "readable": views.readable(conversation),
        "undoable": views.undoable(conversation),
        "timer": views.timer(conversation),
        "delivery": uuid4().hex,
    }


def _lacks_words(event: Event) -> bool:
    """Tell whether an action needs a text and has none."""
    match event:
        case (
            Vouched(reason="")
            | Undone(reason="")
            | Decided(approved=False, reason="")
            | Asked(text="")
        ):
            return True
        case _:
            return False


def _event(action: str, agent: str, words: dict[str, str]) -> Event | None:
    text, code, reason = words["text"], words["code"][:20], words["reason"].strip()[:200]
    match action:
        case "approve":
            return Decided(agent=agent, code=code, approved=True)
        case "reject":
            return Decided(agent=agent, code=code, approved=False, reason=reason)
        case "ask":
            return Asked(agent=agent, code=code, text=text.strip()[:500])
        case "code":
            return CodeRead(agent=agent)
        case "undo":
            return Undone(agent=agent, code=code, reason=reason)
        case "settle":
            return Settled(agent=agent, code=code)
        case "vouch":
            return Vouched(agent=agent, reason=reason)
        case "take":
            return TakenOver(agent=agent)
        case "return":
            return HandedBack(agent=agent)
        case "reply":
            return Replied(agent=agent, text=text[:4000])
        case _:
            return None
