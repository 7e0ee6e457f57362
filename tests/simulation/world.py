"""The world of one seed: processes that crash and stall, answers that get lost, a clock that jumps.

Everything that could happen differently is drawn from the seed: how long each crossing takes, and
what becomes of it. So a seed is a schedule, and runs the same each time.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from redis.exceptions import ConnectionError as RedisConnectionError

from handlers.errors import Busy, ChannelDown, DirectoryUnavailable, InDoubt, Undeliverable
from handlers.ports import SendingRate
from state.client import Client, OnFile
from state.conversation import Chat
from state.effects import Send
from state.fields import phonebook
from state.fields.table import Field
from state.store import keys
from state.store.encryption import Keyring
from tests.clients import make_client
from tests.simulation import wire
from tests.simulation.fence import Fence

if TYPE_CHECKING:
    from tests.simulation.process import Process

T = TypeVar("T")

EPOCH = 1_795_442_400_000  # ms
KEYRING = Keyring((bytes(range(32)),))
CHATS = [Chat(channel="test", account="1", id=str(number)) for number in range(1, 4)]
_SLOW = 5.3  # seconds: longer than a message's lease, and twice that shorter than an operation's
_LONGEST_PAUSE = 30.0  # seconds: beyond every lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How bad it is: chances for each crossing (of a boundary between a process and the world).

    Attributes:
        crash: the process dies there.
        pause: it stalls there, perhaps beyond its leases.
        lost: the connection breaks, before or after the other side acted.
        refused: the channel or WispHub does not do what it is asked.
        pace: how fast the channel may be spoken to.
    """

    crash: float = 0
    pause: float = 0
    lost: float = 0
    refused: float = 0
    pace: SendingRate | None = None

    @property
    def calm(self) -> bool:
        """Tell whether nothing goes wrong."""
        return not (self.crash or self.pause or self.lost or self.refused)


