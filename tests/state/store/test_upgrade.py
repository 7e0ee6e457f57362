"""What a whole installation of 0.1 stored is read, and means what it meant."""

from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster

from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.conversation import Chat
from state.effects import ConsentDecision, Send, TakeCall
from state.events import Edited, Said
from state.fields.table import Field
from state.machine.inquiries import QUESTIONS
from state.parts import Person
from state.states import State
from state.store import keys
from state.store.attempts import BlockReason
from state.store.dead_letters import LetterKind
from state.store.outbox import Head, Report
from state.store.receipts import Reach
from state.store.store import Store
from tests import installation
from tests.house_stage import HouseStage
from tests.inboxes import list_all
from tests.installation import KEYRING

pytestmark = pytest.mark.slow

_NOW = 1_795_442_400_000
_ANA = Chat(channel="whatsapp", account="55", id="CO.1")
_PHONE = Chat(channel="simulator", account="whatsapp", id="1")


@pytest.fixture
async def store(redis: Redis) -> Store:
    """The installation, with today's store upon it."""
    await installation.put_back(redis)
    return await _store(redis)


async def _store(redis: Redis | RedisCluster) -> Store:
    """Make a store that has looked at what it may meet."""
    store = Store(redis, KEYRING, token="new")
    await store.formats.look()
    return store


_LANE = "icjrmue6x5pzeklf22cwwndnby"
"""Where a call of WhatsApp's waits."""

_KINDS = {
    "again", "barred", "bell", "budget", "chat", "consent", "dead", "feed", "gate", "handset",
    "handsets", "idle", "invite", "invited", "lease", "ledger", "log", "meta", "names", "odue",
    "oown", "out", "pending", "phone", "pressed", "progress", "receipts", "seen", "session",
    "setup", "stats", "throttle", "timers", "tried", "user", "users",
}  # fmt: skip


def _stored(kind: str) -> dict[str, Any]:
    """Give what stood in each key of a kind, by its digest."""
    return {
        keys.digest_of(row["key"]): row["value"]
        for row in installation.rows()
        if row["key"].partition("}:")[2].partition(":")[0] == kind
    }


_STATES = tuple(state for state in State if state not in QUESTIONS)
"""The states that 0.1 had."""


def _chats() -> list[Chat]:
    return [Chat(channel="test", account="1", id=state.value) for state in _STATES]


def test_every_kind_of_key() -> None:
    """The installation has a value of every kind of key that 0.1 had."""
    kinds = {row["key"].partition("}:")[2].partition(":")[0] for row in installation.rows()}

    assert kinds == _KINDS


async def test_conversations(store: Store) -> None:
    """There is a chat in every state, found by its name, with its journal."""
    for chat, state in zip(_chats(), _STATES, strict=True):
        if state is not State.START:
            loaded = await store.conversations.load(chat, ["new"])
            assert (loaded.conversation.chat, loaded.conversation.state) == (chat, state)
            assert loaded.version > 0
            assert await store.journal.read(store.key(chat))
    assert len(await list_all(store)) == len(_stored("chat"))
    assert len(await store.conversations.pending(limit=99)) == 3


async def test_they_go_on(redis: Redis, sandbox: Sandbox) -> None:
    """Every chat half way hears an answer to its next word, unless a person holds it."""
    await installation.put_back(redis)
    await redis.zrem(keys.shard_of(_LANE).key("odue"), _LANE)
    for chat in _chats()[1:]:
        stage = HouseStage(redis, sandbox, keyring=KEYRING)
        await stage.store.formats.look()
        stage.chat, inbox = chat, stage.inbox
        message_sender = replace(stage.postman(inbox), channels={"test": inbox, "whatsapp": inbox})
        stage.sender = replace(stage.sender, messages=message_sender)
        before = await stage.store.conversations.find(stage.store.key(chat))
        stage.reach(before.shown.asked_at)
        said = Said(text="ayuda", message="99")
        await stage.turns.take(chat, Delivery(id="after the upgrade", event=said, at=stage.clock()))
        await stage.pass_time(30_000)  # a lease of a process that was stopped ends
        await stage.aclose()
        conversation = await stage.store.conversations.find(stage.store.key(chat))
        assert bool(stage.heard()) != conversation.speaker.is_person, conversation.speaker
    left = {keys.digest_of(name.decode()) async for name in redis.scan_iter(keys.every("out"))}
    assert left == {_LANE, KEYRING.digest(str(_ANA))}  # which waits for a receipt


async def test_deliveries_taken_before(redis: Redis, sandbox: Sandbox) -> None:
    """A delivery that was taken before the upgrade is not taken again."""
    await installation.put_back(redis)
    stage = HouseStage(redis, sandbox, keyring=KEYRING)
    await stage.store.formats.look()
    before = await stage.store.conversations.load(_ANA, ["wamid.1"])
    event = Edited(message="wamid.1", text="hola")

    await stage.turns.take(_ANA, Delivery(id="wamid.1", event=event, at=_NOW))

    assert before.fresh == (False,)
    assert await stage.store.conversations.load(_ANA, ["wamid.1"]) == before
    await stage.aclose()


