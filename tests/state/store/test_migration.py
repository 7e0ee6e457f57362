"""The walk: after an upgrade all that is old is carried forward, while everybody is served."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis, RedisCluster
from structlog.testing import capture_logs

from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Said
from state.journal import Kind
from state.store import codec, keys, walk, wire
from state.store.encryption import Keyring, Unsealable
from state.store.formats import FORMAT, NewerFormat
from state.store.migration import Migration
from state.store.records import Records, Resealed
from state.store.store import Store
from tests import installation
from tests.house_stage import HouseStage
from tests.installation import KEYRING
from tests.members import NOW
from tests.simulation.toy import heard, toy
from tests.values import values

pytestmark = pytest.mark.slow

_LEASE = keys.name_key("lease", "walk")


async def _store(redis: Redis | RedisCluster, *, name: str = "one") -> Store:
    """Make a store that has looked at what it may meet."""
    store = Store(redis, KEYRING, token=name)
    await store.formats.look()
    return store


def _another(store: Store) -> Migration:
    """Let somebody else walk who knows nothing of those before."""
    known = store.migration
    return Migration(
        known._redis, store.pipeline, store.formats, known._records, store.staff, token="another"
    )


async def _put_old(redis: Redis | RedisCluster, count: int) -> list[str]:
    """Let 0.1 have written chats; three of them were active in the same millisecond."""
    found = []
    for number in range(count):
        chat = Chat(channel="test", account="1", id=str(number))
        key = KEYRING.digest(str(chat))
        told = {"chat": msgspec.to_builtins(chat), "turns": number + 1}
        sealed = KEYRING.seal(msgspec.json.encode(told), place=f"record:{key}")
        await redis.hset(keys.name_key("chat", key), mapping={"v": number + 1, "st": sealed})
        await redis.zadd(keys.shard_of(key).key("idle"), {key: 1000 + number // 3})
        found.append(key)
    return found


async def _plain(redis: Redis | RedisCluster, key: str) -> bytes:
    """Open a record at the only place where it may be after the walk."""
    read: Any = await redis.hmget(keys.name_key("chat", key), "v", "st")
    return KEYRING.open(read[1], place=f"record:{key}:{int(read[0])}")


async def _left(redis: Redis | RedisCluster, chats: Sequence[str]) -> list[str]:
    """Tell which chats were not carried forward yet."""
    left = []
    for key in chats:
        try:
            assert codec.is_current(await _plain(redis, key))
        except Unsealable:
            left.append(key)
    return left


async def test_installation(backend: Redis | RedisCluster) -> None:
    """Every chat and password of 0.1 is carried forward; all else stays byte for byte."""
    await installation.put_back(backend)
    store = await _store(backend)
    before = await values(backend)
    conversations = {
        keys.digest_of(name): await store.conversations.find(keys.digest_of(name))
        for name in before
        if ":chat:" in name
    }

    await store.migration.run()

    after = await values(backend)
    changed = {name.partition("}:")[2].partition(":")[0] for name in after
               if after[name] != before.get(name)}  # fmt: skip
    assert changed == {"chat", "user", "session", "meta"}
    assert after.keys() == before.keys()
    assert not store.formats.old
    assert after[keys.meta()] == {b"shards": b"16", b"schema": b"1", b"resealed": b"2"}
    assert await _left(backend, list(conversations)) == []
    fresh = await _store(backend)
    for key, conversation in conversations.items():
        assert await fresh.conversations.find(key) == conversation
        name = keys.name_key("chat", key)
        assert {f: v for f, v in after[name].items() if f != b"st"} == {
            f: v for f, v in before[name].items() if f != b"st"
        }
    assert (await fresh.staff.sign_in("Ana", "correct horse", address="::1", now=NOW)).token
    assert (await fresh.staff.member("a token", now=NOW)).name == "Ana"


async def test_old_is_refused_afterwards(redis: Redis) -> None:
    """An old record that is put back after the walk does not open, in any process."""
    await installation.put_back(redis)
    store = await _store(redis)
    (key, *_) = await _some(redis)
    name = keys.name_key("chat", key)
    old = wire.fields(await redis.hgetall(name))
    await store.migration.run()

    await redis.hset(name, "st", old[b"st"])

    for one in (store, await _store(redis)):
        with pytest.raises(Unsealable):
            await one.conversations.find(key)


async def _some(redis: Redis) -> list[str]:
    return [keys.digest_of(name.decode()) async for name in redis.scan_iter(keys.every("chat"))]


async def test_killed_between_slices(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows a walker that was killed goes on where it was."""
    monkeypatch.setattr(walk, "_SLICE", 4)
    chats = await _put_old(redis, 200)
    store = await _store(redis)
    looked: list[str] = []
    resealed = Records.reseal

    def counted(self: Records, key: str, read: dict[bytes, bytes]) -> Resealed:
        looked.append(key)
        return resealed(self, key, read)

    monkeypatch.setattr(Records, "reseal", counted)
    while len(await _left(redis, chats)) > len(chats) / 2:
        await _another(store).slice()
    last = await _store(redis, name="last")
    assert last.formats.old

    await last.migration.run()

    assert len(looked) == len(chats)  # what was behind is not looked at again
    assert await redis.hget(keys.meta(), "resealed") == b"%d" % FORMAT
    assert await redis.hget(keys.meta(), "walk") is None
    found = [(await last.conversations.find(key)).turns for key in chats]
    assert found == [*range(1, 201)]


