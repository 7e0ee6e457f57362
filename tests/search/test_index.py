"""The stored part: after whatever happened, a chat is found by its own numbers and no others."""

import asyncio
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis, RedisCluster

from bot.redis import client as redis_client
from state.client import Client, OnFile
from state.conversation import Chat, Conversation, replace
from state.fields.table import Field
from state.parts import Account, Draft, Identity, PendingChange, Person
from state.search import SearchKind, SearchTerm, list_terms, read_query
from state.store import keys
from state.store.conversations import Change, Erasure, Verdict
from state.store.encryption import Keyring
from state.store.store import Store

_KEYRING = Keyring((bytes(range(32)),))
_CHATS = [Chat(channel="test", account="1", id=str(number)) for number in range(6)]
_DOCUMENTS, _PHONES = ("", "52123456", "1098765432"), ("", "573159741951", "573112223344")
_SERVICES, _CODES = (0, 1001, 1002), ("", "ABCD2345")


def _store(redis: Redis | RedisCluster, keyring: Keyring = _KEYRING) -> Store:
    return Store(redis, keyring, token="one")


def _record(chat: Chat, document: str, phone: str, service: int, code: str) -> Conversation:
    """Make a record that is found by these, and by nothing else."""
    told = {Field.PHONE: OnFile(("+573112223344",))} if service == _SERVICES[2] else {}
    return replace(
        Conversation(chat=chat, turns=1),
        account=Account(person=Person(phone=phone)),
        draft=Draft(answers={Field.DOCUMENT: document} if document else {}),
        identity=Identity(client=Client(service_id=service, on_file=told) if service else None),
        change=PendingChange(reference=code),
    )


def _terms(document: str, phone: str, service: int, code: str) -> set[SearchTerm]:
    """Tell by which terms such a record is found."""
    phones = {phone} | ({"573112223344"} if service == _SERVICES[2] else set())
    told = {SearchTerm(SearchKind.PHONE, one) for one in phones if one}
    told |= {SearchTerm(SearchKind.DOCUMENT, document)} if document else set()
    told |= {SearchTerm(SearchKind.SERVICE, str(service))} if service else set()
    return told | ({SearchTerm(SearchKind.CODE, code)} if code else set())


async def _put(store: Store, conversation: Conversation, *, now: int = 1) -> str:
    loaded = await store.conversations.load(conversation.chat, ["new"])
    change = Change(
        conversation=conversation, version=loaded.version, deliveries=[], effects=[], entries=[],
        now=now, before=loaded.conversation,
    )  # fmt: skip
    assert await store.conversations.commit(change) is Verdict.OK
    return store.key(conversation.chat)


async def _erase(store: Store, chat: Chat) -> None:
    version = (await store.conversations.load(chat, ["new"])).version
    assert await store.conversations.erase(store.key(chat), version=version) is Erasure.OK


async def _entries(redis: Redis | RedisCluster) -> int:
    """Count all that the index holds."""
    names = [name async for name in redis.scan_iter(keys.every("find"))]
    return sum([await redis.zcard(name) for name in names])


_numbers = st.tuples(*map(st.sampled_from, (_DOCUMENTS, _PHONES, _SERVICES, _CODES)))
_acts = st.tuples(st.sampled_from(_CHATS), _numbers | st.none())
_ALL = {
    term for values in product(_DOCUMENTS, _PHONES, _SERVICES, _CODES) for term in _terms(*values)
}


async def _play(url: str, acts: list[Any]) -> None:
    """Commit and erase, and look after each act for everything."""
    async with redis_client.connect(url) as redis:
        await redis.flushall()
        store, known = _store(redis), dict[str, set[SearchTerm]]()
        for chat, numbers in acts:
            key = store.key(chat)
            if numbers is None:
                await _erase(store, chat)
                known[key] = set()
            else:
                await _put(store, _record(chat, *numbers))
                known[key] = _terms(*numbers)
            for term in _ALL:
                expected = {key for key, terms in known.items() if term in terms}
                assert {*await store.search.find([term])} == expected
        assert await _entries(redis) == sum(map(len, known.values()))
        await redis.flushall()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(_acts, min_size=1, max_size=14))
def test_found_by_exactly_its_own(redis_url: str, acts: list[Any]) -> None:
    """After any commits and erasures a chat is found by what its record holds, and nothing else."""
    asyncio.run(_play(redis_url, acts))


