"""One installation that goes through outages one after the other, and what each path answers.

A customer is a chat that writes "hola" once. Telegram's side repeats what was not answered 200, as
it does. What is answered while an outage lasts is counted by path; then everything must go on by
itself, on the page that was open all the time too.
"""

import asyncio
import itertools
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import httpx

from bot.bootstrap import clock
from state.conversation import Chat
from state.messages.staff import Note
from state.store.encryption import Keyring
from state.store.store import Store
from tests.bot.channels.enlace_process import Enlace
from tests.campaign.run import is_ready
from tests.outages.kinds import Kind
from tests.outages.phones import SECRET, TOKEN, Phones
from tests.outages.redises import Suffering
from tests.waiting import until

PATHS = ("webhook", "/health/live", "/health/ready", "a new page")
_NEW_PAGE = "/consola"
_BOT = TOKEN.partition(":")[0]
_chats = itertools.count(1_000)


@dataclass
class Cell:
    """What one outage came to.

    Attributes:
        during: answers by path while it lasted.
        after: the same, once Redis served again.
        told: the reasons that the processes logged.
        chats: the customers whose messages were accepted.
        marked: how many of them were answered twice, as the chat's journal says.
        twice: how many without such a mark.
    """

    kind: Kind
    seconds: float
    during: dict[str, Counter[str]] = field(default_factory=dict)
    after: dict[str, Counter[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    chats: list[int] = field(default_factory=list)
    lost: int = 0
    marked: int = 0
    twice: int = 0
    page_went_on: bool = False
    ended: int = 0

    @property
    def clean(self) -> bool:
        """Tell whether nothing was lost, no process ended, and all went on."""
        alive = set(self.during.get("/health/live", {"200": 1})) == {"200"}
        answers = {answer for counts in self.after.values() for answer in counts}
        return (
            alive
            and self.page_went_on
            and not (self.lost or self.twice or self.ended)
            and answers <= {"200"}
        )


@dataclass
class OpenPage:
    """A page of the console that is open all the time: how many pictures came, and how it ended."""

    pictures: int = 0
    ended: bool = False

    async def look(self, client: httpx.AsyncClient) -> None:
        """Look at it for as long as it is open."""
        with suppress(httpx.HTTPError):
            async with client.stream("GET", "/consola/live", timeout=None) as stream:
                async for line in stream.aiter_lines():
                    self.pictures += line.startswith("data: ")
        self.ended = True


@dataclass
class Lane:
    """The processes of an installation, its Redis, and who calls."""

    redis: Suffering
    processes: list[Enlace]
    phones: Phones
    client: httpx.AsyncClient
    page: OpenPage
    accepted: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    async def play(self, kind: Kind, seconds: float, reason: str = "") -> None:
        """Play one outage from beginning to end; it lasts until readiness gives the reason."""
        cell = Cell(kind, seconds)
        logs = [process.log.stat().st_size for process in self.processes]
        before = len(self.accepted)
        await self._harm(kind, seconds)
        async with self._probing(cell.during, pause=max(0.1, seconds / 60)):
            await asyncio.sleep(seconds)
            readiness = cell.during.setdefault("/health/ready", Counter())
            await until(lambda: not reason or reason in readiness, reason)
            await self._heal(kind)
        await until(partial(is_ready, self.client, str(self.client.base_url)), "readiness")
        await self._probe_each(cell.after)
        await self._repeat_refused()
        await until(self._all_answered, "the answers")
        pictures = self.page.pictures
        await self._call(cell.after)
        await until(lambda: self.page.pictures > pictures or self.page.ended, "the open page")
        await until(self._all_answered, "the answers")
        cell.page_went_on = not self.page.ended
        cell.chats = self.accepted[before:]
        cell.ended = sum(process.ended for process in self.processes)
        cell.told = _read_logs(self.processes, logs)
        self.cells.append(cell)

    async def _harm(self, kind: Kind, seconds: float) -> None:
        if kind is not Kind.ASLEEP:
            await self.redis.harm(kind, seconds)
        for process in self.processes if kind is Kind.ASLEEP else ():
            process.signal(signal.SIGSTOP)

    async def _heal(self, kind: Kind) -> None:
        if kind is not Kind.ASLEEP:
            await self.redis.heal(kind)
        for process in self.processes if kind is Kind.ASLEEP else ():
            process.signal(signal.SIGCONT)

    async def count(self) -> list[Cell]:
        """Count at the end what each phone shows: what was sent twice may have come later."""
        greeting = self.phones.shown[self.accepted[0]]
        for cell in self.cells:
            shown = {chat: self.phones.shown.get(chat, []) for chat in cell.chats}
            strange = [texts for texts in shown.values() if texts and texts[0] != greeting[0]]
            assert not strange, (greeting, strange[0])
            cell.lost = sum(not texts for texts in shown.values())
            repeated = [chat for chat, texts in shown.items() if len(texts) > 1]
            marked = [await self._is_marked(chat) for chat in repeated]
            cell.marked, cell.twice = sum(marked), len(marked) - sum(marked)
        return self.cells

    async def _is_marked(self, chat: int) -> bool:
        """Tell whether staff read that it may have come twice."""
        async with self.redis.client() as redis:
            store = Store(redis, Keyring((bytes(32),)), token="count")
            key = store.key(Chat(channel="telegram", account=_BOT, id=str(chat)))
            return any(entry.text == Note.REPEATED for entry in await store.journal.read(key))

    async def begin(self) -> None:
        """See that a customer is answered."""
        await self._call({})
        await until(self._all_answered, "the first answer")

    @asynccontextmanager
    async def _probing(
        self, counts: dict[str, Counter[str]], *, pause: float
    ) -> AsyncIterator[None]:
        """Call each path again and again; what is under way at the end is waited for."""
        over = asyncio.Event()

        async def repeat(call: Callable[[dict[str, Counter[str]]], Awaitable[None]]) -> None:
            while not over.is_set():
                await call(counts)
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), pause)

        async with asyncio.TaskGroup() as group:
            for call in self._calls():
                group.create_task(repeat(call))
            yield
            over.set()

    async def _probe_each(self, counts: dict[str, Counter[str]]) -> None:
        for call in self._calls():
            await call(counts)

    def _calls(self) -> list[Callable[[dict[str, Counter[str]]], Awaitable[None]]]:
        gets = {"/health/live": "/health/live", "/health/ready": "/health/ready"}
        gets["a new page"] = _NEW_PAGE
        return [self._call, *(partial(self._get, name, path) for name, path in gets.items())]

    async def _get(self, name: str, path: str, counts: dict[str, Counter[str]]) -> None:
        answer = await self.client.get(path)
        told = str(answer.status_code)
        if name == "/health/ready" and not answer.is_success:
            told += f" {answer.json()['redis']}"
        counts.setdefault(name, Counter())[told] += 1

    async def _call(self, counts: dict[str, Counter[str]]) -> None:
        """Have a new customer write; what is refused is repeated later."""
        chat = next(_chats)
        answer = await self._deliver(chat)
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            self.refused.append(chat)
        counts.setdefault("webhook", Counter())[str(answer.status_code)] += 1

    async def _deliver(self, chat: int) -> httpx.Response:
        message = {
            "message_id": chat, "date": clock() // 1000, "text": "hola",
            "from": {"id": chat, "is_bot": False, "first_name": "Ana"},
            "chat": {"id": chat, "type": "private"},
        }  # fmt: skip
        answer = await self.client.post(
            "/webhooks/telegram",
            json={"update_id": chat, "message": message},
            headers={"x-telegram-bot-api-secret-token": SECRET},
        )
        if answer.status_code == 200:
            self.accepted.append(chat)
        return answer

    async def _repeat_refused(self) -> None:
        """Deliver again until it is taken, as Telegram does."""
        while self.refused:
            if (await self._deliver(self.refused[0])).status_code == 200:
                self.refused.pop(0)
            else:
                await asyncio.sleep(0.1)

    def _all_answered(self) -> bool:
        return all(self.phones.shown.get(chat) for chat in self.accepted)


def _read_logs(processes: list[Enlace], begun: list[int]) -> list[str]:
    """List why the processes said that Redis was away since then."""
    lines = [
        line
        for process, start in zip(processes, begun, strict=True)
        for line in process.log.read_bytes()[start:].decode().splitlines()
    ]
    return sorted({json.loads(line)["reason"] for line in lines if '"redis.away"' in line})
