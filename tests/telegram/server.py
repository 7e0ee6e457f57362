"""Telegram's delivery of updates to a webhook: HTTP, time and what the vendor knows by itself.

What is attempted when is told in `queues`.
"""

import asyncio
import math
import random
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from tests.telegram.clock import Clock
from tests.telegram.queues import Delivery, Queues, Update, classify

SILENCE = 10.0  # seconds without a success, then one connection; WebhookActor.cpp:279-296

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback speaks plainly: load no certificates


@dataclass
class TelegramServer:
    """The side of Telegram that calls us.

    Attributes:
        repeats: how likely an answer of 2xx is lost on its way, so that the update comes again.
        disorder: how likely a first attempt is held back, by up to a second.
        timeout: real seconds for an answer; the vendor waits 60 (WebhookActor.cpp:230-233).
        counts: deliveries `delivered`, `failed` (attempts), `dropped`, `repeated`.
        log: time, number of the update and status of each attempt; 0 if there was no answer.
        chats: those from which an update came; a bot may write to no other.
        blocked: those who stopped the bot.
        pressed: when each callback query was made, by its id.
        allowed: the kinds that are queued at all; None for any.
        queues: what is undelivered.
        news: set when there is something new to do.
    """

    clock: Clock
    chance: random.Random
    repeats: float = 0.0
    disorder: float = 0.0
    timeout: float = 60.0
    counts: Counter[str] = field(default_factory=Counter)
    log: list[tuple[float, int, int]] = field(default_factory=list)
    chats: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    pressed: dict[str, float] = field(default_factory=dict)
    message_ids: Counter[int] = field(default_factory=Counter)
    allowed: set[str] | None = None
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    queues: Queues = field(init=False)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _flights: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # by queue
    _succeeded: float = -math.inf
    _number: int = field(init=False)
    _client: httpx.AsyncClient = field(init=False, repr=False)
    _stopping: bool = False

    def __post_init__(self) -> None:
        """Number the updates from anywhere (TQueue.cpp:158-178)."""
        self._number = self.chance.randint(2_000_000, 1_000_000_000)
        self.queues = Queues(self.chance, self._hold)

    def webhook(self, url: str, secret: str = "", max_connections: int = 40) -> None:
        """Deliver there from now on; nowhere if the address is empty.

        What is under way is cut off, and will be sent again (Client.cpp:15783-15794).
        """
        self.url, self.secret, self.max_connections = url, secret, max_connections
        for flight in self._flights.values():
            flight.cancel()
        self._flights.clear()
        self.queues.restart()
        self._succeeded = -math.inf
        self.news.set()

    def post(
        self, update: Update, queue: int | None = None, *, expires: float | None = None
    ) -> int:
        """Queue an update and return its number; 0 if such are not wanted, or it is too old."""
        now = self.clock.now()
        self._notice(update, now)
        own, last = classify(update, now)
        last = last if expires is None else expires
        if last <= now or (self.allowed is not None and self.allowed.isdisjoint(update)):
            return 0
        self._number += 1
        queue = own if queue is None else queue
        self.queues.add(Delivery(number=self._number, update=update, queue=queue, expires=last))
        self.news.set()
        return self._number

    def next_message_id(self, chat: int) -> int:
        """Number a message of a chat, the customer's or the bot's."""
        self.message_ids[chat] += 1
        return self.message_ids[chat]

    async def deliver(self) -> None:
        """Deliver until nothing is left: all was taken, or expired."""
        async with self._connected():
            while await self._step(math.inf):
                pass

    async def deliver_for(self, seconds: float) -> None:
        """Deliver for so long by the clock, also what is posted meanwhile."""
        end = self.clock.now() + seconds
        async with self._connected():
            while self.clock.now() < end:
                if not await self._step(end):
                    await self._pause(end)
            await self._land()

    async def run(self) -> None:
        """Deliver what is posted until `stop`; what is under way then is waited for."""
        self._stopping = False
        async with self._connected():
            while not self._stopping:
                if not await self._step(math.inf):
                    await self._pause(math.inf)
            await self._land()

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stopping = True
        self.news.set()

    def _hold(self) -> float:
        return self.chance.random() if self.chance.random() < self.disorder else 0.0

    def _notice(self, update: Update, now: float) -> None:
        """Learn from an update what the vendor knows of its customers."""
        for kind, content in update.items():
            chat = content.get("message", content).get("chat", {}).get("id")
            if chat is not None:
                self.chats.add(chat)
            if kind == "callback_query":
                self.pressed[content["id"]] = now
            if kind == "my_chat_member":
                gone = content["new_chat_member"]["status"] in ("kicked", "left")
                (self.blocked.add if gone else self.blocked.discard)(chat)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        """Keep connections alive meanwhile, as the vendor does (WebhookActor.cpp:566)."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        async with httpx.AsyncClient(
            verify=_NO_TLS, trust_env=False, limits=limits, timeout=self.timeout
        ) as self._client:
            del self._client.headers["accept"]
            del self._client.headers["user-agent"]
            try:
                yield
            finally:
                await _cancel(self._flights.values())
                self._flights.clear()

    async def _step(self, until: float) -> bool:
        """Start what can start, then wait for something to happen; false if nothing will."""
        self.news.clear()
        if self.url:
            window = 2 * self.max_connections  # WebhookActor.cpp:691-692
            self.counts["dropped"] += self.queues.load(self.clock.now(), window=window)
            self._start()
        at = self.queues.next_attempt(self.clock.now())
        if not self._flights and (at == math.inf or at > until):
            return False
        await self._pause(min(at, until))
        return True

    def _start(self) -> None:
        """Attempt what is due, as far as there are connections (WebhookActor.cpp:279-312)."""
        now = self.clock.now()
        connections = self.max_connections if now - self._succeeded <= SILENCE else 1
        for delivery in self.queues.ready(now):
            if len(self._flights) >= connections:
                return
            if delivery.queue not in self._flights:
                self._flights[delivery.queue] = asyncio.create_task(self._attempt(delivery))

    async def _pause(self, until: float) -> None:
        """Wait for an attempt to end, for something posted, or for that time."""
        flights = list(self._flights.values())
        watches = [asyncio.create_task(_wait(self.news))]
        if until < math.inf and not (flights and self.clock.jumps):
            watches.append(asyncio.create_task(self.clock.reach(until)))
        try:
            await asyncio.wait([*flights, *watches], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel(watches)
        for flight in flights:
            if flight.done() and not flight.cancelled():
                flight.result()

    async def _land(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._flights.values())

    async def _attempt(self, delivery: Delivery) -> None:
        """Send an update once, and act on the answer; any 2xx will do."""
        sent_at = self.clock.now()
        status, retry_after = await self._request(delivery)
        now = self.clock.now()
        self.log.append((sent_at, delivery.number, status))
        del self._flights[delivery.queue]
        taken = 200 <= status <= 299
        if taken and self.chance.random() >= self.repeats:
            self.counts["delivered"] += 1
            self._succeeded = now
            self.queues.done(delivery, now)
            return
        self.counts["repeated" if taken else "failed"] += 1
        late = self.queues.failed(delivery, now, retry_after=0 if taken else retry_after)
        self.counts["dropped"] += late

    async def _request(self, delivery: Delivery) -> tuple[int, int]:
        """Return status and Retry-After of the answer, both 0 without one."""
        headers = {"content-type": "application/json", "accept-encoding": "gzip, deflate"}
        if self.secret:
            headers["x-telegram-bot-api-secret-token"] = self.secret
        try:
            response = await self._client.post(self.url, content=delivery.body(), headers=headers)
        except httpx.TransportError:
            return 0, 0
        wanted = response.headers.get("retry-after", "")  # whole seconds only; HttpQuery.cpp:36-47
        return response.status_code, int(wanted) if re.fullmatch(r"-?\d+", wanted) else 0


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    """End tasks, and wait until they have."""
    listed = list(tasks)
    for task in listed:
        task.cancel()
    await asyncio.gather(*listed, return_exceptions=True)
