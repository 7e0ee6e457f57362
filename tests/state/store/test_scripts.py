"""The store's scripts, on a real Redis and on fakeredis: each answer of each of them."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from state.conversation import Chat, Conversation
from state.effects import Button, Effect, FindClient, RedeemInvitation, Send, UpdateClient
from state.events import Said
from state.journal import Entry, Kind
from state.records import Timer, TimerName
from state.store import keys, stats
from state.store.conversations import Change, Erasure, NoSuchConversation, Verdict
from state.store.dead_letters import LetterKind, NoSuchLetter
from state.store.encryption import Keyring, Unsealable
from state.store.invitations import NoSuchInvitation, RedeemedInvitation
from state.store.leases import LeaseTaken
from state.store.outbox import Head, Lease, Next, Note, Report
from state.store.pipeline import Script
from state.store.rate_limits import Admission, Rate
from state.store.store import Store
from tests.clients import make_changes
from tests.inboxes import list_all

_CHAT = Chat(channel="test", account="1", id="573001234567")
_KEYRING = Keyring((bytes(range(32)),))
_HELLO = Send(text="Hola", member="bot", buttons=(Button(choice="a", label="A", id="1:a"),))


@pytest.fixture
async def store(backend: Redis | RedisCluster) -> AsyncIterator[Store]:
    """A store on it."""
    store = Store(backend, _KEYRING, token="one")
    yield store
    await store.schedule.aclose()


@pytest.fixture
def rival(backend: Redis | RedisCluster) -> Store:
    """Another process's store on the same Redis."""
    return Store(backend, _KEYRING, token="two")


async def _commit(store: Store, *effects: Effect, delivery: str = "d1", now: int = 1000) -> Verdict:
    loaded = await store.conversations.load(_CHAT, [delivery])
    change = Change(
        conversation=replace(loaded.conversation, turns=loaded.conversation.turns + 1),
        version=loaded.version,
        deliveries=[delivery],
        effects=effects,
        entries=[Entry(kind=Kind.CUSTOMER, at=now, text="hola")],
        now=now,
    )
    return await store.conversations.commit(change)


async def _taken(store: Store, *, now: int = 2000, until: int = 7000) -> list[Lease]:
    return await store.outbox.take(keys.ALL, now=now, until=until, most=5)


async def _head(store: Store, lease: Lease, *, now: int = 2000) -> Head:
    head = await store.outbox.begin(lease, now=now)
    assert isinstance(head, Head)
    return head


async def test_commit_is_whole(store: Store) -> None:
    """A commit changes record, effects, journal and deliveries together."""
    assert await _commit(store, _HELLO) is Verdict.OK

    loaded = await store.conversations.load(_CHAT, ["d1", "d2"])
    assert (loaded.version, loaded.fresh) == (1, (False, True))
    assert loaded.conversation == Conversation(chat=_CHAT, turns=1)
    (seen,) = await list_all(store)
    assert (seen.place, seen.words and seen.words.text) == (1000, "hola")
    assert [entry.text for entry in await store.journal.read(seen.key)] == ["hola"]


async def test_duplicates_and_conflicts(store: Store) -> None:
    """What was taken before is a duplicate; a chat that moved meanwhile is a conflict."""
    loaded = await store.conversations.load(_CHAT, ["d1"])
    change = Change(
        conversation=loaded.conversation,
        version=loaded.version,
        deliveries=["d1", "d2"],
        effects=[_HELLO],
        entries=[],
        now=1,
    )

    verdicts = [
        await store.conversations.commit(change),
        await store.conversations.commit(change),
        await store.conversations.commit(replace(change, deliveries=["d3"])),
        await store.conversations.commit(replace(change, version=1, deliveries=["d2", "d3"])),
    ]

    assert verdicts == [Verdict.OK, Verdict.DUP, Verdict.CONFLICT, Verdict.CONFLICT]
    (lease,) = await _taken(store)
    assert (await _head(store, lease)).effect == _HELLO