async def test_several_at_once(backend: Redis | RedisCluster) -> None:
    """What has several meanings finds the chats of each, over all shards; every chat once."""
    store = _store(backend)
    put = [await _put(store, _record(chat, "3159741951", "573159741951", 0, "")) for chat in _CHATS]
    other = await _put(store, _record(Chat(channel="t", account="1", id="x"), "", "", 31, ""))

    assert {*await store.search.find(read_query("315 974 1951").terms)} == {*put}
    assert await store.search.find(read_query("31").terms) == [other]
    assert await store.search.find([]) == []


async def test_erased(backend: Redis | RedisCluster) -> None:
    """After an erasure nothing of the chat is left in the index, nor beside its numbers."""
    store = _store(backend)
    key = await _put(store, _record(_CHATS[0], "52123456", "573159741951", 1002, "ABCD2345"))
    assert await _entries(backend) == 5

    await _erase(store, _CHATS[0])

    assert await _entries(backend) == 0
    assert [name async for name in backend.scan_iter(keys.every("find"))] == []
    assert {*await backend.hgetall(keys.name_key("chat", key))} <= {b"v", b"oseq"}


async def test_nothing_readable(redis: Redis) -> None:
    """No key and no value of the index holds a number, nor a digest that another key makes."""
    store, record = _store(redis), _record(_CHATS[0], "52123456", "573159741951", 1002, "")
    key = await _put(store, record)
    names = [name async for name in redis.scan_iter(keys.every("find"))]
    held = [*names, *[entry for name in names for entry in await redis.zrange(name, 0, -1)]]
    held.append(await redis.hget(keys.name_key("chat", key), "f"))

    readable = [term.value.encode() for term in list_terms(record) if len(term.value) > 4]

    assert readable
    assert [word for word in readable if any(word in one for one in held)] == []
    foreign = _store(redis, Keyring((bytes(32),)))
    assert await foreign.search.find(list_terms(record)) == []


async def test_rotated(redis: Redis) -> None:
    """A rotation leaves the index: it is named by the key that names, which stays the last one."""
    naming, fresh = bytes(range(32)), bytes([7]) * 32
    before = _store(redis, Keyring((bytes(32), naming)))
    key = await _put(before, _record(_CHATS[0], "52123456", "", 0, ""))
    await _store(redis, Keyring((fresh, bytes(32), naming))).rotation.rotate()
    after = _store(redis, Keyring((fresh, naming)))

    assert await after.search.find(read_query("52.123.456").terms) == [key]
    await _erase(after, _CHATS[0])
    assert await _entries(redis) == 0


async def test_walked_in(backend: Redis | RedisCluster) -> None:
    """Chats of before are found once the walk has met them; what it met twice stands once."""
    store = _store(backend)
    put = [await _put(store, _record(chat, "52123456", "", 0, "")) for chat in _CHATS]
    async for name in backend.scan_iter(keys.every("find")):
        await backend.delete(name)
    for key in put:
        await backend.hdel(keys.name_key("chat", key), "f")
    await backend.hset(keys.meta(), "filed", 1)  # as the version before left it
    assert await store.search.find(read_query("52123456").terms) == []

    await store.refiling.run()
    await backend.hdel(keys.meta(), "filed")
    await _store(backend).refiling.run()

    assert {*await store.search.find(read_query("52123456").terms)} == {*put}
    assert await _entries(backend) == len(put)
    await _put(store, replace(_record(_CHATS[0], "", "", 0, ""), turns=2))
    assert len(await store.search.find(read_query("52123456").terms)) == len(put) - 1


@pytest.mark.parametrize("same", [True, False])
async def test_difference_only(redis: Redis, *, same: bool) -> None:
    """A turn that changes no number writes nothing of the index, even where that is wrong."""
    store = _store(redis)
    key = await _put(store, _record(_CHATS[0], "52123456", "", 0, ""))
    await redis.hset(keys.name_key("chat", key), "f", "aaaabbbbcccc")

    await _put(store, replace(_record(_CHATS[0], "52123456", "", 0 if same else 1, ""), turns=2))

    assert (await redis.hget(keys.name_key("chat", key), "f") == b"aaaabbbbcccc") == same
