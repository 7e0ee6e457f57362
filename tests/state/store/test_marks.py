"""Marks: how far each message of a chat has come, from the outbox and the receipts together."""

import pytest
from redis.asyncio import Redis, RedisCluster

from state.conversation import Chat, replace
from state.effects import Send
from state.failures import Unsent
from state.store import keys
from state.store.conversations import Change
from state.store.encryption import Keyring
from state.store.marks import Mark, Progress, name_retry
from state.store.outbox import Head, Lease, Note, Report
from state.store.receipts import Reach, tracking
from state.store.store import Store

_CHAT = Chat(channel="whatsapp", account="1", id="573001234567")
_HELLO = Send(text="Hola")


@pytest.fixture
def store(backend: Redis | RedisCluster) -> Store:
    """A store on it."""
    return Store(backend, Keyring((bytes(range(32)),)), token="one")


async def _commit(store: Store, *names: str, effects: int = 0) -> str:
    loaded = await store.conversations.load(_CHAT, names)
    change = Change(
        conversation=replace(loaded.conversation, turns=loaded.conversation.turns + 1),
        version=loaded.version,
        deliveries=names,
        effects=[_HELLO] * effects,
        entries=[],
        now=1000,
    )
    await store.conversations.commit(change)
    return store.key(_CHAT)


async def _begin(store: Store, now: int = 1000) -> tuple[Lease, Head]:
    shard = keys.shard_of(store.key(_CHAT))
    (lease,) = await store.outbox.take((shard,), now=now, until=now + 5000, most=1)
    head = await store.outbox.begin(lease, now=now)
    assert isinstance(head, Head)
    return lease, head


async def _progress(store: Store, *seqs: int) -> list[Progress]:
    marks = await store.marks.read(store.key(_CHAT), seqs)
    return [marks[seq].progress for seq in seqs]


async def test_nothing_is_asked(store: Store) -> None:
    """Where no line has an effect nothing is read."""
    assert await store.marks.read("a" * 26, []) == {}


async def test_waiting(store: Store) -> None:
    """What is sent for the first time is on its way; what was put off waits, with all behind it."""
    await _commit(store, "d1", effects=2)
    assert await _progress(store, 1, 2) == [Progress.SENDING] * 2
    lease, head = await _begin(store)
    assert await _progress(store, 1, 2) == [Progress.SENDING] * 2

    await store.outbox.finish(lease, head, report=Report.WAIT, at=9000)
    assert await _progress(store, 1, 2) == [Progress.QUEUED] * 2
    lease, head = await _begin(store, now=9000)
    assert head.waited
    await store.outbox.finish(lease, head, report=Report.SENT, at=20000)

    assert await _progress(store, 1, 2) == [Progress.SENT, Progress.SENDING]


async def test_retried_attempt_waits(store: Store) -> None:
    """A message that is being tried again is told as one that waits."""
    await _commit(store, "d1", effects=1)
    lease, head = await _begin(store)
    await store.outbox.finish(lease, head, report=Report.RETRY, at=2000)

    await _begin(store, now=2000)

    assert await _progress(store, 1) == [Progress.QUEUED]


async def test_receipts(store: Store) -> None:
    """The furthest receipt counts, in any order; a failure that arrived after all is none."""
    key = await _commit(store, "d1", effects=4)
    for _ in range(4):
        lease, head = await _begin(store)
        await store.outbox.finish(lease, head, report=Report.SENT, at=1)
    told = [
        (1, Reach.SENT), (2, Reach.READ), (2, Reach.DELIVERED), (3, Reach.FAILED),
        (4, Reach.FAILED), (4, Reach.DELIVERED),
    ]  # fmt: skip
    for seq, reach in told:
        cause = "131026" if reach is Reach.FAILED else ""
        await store.receipts.note(tracking(key, seq), reach, billed="", now=1, cause=cause)

    marks = await store.marks.read(key, [1, 2, 3, 4])

    assert [marks[seq].progress for seq in (1, 2, 4)] == [
        Progress.SENT, Progress.READ, Progress.DELIVERED,
    ]  # fmt: skip
    assert marks[3] == Mark(progress=Progress.FAILED, cause="131026")


async def test_given_up(store: Store) -> None:
    """What was never sent says why, and whether it was sent again."""
    key = await _commit(store, "d1", effects=2)
    for cause in ("403", Unsent.TAKEN_OVER):
        lease, head = await _begin(store)
        report = Report.DEAD if cause == "403" else Report.SENT
        note = Note(reason="Gone", cause=cause)
        await store.outbox.finish(lease, head, report=report, at=1, note=note)
    before = await store.marks.read(key, [1, 2])

    await _commit(store, name_retry(1))

    assert before == {
        1: Mark(progress=Progress.FAILED, cause="403"),
        2: Mark(progress=Progress.FAILED, cause="taken_over"),
    }
    after = await store.marks.read(key, [1, 2])
    assert (after[1].retried, after[2].retried) == (True, False)


async def test_too_old(store: Store, backend: Redis | RedisCluster) -> None:
    """Of a message whose receipts are no longer kept nothing is told: it may have failed."""
    key = await _commit(store, "d1")
    await backend.hset(keys.name_key("chat", key), "oseq", 600)

    assert list(await store.marks.read(key, [88, 89])) == [89]


async def test_pages_are_told(store: Store, backend: Redis | RedisCluster) -> None:
    """What is put off, or ends after it waited, is told to open pages without a line for it."""
    await _commit(store, "d1", effects=1)
    feed = keys.shard_of(store.key(_CHAT)).key("feed")
    lease, head = await _begin(store)
    count = await backend.xlen(feed)

    await store.outbox.finish(lease, head, report=Report.WAIT, at=9000, note=Note(told=True))

    assert await backend.xlen(feed) == count + 1