class World:
    """Redis, the channel, WispHub and time, as the processes meet them."""

    def __init__(self, seed: int, server: wire.Server, weather: Weather) -> None:
        self.chance = random.Random(seed)
        self.server = server
        self.fence = Fence()
        self.weather = weather
        self.loop = asyncio.get_running_loop()
        self.processes: list[Process] = []
        self.counts: Counter[str] = Counter()
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.sent_at: dict[tuple[str, str], float] = {}
        self.refused: list[str] = []
        self.on_file: dict[int, str] = defaultdict(str)
        self.written: Counter[tuple[int, str]] = Counter()
        self.held: dict[int, float] = {}
        self.down_until = 0.0
        self.acted = asyncio.Event()
        self.ringing: dict[bytes, int] = {}
        self._names = [shard.key("bell").encode() for shard in keys.ALL]
        self._bells = [("LLEN", name) for name in self._names]
        self._outs = [("LLEN", keys.name_key("out", KEYRING.digest(str(chat)))) for chat in CHATS]
        self.longest = 0
        self.lost_souls: list[asyncio.Future[None]] = []
        self.closed = False
        self.upgraded = False

    def now(self) -> int:
        """Tell the time, ms since 1970."""
        return EPOCH + int(self.loop.time() * 1000)

    async def limbo(self) -> None:
        """Wait for ever."""
        for_ever: asyncio.Future[None] = self.loop.create_future()
        self._outs = [("LLEN", keys.name_key("out", KEYRING.digest(str(chat)))) for chat in CHATS]
        self.longest = 0
        self.lost_souls.append(for_ever)
        await for_ever

    def happens(self, chance: float) -> bool:
        """Draw lots."""
        return chance > 0 and self.chance.random() < chance

    async def cross(
        self,
        process: "Process",
        act: Callable[[], T],
        broken: type[Exception],
        *,
        repeats: bool = False,
    ) -> T:
        """Act on the world from a process; perhaps it never does, or never hears.

        `repeats` if whoever carries it does it again by itself when a connection breaks.
        """
        await self._pass(process)
        fate = self.chance.random() / self.weather.lost if self.weather.lost else 1.0
        if fate < 0.3:
            raise broken
        answer = act()
        if fate < 0.5 and repeats:
            answer = act()
        await self._pass(process)
        if 0.5 <= fate < 1.0:
            raise broken
        return answer

    async def _pass(self, process: "Process") -> None:
        """Take some time; the process may end here, or stall."""
        if self.closed:
            raise asyncio.CancelledError
        if self.happens(self.weather.crash):
            process.crash()
        if self.happens(self.weather.pause):
            length = self.chance.choice((0.5, 6.0, 13.0, _LONGEST_PAUSE))
            process.stalled_until = self.loop.time() + length
            self.counts["pause"] += 1
        await process.sleep(self.chance.uniform(0.0005, 0.004))

    # What is outside

    async def redis(self, process: "Process", commands: Sequence[wire.Command]) -> list[Any]:
        """Let a process ask Redis."""

        def act() -> list[Any]:
            together = self.fence.ask(self.server, [*commands, *self._bells, *self._outs])
            answers = together[: len(commands)]
            ringing = together[len(commands) : len(commands) + len(self._bells)]
            self.ringing = dict(zip(self._names, ringing, strict=True))
            self.longest = max(self.longest, *together[len(commands) + len(self._bells) :])
            if any(ringing):
                self.acted.set()
                self.acted = asyncio.Event()
            return answers

        return await self.cross(process, act, RedisConnectionError, repeats=True)

    async def rung(
        self, process: "Process", bells: Sequence[bytes], seconds: float
    ) -> tuple[bytes, bytes] | None:
        """Wait for a bell as BLPOP does."""
        end = self.loop.time() + seconds
        while self.loop.time() < end:
            for bell in bells:
                if self.ringing.get(bell):
                    self.ringing[bell] -= 1
                    rung = self.server.one("LPOP", bell)
                    await self._pass(process)
                    return bell, rung
            with suppress(TimeoutError):
                async with asyncio.timeout_at(end):
                    await self.acted.wait()
            await process.sleep(0.0001)
        return None

    async def send(self, process: "Process", chat: Chat, message: Send) -> str:
        """Take a message as a channel does."""
        if self.loop.time() < self.down_until:
            self.counts["tried while down"] += 1
            raise ChannelDown
        if self.happens(self.weather.refused):
            if self.happens(0.3):
                raise Busy(retry_after=self.chance.uniform(0.1, 3))
            if self.happens(0.2):
                self.refused.append(message.text)
                raise Undeliverable
        await self.cross(process, lambda: self._shown(chat, message), InDoubt)
        return ""

    def _shown(self, chat: Chat, message: Send) -> None:
        self.sent[chat.id].append(message.text)
        self.sent_at.setdefault((chat.id, message.text), self.loop.time())

    async def find(self, process: "Process", service_id: int) -> Client:
        """Read a client at WispHub."""
        if self.happens(self.weather.refused):
            raise DirectoryUnavailable
        if self.happens(0.15):
            await process.sleep(_SLOW)
        phones = await self.cross(process, lambda: self.on_file[service_id], DirectoryUnavailable)
        return make_client(service_id, phone=phones)

    async def write(
        self, process: "Process", known: Client, contents: Mapping[Field, OnFile]
    ) -> None:
        """Write a client at WispHub."""

        def act() -> None:
            wanted = contents[Field.PHONE]
            stands = known.of(Field.PHONE).text
            text = wanted.text or phonebook.compose(stands, wanted.values, "e164")
            self.on_file[known.service_id] = text
            self.written[known.service_id, text] += 1

        await self.cross(process, act, DirectoryUnavailable)

    @asynccontextmanager
    async def hold(self, service_id: int) -> AsyncIterator[None]:
        """Hold a service, for 20 seconds at most."""
        if self.held.get(service_id, 0.0) > self.loop.time():
            raise Busy
        mine = self.held[service_id] = self.loop.time() + 20
        try:
            yield
        finally:
            if self.held.get(service_id) == mine:
                del self.held[service_id]


def calmed(weather: Weather) -> Weather:
    """Let nothing go wrong any more; what the channel allows stays."""
    return replace(Weather(), pace=weather.pace)
