"""Secret keys are rotated while the house works: everything is sealed anew, nothing is lost."""

import asyncio
import base64
import itertools
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from bot.commands import rotate
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.ports import Delivery
from state.audit import AuditEntry
from state.conversation import Chat
from state.effects import ConsentDecision, RecordConsent, Send
from state.events import Said
from state.journal import Entry, Kind
from state.parts import Person
from state.records import Consent
from state.store import audit_rotation, keys, rotation
from state.store.conversations import Change
from state.store.dead_letters import LetterKind
from state.store.encryption import Keyring, Unsealable, _key_id
from state.store.outbox import Head, Next, Report
from state.store.rotation import KINDS, RotationResult, RotationUnfinished
from state.store.simulator import Bubble, SimulatedPhone
from state.store.store import Store
from tests.house_stage import HouseStage
from tests.members import NOW, join
from tests.simulation.toy import heard, toy
from tests.values import values

pytestmark = pytest.mark.slow

_OLD, _NEW, _NAMING = bytes(32), bytes([1]) * 32, bytes([2]) * 32
_BEFORE = Keyring((_OLD, _NEW, _NAMING))
_DURING = Keyring((_NEW, _OLD, _NAMING))
_AFTER = Keyring((_NEW, _NAMING))
_CHAT = Chat(channel="whatsapp", account="55", id="CO.1")
_PERSON = Person(user="CO.1", phone="573001112233")
_HELLO = Send(text="Buenos días", member="bot")
_MEMBER = "Ana"
_WORD = "correct horse"
_FIELDS = 3
"""What of a chat is sealed: its record, its row in the lists, and its last words."""


def _store(redis: Redis | RedisCluster, keyring: Keyring) -> Store:
    return Store(redis, keyring, token="one")


async def _commit(store: Store, *, now: int = 1000, fails: int = 0) -> None:
    """Take a turn: a line in the journal, two effects, and deliveries that broke the machine."""
    loaded = await store.conversations.load(_CHAT, [f"d{now}"])
    change = Change(
        conversation=replace(loaded.conversation, turns=loaded.conversation.turns + 1),
        version=loaded.version,
        deliveries=[f"d{now}"],
        effects=[_HELLO, _HELLO],
        entries=[Entry(kind=Kind.CUSTOMER, at=now, text=f"mensaje {now}")],
        now=now,
        letters=[("KeyError", Said(text="roto"))] * fails,
    )
    await store.conversations.commit(change)


async def _give_up(store: Store) -> None:
    """Let the first effect that waits become a dead letter."""
    (lease,) = await store.outbox.take(keys.ALL, now=2000, until=3000, most=1)
    head = await store.outbox.begin(lease, now=2000)
    assert isinstance(head, Head)
    assert await store.outbox.finish(lease, head, report=Report.DEAD, at=2000) is Next.MORE
    await store.outbox.release(lease, now=2000)


_AGREED = RecordConsent(
    code="ABCD2345", at=1, decision=ConsentDecision.GIVEN,
    consent=Consent(at=1, code="ABCD2345", version="1", words="sí"),
)  # fmt: skip


_NOTED = AuditEntry(at=1, act="vouch", actor=_MEMBER, reason="lo vi", more=("service:1001",))


@dataclass(frozen=True)
class _Tokens:
    session: str
    link: str
    code: str


async def _fill(store: Store) -> _Tokens:
    """Write a value of every kind that is sealed."""
    key = store.key(_CHAT)
    await _commit(store, fails=1)
    await _give_up(store)
    for now in (2000, 3000):
        await _commit(store, now=now)
    await store.dead.keep("whatsapp", b"\xff{", reason="unreadable")
    await store.contacts.find_or_begin([(_CHAT, _PERSON)], now=1)
    await store.receipts.remember(key, 1, "wamid.1")
    await store.consents.record(key, _AGREED, years=1)
    await store.simulator.add(
        SimulatedPhone(chat=_CHAT, title="A", service_id=1, invitation="", before={})
    )
    await store.simulator.show(_CHAT, Bubble(message=_HELLO, mine=True, at=1))
    await store.simulator.remember(_CHAT, b"sent")
    signed_in = await join(store.staff, _MEMBER, _WORD)
    link = await store.staff.invite_again(_MEMBER, now=NOW)
    for now in (1, 2):
        await store.audit.note(replace(_NOTED, at=now, about=f"chat:{key}"))
    code = (await store.invitations.issue(1001)).code
    return _Tokens(session=signed_in.token, link=link, code=code)


