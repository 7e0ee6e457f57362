"""What an idle conversation costs in Redis' memory, at a thousand and up to a million of them.

    python -m bench.memory                               up to 100,000
    python -m bench.memory --sizes 1000 1000000 --no-cpu
    python -m bench.memory --set hash-max-ziplist-value 1024

Linked conversations are committed as turns commit them, with one line in the journal and one
delivery remembered; then again on a fresh server without the one, and without either. Bytes are
what `used_memory` grew by, divided by the conversations. The feed, which is trimmed to a fixed
length, is told apart. The server is the embedded one; it waits for the disk only while the CPU of
an update is measured (`bench/without_http.py`, without HTTP).
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from redis.asyncio import Redis

from bench import without_http
from bot.redis import client as redis_client
from bot.redis.server import running
from state.client import Client, OnFile
from state.conversation import Chat, Conversation
from state.fields.table import Field
from state.journal import Entry, Kind
from state.parts import Draft, Identity, Link, PendingChange, Shown
from state.records import Consent
from state.states import State
from state.store import codec, keys
from state.store.conversations import Change, Verdict
from state.store.encryption import Keyring
from state.store.store import Store

_SIZES = (1_000, 10_000, 100_000)
_TOGETHER = 2_000  # commits under way at the same time
_FIRST_AT = 1_795_442_400_000  # ms: when the first of them was active; one a second follows
_RUNS = 3  # of the CPU
_FIRST_CHAT = 5_000_000_000

CpuProbe = Callable[[str], Awaitable[float]]
"""Given the server's URL, measures the CPU µs of an update there."""

Settings = Sequence[tuple[str, str]]
"""Settings of Redis: name and value."""

_FAST: Settings = (("appendfsync", "no"), ("auto-aof-rewrite-percentage", "0"))

_CLIENT = Client(
    service_id=1001,
    name="ANA MARIA PEREZ GOMEZ",
    on_file={Field.PHONE: OnFile(("+573159741951",), "3159741951")},
    address="CALLE 12 # 3-45 BARRIO CENTRO",
    plan="HOGAR 100 MEGAS",
)

_LINKED = Conversation(  # as the machine leaves it after the typed happy path
    chat=Chat(channel="telegram", account="7123456789", id=""),
    state=State.DONE,
    turns=10,
    shown=Shown(question=10, asked="ya_vinculado"),
    consent=Consent(at=_FIRST_AT, code="ABCD2345", version="2026-11"),
    link=Link(client=_CLIENT),
    identity=Identity(client=_CLIENT),
    draft=Draft(answers={Field.DOCUMENT: "1098765432", Field.PHONE: "+573001234567"}),
    change=PendingChange(reference="ABCD2345"),
)