@pytest.mark.parametrize(
    "effect",
    [
        _HELLO,
        FindClient(service_id=1001, lookup=4),
        RedeemInvitation(code="ABCD2345", lookup=4),
        UpdateClient(service_id=1001, changes=make_changes(document="52123456")),
    ],
)
async def test_effects_come_back(store: Store, effect: Effect) -> None:
    """An effect comes out of the outbox as it went in, with its chat and the record."""
    await _commit(store, effect)
    (lease,) = await _taken(store)

    head = await _head(store, lease)

    assert (head.chat, head.seq, head.effect, head.doubt) == (_CHAT, 1, effect, False)
    assert head.conversation.turns == 1


async def test_one_sender_at_a_time(store: Store, rival: Store) -> None:
    """A lease keeps others away until it ends; then the first one is fenced."""
    await _commit(store, _HELLO)
    (lease,) = await _taken(store)
    head = await _head(store, lease)

    assert await _taken(rival, now=6999) == []
    (stolen,) = await _taken(rival, now=7000, until=9000)
    assert stolen.key == lease.key
    assert await store.outbox.begin(lease, now=7000) is Next.FENCED
    assert await store.outbox.finish(lease, head, report=Report.SENT, at=0) is Next.FENCED
    await store.outbox.release(lease, now=7000)
    assert await _taken(store, now=7001, until=9000) == []


async def test_lease_is_renewed(store: Store, rival: Store) -> None:
    """Each effect renews the lease for as long as it may take: WispHub's longer than a message."""
    await _commit(store, FindClient(service_id=1001, lookup=4))
    (lease,) = await _taken(store)
    await _head(store, lease, now=3000)

    assert await _taken(rival, now=22_999, until=23_000) == []
    assert len(await _taken(rival, now=23_000, until=30_000)) == 1


async def test_intention_survives(store: Store, rival: Store) -> None:
    """An intention that nobody reported makes every later attempt one in doubt."""
    await _commit(store, _HELLO)
    await _head(store, (await _taken(store))[0])

    (lease,) = await _taken(rival, now=8000, until=9000)
    head = await _head(rival, lease)
    assert (head.attempt, head.doubt) == (2, True)
    assert await rival.outbox.finish(lease, head, report=Report.RETRY, at=9500) is Next.LATER
    (lease,) = await _taken(rival, now=9500, until=9900)
    head = await _head(rival, lease)
    assert (head.attempt, head.doubt) == (3, True)


async def test_attempts(store: Store) -> None:
    """A refusal leaves no doubt, a broken connection does; waiting at a gate is no attempt."""
    await _commit(store, _HELLO)
    told = []
    reports = [(Report.WAIT, "a"), (Report.RETRY, ""), (Report.DOUBT, ""), (Report.WAIT, "c")]
    for report, gate in reports:
        (lease,) = await _taken(store)
        head = await _head(store, lease)
        told.append((head.attempt, head.doubt, head.kept))
        note = Note(kept=gate)
        assert (
            await store.outbox.finish(lease, head, report=report, at=2000, note=note) is Next.LATER
        )
    (lease,) = await _taken(store)
    head = await _head(store, lease)

    assert told == [(1, False, ""), (1, False, "a"), (2, False, ""), (3, True, "")]
    assert (head.attempt, head.doubt, head.kept) == (3, True, "c")


async def test_given_back(store: Store, rival: Store) -> None:
    """A chat that is given back is due at once, for anybody, and its mark stays."""
    await _commit(store, _HELLO)
    (lease,) = await _taken(store)
    await _head(store, lease)

    await store.outbox.release(lease, now=2500)

    assert await store.schedule.wait(1) == (keys.shard_of(lease.key),)
    (stolen,) = await _taken(rival, now=2500)
    assert (await _head(rival, stolen)).doubt