async def _opened(store: Store, tokens: _Tokens) -> list[Any]:
    """Open everything that was written."""
    key = store.key(_CHAT)
    letters = {letter.what: letter for letter in await store.dead.list()}
    return [
        await store.conversations.find(key),
        await store.journal.read(key),
        await store.inbox.read([key]),
        store.dead.call(letters[LetterKind.CALL]),
        await store.simulator.recall(key),
        store.dead.effect(letters[LetterKind.EFFECT]),
        store.dead.event(letters[LetterKind.EVENT]),
        sorted(letter.id for letter in letters.values()),
        await store.contacts.find_or_begin([(replace(_CHAT, id=""), _PERSON)], now=1),
        await store.receipts.recall(key, 1),
        await store.consents.read(key),
        await store.audit.read(),
        await store.simulator.list(),
        await store.simulator.read(key),
        await store.staff.member(tokens.session, now=NOW),
        await store.staff.link(tokens.link, now=NOW),
        await store.invitations.redeem(tokens.code, by="a"),
    ]  # fmt: skip


async def _performed(store: Store) -> list[tuple[int, Any]]:
    """Perform all that waits, and give it in order."""
    (lease,) = await store.outbox.take(keys.ALL, now=9000, until=9999, most=1)
    done = []
    while isinstance(head := await store.outbox.begin(lease, now=9000), Head):
        done.append((head.seq, head.effect))
        await store.outbox.finish(lease, head, report=Report.SENT, at=9999)
    return done


async def _lives(redis: Redis | RedisCluster) -> dict[str, bool]:
    """Tell which keys have a time to live."""
    return {name: await redis.pttl(name) > 0 for name in await values(redis)}


def _sealed_by(key: bytes, values: object) -> bool:
    return repr(_key_id(key))[2:-1] in repr(values)


async def test_everything_opens_with_the_new_key(backend: Redis | RedisCluster) -> None:
    """After a rotation the old key is needed for nothing, and all is as it was."""
    old = _store(backend, _BEFORE)
    tokens = await _fill(old)
    before, lives = await _opened(old, tokens), await _lives(backend)
    assert _sealed_by(_OLD, await values(backend))

    rotated = await _store(backend, _DURING).rotation.rotate()

    new = _store(backend, _AFTER)
    assert await _opened(new, tokens) == before
    assert not _sealed_by(_OLD, await values(backend))
    assert await _lives(backend) == lives
    assert [seq for seq, _ in await _performed(new)] == [2, 3, 4, 5, 6]
    assert rotated.left.total() == 0
    assert rotated.anew == Counter(
        chat=3, consent=1, user=3, session=1, link=1, names=2, invite=2, progress=1,
        handset=1, again=1, out=5, log=3, phone=1, dead=3, reasons=2, audit=2,
    )  # fmt: skip
    assert set(rotated.anew) == set(KINDS)


async def test_only_key_is_replaced(redis: Redis) -> None:
    """A key that sealed and named goes on naming, and seals nothing any more."""
    tokens = await _fill(old := _store(redis, Keyring((_OLD,))))
    before = await _opened(old, tokens)

    await (new := _store(redis, Keyring((_NEW, _OLD)))).rotation.rotate()

    assert not _sealed_by(_OLD, await values(redis))
    assert await _opened(new, tokens) == before


async def test_second_rotation_changes_nothing(backend: Redis | RedisCluster) -> None:
    """What the first key sealed already stays as it is, byte for byte."""
    await _fill(_store(backend, _BEFORE))
    new = _store(backend, _DURING)
    await new.rotation.rotate()
    before = await values(backend)

    again = await new.rotation.rotate()

    assert (again.anew.total(), again.left.total()) == (0, 0)
    assert await values(backend) == before


async def test_next_number_is_not_given_again(backend: Redis | RedisCluster) -> None:
    """A stream whose last line was dropped remembers its number."""
    name = keys.ALL[0].key("dead")
    store = _store(backend, _BEFORE)
    await store.dead.keep("whatsapp", b"a", reason="unreadable")
    await store.dead.keep("whatsapp", b"b", reason="unreadable")
    kept, dropped = await store.dead.list()
    await store.dead.drop(dropped)

    assert (await _store(backend, _DURING).rotation.rotate()).anew == Counter(dead=1)

    with pytest.raises(ResponseError, match="equal or smaller"):
        await backend.xadd(name, {"x": "x"}, id=dropped.id.split("-", 1)[1])
    assert [letter.id for letter in await store.dead.list()] == [kept.id]


