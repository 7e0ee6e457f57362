"""A flood of deliveries: `python -m bench.push`.

100,000 deliveries of 10,000 chats, as fast as one process takes them; then 1,000 deliveries of one
single chat at the same moment, over two processes.
"""

import argparse
import asyncio
import random
import re
import sys
import time
from collections import Counter
from itertools import islice, pairwise
from pathlib import Path

import httpx
import msgspec

from bench.waits import Town, town
from bot.redis import client as redis_client
from state.store import keys
from state.store.store import Store
from tests.campaign.plain import HEADER, SECRET, Written, chat_of
from tests.campaign.process import KEYRING
from tests.simulation.toy import heard

_CALL = 50  # deliveries in a call
_CALLS = 16  # at the same time
_PLACE = "/webhooks/plain"


async def many_chats(deliveries: int, chats: int) -> dict[str, float]:
    """Push everything at one process, and count."""
    each = deliveries // chats
    async with town(1, workers=0, role="both") as there:
        pid = there.fleet.workers[0].process
        assert pid is not None
        before = _memory(pid.pid)
        begun = time.monotonic()
        statuses = Counter[int]()
        for number in range(each):  # a chat's next message only when the one before is answered
            calls = _calls([_message(chat, number) for chat in range(chats)])
            await asyncio.gather(*(_caller(there, calls, statuses) for _ in range(_CALLS)))
        taken = time.monotonic() - begun
        await _answered(there, deliveries)
        return {
            "deliveries": deliveries,
            "calls not answered 200": sum(n for code, n in statuses.items() if code != 200),
            "deliveries/s": deliveries / taken,
            "seconds until all were answered": time.monotonic() - begun,
            "chats out of order": sum(
                [text for text, _ in shown] != [f"{n + 1} re {n}s" for n in range(each)]
                for shown in there.vendor.received.values()
            ),
            "memory before, MB": before,
            "memory at most, MB": _memory(pid.pid),
        }


async def one_chat(deliveries: int) -> dict[str, float]:
    """Bring all deliveries of one chat at the same moment, over two processes."""
    async with town(1, workers=0, webs=2, role="both") as there:
        limits = httpx.Limits(max_connections=deliveries)
        async with httpx.AsyncClient(timeout=300, limits=limits) as client:
            begun = time.monotonic()
            order: list[str] = []
            statuses = Counter[int]()

            async def deliver(number: int) -> None:
                message = _message(7, number)
                port = there.post.ports[number % 2]
                answer = await client.post(
                    f"http://127.0.0.1:{port}{_PLACE}",
                    content=msgspec.json.encode([message]),
                    headers={HEADER: SECRET},
                )
                statuses[answer.status_code] += 1
                order.append(message.text)

            await asyncio.gather(*(deliver(number) for number in range(deliveries)))
            taken = time.monotonic() - begun
        async with httpx.AsyncClient(timeout=60) as client:  # the connections before are stale
            pages = [
                await client.get(f"http://127.0.0.1:{port}/metrics") for port in there.post.ports
            ]
        server = there.fleet.server
        assert server is not None
        async with redis_client.reaching(server.url) as redis:
            store = Store(redis, KEYRING, token="push")
            texts = heard(await store.conversations.find(store.key(chat_of("7"))))
            while await store.schedule.nearest(keys.ALL):
                await asyncio.sleep(0.1)
        shown = [int(text.split()[0]) for text, _ in there.vendor.received["7"]]
        conflicts = sum(int(re.findall(r"conflicts_total (\d+)", page.text)[0]) for page in pages)
        return {
            "deliveries": deliveries,
            "not answered 200": sum(n for code, n in statuses.items() if code != 200),
            "taken once": len(set(texts)),
            "taken twice": len(texts) - len(set(texts)),
            "answers": len(shown),
            "answers out of order": sum(a > b for a, b in pairwise(shown)),
            "conflicts": conflicts,
            "seconds": taken,
        }


def _message(chat: int, number: int) -> Written:
    return Written(chat=str(chat), id=f"{chat}-{number}", text=f"{number}s")


def _calls(messages: list[Written]) -> list[bytes]:
    random.shuffle(messages)
    left = iter(messages)
    calls = []
    while part := list(islice(left, _CALL)):
        calls.append(msgspec.json.encode(part))
    return calls


async def _caller(there: Town, calls: list[bytes], statuses: Counter[int]) -> None:
    while calls:
        body = calls.pop()
        answer = await there.post.client.post(
            f"http://127.0.0.1:{there.post.ports[0]}{_PLACE}",
            content=body,
            headers={HEADER: SECRET},
        )
        statuses[answer.status_code] += 1
        if answer.status_code != 200:
            calls.append(body)


async def _answered(there: Town, count: int) -> None:
    async with asyncio.timeout(600):
        while sum(map(len, there.vendor.received.values())) < count:
            await asyncio.sleep(0.1)


def _memory(pid: int) -> float:
    """Read the most that a process ever held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def main() -> None:
    """Read the command line, push, print."""
    reader = argparse.ArgumentParser(prog="push")
    reader.add_argument("--deliveries", type=int, default=100_000)
    reader.add_argument("--chats", type=int, default=10_000)
    reader.add_argument("--together", type=int, default=1_000)
    given = reader.parse_args()
    for scene in (one_chat(given.together), many_chats(given.deliveries, given.chats)):
        for name, value in asyncio.run(scene).items():
            sys.stdout.write(f"{name:<36} {value:>12,.1f}\n")
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
