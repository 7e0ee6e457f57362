"""Writing after WhatsApp's 24 hours: a template, whose exact text is shown before it is sent."""

from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.console.chat_actions import ChatActions
from handlers.console.gate import Gate
from handlers.pages.rendering import page
from handlers.ports import ReplyTemplate
from state.messages.sending import Sending
from state.reply_window import MOST, fill, flatten
from state.roles import Act
from state.staff_actions import Replied
from state.store.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMessages:
    """Shows a template filled with a member's words, and sends it."""

    template: ReplyTemplate
    actions: ChatActions
    gate: Gate

    def routes(self) -> list[BaseRoute]:
        """Build its routes."""
        path, guard = "/consola/c/{key}/plantilla", self.gate.guard
        return [
            Route(f"{path}/ver", guard(Act.READ, self._preview), methods=["POST"]),
            Route(path, guard(Act.REPLY, self._send), methods=["POST"]),
        ]

    async def _preview(self, request: Request, member: Member) -> Response:  # noqa: ARG002
        """Show the exact text that the customer would read."""
        words = await _read(request, "text")
        if problem := self._find_problem(words):
            return HTMLResponse(problem, 422)
        return page(
            "console/_template.html",
            key=request.path_params["key"],
            words=words,
            shown=fill(self.template.text, words),
            delivery=uuid4().hex,
        )

    async def _send(self, request: Request, member: Member) -> Response:
        """Send what was shown; what would read otherwise by now is shown anew."""
        words, shown = await _read(request, "text"), await _read(request, "shown")
        text = fill(self.template.text, words)
        if problem := self._find_problem(words):
            return HTMLResponse(problem, 422)
        if " ".join(shown.split()) != " ".join(text.split()):
            return HTMLResponse(Sending.TEMPLATE_CHANGED, 409)
        event = Replied(agent=member.name, text=text, variable=flatten(words))
        name = f"staff:{await _read(request, 'delivery') or uuid4().hex}"
        refused = await self.actions.perform(request, member, Act.REPLY, event, name=name)
        return refused or HTMLResponse("")

    def _find_problem(self, words: str) -> str:
        """Tell why nothing can be sent; empty if it can."""
        if self.template.lacks:
            return Sending.NO_TEMPLATE.format(setting=self.template.lacks)
        if not flatten(words):
            return Sending.NO_TEMPLATE_WORDS
        over = len(fill(self.template.text, words)) - MOST
        return Sending.TEMPLATE_TOO_LONG.format(over=over) if over > 0 else ""


async def _read(request: Request, name: str) -> str:
    form = await request.form()
    return str(form.get(name, "")).strip()
