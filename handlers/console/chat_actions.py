"""What members do with a chat by its buttons: checked, noted in the audit, taken as a turn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.auditing import list_objects
from handlers.console.export import copy
from handlers.console.gate import Gate
from handlers.pages import views
from handlers.pages.rendering import page
from handlers.ports import Clock, Delivery
from handlers.turns import Turns
from state.audit import Result
from state.conversation import Conversation
from state.events import (
    Asked,
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
from state.messages.staff import Page
from state.parts import member as speaking
from state.roles import RULES, Act
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
    "reply": ChatAction(
        act=Act.REPLY, event=lambda agent, words: Replied(agent=agent, text=words["text"])
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
        if refusal := await self._check(request, member, action.act, words, needs=action.needs):
            return refusal
        event = action.event(member.name, words)
        await self._commit(request.path_params["key"], event, words.get("delivery", ""))
        return Response(status_code=204)

    async def _check(
        self, request: Request, member: Member, act: Act, words: Words, *, needs: str = ""
    ) -> Response | None:
        """Hold an act against its rule, and note it; answer what is lacking."""
        rule, key = RULES[act], request.path_params["key"]
        if (rule.reason and not words["reason"]) or (needs and not words[needs]):
            return HTMLResponse(Page.NO_WORDS, 422)
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        held = conversation.speaker == speaking(member.name)
        refused = rule.holds and not held
        await self.gate.note(
            request, member, act, more=list_objects(conversation), reason=words["reason"],
            result=Result.REFUSED if refused else Result.DONE,
        )  # fmt: skip
        return HTMLResponse(Page.NOT_HELD, 409) if refused else None

    async def _commit(self, key: str, event: StaffAction, name: str) -> Conversation:
        """Take the event as a turn of its chat; the same `name` again changes nothing."""
        conversation = await self.store.conversations.find(key)
        delivery = Delivery(id=f"staff:{name or uuid4().hex}", event=event, at=self.clock())
        await self.turns.take(conversation.chat, delivery)
        return conversation

    async def _reveal(self, request: Request, member: Member) -> Response:
        """Show the lines of a chat unmasked, for a minute; audit and journal record it."""
        words, key = await _read_words(request), request.path_params["key"]
        if refusal := await self._check(request, member, Act.REVEAL, words):
            return refusal
        entries = await self.store.journal.read(key)
        event = Revealed(agent=member.name, reason=words["reason"])
        conversation = await self._commit(key, event, words["delivery"])
        whole = "hx-request" not in request.headers
        return page(
            "console/revealed.html" if whole else "console/_revealed.html",
            key=key, title=views.title(key, conversation), entries=entries, seconds=REVEALED,
        )  # fmt: skip

    async def _copy(self, request: Request, member: Member) -> Response:
        """Return the export of a chat; audit and journal record it."""
        words, key = await _read_words(request), request.path_params["key"]
        if refusal := await self._check(request, member, Act.COPY, words):
            return refusal
        conversation = await self._commit(key, Exported(agent=member.name), "")
        copied = await copy(self.store, key, conversation)
        name = f'attachment; filename="copia-{key[:8]}.json"'
        return JSONResponse(copied, headers={"Content-Disposition": name})


async def _read_words(request: Request) -> Words:
    form = await request.form()
    words = {name: str(form.get(name, "")).strip()[:most] for name, most in _LONGEST.items()}
    return words | {"delivery": str(form.get("delivery", ""))}


async def _refuse(_request: Request, _member: Member) -> Response:
    return HTMLResponse(Page.NO_ACTION, 404)
