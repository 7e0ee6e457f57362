"""The load: customers who walk through the dialog, posted to a bot's webhook as a vendor would.

    python -m bench.load --bot 8080 --path /webhook --vendor 8081 --pid 4711 --chats 200

A process of its own, so that its CPU is nobody else's. Each chat's updates go in order, the next
after the previous one's 200; with `--answered`, after the replies to it too, as people write.
Without `--rate`, as fast as `--connections` chats at a time can; with it, at so many updates a
second. Prints one line of JSON (see `Result`) when the fake vendor
has seen every reply.
"""

import argparse
import asyncio
import json
import time
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

import uvloop

from bench.processes import Usage
from bench.updates import SPEECHES, WORDS, Connection, Connections, connect, walks

_PATIENCE = 30.0  # seconds without a new reply: then replies are missing
_ANSWERED = 90.0  # seconds for one; a gate that failures closed opens again within them
_SETTLE = 0.05  # seconds for what the bot still does after the last reply
_MS = 1e6  # ns

Posts = dict[int, list[int]]
Walk = tuple[int, list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do.

    Attributes:
        bot: the bot's port.
        speaks: whose calls it takes: `telegram` or `whatsapp`.
        answered: wait for the replies to a word before the next.
        vendor: the fake vendor's port.
        pid: the bot's process.
        first: the first chat's number; others follow.
        words: what each chat says.
        replies: how many messages the bot answers to each word.
        rate: updates a second; 0 for as fast as it goes.
    """

    bot: int
    speaks: str
    answered: bool
    path: str
    vendor: int
    pid: int
    chats: int
    first: int
    connections: int
    words: tuple[str, ...]
    replies: tuple[int, ...]
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was measured.

    Attributes:
        failed: how many posts were not answered with a 200.
        seconds: from the first post to the last reply at the vendor.
        used: what the bot's process had of its core meanwhile.
        latency_ms: of each update, from its post to its first reply.
        late_ms: of each update, how long after its time it was posted; empty without a rate.
    """

    updates: int
    expected: int
    replies: int
    failed: int
    seconds: float
    used: Usage
    latency_ms: list[float]
    late_ms: list[float]


class Load:
    """One run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._speech = SPEECHES[plan.speaks]
        self._bot = Connections(plan.bot, plan.connections)
        self._vendor = Connections(plan.vendor, plan.chats)
        self._places = [0, *accumulate(plan.replies)]
        self._posts: Posts = {}
        self._late: list[float] = []
        self._failed = 0
        self._expected = plan.chats * sum(plan.replies)

    async def run(self) -> Result:
        """Post everything, wait for every reply."""
        plan = self._plan
        vendor = await connect(plan.vendor)
        await _get(vendor, "/reset")
        chats = range(plan.first, plan.first + plan.chats)
        said = list(walks(self._speech, chats, plan.words))
        await self._bot.open(plan.connections)
        before = Usage.of(plan.pid)
        await (self._paced(said) if plan.rate else self._saturating(said))
        replies = await self._all_replies(vendor)
        await asyncio.sleep(_SETTLE)
        return self._result(Usage.of(plan.pid) - before, replies, await _arrivals(vendor))

    async def _saturating(self, walks: list[Walk]) -> None:
        queue = iter(walks)

        async def customer_after_customer() -> None:
            for chat, said in queue:
                for number, body in enumerate(said):
                    await self._post(chat, number, body)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._plan.connections):
                group.create_task(customer_after_customer())

    async def _paced(self, walks: list[Walk]) -> None:
        """Post the first word of every chat, then the second of every chat, and so on."""
        began, loop = time.monotonic_ns(), asyncio.get_running_loop()

        async def customer(place: int, chat: int, said: list[bytes]) -> None:
            for number, body in enumerate(said):
                due = began + round((number * len(walks) + place) * 1e9 / self._plan.rate)
                await asyncio.sleep((due - time.monotonic_ns()) / 1e9)
                posted = await self._post(chat, number, body)
                self._late.append((posted - due) / _MS)

        tasks = [loop.create_task(customer(i, *one)) for i, one in enumerate(walks)]
        await asyncio.gather(*tasks)

    async def _post(self, chat: int, number: int, body: bytes) -> int:
        wire = self._speech.wire(self._plan.bot, self._plan.path, body)
        posted, status = await self._bot.post(wire)
        self._posts.setdefault(chat, []).append(posted)
        self._failed += status != 200
        if self._plan.answered:
            async with asyncio.timeout(_ANSWERED):
                await self._vendor.post(_wait(chat, self._places[number + 1]))
        return posted

    async def _all_replies(self, vendor: Connection) -> int:
        """Wait until the vendor has seen all replies, or sees no more."""
        expected, seen = self._expected, 0
        waited_since = time.monotonic()
        while seen < expected and time.monotonic() - waited_since < _PATIENCE:
            await asyncio.sleep(0.005)
            count = (await _get(vendor, "/count"))["count"]
            if count > seen:
                seen, waited_since = count, time.monotonic()
        return seen

    def _result(self, used: Usage, replies: int, arrivals: Posts) -> Result:
        assert arrivals, "the bot sent nothing"
        first = min(posts[0] for posts in self._posts.values())
        last = max(times[-1] for times in arrivals.values())
        return Result(
            updates=sum(map(len, self._posts.values())),
            expected=self._expected,
            replies=replies,
            failed=self._failed,
            seconds=(last - first) / 1e9,
            used=used,
            latency_ms=self._latencies(arrivals),
            late_ms=self._late,
        )

    def _latencies(self, arrivals: Posts) -> list[float]:
        """Match posts and replies by chat and order; a word's first reply counts."""
        return [
            (arrivals[chat][place] - posted) / _MS
            for chat, posts in self._posts.items()
            for posted, place in zip(posts, self._places, strict=False)
            if place < len(arrivals.get(chat, ()))
        ]


def _wait(chat: int, count: int) -> bytes:
    return f"GET /wait/{chat}/{count} HTTP/1.1\r\nHost: vendor\r\n\r\n".encode()


async def _get(connection: Connection, path: str) -> dict[str, Any]:
    await connection.ask(f"GET {path} HTTP/1.1\r\nHost: vendor\r\n\r\n".encode())
    answer: dict[str, Any] = json.loads(connection.body)
    return answer


async def _arrivals(vendor: Connection) -> Posts:
    return {int(chat): times for chat, times in (await _get(vendor, "/arrivals")).items()}


def _plan() -> Plan:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("bot", "vendor", "pid", "chats"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--speaks", choices=SPEECHES, default="telegram")
    parser.add_argument("--answered", action="store_true")
    parser.add_argument("--path", default="/webhook")
    parser.add_argument("--first", type=int, default=10_000_000)
    parser.add_argument("--connections", type=int, default=40, help="Telegram's own default")
    parser.add_argument("--words", type=json.loads, default=WORDS, help="as JSON")
    parser.add_argument("--replies", type=json.loads, help="to each word, as JSON; one if absent")
    parser.add_argument("--rate", type=float, default=0.0)
    given = vars(parser.parse_args())
    words = tuple(given.pop("words"))
    replies = tuple(given.pop("replies") or (1,) * len(words))
    return Plan(**given, words=words, replies=replies)


def main() -> None:
    """Read the command line, run, print."""
    print(json.dumps(asdict(uvloop.run(Load(_plan()).run()))))


if __name__ == "__main__":
    main()