async def test_in_order(store: Store, backend: Redis | RedisCluster) -> None:
    """Effects go out in order; a report for another than the head changes nothing."""
    await _commit(store, _HELLO, replace(_HELLO, text="Adiós"))
    (lease,) = await _taken(store)
    note = Note(entry=Entry(kind=Kind.NOTE, at=1, text="enviado"))
    first = await _head(store, lease)
    done = partial(store.outbox.finish, lease, at=8000)

    assert await done(replace(first, seq=2), report=Report.SENT) is Next.AGAIN
    assert await done(first, report=Report.SENT, note=note) is Next.MORE
    assert await done(first, report=Report.SENT) is Next.AGAIN
    second = await _head(store, lease)
    assert second.effect == replace(_HELLO, text="Adiós")
    assert await done(second, report=Report.DEAD, note=Note(reason="Blocked")) is Next.EMPTY
    assert await store.outbox.begin(lease, now=1) is Next.FENCED
    assert (await store.journal.read(lease.key))[-1].text == "enviado"
    assert await stats.read(backend) == {"turns": 1, "sent": 1, "dead": 1}
    (letter,) = await store.dead.list()
    assert (letter.what, letter.chat, letter.reason) == (LetterKind.EFFECT, lease.key, "Blocked")
    assert store.dead.effect(letter) == (_CHAT, second.effect)


async def test_empty_outbox(store: Store, backend: Redis | RedisCluster) -> None:
    """A chat that is held but has nothing to do is empty, and nobody's any more."""
    key = store.key(_CHAT)
    await backend.hset(keys.shard_of(key).key("oown"), key, "one")

    assert await store.outbox.begin(Lease(key, "one"), now=1) is Next.EMPTY
    assert await store.outbox.begin(Lease(key, "one"), now=1) is Next.FENCED


async def test_backlog(store: Store) -> None:
    """So many effects may wait in a chat and no more; a commit without a limit goes through."""
    change = Change(
        conversation=Conversation(chat=_CHAT),
        version=0,
        deliveries=["d1"],
        effects=[_HELLO, _HELLO],
        entries=[],
        now=1,
        most=1,
    )

    assert await store.conversations.commit(change) is Verdict.FULL
    assert (await store.conversations.load(_CHAT, ["d1"])).fresh == (True,)
    assert await store.conversations.commit(replace(change, most=2)) is Verdict.OK


async def test_dead_letters(store: Store) -> None:
    """A delivery that broke the machine and a call that could not be read are kept, and dropped."""
    conversation = Conversation(chat=_CHAT)
    await store.conversations.commit(
        Change(
            conversation=conversation, version=0, deliveries=["d1"], effects=[], entries=[], now=1,
            letters=[("KeyError", Said(text="hola"))], counters=["turns", "broken"],
        )
    )  # fmt: skip
    await store.dead.keep("telegram", b"\xff{", reason="unreadable")

    letters = {letter.what: letter for letter in await store.dead.list()}

    assert {letter.reason for letter in letters.values()} == {"KeyError", "unreadable"}
    assert store.dead.event(letters[LetterKind.EVENT]) == (_CHAT, Said(text="hola"))
    assert store.dead.call(letters[LetterKind.CALL]) == b"\xff{"
    assert (await store.dead.read(letters[LetterKind.CALL].id)).sealed == letters[
        LetterKind.CALL
    ].sealed
    assert letters[LetterKind.EVENT].at > 0
    await store.dead.drop(letters[LetterKind.EVENT])
    assert [letter.what for letter in await store.dead.list()] == [LetterKind.CALL]
    for unknown in (letters[LetterKind.EVENT].id, "99-1-1", "nada", "00-1"):
        with pytest.raises(NoSuchLetter):
            await store.dead.read(unknown)


async def test_erased(store: Store, backend: Redis | RedisCluster) -> None:
    """What is erased is gone, but what was seen stays seen and no number is used twice."""
    await _commit(store, _HELLO)
    key = store.key(_CHAT)
    erase = partial(store.conversations.erase, key)
    assert await erase(version=1) is Erasure.BUSY
    (lease,) = await _taken(store)
    await store.outbox.finish(lease, await _head(store, lease), report=Report.SENT, at=1)
    assert await erase(version=2) is Erasure.CONFLICT

    assert await erase(version=1) is Erasure.OK

    assert await store.journal.read(key) == []
    assert await list_all(store) == []
    with pytest.raises(NoSuchConversation):
        await store.conversations.find(key)
    loaded = await store.conversations.load(_CHAT, ["d1", "d2"])
    assert (loaded.fresh, loaded.conversation) == ((False, True), Conversation(chat=_CHAT))
    assert await backend.pttl(keys.name_key("chat", key)) > 0
    assert await _commit(store, _HELLO, delivery="d2") is Verdict.OK
    (lease,) = await _taken(store)
    assert (await _head(store, lease)).seq == 2
    assert await backend.pttl(keys.name_key("chat", key)) == -1