async def test_moved_values_are_left(backend: Redis | RedisCluster) -> None:
    """A script that finds another value than was read writes nothing."""
    await _fill(store := _store(backend, _BEFORE))
    before, key, shard = await values(backend), store.key(_CHAT), keys.shard_of(store.key(_CHAT))
    log, turning = shard.key(f"log:{key}"), store.rotation
    ids = [line[0] for line in before[log]]
    calls = [
        turning._text.call([shard.key(f"again:{key}")], ["read", "anew"]),
        turning._text.call([shard.key("again:nobody")], ["read", "anew"]),
        turning._hash.call([shard.key(f"chat:{key}")], ["", "", "st", "read", "anew"]),
        turning._list.call([shard.key(f"out:{key}")], ["read", "anew"]),
        turning._stream.call([log, keys.anew(log)], ["e", ids[-1], 2, "anew", "anew"]),
        turning._stream.call([log, keys.anew(log)], ["e", ids[0], 3, "anew", "anew", "anew"]),
        turning._stream.call([shard.key("log:nobody"), keys.anew(log)], ["e", ids[0], 1, "anew"]),
    ]

    assert [(await store.pipeline.ask(call))[0] for call in calls] == [0] * len(calls)
    assert await values(backend) == before


async def test_malformed_arguments(backend: Redis | RedisCluster) -> None:
    """A script refuses what it cannot read before it writes anything."""
    store = _store(backend, _BEFORE)
    turning = store.rotation
    for script, arguments in (
        (turning._text, ["read"]),
        (turning._hash, ["", "", "st", "read"]),
        (turning._hash, []),
        (turning._list, ["read"]),
        (turning._stream, ["e", "1-1", "x"]),
        (turning._stream, ["e", "1-1", 0]),
        (turning._stream, ["e", "1-1", 2, "anew"]),
        (turning._audit._copy, ["e", "1-1", "x"]),
        (turning._audit._copy, ["e", "", 1, "1-1"]),
    ):
        with pytest.raises(ResponseError, match="malformed"):
            await store.pipeline.ask(script.call(["{t}1", "{t}2"], arguments))
    assert await values(backend) == {}


