"""The stored part: views page by page, counted, filtered, erased; chats of before are walked in."""

from collections.abc import Sequence
from dataclasses import replace as with_fields
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from state.conversation import Chat, Conversation, replace
from state.journal import Entry, Kind
from state.parts import QUEUE, Account, Attention, Draft, Shown, SpeakerKind, member
from state.states import Section, State
from state.store import keys, walk
from state.store.conversations import Change, Erasure, Verdict
from state.store.encryption import Keyring
from state.store.formats import FORMAT, NewerFormat
from state.store.inbox import Filters
from state.store.store import Store
from state.views import SILENCE, View
from tests.values import values

_KEYRING = Keyring((bytes(range(32)),))
_NOW = 1_795_442_400_000


def _store(redis: Redis | RedisCluster) -> Store:
    return Store(redis, _KEYRING, token="one")


@pytest.fixture
def store(backend: Redis | RedisCluster) -> Store:
    """A store on every kind of Redis."""
    return _store(backend)


def _chat(number: int, **told: Any) -> Conversation:
    chat = Chat(channel="test", account="1", id=str(number))
    return replace(Conversation(chat=chat, turns=1), **told)


def _waiting(number: int, since: int, **told: Any) -> Conversation:
    account = Account(attention=Attention(waiting_since=since))
    return _chat(number, **{"speaker": QUEUE, "account": account} | told)


async def _put(store: Store, conversation: Conversation, *, text: str = "", now: int = 1) -> str:
    """Commit a conversation as it shall stand, with what the customer said."""
    loaded = await store.conversations.load(conversation.chat, ["new"])
    entries = [Entry(kind=Kind.CUSTOMER, at=now, text=text)] if text else []
    change = Change(
        conversation=conversation, version=loaded.version, deliveries=[], effects=[],
        entries=entries, now=now, before=loaded.conversation,
    )  # fmt: skip
    assert await store.conversations.commit(change) is Verdict.OK
    return store.key(conversation.chat)


async def _all(store: Store, view: View, *, limit: int = 7, **told: Any) -> list[str]:
    """Turn all pages of a view."""
    found, cursor = list[str](), ""
    for _ in range(100):
        rows, cursor = await store.inbox.page(view, now=_NOW, limit=limit, cursor=cursor, **told)
        assert len(rows) <= limit
        found += [row.key for row in rows]
        if not cursor:
            return found
    raise AssertionError("endless")


async def test_oldest_first(store: Store) -> None:
    """Who waits longest stands first, over all shards and pages, each exactly once."""
    keys_ = [await _put(store, _waiting(n, since=1000 + (n * 37) % 50)) for n in range(50)]

    found = await _all(store, View.WAITING)

    expected = sorted((1000 + (n * 37) % 50, key) for n, key in enumerate(keys_))
    assert found == [key for _, key in expected]
    assert (await store.inbox.counts(now=_NOW))[View.WAITING] == 50


@pytest.mark.parametrize("view", [View.WAITING, View.CLOSED])
async def test_same_millisecond(store: Store, view: View) -> None:
    """Chats of the same millisecond are on one page each, however many there are."""
    seen = Attention(waiting_since=5) if view is View.WAITING else Attention(closed_at=5)
    put = [await _put(store, _chat(n, account=Account(attention=seen))) for n in range(90)]

    for limit in (1, 4, 100):
        found = await _all(store, view, limit=limit)
        assert sorted(found) == sorted(put)
        assert found == sorted(put, reverse=view is View.CLOSED)


async def test_pages_while_chats_move(store: Store) -> None:
    """A chat that leaves or comes while pages are turned shifts no other."""
    put = [await _put(store, _waiting(n, since=1000 + n)) for n in range(20)]
    first, cursor = await store.inbox.page(View.WAITING, now=_NOW, limit=10)
    await _put(store, _chat(3))
    await _put(store, _chat(9))  # the cursor's own
    await _put(store, _waiting(50, since=1))

    second, last = await store.inbox.page(View.WAITING, now=_NOW, limit=10, cursor=cursor)

    assert [row.key for row in first + second] == put
    assert last == ""


async def test_row_and_words(store: Store) -> None:
    """A page tells of a chat what its row and the customer's last words say, and no more."""
    key = await _put(store, _waiting(1, since=5, state=State.PHONE), text="hola  ¿hay alguien?")
    await _put(store, _waiting(1, since=5, state=State.PHONE))  # says nothing new

    ((row,), _) = await store.inbox.page(View.WAITING, now=_NOW)

    assert (row.key, row.place) == (key, 5)
    assert row.row is not None
    assert (row.row.state, row.row.speaker) == (State.PHONE, SpeakerKind.QUEUE)
    assert row.words is not None
    assert row.words.text == "hola ¿hay alguien?"


