"""Telegram's Bot API: what a bot may call, what each phone then shows, and how a call goes wrong.

The facts and the sentences are from tdlib/telegram-bot-api; see `checks` for what is refused.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.supervisor import create_server, listen
from tests.telegram import intake
from tests.telegram.checks import Arguments, Refused, read_arguments, too_many
from tests.telegram.screens import Screens
from tests.telegram.updates import BOT

TOKEN = "4242:AAsimulatedTelegramBotToken0000000000"


class Fate(StrEnum):
    """How a call that puts something on a phone ends."""

    WELL = "well"
    BUSY = "429 unsent"
    DOWN = "500 unsent"
    PAGE = "502 sent"
    CUT = "cut sent"
    STRANGE = "strange sent"

    @property
    def shows(self) -> bool:
        """The customer gets to see it."""
        return self not in (Fate.BUSY, Fate.DOWN)


_TROUBLES = (Fate.BUSY, Fate.DOWN, Fate.PAGE, Fate.CUT, Fate.STRANGE)


Method = Callable[[Arguments], Awaitable[Any]]

_SHOWING = ("sendMessage", "editMessageText")


@dataclass(kw_only=True)
class BotApi(Screens):
    """The side of Telegram that we call.

    Attributes:
        faults: how likely a call that shows something goes wrong.
        forced: how the next such calls end, before chance has its say.
        unsaid: chat and number of what is shown although the caller was told otherwise.
        counts: calls by method and by fate.
    """

    chance: random.Random
    token: str = TOKEN
    faults: float = 0.0
    forced: list[Fate] = field(default_factory=list)
    unsaid: set[tuple[int, int]] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    url: str = ""

    def __post_init__(self) -> None:
        """List the methods."""
        methods: dict[str, Method] = {
            "getMe": _get_me,
            "sendMessage": self.send,
            "editMessageText": self.edit,
            "answerCallbackQuery": self.answer,
            "sendChatAction": self.act,
            "deleteMessage": self.delete,
            "setMyCommands": self.set_commands,
            "setWebhook": partial(intake.set_webhook, self.server),
            "deleteWebhook": partial(intake.delete_webhook, self.server),
            "getWebhookInfo": partial(intake.webhook_info, self.server),
            "getUpdates": partial(intake.get_updates, self.server),
        }
        self._names = {name.lower(): name for name in methods}
        self._methods = methods

    def app(self) -> Starlette:
        """Build the application."""
        return Starlette(
            routes=[Route("/bot{token}/{method}", self._serve, methods=["GET", "POST"])]
        )

    async def _serve(self, request: Request) -> Response:
        """Answer one call."""
        try:
            arguments = await read_arguments(request)
            name = self._name(request)
            self.counts[name] += 1
            if name in _SHOWING:
                return await self._fated(request, self._methods[name], arguments)
            return _ok(await self._methods[name](arguments))
        except ClientDisconnect:
            return Response(status_code=400)
        except Refused as refused:
            waits = {"retry-after": str(refused.retry_after)} if refused.retry_after else None
            return JSONResponse(refused.body(), refused.status, waits)

    def _name(self, request: Request) -> str:
        """Name the method, which may be written in any case (Client.cpp:12655-12664)."""
        if request.path_params["token"] != self.token:
            raise Refused(401, "Unauthorized")
        name = self._names.get(request.path_params["method"].lower())
        if name is None:
            raise Refused(404, "Not Found: method not found")
        return name

    async def _fated(self, request: Request, method: Method, arguments: Arguments) -> Response:
        """Show something on a phone, and tell the truth about it or not (facts, 1.2)."""
        fate = self._fate()
        result = await method(arguments) if fate.shows else {}
        self.counts[fate] += 1
        if fate is Fate.BUSY:
            raise too_many(1)
        if fate is Fate.DOWN:
            raise Refused(500, "Internal Server Error: restart")
        if fate is Fate.WELL:
            return _ok(result)
        self.unsaid.add((result["chat"]["id"], result["message_id"]))
        if fate is Fate.PAGE:
            return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
        if fate is Fate.CUT:
            return await _cut(request)
        return _ok({"weird": 1})

    def _fate(self) -> Fate:
        if self.forced:
            return self.forced.pop(0)
        if self.chance.random() >= self.faults:
            return Fate.WELL
        return self.chance.choice(_TROUBLES)


@asynccontextmanager
async def running(api: BotApi) -> AsyncIterator[BotApi]:
    """Serve it on loopback for as long as the context lasts; `url` tells where."""
    socket = listen("127.0.0.1", 0)
    api.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    server = create_server(api.app())
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        try:
            yield api
        finally:
            server.stop()


async def _cut(request: Request) -> Response:
    """Close the connection without a word."""
    cycle: Any = request.receive
    cycle.__self__.transport.close()  # uvicorn's, which ASGI does not show
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


def _ok(result: object) -> Response:
    # plain ASCII: half an emoji, which customers can send, has no UTF-8
    return Response(json.dumps({"ok": True, "result": result}), media_type="application/json")


async def _get_me(_: Arguments) -> dict[str, Any]:
    return BOT | {"can_join_groups": True, "can_read_all_group_messages": False}
