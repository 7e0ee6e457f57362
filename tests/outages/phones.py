"""Telegram, as far as an outage needs it: it takes messages, and keeps what each phone shows."""

import itertools
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.endpoint import serving

TOKEN = "4242:AAsimulatedTelegramBotToken0000000000"
SECRET = "un-secreto_42-un-secreto_42-un-secreto"


@dataclass
class Phones:
    """What each chat's phone shows."""

    url: str = ""
    shown: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1_000))

    async def take(self, request: Request) -> Response:
        """Take one call of the Bot API."""
        told = await request.json()
        chat = int(told.get("chat_id", 0))
        if request.path_params["method"] == "sendMessage":
            self.shown[chat].append(told["text"])
        message = {"message_id": next(self.numbers), "date": 1, "chat": {"id": chat}}
        return JSONResponse({"ok": True, "result": message})


@asynccontextmanager
async def answering() -> AsyncIterator[Phones]:
    """Serve it on loopback."""
    phones = Phones()
    route = Route("/bot{token}/{method}", phones.take, methods=["POST"])
    async with serving(Starlette(routes=[route])) as phones.url:
        yield phones