async def test_moved_while_it_is_looked_at(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older process wrote between reading and putting back is kept, and sealed anew."""
    old, new = _store(redis, _BEFORE), _store(redis, _DURING)
    await _commit(old)
    put, moved, turns = new.rotation._put, dict.fromkeys(KINDS, 0), itertools.count(2000)
    met = set[str]()

    async def overtaken(found: RotationResult, kind: str, *rest: Any) -> None:
        if kind not in met:
            met.add(kind)
            await _commit(old, now=next(turns))
        before = found.moved[kind]
        await put(found, kind, *rest)
        moved[kind] += found.moved[kind] - before

    monkeypatch.setattr(new.rotation, "_put", overtaken)

    rotated = await new.rotation.rotate()

    assert met == {"chat", "out", "log"}
    assert moved == dict.fromkeys(KINDS, 0) | {"chat": _FIELDS, "log": 3}
    assert rotated.left.total() == 0
    key, after = old.key(_CHAT), _store(redis, _AFTER)
    lines = [int(entry.text.split()[1]) for entry in await after.journal.read(key)]
    assert lines == [1000, *range(2000, next(turns))]
    assert (await after.conversations.find(key)).turns == len(lines)
    assert [seq for seq, _ in await _performed(after)] == [*range(1, 2 * len(lines) + 1)]


async def test_older_process_goes_on(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as somebody seals with an older key, no rotation says that it can go."""
    old, new = _store(redis, _BEFORE), _store(redis, _DURING)
    look, turns = new.rotation._pass, itertools.count(1000)

    async def overtaken() -> RotationResult:
        await _commit(old, now=next(turns))
        return await look()

    monkeypatch.setattr(new.rotation, "_pass", overtaken)

    rotated = await new.rotation.rotate()

    assert rotated.left["chat"] == _FIELDS
    assert next(turns) == 1000 + rotation._PASSES


async def test_gone_meanwhile(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat that was erased has nothing to seal, and a key that is gone stays gone."""
    old, new = _store(redis, _BEFORE), _store(redis, _DURING)
    await _commit(old)
    await _performed(old)
    await old.conversations.erase(old.key(_CHAT), version=1)
    for number in range(3):
        await old.simulator.remember(replace(_CHAT, id=str(number)), b"sent")
    await old.contacts.find_or_begin([(_CHAT, _PERSON)], now=1)
    monkeypatch.setattr(rotation, "_TOGETHER", 2)

    rotated = await new.rotation.rotate()
    await new.rotation._look_at_text(rotated, "again", keys.name_key("again", "nobody"))

    assert rotated.anew == Counter(again=3)
    assert rotated.left == Counter(names=2)


async def test_damaged_values_are_told(redis: Redis) -> None:
    """A value that no key opens is counted, left as it is, and stops nothing."""
    await _commit(old := _store(redis, _BEFORE))
    lost = Keyring((bytes([9]) * 32,)).seal(b"x", place="chat")
    for kind in ("chat", "again"):
        name = keys.name_key(kind, "nobody")
        await (redis.hset(name, "st", lost) if kind == "chat" else redis.set(name, lost, ex=9))
    await old.contacts.find_or_begin([(replace(_CHAT, account="unknown"), _PERSON)], now=1)

    rotated = await _store(redis, _DURING).rotation.rotate()
    assert rotated.left == Counter(chat=1, again=1, names=2)

    rotated = await _store(redis, _DURING).rotation.rotate("whatsapp:unknown")
    assert rotated.left == Counter(chat=1, again=1)
    assert rotated.anew == Counter(names=2)


async def _write(stages: list[HouseStage], chat: Chat, messages: int) -> None:
    """Let a customer write, one message after the other, now to this process and now to that."""
    for number in range(messages):
        stage = stages[number % 2]
        said = Said(text=f"{number}{'sm'[number % 2]}")
        delivery = Delivery(id=f"d{number}", event=said, at=stage.clock())
        await stage.turns.take(chat, delivery)
        await stages[number // 2 % 2]._settle()


async def _rotate_until(done: asyncio.Future[Any], store: Store) -> Counter[str]:
    """Rotate again and again."""
    total = Counter[str]()
    while not done.done():
        total += (await store.rotation.rotate()).anew
    return total


async def test_nothing_is_lost_under_load(redis: Redis, sandbox: Sandbox) -> None:
    """Customers write to an old and a new process while all is sealed anew, over and over."""
    stages = [HouseStage(redis, sandbox, machine=toy, keyring=ring) for ring in (_BEFORE, _DURING)]
    chats = [replace(stages[0].chat, id=str(number)) for number in range(6)]
    load = asyncio.gather(*(_write(stages, chat, 30) for chat in chats))
    rotated = await _rotate_until(load, stages[1].store)
    await load
    for stage in stages:
        await stage._settle()
        await stage.aclose()

    assert (await stages[1].store.rotation.rotate()).left.total() == 0
    assert min(rotated[kind] for kind in ("chat", "out", "log")) > 0
    assert not _sealed_by(_OLD, await values(redis))
    said = Counter(message.text for stage in stages for message in stage.heard())
    for chat in chats:
        await _assert_whole(_store(redis, _AFTER), chat, 30)
    assert said.total() == len(chats) * 45


async def _assert_whole(store: Store, chat: Chat, messages: int) -> None:
    """Each message stands in record and journal, once and in order."""
    key, expected = store.key(chat), [f"{n}{'sm'[n % 2]}" for n in range(messages)]
    lines = await store.journal.read(key, limit=10_000)
    assert heard(await store.conversations.find(key)) == expected
    assert [line.text for line in lines if line.kind is Kind.CUSTOMER] == expected
    assert len({line.id for line in lines}) == len(lines)


async def test_told_to_the_operator(
    redis: Redis, redis_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`enlace keys rotate` prints a line for each kind, and whether the old keys can go."""
    await _commit(_store(redis, _BEFORE))
    given = (base64.b64encode(key).decode() for key in (_NEW, _OLD, _NAMING))
    chosen = Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        data_dir=tmp_path,
        secret_keys=SecretStr(",".join(given)),
    )

    await rotate.rotate(chosen)

    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told[:-1]] == [*KINDS]
    assert told[0].split() == ["chat", str(_FIELDS), "re-encrypted"]
    assert "except the last one" in told[-1]

    await redis.set(keys.name_key("again", "nobody"), b"damaged", ex=9)
    with pytest.raises(RotationUnfinished, match="1 values"):
        await rotate.rotate(chosen)
    assert "1 left" in capsys.readouterr().out


