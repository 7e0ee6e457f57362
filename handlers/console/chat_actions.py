"""What members do with a chat by its buttons: checked, noted in the audit, taken as a turn."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.auditing import list_objects
from handlers.console.acts import ACTIONS, COPY, REVEAL, ChatAction, find_problem
from handlers.console.export import copy
from handlers.console.forms import Words, name_delivery, read_words
from handlers.console.frame import show_frame
from handlers.console.gate import Gate
from handlers.console.winners import tell_refusal
from handlers.pages.rendering import page
from handlers.pages.words import name_chat
from handlers.ports import Clock, Delivery
from handlers.turns import Turns
from state.audit import Result
from state.conversation import Conversation
from state.machine.admission import find_refusal
from state.messages.sending import Sending
from state.messages.staff import Page
from state.parts import member as speaking
from state.reply_window import is_closed
from state.roles import Act, may
from state.staff_actions import Replied, StaffAction
from state.store.conversations import NoSuchConversation
from state.store.members import Member
from state.store.store import Store

REVEALED = 60
"""Seconds for which a page shows what was revealed."""


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
        words = await read_words(request)
        return await self._do(request, member, action, words) or Response(status_code=204)

    async def _do(
        self, request: Request, member: Member, action: ChatAction, words: Words
    ) -> Response | None:
        """Do what a button of a chat says; answer why, where nothing came of it."""
        if problem := find_problem(action, words):
            await self.gate.note(request, member, action.act, result=Result.REFUSED)
            return HTMLResponse(problem, 422)
        event = action.event(member.name, words)
        return await self.perform(
            request, member, action.act, event, name=name_delivery(words), reason=words["reason"]
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
        key = request.path_params["key"]
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            return HTMLResponse(Page.NO_CHAT, 404)
        acts = (act, *_list_more(event, conversation))
        if not all(may(member.roles, one) for one in acts):
            await self.gate.note(request, member, act, result=Result.REFUSED)
            return HTMLResponse(Page.NO_ROLE, 403)
        delivery = Delivery(id=name, event=event, at=self.clock())
        more, refusal = list_objects(conversation), find_refusal(conversation, event)
        if refusal is not None and await self._is_done(conversation, delivery):
            return None
        if refusal is None and _needs_template(event) and is_closed(conversation, now=self.clock()):
            await self.gate.note(request, member, act, more=more, result=Result.REFUSED)
            return HTMLResponse(Sending.WINDOW_CLOSED, 409)
        for one in acts if refusal is None else ():
            await self.gate.note(request, member, one, more=more, reason=reason)
        if refusal is None:
            refusal = await self.turns.take(conversation.chat, delivery)
        if refusal is None:
            return None
        await self.gate.note(request, member, act, more=more, reason=reason, result=Result.REFUSED)
        told = await tell_refusal(self.store, key, event, refusal, now=self.clock())
        return HTMLResponse(told, 409)

    async def _is_done(self, conversation: Conversation, delivery: Delivery) -> bool:
        """Tell whether the same form was taken before: its answer may have been lost."""
        loaded = await self.store.conversations.load(conversation.chat, [delivery.id])
        return not loaded.fresh[0]

    async def _reveal(self, request: Request, member: Member) -> Response:
        """Show the lines of a chat unmasked, for a minute; audit and journal record it."""
        words, key = await read_words(request), request.path_params["key"]
        entries = await self.store.journal.read(key)
        if refusal := await self._do(request, member, REVEAL, words):
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
        words, key = await read_words(request), request.path_params["key"]
        if refusal := await self._do(request, member, COPY, words):
            return refusal
        conversation = await self.store.conversations.find(key)
        copied = await copy(self.store, key, conversation)
        name = f'attachment; filename="copia-{key[:8]}.json"'
        return JSONResponse(copied, headers={"Content-Disposition": name})


def _needs_template(event: StaffAction) -> bool:
    """Tell whether it is free text, which WhatsApp takes for a day only."""
    return isinstance(event, Replied) and not event.variable


def _list_more(event: StaffAction, conversation: Conversation) -> tuple[Act, ...]:
    """List what is done besides: the first words of an answer may take the chat."""
    takes = isinstance(event, Replied) and event.takes
    return (Act.TAKE,) if takes and conversation.speaker != speaking(event.agent) else ()


async def _refuse(_request: Request, _member: Member) -> Response:
    return HTMLResponse(Page.NO_ACTION, 404)
