"""A tiny webhook for tests of the simulator."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.supervisor import create_server, listen
from tests.telegram.server import TelegramServer
from tests.waiting import HUNG

START = 1_750_000_000.0
SECRET = "s3cret_-"

Answer = Callable[[dict[str, Any]], Awaitable[Response]]


@dataclass
class Webhook:
    """A tiny bot that answers as told, and remembers the requests in the order they came."""

    answer: Answer
    received: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        """Take one update."""
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        self.received.append(await request.json())
        return await self.answer(self.received[-1])

    def texts(self) -> list[str]:
        """Tell the texts that came."""
        return [update["message"]["text"] for update in self.received]


async def well(_: dict[str, Any]) -> Response:
    """Take it."""
    return Response()


async def badly(_: dict[str, Any]) -> Response:
    """Refuse it."""
    return Response(status_code=503)


@asynccontextmanager
async def served(answer: Answer, telegram: TelegramServer, **how: int) -> AsyncIterator[Webhook]:
    """Serve a webhook that the server delivers to."""
    hook = Webhook(answer)
    socket = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{socket.getsockname()[1]}/hook"
    server = create_server(Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])]))
    telegram.webhook(url, SECRET, **how)
    async with asyncio.timeout(HUNG), asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        try:
            yield hook
        finally:
            server.stop()


def times(telegram: TelegramServer, number: int) -> list[float]:
    """Tell when an update was attempted, in seconds from the start."""
    return [at - START for at, tried, _ in telegram.log if tried == number]