async def test_gate_keeps_a_rate(store: Store) -> None:
    """Two at once, then one every 100 ms; whoever must wait has a place of its own."""
    admit = partial(store.rate_limits.admit, "telegram:1", Rate(10, burst=2))

    waits = [(await admit(now=1000)).wait for _ in range(4)]

    assert waits == [0, 0, 100, 200]
    assert (await admit(now=1300)).wait == 0
    assert (await store.rate_limits.admit("telegram:1", None, now=1300)).wait == 0


async def test_gate_closes(store: Store) -> None:
    """Five failures in a row close an account's gate, longer each time; a success opens it."""
    admit = partial(store.rate_limits.admit, "whatsapp:1", None)
    heard = partial(store.rate_limits.report, "whatsapp:1")
    assert [await heard(well=False, now=1000) for _ in range(5)] == [0, 0, 0, 0, 5000]

    assert await admit(now=2000) == Admission(wait=4000, kept=False, failing=True)
    assert (await admit(now=6000)).wait == 0, "one may try"
    assert (await admit(now=6001)).wait == 9999, "the others wait for it"
    assert await heard(well=False, now=6002) == 10_000
    assert await heard(well=True, now=17_000) == 0
    assert await admit(now=17_000) == Admission(wait=0, kept=True, failing=False)


async def test_timers_and_bells(store: Store) -> None:
    """A timer stands in the schedule until a commit clears it; what is due soon rings."""
    loaded = await store.conversations.load(_CHAT, ["d1"])
    timer = Timer(name=TimerName.REMIND, due=900, generation=1)
    change = Change(
        conversation=replace(loaded.conversation, timer=timer),
        version=0,
        deliveries=["d1"],
        effects=[],
        entries=[],
        now=1,
    )
    await store.conversations.commit(change)
    (shard,) = await store.schedule.wait(1)

    assert await store.schedule.nearest(keys.ALL) == {shard: 900}
    assert await store.schedule.timers(now=899, most=5) == []
    assert await store.schedule.timers(now=900, most=5) == [store.key(_CHAT)]
    await store.conversations.commit(
        replace(change, version=1, conversation=loaded.conversation, deliveries=["d2"])
    )
    assert await store.schedule.nearest(keys.ALL) == {}
    assert await store.schedule.wait(0.01) == keys.ALL


async def test_malformed_arguments(store: Store, backend: Redis | RedisCluster) -> None:
    """A script refuses what it cannot read before it writes anything."""
    conversations, outbox = store.conversations, store.outbox
    malformed: list[tuple[Script, int, list[object]]] = [
        (conversations._commit, 11, ["c", "x", 1, "r", "", "", 0, 0, 0, 0, 0]),
        (conversations._commit, 11, ["c", 0, 1, "r", "", "", 1, 0, 0, 0, 0]),
        (conversations._erase, 8, ["c", "x"]),
        (outbox._take, 3, [5, 4, 1, "t"]),
        (outbox._begin, 4, ["c", "t", "x"]),
        (outbox._done, 8, ["c", "t", 1, "lost", 1, "", "", ""]),
        (outbox._release, 3, ["c", "t", "x"]),
        (store.rate_limits._admit, 1, [1, 2, 3, "x"]),
        (store.rate_limits._heard, 1, [1, 2, 3, 4, 5]),
    ]
    for script, keys_needed, arguments in malformed:
        names = [f"{{t}}{n}" for n in range(keys_needed)]
        with pytest.raises(ResponseError, match="malformed"):
            await outbox._pipeline.ask(script.call(keys=names, args=arguments))
    assert await backend.keys("*") == []


