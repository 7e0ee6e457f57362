"""The audit: sealed, in order, two years long, and silent about a chat that was erased."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError
from structlog.testing import capture_logs

from bot.sandbox.server import Sandbox
from state.audit import OPERATOR, UNREADABLE, AuditEntry, Result, SecurityEvent
from state.events import Said
from state.roles import Act
from state.store import keys
from state.store.conversations import Erasure
from state.store.encryption import Keyring
from state.store.store import Store
from tests.house_stage import HouseStage
from tests.values import values

_REASON = "vino a la oficina con la cédula 52123456"
_YEAR = 366 * 24 * 3600_000  # ms


def _store(redis: Redis | RedisCluster, *secrets: bytes) -> Store:
    return Store(redis, Keyring(secrets or (bytes(32),)), token="one")


def _entry(n: int = 1, **other: Any) -> AuditEntry:
    return AuditEntry(at=n, act=Act.TAKE.value, actor="Ana", address="2001:db8::17", **other)


def _about(key: str, **other: Any) -> AuditEntry:
    more = ("service:1001", "request:ABCD2345")
    return _entry(about=f"chat:{key}", more=more, reason=_REASON, **other)


async def _noted(store: Store, *entries: AuditEntry) -> Sequence[AuditEntry]:
    for entry in entries:
        await store.audit.note(entry)
    return await store.audit.read()


async def test_entries_come_back(backend: Redis | RedisCluster) -> None:
    """What was noted is read newest first, page by page, and grows no other way."""
    store = _store(backend)
    entries = [_entry(n, about=f"member:{n}", reason=_REASON, count=n) for n in range(1, 6)]
    newest = await _noted(store, *entries)
    first = await store.audit.read(limit=2)
    second = await store.audit.read(before=first[-1].id, limit=2)
    end = await store.audit.read(before=newest[-1].id)

    assert [replace(entry, id="") for entry in newest] == entries[::-1]
    assert [*first, *second] == newest[:4]
    assert end == []


async def test_nothing_stands_in_clear(redis: Redis) -> None:
    """No name, address, reason or number stands in Redis."""
    stage_key = "a" * 26
    store = _store(redis)
    await redis.hset(keys.name_key("chat", stage_key), "st", b"sealed")
    await _noted(store, _about(stage_key), _entry(about="member:Rosalba"))
    held = repr(await values(redis)).encode()

    assert b"audit" in held
    assert [
        word for word in (b"Ana", b"db8", b"52123456", b"1001", b"Rosalba") if word in held
    ] == []


async def _talked(stage: HouseStage) -> str:
    """Begin a chat, and note something about it."""
    await stage.happen(Said(text="hola"))
    await stage.happen(Said(text="empezar"))
    key = stage.store.key(stage.chat)
    await stage.store.audit.note(_about(key))
    return key


@pytest.mark.parametrize("way", ["retention", "borrar"])
async def test_reasons_go_with_their_chat(stage: HouseStage, redis: Redis, way: str) -> None:
    """When a chat or its journal is erased, its entries keep who, what and when, and digests."""
    key = await _talked(stage)
    (before,) = await stage.store.audit.read()
    if way == "retention":
        loaded = await stage.store.conversations.load(stage.chat, ["x"])
        erased = await stage.store.conversations.erase(key, version=loaded.version)
        assert erased is Erasure.OK
    else:
        await stage.store.journal.erase(key)
    (after,) = await stage.store.audit.read()

    assert (before.reason, len(before.more)) == (_REASON, 2)
    assert (after.reason, after.more) == ("", ())
    assert replace(before, reason="", more=()) == after
    assert await redis.exists(keys.name_key("reasons", key)) == 0


async def test_erased_chat_gets_no_reason(stage: HouseStage, redis: Redis) -> None:
    """What is noted of a chat after it was erased leaves nothing beside it."""
    key = "b" * 26
    (entry,) = await _noted(stage.store, _about(key))

    assert (entry.chat, entry.reason, entry.more) == (key, "", ())
    assert await redis.exists(keys.name_key("reasons", key)) == 0


async def test_reasons_have_a_life(stage: HouseStage, redis: Redis) -> None:
    """What lies with a chat is kept no longer than the entries."""
    key = await _talked(stage)

    assert 2 * _YEAR - 60_000 < await redis.pttl(keys.name_key("reasons", key)) <= 2 * _YEAR


async def test_two_years(redis: Redis) -> None:
    """An entry goes with the first one that is noted two years later, by the clock of Redis."""
    store = _store(redis)
    seconds, _ = await redis.time()
    sealed = "x"
    for age in (2 * _YEAR + 60_000, 2 * _YEAR - 60_000):
        await redis.xadd(keys.audit(), {"e": sealed}, id=f"{seconds * 1000 - age}-0")
    ahead = _entry(seconds * 1000 + 5 * _YEAR)  # this process's clock is wrong
    kept = await _noted(store, ahead)

    assert [entry.readable for entry in kept] == [True, False]


async def test_unreadable_entry(redis: Redis) -> None:
    """An entry that does not open says so in its place, with its time, and hides no other."""
    store = _store(redis)
    await _noted(store, _entry(1))
    strange = await redis.xadd(keys.audit(), {"e": b"garbage"})
    newest = await _noted(store, _entry(3))

    assert [entry.act for entry in newest] == [Act.TAKE.value, UNREADABLE, Act.TAKE.value]
    assert newest[1].id.encode() == strange
    assert newest[1].at == int(newest[1].id.partition("-")[0])


async def test_unreadable_reason(stage: HouseStage, redis: Redis) -> None:
    """A reason that does not open leaves its entry as it is."""
    key = await _talked(stage)
    name = keys.name_key("reasons", key)
    (token,) = await redis.hkeys(name)
    await redis.hset(name, token, b"garbage")
    (entry,) = await stage.store.audit.read()

    assert (entry.actor, entry.reason) == ("Ana", "")


async def test_reason_of_another_entry(stage: HouseStage, redis: Redis) -> None:
    """A reason that is copied to another entry does not open there."""
    key = await _talked(stage)
    await stage.store.audit.note(_about(key))
    name = keys.name_key("reasons", key)
    one, other = await redis.hkeys(name)
    await redis.hset(name, other, await redis.hget(name, one))

    assert sorted(entry.reason for entry in await stage.store.audit.read()) == ["", _REASON]


async def test_line_in_the_log(redis: Redis) -> None:
    """Each entry is a line that names the act, the result and digests, the same ones each time."""
    store = _store(redis)
    with capture_logs() as lines:
        await _noted(
            store,
            _entry(about="member:Rosalba", reason=_REASON),
            _entry(about="service:1001", result=Result.REFUSED),
            AuditEntry(at=1, act=SecurityEvent.KEYS_ROTATED.value, actor=OPERATOR),
            AuditEntry(at=1, act=SecurityEvent.WRITE.value, actor="api:abcdef", count=7),
        )
    named = [
        {name for name in line if name not in ("event", "log_level", "act", "result", "count")}
        for line in lines
    ]

    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("audit.noted", "info"), ("audit.refused", "warning"), *[("audit.noted", "info")] * 2,
    ]  # fmt: skip
    assert named == [
        {"member", "source", "whom"}, {"member", "source", "service_id"}, {"member"}, {"program"}
    ]  # fmt: skip
    assert lines[0]["member"] == lines[1]["member"] != lines[2]["member"]
    assert [word for word in ("Ana", "2001", "Rosalba", "52123456") if word in repr(lines)] == []


async def test_full_redis(stage: HouseStage, redis: Redis) -> None:
    """What cannot be written is an error that the log tells of, or a no."""
    await redis.set(keys.audit(), "no stream")
    with capture_logs() as lines:
        with pytest.raises(ResponseError):
            await stage.store.audit.note(_entry())
        kept = await stage.store.audit.attempt(_entry())

    assert not kept
    assert [line["event"] for line in lines] == ["audit.not_written"] * 2


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> Any:
    """A house with a chat."""
    played = HouseStage(redis, sandbox)
    yield played
    await played.aclose()