async def test_outbox(store: Store) -> None:
    """What waited is there, in order, with the doubt that an attempt left."""
    until = _NOW + 3600_000
    heads = []
    for lease in await store.outbox.take(keys.ALL, now=until, until=until + 1, most=99):
        while isinstance(head := await store.outbox.begin(lease, now=until), Head):
            heads.append(head)
            await store.outbox.finish(lease, head, report=Report.SENT, at=until)

    assert len(heads) == sum(map(len, _stored("out").values()))
    (doubts,) = [head for head in heads if head.doubt]
    assert doubts.chat == _ANA
    assert doubts.effect == Send(text="¿Sigue ahí?")
    (call,) = [head.effect for head in heads if isinstance(head.effect, TakeCall)]
    assert call == TakeCall(channel="whatsapp", body=b'{"entry": []}')


async def test_dead_letters(store: Store) -> None:
    """A dead letter of each sort opens."""
    letters = {letter.what: letter for letter in await store.dead.list()}

    assert store.dead.effect(letters[LetterKind.EFFECT]) == (
        _ANA,
        Send(text="Buenos días"),
    )
    _, event = store.dead.event(letters[LetterKind.EVENT])
    assert event == Edited(message="wamid.9", text="roto")
    assert store.dead.call(letters[LetterKind.CALL]) == b"\xff{"


async def test_staff(store: Store) -> None:
    """Who was signed in still is, and the password is the same."""
    assert (await store.staff.member("a token", now=_NOW)).name == "Ana"
    signed_in = await store.staff.sign_in("ana ", "correct horse", address="::1", now=_NOW)
    assert (await store.staff.member(signed_in.token, now=_NOW)).name == "Ana"
    assert await store.staff.first_link(now=_NOW) is None


async def test_invitations(store: Store) -> None:
    """Invitations given out are worth what they were, and one that was used stays used."""
    assert (await store.invitations.redeem("ABCD2345", by="anybody")).service_id == 1001
    shown = await store.invitations.redeem("EFGH2345", by="test:1:ana")
    assert (shown.service_id, shown.in_person) == (1001, True)
    assert await store.invitations.redeem("b token", by="test:1:ana") == shown


async def test_people(store: Store) -> None:
    """People are found by every name that their channel knows."""
    anybody = Chat(channel="whatsapp", account="55", id="")
    for person in (Person(user="CO.1"), Person(phone="573001112233")):
        (contact,) = await store.contacts.find_or_begin([(anybody, person)], now=_NOW)
        assert (contact.chat, contact.recycled_at) == (_ANA, 0)


async def test_what_policy_rests_on(store: Store) -> None:
    """Consents, links, attempts, locks and gates are known as they were."""
    key = store.key(_ANA)
    history = await store.service_history.history(1001)
    assert (history.chats.get(key), len(history.of(Field.DOCUMENT))) == (_NOW, 2)
    assert "b" * 26 in history.tried
    await store.service_history.note_link(1001, key, [], id="2", now=_NOW)
    assert await store.attempts.is_locked(1009, now=_NOW)
    for number in range(2):
        assert await store.attempts.attempt(key, id=f"n{number}", number=None, now=_NOW) is None
    assert await store.attempts.attempt(key, id="n2", number=None, now=_NOW) is BlockReason.CHAT
    agreed = [record for chat in _chats() for record in await store.consents.read(store.key(chat))]
    assert len(agreed) == sum(map(len, _stored("consent").values()))
    assert {record.decision for record in agreed} >= {ConsentDecision.GIVEN}
    assert await store.receipts.reach(key, 1) is Reach.READ
    assert await store.receipts.recall(key, 2) == "wamid.2"
    assert (await store.rate_limits.admit("whatsapp:55", None, now=_NOW)).failing


async def test_simulated_phones(store: Store) -> None:
    """A simulated phone shows what it showed."""
    ((key, phone),) = await store.simulator.list()

    assert (phone.chat, phone.number) == (_PHONE, "573159741951")
    assert [bubble.message.text for bubble in await store.simulator.read(key)] == ["Hola"]
    assert await store.simulator.recall(key) == b'["Said", {"text": "hola"}]'
    assert not await store.simulator.first_time("one press")


async def test_timers(store: Store) -> None:
    """Timers that were set are due when they were."""
    stored = {chat: at for due in _timers() for chat, at in due}

    assert await store.schedule.timers(now=max(map(int, stored.values())), most=99)
    assert set(await store.schedule.timers(now=10**15, most=99)) == set(stored)


def _timers() -> list[Any]:
    return [row["value"] for row in installation.rows() if row["key"].endswith(":timers")]


async def test_on_all_back_ends(backend: Redis | RedisCluster) -> None:
    """Each back end takes the installation, and every chat is read."""
    await installation.put_back(backend)
    store = await _store(backend)

    assert len(await list_all(store)) == len(_stored("chat"))
