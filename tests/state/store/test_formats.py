"""Formats: what a newer version wrote is left alone, and what is sealed knows its version."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from argon2 import PasswordHasher
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from state.conversation import Chat, Conversation
from state.effects import Effect, Send
from state.events import Said
from state.journal import Entry, Kind
from state.states import State
from state.store import codec, keys, wire
from state.store.conversations import Change, Verdict
from state.store.encryption import Keyring, Unsealable
from state.store.formats import FORMAT, NewerFormat
from state.store.staff_errors import SignInRefused
from state.store.store import Store
from tests.members import NOW, join
from tests.values import values

pytestmark = pytest.mark.slow

_KEYRING = Keyring((bytes(32),))
_CHAT = Chat(channel="test", account="1", id="1")
_OTHER = Chat(channel="test", account="1", id="2")


@pytest.fixture
def store(redis: Redis) -> Store:
    """A store on an empty Redis."""
    return Store(redis, _KEYRING, token="one")


async def _commit(store: Store, chat: Chat, *, effects: Sequence[Effect] = ()) -> Verdict:
    """Take a turn of a chat."""
    loaded = await store.conversations.load(chat, ["x"])
    turns = loaded.conversation.turns + 1
    change = Change(
        conversation=replace(loaded.conversation, turns=turns),
        version=loaded.version,
        deliveries=[f"d{turns}"],
        effects=effects,
        entries=[Entry(kind=Kind.NOTE, at=1, text="x")],
        now=1000,
    )
    return await store.conversations.commit(change)


async def _put_newer(redis: Redis, store: Store, chat: Chat) -> None:
    """Let a newer version have written a chat's record."""
    key = store.key(chat)
    version = int(await redis.hget(keys.name_key("chat", key), "v") or 0)
    plain = bytes([FORMAT + 1]) + b"\x93\x01\x02\x03"
    sealed = _KEYRING.seal(plain, place=f"record:{key}:{version}")
    await redis.hset(keys.name_key("chat", key), "st", sealed)


def test_newer_is_not_guessed_at() -> None:
    """A record of a newer format is not read, however much its JSON resembles ours."""
    ours = codec.encode_conversation(Conversation(chat=_CHAT, turns=7))

    assert codec.conversation(ours).turns == 7
    with pytest.raises(NewerFormat):
        codec.conversation(bytes([FORMAT + 1]) + ours[1:])


def test_unknown_state_is_salvaged() -> None:
    """What is unknown in a flat record of before begins anew, and keeps who it is."""
    told = {"chat": vars_of(_CHAT), "state": "firma_digital", "turns": 7, "flow": "AB12"}

    read = codec.conversation(msgspec.json.encode(told))

    assert (read.chat, read.state, read.turns) == (_CHAT, State.GREETING, 7)
    assert read.shown.flow == "AB12"


def vars_of(chat: Chat) -> dict[str, str]:
    """Spell a chat as it is stored."""
    return {"channel": chat.channel, "account": chat.account, "id": chat.id}


async def test_earlier_record_put_back(redis: Redis, store: Store) -> None:
    """An earlier record of a chat does not open under a later version's number."""
    name = keys.name_key("chat", store.key(_CHAT))
    await _commit(store, _CHAT)
    earlier = await redis.hget(name, "st")
    await _commit(store, _CHAT)
    assert (await store.conversations.find(store.key(_CHAT))).turns == 2

    await redis.hset(name, "st", earlier or b"")

    with pytest.raises(Unsealable):
        await store.conversations.find(store.key(_CHAT))
    with pytest.raises(Unsealable):
        await store.conversations.load(_CHAT, ["d"])


async def test_old_place_is_refused(redis: Redis, store: Store) -> None:
    """A record without its version in the seal opens only while an upgrade is under way."""
    key = store.key(_CHAT)
    plain = msgspec.json.encode({"chat": vars_of(_CHAT), "turns": 3})
    sealed = _KEYRING.seal(plain, place=f"record:{key}")
    await redis.hset(keys.name_key("chat", key), mapping={"v": 3, "st": sealed})

    with pytest.raises(Unsealable):
        await store.conversations.find(key)
    await store.formats.look()
    assert (await store.conversations.find(key)).turns == 3
    await store.formats.finish()
    with pytest.raises(Unsealable):
        await store.conversations.find(key)


async def test_passwords(redis: Redis, store: Store) -> None:
    """Who writes to Redis without the keys signs nobody in, nor does an earlier password."""
    await join(store.staff, "Ana", "correct horse")
    (name,) = [name async for name in redis.scan_iter(keys.every("user"))]
    held = wire.fields(await redis.hgetall(name))
    salt = bytes(16)
    digest = hashlib.scrypt(b"evil", salt=salt, n=2**14, r=8, p=1)
    argon = PasswordHasher().hash("evil").encode()
    forged: list[Any] = [
        held | {b"salt": salt, b"password": digest},
        held | {b"password": argon},
        held | {b"v": b"2"},
        held | {b"v": b"0", b"salt": salt, b"password": digest},
        {b"salt": salt, b"name": held[b"name"], b"password": digest},
        {field: held[field] for field in held if field != b"standing"},
    ]

    for member in forged:
        await redis.delete(name)
        await redis.hset(name, mapping=member)
        for password in ("evil", "correct horse"):
            with pytest.raises(SignInRefused):
                await store.staff.sign_in("Ana", password, address="::1", now=NOW)
        for throttle in [name async for name in redis.scan_iter(keys.every("throttle"))]:
            await redis.delete(throttle)