async def test_one_walks_at_a_time(redis: Redis) -> None:
    """Who does not have the lease leaves the walk alone; it ends when its holder is gone."""
    chats = await _put_old(redis, 9)
    store = await _store(redis)
    await redis.set(_LEASE, "another", px=20_000)
    await store.migration.run()
    assert await _left(redis, chats) == chats

    await redis.delete(_LEASE)
    await store.migration.run()

    assert await _left(redis, chats) == []
    assert await redis.get(_LEASE) is None


async def test_stopped(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is told to stop ends its slice, and lets another go on at once."""
    monkeypatch.setattr(walk, "_SLICE", 1)
    chats = await _put_old(redis, 30)
    store, told = await _store(redis), iter([False] * 5 + [True])

    await store.migration.run(enough=lambda: next(told))

    assert 0 < len(await _left(redis, chats)) < len(chats)
    other = await _store(redis, name="two")
    await other.migration.run()
    assert await _left(redis, chats) == []


async def test_newer_came(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk that a newer version overtakes ends with its slice, and writes nothing more."""
    monkeypatch.setattr(walk, "_SLICE", 1)
    await _put_old(redis, 30)
    store = await _store(redis)
    carry, overtaken = store.migration.slice, list[dict[str, Any]]()

    async def overtaking() -> None:
        await carry()
        await redis.hset(keys.meta(), "schema", FORMAT + 1)
        overtaken.append(await values(redis))

    monkeypatch.setattr(store.migration, "slice", overtaking)

    with pytest.raises(NewerFormat):
        await store.migration.run()

    assert overtaken == [await values(redis)]


async def test_two_walkers(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that walk at once, because a lease ended, do no harm."""
    monkeypatch.setattr(walk, "_SLICE", 3)
    chats = await _put_old(redis, 60)
    stores = [await _store(redis, name=name) for name in ("one", "two")]

    async def walks(store: Store) -> None:
        while store.formats.old:
            await store.migration.slice()

    await asyncio.gather(*map(walks, stores))

    assert await _left(redis, chats) == []
    assert [(await stores[0].conversations.find(key)).turns for key in chats] == [*range(1, 61)]


async def test_unreadable_is_passed_over(redis: Redis) -> None:
    """What no key opens is told, left as it is, and stops nothing."""
    chats = await _put_old(redis, 6)
    name = keys.name_key("chat", chats[0])
    lost = Keyring((bytes([9]) * 32,)).seal(b"x", place="chat")
    await redis.hset(name, "st", lost)
    store = await _store(redis)

    with capture_logs() as logs:
        await store.migration.run()

    assert [log["event"] for log in logs] == ["walk.unreadable", "walk.finished"]
    assert await redis.hget(name, "st") == lost
    assert await _left(redis, chats) == [chats[0]]


async def test_moved_between_reading_and_putting(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that is taken meanwhile is kept, and an erased chat stays erased."""
    moving, erased = await _put_old(redis, 2)
    store, other = await _store(redis), await _store(redis, name="two")
    records, moved = store.migration._records, list[str]()
    resealed = type(records).reseal

    def overtaken(self: Any, key: str, read: dict[bytes, bytes]) -> Any:
        found = resealed(self, key, read)
        if key not in moved and self is records:
            moved.append(key)
            theirs = other.migration._records
            chat = theirs.open(key, read[b"st"], version=int(read[b"v"]))
            behind.append((key, theirs.seal(key, replace(chat, turns=99), version=50)))
        return found

    behind: list[tuple[str, bytes]] = []
    monkeypatch.setattr(type(records), "reseal", overtaken)
    ask = store.pipeline.ask

    async def moves(*commands: Any) -> Any:
        if any(command[0] == "EVALSHA" for command in commands):
            while behind:
                key, sealed = behind.pop()
                if key == erased:
                    await redis.hdel(keys.name_key("chat", key), "st")
                    await redis.hincrby(keys.name_key("chat", key), "v", 1)
                else:
                    await redis.hset(keys.name_key("chat", key), mapping={"v": 50, "st": sealed})
        return await ask(*commands)

    monkeypatch.setattr(store.pipeline, "ask", moves)

    await store.migration.run()

    assert (await other.conversations.find(moving)).turns == 99
    assert await redis.hget(keys.name_key("chat", erased), "st") is None


async def test_same_value_under_another_version(backend: Redis | RedisCluster) -> None:
    """A value is not put back where the version moved, though the value itself stands there."""
    store = Store(backend, KEYRING, token="one")
    name = keys.name_key("chat", "a" * 26)
    await backend.hset(name, mapping={"v": 2, "st": "read"})
    script = store.pipeline.script("reseal_hash")

    for version, put in ((1, 0), (2, 1)):
        call = script.call([name], ["v", version, "st", "read", "anew"])
        assert await store.pipeline.ask(call) == [put]


async def test_rotation_carries_forward_too(redis: Redis) -> None:
    """Keys that are rotated before the walk has ended lose nothing."""
    await installation.put_back(redis)
    new = Keyring((bytes([1]) * 32, bytes(32)))
    store = Store(redis, new, token="one")
    await store.formats.look()
    before = {key: await store.conversations.find(key) for key in await _some(redis)}

    rotated = await store.rotation.rotate("whatsapp:55")

    assert rotated.left.total() == 0
    assert rotated.anew["chat"] == len(before)
    await store.formats.finish()
    assert {key: await store.conversations.find(key) for key in before} == before
    assert (await store.staff.sign_in("Ana", "correct horse", address="::1", now=NOW)).token


async def test_while_customers_write(
    redis: Redis, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customers write to two processes while walkers come and are killed: nothing is lost."""
    monkeypatch.setattr(walk, "_SLICE", 2)
    chats = await _put_old(redis, 40)
    stages = [HouseStage(redis, sandbox, machine=toy, keyring=KEYRING) for _ in range(2)]
    for stage in stages:
        await stage.store.formats.look()

    async def writes(number: int) -> None:
        chat = Chat(channel="test", account="1", id=str(number))
        for count in range(6):
            stage = stages[(count + number) % 2]
            said = Said(text=f"{count}s")
            await stage.turns.take(chat, Delivery(id=f"d{count}", event=said, at=stage.clock()))

    walker = await _store(redis, name="walker")

    async def walks() -> int:
        kills = 0
        while walker.formats.old:
            walking = asyncio.create_task(_another(walker).slice())
            done, _ = await asyncio.wait({walking}, timeout=0.002 * (1 + kills % 9))
            if not done:
                walking.cancel()
                await asyncio.gather(walking, return_exceptions=True)
            kills += 1
        return kills

    load = asyncio.gather(*(writes(number) for number in range(0, 40, 3)))
    kills = await walks()
    await load
    for stage in stages:
        await stage.aclose()

    fresh = await _store(redis, name="fresh")
    assert kills > 1
    assert await _left(redis, chats) == []
    for number, key in enumerate(chats):
        conversation = await fresh.conversations.find(key)
        lines = [line.text for line in await fresh.journal.read(key) if line.kind is Kind.CUSTOMER]
        expected = [f"{count}s" for count in range(6)] if number % 3 == 0 else []
        assert heard(conversation) == lines == expected
        assert conversation.turns == number + 1 + len(expected)