async def test_long_words(store: Store) -> None:
    """Long words are cut between two, never within a number."""
    await _put(store, _waiting(1, since=5), text="x" * 150 + " 1234567890 y más")

    ((row,), _) = await store.inbox.page(View.WAITING, now=_NOW)

    assert row.words is not None
    assert row.words.text == "x" * 150


async def test_each_member_has_a_list(store: Store) -> None:
    """Every member finds the chats that he or she has; whoever gives one away finds it no more."""
    digest = store.staff.members.digest
    shown = Shown(asked_at=7)
    for number, name in enumerate(("Ana", "Beto", "Ana")):
        await _put(store, _chat(number, speaker=member(name), shown=shown))
    assert len(await _all(store, View.MINE, member=digest("Ana"))) == 2
    assert len(await _all(store, View.MINE, member=digest("Beto"))) == 1

    await _put(store, _chat(0, speaker=member("Beto"), shown=shown))

    assert len(await _all(store, View.MINE, member=digest("ana "))) == 1
    counts = await store.inbox.counts(now=_NOW, member=digest("Beto"))
    assert counts[View.MINE] == len(await _all(store, View.MINE, member=digest("Beto"))) == 2


async def test_not_stuck_yet(store: Store) -> None:
    """A chat whose directory is silent is stuck after ten minutes, and not before."""
    chat = _chat(1, state=State.FINDING, shown=Shown(asked_at=_NOW - SILENCE + 1))
    await _put(store, chat)
    for now, count in ((_NOW, 0), (_NOW + 1, 1)):
        rows, _ = await store.inbox.page(View.STUCK, now=now)
        assert len(rows) == (await store.inbox.counts(now=now))[View.STUCK] == count


async def test_all_and_deciding(store: Store) -> None:
    """Every chat is in the list of all, the last active first."""
    put = [await _put(store, _chat(n), now=100 + n) for n in range(12)]

    assert await _all(store, View.ALL) == put[::-1]
    assert (await store.inbox.counts(now=_NOW))[View.ALL] == 12


async def test_filters(store: Store) -> None:
    """A filtered page has as many rows as another, by channel, step and speaker."""
    for number in range(40):
        state = State.PHONE if number % 4 == 0 else State.DOCUMENT
        await _put(store, _waiting(number, since=number + 1, state=state))
    other = Chat(channel="telegram", account="1", id="1")
    await _put(store, with_fields(_waiting(0, since=99), chat=other))

    for filters, count in (
        (Filters(section=Section.PHONE), 10),
        (Filters(channel="telegram"), 1),
        (Filters(speaker=SpeakerKind.QUEUE), 41),
        (Filters(channel="test", section=Section.PHONE, speaker=SpeakerKind.BOT), 0),
    ):
        assert len(await _all(store, View.WAITING, filters=filters)) == count
    page, _ = await store.inbox.page(
        View.WAITING, now=_NOW, limit=9, filters=Filters(section=Section.PHONE)
    )
    assert len(page) == 9


async def test_worthless_cursor(store: Store) -> None:
    """A cursor that is none is the beginning."""
    key = await _put(store, _waiting(1, since=5))

    for cursor in ("x", "1", ".", "-5.a", "5"):
        rows, _ = await store.inbox.page(View.WAITING, now=_NOW, cursor=cursor)
        assert [row.key for row in rows] == [key]


async def test_erased(store: Store) -> None:
    """An erased chat stands nowhere, and leaves nothing to read; it may begin anew."""
    seen = Attention(waiting_since=5, failed_at=6)
    chat = _chat(1, speaker=member("Ana"), account=Account(attention=seen))
    key = await _put(store, chat, text="hola")

    assert await store.conversations.erase(key, version=1) is Erasure.OK

    counts = await store.inbox.counts(now=_NOW, member=store.staff.members.digest("Ana"))
    assert set(counts.values()) == {0}
    ((left),) = await store.inbox.read([key])
    assert (left.row, left.words) == (None, None)
    await _put(store, chat)
    assert await _all(store, View.WAITING) == [key]


async def test_journal_erased(store: Store) -> None:
    """Whoever revokes the permission leaves no last words behind."""
    key = await _put(store, _waiting(1, since=5), text="hola")

    await store.journal.erase(key)

    ((left),) = await store.inbox.read([key])
    assert (left.row is None, left.words) == (False, None)


async def test_difference_only(backend: Redis | RedisCluster) -> None:
    """A turn that changes no view and no row writes none."""
    store = _store(backend)
    key = await _put(store, _waiting(1, since=5), text="hola")
    name = keys.name_key("chat", key)
    before = await backend.hmget(name, "row", "w", "said")

    await _put(store, replace(_waiting(1, since=5), turns=2))

    assert await backend.hmget(name, "row", "w", "said") == before


