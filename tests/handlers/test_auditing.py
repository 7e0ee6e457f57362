"""What strangers may add to the audit: the first ones of a minute, and then a number."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from handlers.auditing import Auditor
from state.audit import Result, SecurityEvent
from state.roles import Act
from state.store import keys
from state.store.encryption import Keyring
from state.store.store import Store

_MINUTE = 60_000  # ms


@dataclass
class _Clock:
    now: int = 5

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def time() -> _Clock:
    """A clock that stands."""
    return _Clock()


@pytest.fixture
def auditor(redis: Redis, time: _Clock) -> Auditor:
    """What a process notes with."""
    store = Store(redis, Keyring((bytes(32),)), token="one")
    return Auditor(audit=store.audit, clock=time)


async def _told(auditor: Auditor) -> Sequence[tuple[str, str, int]]:
    """Tell the entries, oldest first: act, actor, how many."""
    entries = await auditor.audit.read()
    return [(entry.act, entry.actor, entry.count) for entry in reversed(entries)]


async def test_refusals_are_told_once_a_minute(auditor: Auditor, time: _Clock) -> None:
    """The entry of the next minute tells how many came since the last one, for each cause."""
    for _ in range(3):
        await auditor.refuse(SecurityEvent.KEY_UNKNOWN, address="::1")
    await auditor.refuse(SecurityEvent.SCOPE_MISSING, actor="api:abcdef")
    time.now += _MINUTE
    await auditor.refuse(SecurityEvent.KEY_UNKNOWN)

    assert await _told(auditor) == [
        ("api.key_unknown", "", 1),
        ("api.scope_missing", "api:abcdef", 1),
        ("api.key_unknown", "", 3),
    ]
    assert {entry.result for entry in await auditor.audit.read()} == {Result.REFUSED}
    assert auditor.refused.total() == 5


async def test_first_ones_are_told_one_by_one(auditor: Auditor, time: _Clock) -> None:
    """Of wrong passwords the first five of a minute are told each, with the address."""
    for n in range(60):
        await auditor.refuse(SecurityEvent.SIGN_IN, actor="Ana", address=f"::{n}", few=5)
    time.now += _MINUTE
    await auditor.refuse(SecurityEvent.SIGN_IN, actor="Ana", address="::99", few=5)
    entries = await auditor.audit.read()

    assert [entry.address for entry in entries] == ["::99", "::4", "::3", "::2", "::1", "::0"]
    assert [entry.count for entry in entries] == [56, 1, 1, 1, 1, 1]


async def test_rest_is_told_in_the_end(auditor: Auditor, time: _Clock) -> None:
    """Those that were only counted are told a minute later, although no more came."""
    for _ in range(300):
        await auditor.refuse(SecurityEvent.KEY_UNKNOWN)
    await auditor.settle()
    early = await _told(auditor)
    time.now += _MINUTE
    await auditor.settle()
    await auditor.settle()

    assert early == [("api.key_unknown", "", 1)]
    assert await _told(auditor) == [("api.key_unknown", "", 1), ("api.key_unknown", "", 299)]


async def test_rest_is_told_by_the_next_entry(auditor: Auditor, time: _Clock) -> None:
    """The next thing that anybody does tells them too, and so does the end of the process."""
    for _ in range(3):
        await auditor.refuse(SecurityEvent.KEY_UNKNOWN)
    time.now += _MINUTE
    await auditor.note(Act.TAKE, actor="Ana")
    for _ in range(3):
        await auditor.refuse(SecurityEvent.SCOPE_MISSING, actor="api:abcdef")
    await auditor.settle(ends=True)

    assert await _told(auditor) == [
        ("api.key_unknown", "", 1),
        ("api.key_unknown", "", 2),
        ("take", "Ana", 1),
        ("api.scope_missing", "api:abcdef", 1),
        ("api.scope_missing", "api:abcdef", 2),
    ]


async def test_what_cannot_be_written_is_told_later(
    auditor: Auditor, time: _Clock, redis: Redis
) -> None:
    """A refusal stays a refusal if it cannot be noted, and is counted until it can."""
    await redis.set(keys.audit(), "no stream")
    await auditor.refuse(SecurityEvent.KEY_UNKNOWN)
    await redis.delete(keys.audit())
    time.now += _MINUTE
    await auditor.refuse(SecurityEvent.KEY_UNKNOWN)

    assert await _told(auditor) == [("api.key_unknown", "", 2)]
