"""A house with simulated phones: their pages over HTTP, and time that is passed by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
from redis.asyncio import Redis
from starlette.applications import Starlette

from bot.channels.simulator import SimulatorChannel, SimulatorCodes
from bot.sandbox.pretend import PretendWispHub
from bot.sandbox.server import Sandbox
from handlers.effects.performer import build_performer
from handlers.pages.live import Hub
from handlers.ports import Delivery
from handlers.simulator.pages import SimulatorPages
from state.staff_actions import StaffAction
from state.store.simulator import Bubble, SimulatedPhone
from tests.house_stage import HouseStage


class PhoneHouse(HouseStage):
    """One simulated phone at a time, used over HTTP; what follows is performed at once."""

    http: httpx.AsyncClient
    key: str
    phone: SimulatedPhone

    def __init__(self, redis: Redis, sandbox: Sandbox) -> None:
        super().__init__(redis, sandbox)
        channel = SimulatorChannel(self.store, self.clock)
        outside = replace(
            self.outside,
            messages=self.postman(channel, name="simulator"),
            codes=SimulatorCodes(self.store, self.clock),
        )
        self.sender = build_performer(self.store, self.turns, outside, self.clock)
        self.turns.can_send_codes = True
        self.pages = SimulatorPages(
            store=self.store,
            turns=self.turns,
            intake=self.intake(),
            hub=Hub(),
            clock=self.clock,
            pretended=PretendWispHub(sandbox),
            company="FibraNet",
        )

    async def buy(self, look: str) -> None:
        """Take a new phone of that look."""
        made = await self.http.post("/simulador/phones", data={"look": look})
        self.key = made.headers["location"].rsplit("/", 1)[1]
        found = await self.store.simulator.find(self.key)
        assert found is not None
        self.phone, self.chat = found, found.chat

    async def do(self, action: str, value: str, **rest: str) -> int:
        """Make one gesture, a second after the last; gives the status."""
        self.reach(self.clock() + 1000)
        path, data = f"/simulador/c/{self.key}/{action}", {"value": value, **rest}
        answer = await self.http.post(path, data={"delivery": uuid4().hex, **data})
        await self._settle()
        return answer.status_code

    async def say(self, text: str) -> None:
        """Type a text and send it."""
        assert await self.do("say", text) == 204

    async def press(self, label: str) -> None:
        """Press the newest button of that label."""
        ids = [
            button.id
            for bubble in await self.screen()
            for button in bubble.message.buttons
            if button.label == label
        ]
        assert ids, f"no button {label!r}: {await self.last()}"
        assert await self.do("press", ids[-1], label=label) == 204

    async def act(self, event: StaffAction) -> None:
        """Let staff do something."""
        self.reach(self.clock() + 1000)
        delivery = Delivery(id=uuid4().hex, event=event, at=self.clock())
        await self.turns.take(self.chat, delivery)
        await self._settle()

    async def screen(self) -> list[Bubble]:
        """Give everything that came to the screen."""
        return list(await self.store.simulator.read(self.key))

    async def last(self) -> str:
        """Give the words that the phone showed last."""
        return (await self.screen())[-1].message.text


@asynccontextmanager
async def phone_house(redis: Redis, sandbox: Sandbox) -> AsyncIterator[PhoneHouse]:
    """A house, and whoever uses its phones."""
    house = PhoneHouse(redis, sandbox)
    served = httpx.ASGITransport(Starlette(routes=list(house.pages.routes())))
    async with httpx.AsyncClient(transport=served, base_url="http://phones") as house.http:
        yield house
    await house.aclose()
