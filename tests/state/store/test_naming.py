"""Secret keys that are not those of the data are refused, before anything is written."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.events import Said
from state.store import keys
from state.store.encryption import Keyring
from state.store.naming import OtherKey
from state.store.store import Store
from tests.house_stage import HouseStage
from tests.members import join

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
