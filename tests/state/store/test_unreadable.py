"""What does not open, or says what nobody knows, is told by one line and stops nobody else."""

import msgspec
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from state.client import Client
from state.conversation import Chat, Conversation
from state.effects import ConsentDecision, RecordConsent, Send
from state.parts import Link
from state.records import Consent
from state.store import codec, keys
from state.store.conversations import Change, IdleConversation, UnreadableRecord
from state.store.encryption import Keyring
from state.store.invitations import NoSuchInvitation
from state.store.outbox import Next
from state.store.simulator import Bubble
from state.store.staff_errors import SignInRefused
from state.store.store import Store
from tests.members import NOW, join

_KEYRING = Keyring((bytes(32),))
_OTHER = Keyring((bytes(range(32)), bytes(32)))
"""The same names, but sealed with a key that is gone later."""

_CHAT = Chat(channel="test", account="1", id="1")
_TOLD = b'"chat": {"channel": "test", "account": "1", "id": "1"}'


@pytest.fixture
def before(redis: Redis) -> Store:
    """The store while it had another key."""
    return Store(redis, _OTHER, token="one")


@pytest.fixture
def store(redis: Redis) -> Store:
    """The store since the key is gone."""
    return Store(redis, _KEYRING, token="two")


async def test_invitation(before: Store, store: Store) -> None:
    """An invitation that does not open is worth nothing, and the log says why."""
    invitation = await before.invitations.issue(1001)

    with capture_logs() as logs, pytest.raises(NoSuchInvitation):
        await store.invitations.redeem(invitation.code, by="chat")

    assert [log["event"] for log in logs] == ["invitation.unreadable"]


async def test_one_moment(before: Store, store: Store) -> None:
    """Where the id of "one moment" does not open, the result is sent as a message of its own."""
    key = store.key(_CHAT)
    await before.receipts.remember(key, 7, "wamid.7")

    with capture_logs() as logs:
        assert await store.receipts.recall(key, 7) == ""

    assert [log["event"] for log in logs] == ["progress.unreadable"]


async def test_session(before: Store, store: Store) -> None:
    """Whose session does not open signs in again."""
    token = (await join(before.staff, "Ana")).token

    with pytest.raises(SignInRefused):
        await store.staff.member(token, now=NOW)


async def test_simulated_phone(before: Store, store: Store) -> None:
    """A simulated phone shows what can be read."""
    key = store.key(_CHAT)
    await before.simulator.remember(_CHAT, b"{}")
    for one in (before, store):
        await one.simulator.show(_CHAT, Bubble(message=Send(text="7"), mine=True, at=1))

    assert await store.simulator.recall(key) is None
    assert len(await store.simulator.read(key)) == 1


async def test_decision(store: Store, redis: Redis) -> None:
    """A decision on the consent that nobody knows hides no other."""
    key = store.key(_CHAT)
    consent = Consent(at=1, code="ABCD2345", version="1")
    record = RecordConsent(code="a", at=1, decision=ConsentDecision.GIVEN, consent=consent)
    await store.consents.record(key, record, years=1)
    told = msgspec.to_builtins(record) | {"decision": "perhaps"}
    sealed = _KEYRING.seal(msgspec.json.encode(told), place=f"consent:{key}")
    await redis.hset(keys.name_key("consent", key), b"x", sealed)

    assert await store.consents.read(key) == [record]


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\x02",
        b"\x02[]",
        b'\x02{%b, "state": "firma_digital"}' % _TOLD,
        b'{"state": 7}',
        b"{}",
    ],
)
async def test_record(store: Store, redis: Redis, plain: bytes) -> None:
    """A record that says what nobody knows is one that cannot be read: one row, one line."""
    key = store.key(_CHAT)
    link = Link(client=Client(service_id=1001))
    change = Change(
        conversation=Conversation(chat=_CHAT, link=link), version=0, deliveries=["d"], effects=[],
        entries=[], now=1000,
    )  # fmt: skip
    await store.conversations.commit(change)
    await redis.hset(
        keys.name_key("chat", key), "st", _KEYRING.seal(plain, place=f"record:{key}:1")
    )
    if plain[:1] == b"{":
        await store.formats.look()  # records of before may be left

    with capture_logs() as logs:
        (row,) = await _list_idle(store)
        with pytest.raises(UnreadableRecord):
            await store.conversations.load(_CHAT, ["e"])

    assert not row.readable
    assert [log["event"] for log in logs] == ["record.unreadable"]
    assert codec.is_current(plain) == plain.startswith(b"\x02")


async def _list_idle(store: Store) -> list[IdleConversation]:
    """List every chat of the shard."""
    shard = keys.shard_of(store.key(_CHAT))
    return await store.conversations.idle(shard, before=9999, start=0, limit=9)


@pytest.mark.parametrize("number", [b"", b"x", b"-1", b"1e3", b"9" * 30])
async def test_number(store: Store, redis: Redis, number: bytes) -> None:
    """A record whose version is no number is one that cannot be read, too."""
    key = store.key(_CHAT)
    change = Change(
        conversation=Conversation(chat=_CHAT), version=0, deliveries=["d"],
        effects=[Send(text="x")], entries=[], now=1000,
    )  # fmt: skip
    await store.conversations.commit(change)
    await redis.execute_command("HSET", keys.name_key("chat", key), "v", number)  # type: ignore[no-untyped-call]

    (row,) = await _list_idle(store)
    (lease,) = await store.outbox.take(keys.ALL, now=2000, until=3000, most=9)
    with pytest.raises(UnreadableRecord):
        await store.conversations.find(key)

    assert not row.readable
    assert await store.outbox.begin(lease, now=2000) is Next.LATER
