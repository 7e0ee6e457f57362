"""Secret keys that are not those of the data are refused, before anything is written."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.redis import client as redis_client
from bot.sandbox.server import Sandbox
from bot.upgrading import Upgrading
from handlers.ports import Delivery
from state.events import Said
from state.store import keys
from state.store.connection import Greeting, OtherKey
from state.store.encryption import Keyring
from state.store.formats import FORMAT
from state.store.outage import explain
from state.store.store import Store
from tests.house_stage import HouseStage
from tests.members import join
from tests.outages.kinds import Kind
from tests.outages.redises import OwnRedis

_OLD, _NEW = bytes(32), bytes([7]) * 32


@pytest.fixture(autouse=True)
async def empty(redis: Redis) -> None:
    """Begin with nothing of before."""
    await redis.flushall()


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with the key of before."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


def _store(redis: Redis, *ring: bytes) -> Store:
    return Store(redis, Keyring(ring), token=uuid4().hex)


async def _lose_fingerprint(redis: Redis) -> None:
    """Leave the data as an earlier version does."""
    await redis.hdel(keys.meta(), "naming")


async def test_another_key(redis: Redis) -> None:
    """Another key is refused, also behind or before nothing else; rotation's order is accepted."""
    await _store(redis, _OLD).naming.require()

    await _store(redis, _NEW, _OLD).naming.require()
    for ring in ((_NEW,), (_OLD, _NEW)):
        with pytest.raises(OtherKey, match="not the key of these data"):
            await _store(redis, *ring).naming.require()


@pytest.mark.parametrize("kind", ["chat", "member"])
async def test_data_of_before(kind: str, redis: Redis, stage: HouseStage) -> None:
    """Data without a fingerprint get one from the key that named them, and from no other."""
    if kind == "chat":
        await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    else:
        await join(stage.store.staff, "ana")
    await _lose_fingerprint(redis)
    before = await redis.hgetall(keys.meta())

    for ring in ((_NEW,), (_OLD, _NEW)):
        store = _store(redis, *ring)
        await store.formats.look()
        with pytest.raises(OtherKey):
            await store.naming.require()
    assert await redis.hgetall(keys.meta()) == before

    await stage.store.naming.require()
    assert await redis.hexists(keys.meta(), "naming")


async def test_one_damaged_chat(redis: Redis, stage: HouseStage) -> None:
    """A chat that cannot be read does not make the key another one."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    await redis.zadd(keys.ALL[0].key("idle"), {"damaged": 1, "erased": 2})
    await redis.hset(keys.name_key("chat", "damaged"), mapping={"v": 1, "st": b"nothing"})
    await _lose_fingerprint(redis)

    await stage.store.naming.require()

    assert await redis.hexists(keys.meta(), "naming")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[OwnRedis]:
    """A Redis that is started again with the data of an installation with another key."""
    server = OwnRedis(tmp_path)
    await server.prepare_other()
    await server.start()
    await server.ask("PING")
    yield server
    server.end()


@pytest.fixture
async def ours(server: OwnRedis) -> AsyncIterator[Store]:
    """The store of a process that has begun on it."""
    greeting = Greeting()
    async with redis_client.connect(f"unix://{server.socket}", greeting) as redis:
        store = _store(redis, _OLD)
        assert await store.naming.require()
        greeting.ours = store.naming.ours
        await store.check_writing()
        yield store


async def test_restarted_with_others_data(server: OwnRedis, ours: Store) -> None:
    """Nothing reaches a Redis that came back with others' data, until ours are back."""
    await server.harm(Kind.OTHER_KEY, 0)
    with pytest.raises(OtherKey) as told:
        await ours.pipeline.ask(("SET", "enlace:{0}:a", 1))
    assert explain(told.value) == "holds the data of another key"
    with pytest.raises(OtherKey):
        await ours.clocks.note("telegram", 1)

    await server.heal(Kind.OTHER_KEY)

    await ours.check_writing()
    assert not await ours.naming.require()


async def test_changed_in_place(redis: Redis) -> None:
    """Data that became others' without a broken connection bar what is written, once seen."""
    store = _store(redis, _OLD)
    await store.naming.require()
    fingerprint = store.naming.ours
    await redis.hset(keys.meta(), "naming", "another")
    with pytest.raises(OtherKey):
        await store.naming.require()
    with pytest.raises(OtherKey):
        await store.check_writing()

    await redis.hset(keys.meta(), "naming", fingerprint)
    await store.naming.require()
    await store.check_writing()


async def test_emptied(redis: Redis) -> None:
    """A process whose Redis came back empty begins anew, and says so."""
    store = _store(redis, _OLD)
    await store.naming.require()
    await store.formats.begin()
    await redis.flushall()
    upgrading = Upgrading(store)
    with capture_logs() as logs:
        for _ in range(2):
            await upgrading._look()

    assert [log["event"] for log in logs] == ["redis.emptied"]
    assert await redis.hmget(keys.meta(), "naming", "schema") == [
        store.naming.ours,
        str(FORMAT).encode(),
    ]
