"""What members do with a chat by its buttons: checked, noted in the audit, taken as a turn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.auditing import list_objects
from handlers.console.export import copy
from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.pages.rendering import page
from handlers.pages.words import name_chat
from handlers.ports import Clock, Delivery
from handlers.turns import Turns
from state.audit import Result
from state.machine.admission import find_refusal
from state.messages.sending import Sending
from state.messages.staff import REFUSALS, Page
from state.reply_window import is_closed
from state.roles import RULES, Act
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    HandedBack,
    Replied,
    Revealed,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
    Vouched,
)
from state.store.conversations import NoSuchConversation
from state.store.members import Member
from state.store.store import Store

_LONGEST = {"text": 4000, "code": 20, "reason": 200}  # characters

REVEALED = 60
"""Seconds for which a page shows what was revealed."""

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAction:
    """One button of a chat.

    Attributes:
        act: what the table of roles calls it.
        event: makes the event, of the member's name and the form's words.
        needs: the word without which it means nothing.
    """

    act: Act
    event: Callable[[str, Words], StaffAction]
    needs: str = ""


ACTIONS: dict[str, ChatAction] = {
    "take": ChatAction(act=Act.TAKE, event=lambda agent, _: TakenOver(agent=agent)),
    "return": ChatAction(act=Act.HAND_BACK, event=lambda agent, _: HandedBack(agent=agent)),
    "close": ChatAction(act=Act.CLOSE, event=lambda agent, _: Closed(agent=agent)),
    "reply": ChatAction(
        act=Act.REPLY,
        event=lambda agent, words: Replied(agent=agent, text=words["text"]),
        needs="text",
    ),
    "ask": ChatAction(
        act=Act.ASK,
        event=lambda agent, words: Asked(agent=agent, code=words["code"], text=words["text"][:500]),
        needs="text",
    ),
    "vouch": ChatAction(
        act=Act.VOUCH, event=lambda agent, words: Vouched(agent=agent, reason=words["reason"])
    ),
    "code": ChatAction(act=Act.READ_CODE, event=lambda agent, _: CodeRead(agent=agent)),
    "approve": ChatAction(
        act=Act.APPROVE,
        event=lambda agent, words: Decided(agent=agent, code=words["code"], approved=True),
    ),
    "reject": ChatAction(
        act=Act.REJECT,
        event=lambda agent, words: Decided(
            agent=agent, code=words["code"], approved=False, reason=words["reason"]
        ),
    ),
    "undo": ChatAction(
        act=Act.UNDO,
        event=lambda agent, words: Undone(agent=agent, code=words["code"], reason=words["reason"]),
    ),
    "settle": ChatAction(
        act=Act.SETTLE, event=lambda agent, words: Settled(agent=agent, code=words["code"])
    ),
}
"""The last part of a path, and what it does."""

_REVEAL = ChatAction(
    act=Act.REVEAL, event=lambda agent, words: Revealed(agent=agent, reason=words["reason"])
)
_COPY = ChatAction(act=Act.COPY, event=lambda agent, _: Exported(agent=agent))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatActions:
    """Takes what members do with chats."""

    store: Store
    turns: Turns
    clock: Clock
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        """Build a route for each action."""
        one = "/consola/c/{key}"
        return [
            Route(f"{one}/mostrar", self.gate.guard(Act.REVEAL, self._reveal), methods=["POST"]),
            Route(f"{one}/copia", self.gate.guard(Act.COPY, self._copy), methods=["POST"]),
            *(
                Route(f"{one}/{name}", self._route(action), methods=["POST"])
                for name, action in ACTIONS.items()
            ),
            Route(f"{one}/{{action}}", self.gate.guard(Act.READ, _refuse), methods=["POST"]),
        ]

    def _route(self, action: ChatAction) -> Callable[[Request], object]:
        async def handle(request: Request, member: Member) -> Response:
            return await self._take(request, member, action)

        return self.gate.guard(action.act, handle)

    async def _take(self, request: Request, member: Member, action: ChatAction) -> Response:
        words = await _read_words(request)
        return await self._do(request, member, action, words) or Response(status_code=204)

    async def _do(
        self, request: Request, member: Member, action: ChatAction, words: Words
    ) -> Response | None:
        """Do what a button of a chat says; answer why, where nothing came of it."""
        act = action.act
        if not _has_words(action, words):
            await self.gate.note(request, member, act, result=Result.REFUSED)
            return HTMLResponse(Page.NO_WORDS, 422)
        event = action.event(member.name, words)
        return await self.perform(
            request, member, act, event, name=_name(words), reason=words["reason"]
        )

    async def perform(
        self,
        request: Request,
        member: Member,
        act: Act,
        event: StaffAction,
        *,
        name: str,
        reason: str = "",
    ) -> Response | None:
        """Note an act and take its event as the delivery of that name, in the path's chat.

        Answers why, where nothing came of it. The first look tells what to note; what became of
        the chat since, the turn tells.
        """
        try:
            conversation = await self.store.conversations.find(request.path_params["key"])
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        more, refusal = list_objects(conversation), find_refusal(conversation, event)
        if refusal is None and _needs_template(event) and is_closed(conversation, now=self.clock()):
            await self.gate.note(request, member, act, more=more, result=Result.REFUSED)
            return HTMLResponse(Sending.WINDOW_CLOSED, 409)
        if refusal is None:
            await self.gate.note(request, member, act, more=more, reason=reason)
            delivery = Delivery(id=name, event=event, at=self.clock())
            refusal = await self.turns.take(conversation.chat, delivery)
        if refusal is None:
            return None
        await self.gate.note(request, member, act, more=more, reason=reason, result=Result.REFUSED)
        return HTMLResponse(REFUSALS[refusal], 409)

    async def _reveal(self, request: Request, member: Member) -> Response:
        """Show the lines of a chat unmasked, for a minute; audit and journal record it."""
        words, key = await _read_words(request), request.path_params["key"]
        entries = await self.store.journal.read(key)
        if refusal := await self._do(request, member, _REVEAL, words):
            return refusal
        conversation = await self.store.conversations.find(key)
        whole = "hx-request" not in request.headers
        return page(
            "console/revealed.html" if whole else "console/_revealed.html",
            key=key, title=name_chat(key, conversation), entries=entries, seconds=REVEALED,
            **show_frame(member),
            marks={},
        )  # fmt: skip

    async def _copy(self, request: Request, member: Member) -> Response:
        """Return the export of a chat; audit and journal record it."""
        words, key = await _read_words(request), request.path_params["key"]
        if refusal := await self._do(request, member, _COPY, words):
            return refusal
        conversation = await self.store.conversations.find(key)
        copied = await copy(self.store, key, conversation)
        name = f'attachment; filename="copia-{key[:8]}.json"'
        return JSONResponse(copied, headers={"Content-Disposition": name})


def _needs_template(event: StaffAction) -> bool:
    """Tell whether it is free text, which WhatsApp takes for a day only."""
    return isinstance(event, Replied) and not event.variable


def _has_words(action: ChatAction, words: Words) -> bool:
    """Tell whether the words are there without which it means nothing."""
    needed = [action.needs] if action.needs else []
    needed += ["reason"] if RULES[action.act].reason else []
    return all(words[name] for name in needed)


def _name(words: Words) -> str:
    """Name the delivery: the same form sent again is the same one."""
    return f"staff:{words['delivery'] or uuid4().hex}"


async def _read_words(request: Request) -> Words:
    form = await request.form()
    words = {name: str(form.get(name, "")).strip()[:most] for name, most in _LONGEST.items()}
    return words | {"delivery": str(form.get("delivery", ""))}


async def _refuse(_request: Request, _member: Member) -> Response:
    return HTMLResponse(Page.NO_ACTION, 404)