async def test_sealed(store: Store, backend: Redis | RedisCluster) -> None:
    """Neither values nor names in Redis tell who writes or what."""
    secret = UpdateClient(
        service_id=1, changes=make_changes(document="52123456", phone="+573001234567")
    )
    await _commit(store, _HELLO, secret)
    dump = b""
    async for name in backend.scan_iter():
        kind = bytes(await backend.type(name))  # type: ignore[arg-type]
        reader = {
            b"hash": backend.hgetall,
            b"list": lambda n: backend.lrange(n, 0, -1),
            b"stream": backend.xrange,
            b"zset": lambda n: backend.zrange(n, 0, -1),
        }[kind]
        dump += name + repr(await reader(name)).encode()  # type: ignore[operator]

    assert not [word for word in (b"52123456", b"573001234567", b"Hola", b"hola") if word in dump]


def test_keyring() -> None:
    """The first key seals, all open, the last one names; nothing opens elsewhere."""
    old, new = os.urandom(32), os.urandom(32)
    before, after = Keyring((old,)), Keyring((new, old))
    sealed = before.seal(b"hola", place="record:a")

    assert after.open(sealed, place="record:a") == b"hola"
    assert after.digest("ana") == before.digest("ana")
    assert after.short_digest("ana") == before.short_digest("ana")
    with pytest.raises(Unsealable):
        after.open(sealed, place="record:b")
    with pytest.raises(Unsealable):
        before.open(after.seal(b"hola", place="record:a"), place="record:a")
    for keys_given in ((), (b"short",)):
        with pytest.raises(ValueError, match="32 bytes"):
            Keyring(keys_given)


async def test_invitations(store: Store) -> None:
    """An invitation is worth something once, to one chat, however often that one asks."""
    code = (await store.invitations.issue(1001)).code

    for _ in range(2):
        assert await store.invitations.redeem(code, by="a") == RedeemedInvitation(1001)
    with pytest.raises(NoSuchInvitation):
        await store.invitations.redeem(code, by="b")
    with pytest.raises(NoSuchInvitation):
        await store.invitations.redeem("QQQQ2222", by="a")


async def test_invitation_in_person(store: Store, backend: Redis | RedisCluster) -> None:
    """What staff show in person is known as that, for an hour."""
    shown = await store.invitations.issue(1001, in_person=True)
    lives = [
        await backend.ttl(name)
        for name in [key async for key in backend.scan_iter(match="*invite:*")]
    ]

    assert await store.invitations.redeem(shown.token, by="a") == RedeemedInvitation(
        1001, in_person=True
    )
    assert len(lives) == 2
    assert max(lives) <= 3600
    await store.invitations.withdraw(shown.code)
    with pytest.raises(NoSuchInvitation):
        await store.invitations.redeem(shown.token, by="a")


async def test_leases(store: Store, backend: Redis | RedisCluster) -> None:
    """One holder of a service at a time; a lease that outlived its time is nobody's."""
    async with store.leases.hold(1001, patience=1):
        with pytest.raises(LeaseTaken):
            async with store.leases.hold(1001, patience=0.05):
                pytest.fail("two holders")
        async with store.leases.hold(1002, patience=0.05):
            for name in [name async for name in backend.scan_iter("*lease*")]:
                await backend.delete(name)
    async with store.leases.hold(1001, patience=0.05):
        assert [name async for name in backend.scan_iter("*lease*")]


async def test_unknown_conversation(store: Store) -> None:
    """A key that names nothing is told as such."""
    with pytest.raises(NoSuchConversation):
        await store.conversations.find("nadie")


async def test_journal_pages(store: Store) -> None:
    """The journal is read from its end, or after a line that is known."""
    for number in range(3):
        await _commit(store, delivery=f"d{number}", now=number)
    key = store.key(_CHAT)

    last = await store.journal.read(key, limit=2)

    assert [entry.at for entry in last] == [1, 2]
    assert [entry.at for entry in await store.journal.read(key, after=last[0].id)] == [2]


async def test_feed(store: Store) -> None:
    """The feed tells which chats changed, from when it is followed on."""
    await _commit(store, delivery="before")
    follower = store.feed.follow()
    assert await anext(follower) == frozenset()
    told = asyncio.ensure_future(anext(follower))

    while not told.done():
        await store.feed.tell("a-chat")
        await asyncio.sleep(0)

    assert await told == {"a-chat"}
    await follower.aclose()