@pytest.mark.parametrize("tail", [["esperan", "x"], ["esperan"], ["esperan", "1", "mios"]])
async def test_malformed_views(backend: Redis | RedisCluster, tail: Sequence[str]) -> None:
    """A commit or a refiling with views that cannot be read writes nothing."""
    store = _store(backend)
    names = ["{t}:" + str(number) for number in range(15)]
    counts = [0, 0, 0, 0, 0, len(tail) // 2 or 1]
    commit = store.pipeline.script("commit").call(
        names, ["c", 0, 1, "record", "", "", "", 0, "", "row", "", "", *counts, *tail]
    )
    refile = store.pipeline.script("refile").call(names[:3], ["c", 0, "", "row", "", "-", *tail])
    for call in (commit, refile):
        with pytest.raises(ResponseError, match="malformed"):
            await store.pipeline.ask(call)
    assert await backend.exists("{t}:0") == 0


async def _forget(redis: Redis | RedisCluster) -> None:
    """Leave of every chat what a version without views wrote."""
    async for name in redis.scan_iter(keys.every("chat")):
        await redis.hdel(name, "row", "said", "w")
    async for name in redis.scan_iter(keys.every("view")):
        await redis.delete(name)


async def test_walked_in(backend: Redis | RedisCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chats of before are filed, each slice once; until then the lists say that they are not."""
    monkeypatch.setattr(walk, "_SLICE", 3)
    store = _store(backend)
    put = [await _put(store, _waiting(n, since=n + 1), text=f"hola {n}") for n in range(25)]
    stuck = _chat(99, state=State.PHONE, draft=Draft(misses=4), shown=Shown(asked_at=8))
    await _put(store, stuck)
    await _forget(backend)
    assert (await _all(store, View.WAITING), await store.refiling.is_done()) == ([], False)

    told = iter([False] * 6)
    await store.refiling.run(enough=lambda: next(told, True))
    assert 0 < len(await _all(store, View.WAITING)) < 25
    await _store(backend).refiling.run()

    assert await store.refiling.is_done()
    assert await _all(store, View.WAITING) == put
    assert len(await _all(store, View.STUCK)) == 1
    rows = await store.inbox.read(put)
    assert [row.words and row.words.text for row in rows] == [f"hola {n}" for n in range(25)]


async def test_newer_while_walked(
    backend: Redis | RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A walk that a newer version overtakes ends with its slice, and says nothing of its end."""
    monkeypatch.setattr(walk, "_SLICE", 3)
    store = _store(backend)
    for number in range(25):
        await _put(store, _waiting(number, since=number + 1))
    await _forget(backend)
    refile, overtaken = store.refiling.slice, list[dict[str, Any]]()

    async def overtaking() -> None:
        await refile()
        await backend.hset(keys.meta(), "schema", FORMAT + 1)
        overtaken.append(await values(backend))

    monkeypatch.setattr(store.refiling, "slice", overtaking)

    with pytest.raises(NewerFormat):
        await store.refiling.run()
    with pytest.raises(NewerFormat):
        await store.refiling.run()

    assert overtaken == [await values(backend)]
    assert not await store.refiling.is_done()


async def test_walked_in_held(backend: Redis | RedisCluster) -> None:
    """Of a chat that a person held before, the journal tells since when the customer waits."""
    store = _store(backend)
    held = _chat(1, speaker=member("Ana"))
    kinds = (Kind.CUSTOMER, Kind.STAFF, Kind.CUSTOMER, Kind.NOTE, Kind.CUSTOMER)
    entries = [Entry(kind=kind, at=10 + at, text="x") for at, kind in enumerate(kinds)]
    change = Change(
        conversation=held, version=0, deliveries=[], effects=[], entries=entries, now=20
    )
    await store.conversations.commit(change)
    await _forget(backend)

    await store.refiling.run()

    ((row,), _) = await store.inbox.page(View.WAITING, now=_NOW)
    assert row.place == 12
    found = await store.conversations.load(held.chat, ["new"])
    assert (found.version, found.conversation.account.attention.waiting_since) == (1, 12)


async def test_moved_while_walked(backend: Redis | RedisCluster) -> None:
    """What is committed while it is walked in is not filed as it was before."""
    store = _store(backend)
    key = await _put(store, _waiting(1, since=5))
    shard = keys.shard_of(key)
    call = store.pipeline.script("refile").call(
        [shard.key(f"chat:{key}"), shard.key("view:"), shard.key("find:")],
        [key, 7, "", "row", "", "-", "esperan", 1],
    )

    assert await store.pipeline.ask(call) == [0]
    assert (await store.inbox.page(View.WAITING, now=_NOW))[0][0].place == 5