def test_sealing_anew() -> None:
    """The first key seals anew what any key sealed for the same place, and no other."""
    sealed = _BEFORE.seal(b"x", place="a")

    anew = _DURING.reseal(sealed, place="a")

    assert [_DURING.fresh(value) for value in (sealed, anew)] == [False, True]
    assert _AFTER.open(anew, place="a") == b"x"
    with pytest.raises(Unsealable):
        _DURING.reseal(sealed, place="b")


async def _note(store: Store, *times: int) -> None:
    for now in times:
        await store.audit.note(replace(_NOTED, at=now))


async def test_long_audit(backend: Redis | RedisCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit is copied in slices: what an older process notes meanwhile is there, in order."""
    old, new = _store(backend, _BEFORE), _store(backend, _DURING)
    await _note(old, *range(1, 11))
    monkeypatch.setattr(audit_rotation, "_SLICE", 3)
    put, times = new.rotation._audit._put, itertools.count(11)

    async def overtaken(*slice_: Any) -> int:
        if (now := next(times)) < 14:
            await _note(old, now)
        return await put(*slice_)

    monkeypatch.setattr(new.rotation._audit, "_put", overtaken)
    before = {entry.at: entry.id for entry in await old.audit.read()}

    rotated = await new.rotation.rotate()

    after = await _store(backend, _AFTER).audit.read()
    assert [entry.at for entry in after] == [*range(13, 0, -1)]
    assert {entry.at: entry.id for entry in after if entry.at in before} == before
    assert rotated.left.total() == 0
    assert not _sealed_by(_OLD, await values(backend))
    assert await backend.exists(keys.anew(keys.audit())) == 0
    assert await backend.pttl(keys.audit()) == -1


async def test_interrupted_audit(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that was left unfinished harms nothing, dies by itself, and is begun anew."""
    old, new = _store(redis, _BEFORE), _store(redis, _DURING)
    await _note(old, *range(1, 8))
    monkeypatch.setattr(audit_rotation, "_SLICE", 3)
    turning, copy = new.rotation._audit, keys.anew(keys.audit())
    lines = await turning._read("")
    await turning._put("", [line[0] for line in lines], [turning._reseal(line) for line in lines])
    life, kept = await redis.pttl(copy), [entry.at for entry in await new.audit.read()]
    await _note(old, 8)

    rotated = await new.rotation.rotate()

    assert 0 < life <= 24 * 3600_000
    assert kept == [*range(7, 0, -1)]
    assert rotated.anew == Counter(audit=8)
    assert [entry.at for entry in await _store(redis, _AFTER).audit.read()] == [*range(8, 0, -1)]


async def test_two_copy_the_audit(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """If two rotations meet, one of them goes on, and the next pass finds nothing left."""
    one, other = _store(redis, _DURING), _store(redis, _DURING)
    await _note(_store(redis, _BEFORE), *range(1, 8))
    monkeypatch.setattr(audit_rotation, "_SLICE", 2)

    done = await asyncio.gather(one.rotation.rotate(), other.rotation.rotate())

    assert [rotated.left.total() for rotated in done] == [0, 0]
    assert [entry.at for entry in await _store(redis, _AFTER).audit.read()] == [*range(7, 0, -1)]


async def test_audit_of_a_lost_key(redis: Redis) -> None:
    """An entry that no key opens is counted, and stays where it is between the others."""
    await _note(_store(redis, _BEFORE), 1)
    await _note(_store(redis, Keyring((b"x" * 32, _NAMING))), 2)
    await _note(_store(redis, _BEFORE), 3)

    rotated = await _store(redis, _DURING).rotation.rotate()

    assert (rotated.anew, rotated.left) == (Counter(audit=2), Counter(audit=1))
    assert [entry.readable for entry in await _store(redis, _AFTER).audit.read()] == [
        True, False, True,
    ]  # fmt: skip
