"""A run: `enlace run` between vendors and a WispHub, and strangers who come one after the other."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.server import Sandbox
from bot.sandbox.server import running as running_sandbox
from tests.bot.channels.enlace_process import enlace
from tests.bot.channels.stages import APP_SECRET, SECRET, VERIFY_TOKEN
from tests.meta import graph as meta_graph
from tests.meta.clock import RealClock as MetaClock
from tests.meta.webhooks import MetaWebhooks
from tests.strangers.guesses import RATES, invent
from tests.strangers.phones import TelegramPhones, WhatsAppPhones
from tests.strangers.stranger import Stranger
from tests.telegram import api as bot_api
from tests.telegram.api import TOKEN
from tests.telegram.clock import RealClock as TelegramClock
from tests.telegram.server import TelegramServer

_FOUND = 0.25  # seconds more for rows than for none
_AT_ONCE = 12.0  # seconds of coming strangers that may be there: a slow machine slows them down


@dataclass
class SlowSandbox(Sandbox):
    """A pretend WispHub that takes 0.2 to 1 s for a call, as the real one, and more for rows."""

    chance: random.Random = field(default_factory=random.Random)

    async def _list(self, request: Request) -> Response:
        await asyncio.sleep(min(4.0, self.chance.lognormvariate(-0.85, 0.4)))
        answer = await super()._list(request)
        if not bytes(answer.body).startswith(b'{"count":0,'):
            await asyncio.sleep(_FOUND)
        return answer


@dataclass(frozen=True, kw_only=True)
class World:
    """The vendors around the process."""

    telegram: TelegramPhones
    whatsapp: WhatsAppPhones

    def write(self, stranger: Stranger) -> Callable[[str], None]:
        """Tell how a stranger writes."""
        phones = self.telegram if stranger.channel == "telegram" else self.whatsapp
        return partial(phones.write, stranger)


async def play(count: int, seed: int, directory: Path) -> tuple[list[Stranger], str]:
    """Let so many strangers guess; gives them, and the process's log."""
    chance = random.Random(seed)
    rows, strangers = invent(count, chance)
    sandbox = SlowSandbox(rows=rows, chance=chance)
    async with _open_world(sandbox, chance, directory) as world:
        await asyncio.gather(*(_come(world, _of(name, strangers), chance) for name in RATES))
        await asyncio.sleep(1)  # for what nobody waits for
    return strangers, (directory / "enlace.log").read_text("utf-8")


@asynccontextmanager
async def _open_world(
    sandbox: SlowSandbox, chance: random.Random, directory: Path
) -> AsyncIterator[World]:
    """Start everything, and end it afterwards."""
    server = TelegramServer(TelegramClock(time.time_ns() / 1e9), chance)
    meta = MetaWebhooks(url="", secret=APP_SECRET, chance=chance, clock=MetaClock(), batch=20)
    meta.connections = 10
    telegram = TelegramPhones(server=server, chance=chance)
    whatsapp = WhatsAppPhones(webhooks=meta, token="EAAG", chance=chance)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running_sandbox(sandbox))
        await stack.enter_async_context(bot_api.running(telegram))
        await stack.enter_async_context(meta_graph.running(whatsapp))
        process = await stack.enter_async_context(
            enlace(directory, sandbox, **_settings(telegram, whatsapp))
        )
        server.webhook(f"{process.url}/webhooks/telegram", SECRET)
        meta.url = f"{process.url}/webhooks/whatsapp"
        group = await stack.enter_async_context(asyncio.TaskGroup())
        group.create_task(server.run())
        group.create_task(meta.run())
        yield World(telegram=telegram, whatsapp=whatsapp)
        server.stop()
        meta.stop()


def _settings(telegram: TelegramPhones, whatsapp: WhatsAppPhones) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_URL": telegram.url,
        "WHATSAPP_TOKEN": whatsapp.token,
        "WHATSAPP_PHONE_NUMBER_ID": whatsapp.webhooks.phone_number_id,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "WHATSAPP_API_URL": whatsapp.url,
    }


async def _come(world: World, strangers: Sequence[Stranger], chance: random.Random) -> None:
    """Let strangers come at their channel's rate, as long as there are not too many at once."""
    rate = RATES[strangers[0].channel]
    places = asyncio.Semaphore(round(rate * _AT_ONCE))

    async def guess(stranger: Stranger) -> None:
        await stranger.guess(world.write(stranger), chance)
        places.release()

    async with asyncio.TaskGroup() as group:
        for stranger in strangers:
            await places.acquire()
            group.create_task(guess(stranger))
            await asyncio.sleep(chance.expovariate(rate))


def _of(channel: str, strangers: Sequence[Stranger]) -> list[Stranger]:
    return [one for one in strangers if one.channel == channel]