async def test_session_of_somebody_else(redis: Redis, store: Store) -> None:
    """Who writes to Redis turns no session into another member's, nor makes one up."""
    tokens = {}
    for name in ("Ana", "Eva"):
        tokens[name] = (await join(store.staff, name)).token
    ids = (store.staff.sessions._id(tokens[name]) for name in ("Eva", "Ana"))
    mine, hers = (keys.name_key("session", id_) for id_ in ids)
    assert (await store.staff.member(tokens["Eva"], now=NOW)).name == "Eva"

    for fields in (("name", "user"), ("name", "user", "proof")):
        for field in fields:
            await redis.hset(mine, field, await redis.hget(hers, field) or b"")
        with pytest.raises(SignInRefused):
            await store.staff.member(tokens["Eva"], now=NOW)
    await redis.hdel(mine, "proof")
    with pytest.raises(SignInRefused):
        await store.staff.member(tokens["Eva"], now=NOW)


async def test_nothing_is_written_beside_a_newer_version(redis: Redis, store: Store) -> None:
    """Who meets a record of a newer format writes nothing any more, of any chat."""
    await _commit(store, _CHAT, effects=[Send(text="x")])
    await _commit(store, _OTHER, effects=[Send(text="x")])
    loaded = await store.conversations.load(_OTHER, ["d"])
    (lease, *_) = await store.outbox.take(keys.ALL, now=2000, until=3000, most=9)
    await _put_newer(redis, store, _CHAT)
    before = await values(redis)
    change = Change(
        conversation=loaded.conversation, version=loaded.version, deliveries=["d"], effects=[],
        entries=[], now=2000, letters=[("KeyError", Said(text="roto"))],
    )  # fmt: skip
    refused: list[Callable[[], Awaitable[object]]] = [
        lambda: store.conversations.load(_CHAT, ["d"]),
        lambda: store.conversations.commit(change),
        lambda: store.conversations.erase(store.key(_OTHER), version=loaded.version),
        lambda: store.outbox.take(keys.ALL, now=9000, until=9999, most=9),
        lambda: store.outbox.begin(lease, now=2000),
        lambda: store.outbox.release(lease, now=2000),
        store.migration.run,
        store.formats.look,
    ]

    for refuses in refused:
        with pytest.raises(NewerFormat):
            await refuses()
        assert store.formats.newer
    assert await values(redis) == before


async def test_newer_record_is_met_at_an_effect(redis: Redis, store: Store) -> None:
    """Who meets a newer record at an effect leaves it as it was: not begun, and due at once."""
    await _commit(store, _CHAT, effects=[Send(text="x")])
    key = store.key(_CHAT)
    (lease,) = await store.outbox.take(keys.ALL, now=2000, until=7000, most=9)
    await _put_newer(redis, store, _CHAT)
    before = await redis.lrange(keys.name_key("out", key), 0, -1)

    with pytest.raises(NewerFormat):
        await store.outbox.begin(lease, now=2000)

    shard = keys.shard_of(key)
    owner, mark = await redis.hmget(shard.key("oown"), key, f"{key}!")
    assert (owner, mark or b"") == (None, b"")
    assert await redis.lrange(keys.name_key("out", key), 0, -1) == before
    assert await redis.zscore(shard.key("odue"), key) == 2000


async def test_schema_is_met_too(redis: Redis, store: Store) -> None:
    """A newer schema is as good as a record: it stands there before the first of them does."""
    await store.formats.begin()
    await store.formats.look()
    await redis.hset(keys.meta(), "schema", FORMAT + 1)
    before = await values(redis)

    with pytest.raises(NewerFormat):
        await store.formats.look()
    with pytest.raises(NewerFormat):
        await _commit(store, _CHAT)
    assert await values(redis) == before


async def test_numbers_are_never_lowered(backend: Redis | RedisCluster) -> None:
    """Whoever comes late with a lower number changes nothing."""
    store = Store(backend, _KEYRING, token="one")
    script = store.pipeline.script("raise")
    for number, stands in ((2, 2), (4, 4), (3, 4), (4, 4)):
        call = script.call([keys.meta()], ["schema", number])
        assert await store.pipeline.ask(call) == [stands]
    with pytest.raises(NewerFormat):
        await store.formats.begin()
    for malformed in (["", 1], ["schema", "x"], ["schema"]):
        with pytest.raises(ResponseError, match="malformed"):
            await store.pipeline.ask(script.call([keys.meta()], malformed))