_SAID = Entry(
    kind=Kind.BOT,
    at=_FIRST_AT,
    text="Este chat ya está vinculado con:\nservicio 1001\n\n¿Qué desea hacer?",
    buttons=("Actualizar mis datos", "Vincular otro", "Desvincular"),
    state=State.DONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a conversation besides its record."""

    journal: bool
    seen: bool


_ALL = Kept(journal=True, seen=True)


@dataclass(frozen=True, slots=True)
class Grown:
    """Bytes for each conversation: its own, and its share of the feed."""

    own: float
    feed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was measured at one size; `cpu` is absent if nobody asked."""

    size: int
    all: Grown
    no_journal: Grown
    record_only: Grown
    cpu: float | None


def change(number: int, kept: Kept) -> Change:
    """Make the turn that leaves a linked conversation of that number."""
    now = _FIRST_AT + number * 1_000
    chat = replace(_LINKED.chat, id=str(_FIRST_CHAT + number))
    digits = f"{number + 1:07}"
    phones = {Field.PHONE: OnFile((f"+57315{digits}",), f"315{digits}")}
    client = replace(_CLIENT, service_id=1_000 + number, on_file=phones)
    answers = {Field.DOCUMENT: f"109{digits}", Field.PHONE: f"+57300{digits}"}
    return Change(
        conversation=replace(
            _LINKED,
            chat=chat,
            link=Link(client=client),
            identity=Identity(client=client),
            draft=Draft(answers=answers),
            change=PendingChange(reference=f"A{digits}"),
        ),
        version=0,
        deliveries=(f"{700_000_000 + number}",) if kept.seen else (),
        effects=(),
        entries=(replace(_SAID, at=now),) if kept.journal else (),
        now=now,
    )


async def fill(store: Store, numbers: range, kept: Kept) -> None:
    """Commit these conversations, many at a time."""
    for start in range(0, len(numbers), _TOGETHER):
        batch = numbers[start : start + _TOGETHER]
        commits = (store.conversations.commit(change(number, kept)) for number in batch)
        verdicts = await asyncio.gather(*commits)
        assert set(verdicts) == {Verdict.OK}, verdicts


async def grown(redis: Redis, size: int, kept: Kept) -> Grown:
    """Fill an empty server and tell by how much it grew."""
    store = Store(redis, Keyring((bytes(32),)), token="memory")  # of a lease
    await fill(store, range(-1, 0), kept)  # loads the scripts, makes the permanent keys
    before = await used(redis)
    await fill(store, range(size), kept)
    with_feed = await used(redis)
    await redis.delete(*(shard.key("feed") for shard in keys.ALL))
    own = await used(redis)
    return Grown((own - before) / size, (with_feed - own) / size)


async def used(redis: Redis) -> int:
    """Read `used_memory` while nothing is being rewritten or freed."""
    while True:
        told = await redis.info("everything")
        if not told["aof_rewrite_in_progress"] and not told["lazyfree_pending_objects"]:
            used: int = told["used_memory"]
            return used
        await asyncio.sleep(0.1)


async def cost(url: str) -> float:
    """Measure the CPU µs of an update, without HTTP."""
    runs = [await without_http.once(url, run) for run in range(_RUNS)]
    return statistics.median(cpu for cpu, _, _ in runs)


async def on_fresh_server(
    size: int, kept: Kept, settings: Settings, probe: CpuProbe | None = None
) -> tuple[Grown, float | None]:
    """Fill a server of its own, with these settings; if asked, measure the CPU on it."""
    with tempfile.TemporaryDirectory(prefix="bench") as directory:
        async with running(Path(directory)) as server, redis_client.connect(server.url) as redis:
            for name, value in (*_FAST, *settings):
                await redis.config_set(name, value)
            bytes_each = await grown(redis, size, kept)
            if probe is None:
                return bytes_each, None
            await redis.config_set("appendfsync", "always")
            return bytes_each, await probe(server.url)


async def measured(size: int, settings: Settings, probe: CpuProbe | None) -> Row:
    """Measure one size."""
    everything, cpu = await on_fresh_server(size, _ALL, settings, probe)
    no_journal, _ = await on_fresh_server(size, replace(_ALL, journal=False), settings)
    record_only, _ = await on_fresh_server(size, Kept(journal=False, seen=False), settings)
    return Row(size=size, all=everything, no_journal=no_journal, record_only=record_only, cpu=cpu)


def show(row: Row) -> str:
    """Write one line of the table."""
    cpu = "-" if row.cpu is None else f"{row.cpu:,.0f}"
    grown = (row.all.own, row.no_journal.own, row.record_only.own, row.all.feed)
    return f"{row.size:>13,}" + "".join(f"{each:>16,.0f}" for each in grown) + f"{cpu:>16}"


async def report(sizes: Sequence[int], settings: Settings, probe: CpuProbe | None) -> None:
    """Measure and print each size."""
    sealed = Keyring((bytes(32),)).seal(
        codec.encode_conversation(change(0, _ALL).conversation), place="record"
    )
    print(f"bytes of Redis' memory for each idle conversation; its sealed record is {len(sealed)}")
    heads = ("all", "no journal", "nor seen", "feed's share", "CPU µs/update")
    print(f"{'conversations':>13}" + "".join(f"{head:>16}" for head in heads))
    for size in sizes:
        began = time.monotonic()
        line = show(await measured(size, settings, probe))
        print(f"{line}   in {time.monotonic() - began:,.0f} s", flush=True)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--no-cpu", action="store_true", help="memory only")
    parser.add_argument(
        "--set", nargs=2, action="append", default=[], help="a setting of Redis to try"
    )
    given = parser.parse_args()
    asyncio.run(report(given.sizes, given.set, None if given.no_cpu else cost))


if __name__ == "__main__":
    main()
