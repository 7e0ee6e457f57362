"""The outside world of a campaign: a messaging vendor and a WispHub, both of which misbehave."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.customers import Row, invent
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from bot.supervisor import create_server, listen

FIRST_SERVICE = 1001


@dataclass
class Vendor:
    """Takes messages; with some chance it says no, says nothing, or says it too late.

    Attributes:
        faults: how likely each call is to go wrong.
        received: what each customer's phone shows, in order, with the time it came (s).
        unsaid: what was shown although we answered otherwise, or too late.
    """

    chance: random.Random
    faults: float = 0.0
    url: str = ""
    received: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    unsaid: set[tuple[str, str]] = field(default_factory=set)

    async def send(self, request: Request) -> Response:
        """Take one message."""
        try:
            message = await request.json()
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        fate = self.chance.random() / self.faults if self.faults else 1.0
        if fate < 0.3:
            self.counts["429"] += 1
            return PlainTextResponse("", 429, {"retry-after": "0.3"})
        if fate < 0.4:
            self.counts["500 unsent"] += 1
            return PlainTextResponse("", 500)
        now = asyncio.get_running_loop().time()
        self.received[message["chat"]].append((message["text"], now))
        if 0.4 <= fate < 0.7:
            self.unsaid.add((message["chat"], message["text"]))
        if 0.4 <= fate < 0.6:
            self.counts["500 sent"] += 1
            return PlainTextResponse("", 502)
        if 0.6 <= fate < 0.7:
            self.counts["too late"] += 1
            await asyncio.sleep(4.5)
        return PlainTextResponse("ok")


class CountingSandbox(Sandbox):
    """A pretend WispHub that counts what is written."""

    written: Counter[tuple[int, str]]

    def store(self, service_id: int, values: Row) -> None:
        """Count, and write."""
        if values.get("telefono"):
            self.written[service_id, str(values["telefono"])] += 1
        super().store(service_id, values)


def pretend_wisphub(services: int) -> CountingSandbox:
    """Make a WispHub with so many services, without documents or phones."""
    sandbox = CountingSandbox()
    sandbox.written = Counter()
    blank = {"cedula": "", "telefono": ""}
    pattern = invent(count=1)[FIRST_SERVICE]
    sandbox.rows = {
        number: {**pattern, **blank, "id_servicio": number}
        for number in range(FIRST_SERVICE, FIRST_SERVICE + services)
    }
    return sandbox


async def misbehave(sandbox: Sandbox, chance: random.Random) -> None:
    """Let WispHub fail now and then, for ever."""
    while True:
        await asyncio.sleep(chance.uniform(1, 4))
        sandbox.fault = chance.choice((Fault.ERROR, Fault.LOST, Fault.ECHO))
        await asyncio.sleep(chance.uniform(0.1, 0.6))
        sandbox.fault = Fault.NONE


@asynccontextmanager
async def running(vendor: Vendor) -> AsyncIterator[Vendor]:
    """Serve it on loopback; `url` tells where."""
    socket = listen("127.0.0.1", 0)
    vendor.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    server = create_server(Starlette(routes=[Route("/send", vendor.send, methods=["POST"])]))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        try:
            yield vendor
        finally:
            server.stop()
