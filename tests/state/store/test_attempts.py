"""Budgets on the real Redis, on a cluster and on fakeredis: every rule at its boundary."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from state.store import keys
from state.store.attempts import Attempts, BlockReason
from state.store.encryption import Keyring
from state.store.pipeline import Script
from state.store.store import Store

pytestmark = pytest.mark.slow

_KEYRING = Keyring((bytes(range(32)),))
_NOW = 1_790_000_000_000
_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
_ANA, _LUIS, _EVA = (_KEYRING.digest(name) for name in ("ana", "luis", "eva"))


@pytest.fixture
async def budgets(backend: Redis | RedisCluster) -> AsyncIterator[Attempts]:
    """The budgets of a store on it."""
    store = Store(backend, _KEYRING, token="one")
    yield store.attempts
    await store.schedule.aclose()


async def _attempts(
    budgets: Attempts, chat: str, *times: int, numbers: tuple[int, ...] = ()
) -> list[BlockReason | None]:
    """Make an attempt at each time, with those numbers or none."""
    return [
        await budgets.attempt(
            chat, id=f"{now}-{place}", number=numbers[place] if numbers else None, now=now
        )
        for place, now in enumerate(times)
    ]


async def _failures(budgets: Attempts, count: int, *, now: int, name: str = "") -> None:
    """Fail so often, at proofs of nobody's service."""
    for number in range(count):
        assert not await budgets.count_failure(id=f"{name}{now}-{number}", service=None, now=now)


async def test_three_attempts_a_day(budgets: Attempts) -> None:
    """A chat's fourth attempt is barred until the first is 24 hours old, and no other chat's."""
    assert await _attempts(budgets, _ANA, _NOW, _NOW + 1, _NOW + 2) == [None] * 3

    assert await _attempts(budgets, _ANA, _NOW + 3, _NOW + _DAY - 1) == [BlockReason.CHAT] * 2
    assert await _attempts(budgets, _LUIS, _NOW + 3) == [None]
    assert await _attempts(budgets, _ANA, _NOW + _DAY) == [None]
    assert await _attempts(budgets, _ANA, _NOW + _DAY) == [None], "the same one"
    assert await budgets.attempt(_ANA, id="x", number=None, now=_NOW + _DAY) is BlockReason.CHAT
    assert await budgets.attempt(_ANA, id="x", number=None, now=_NOW + _DAY + 1) is None


async def test_six_attempts_a_week(budgets: Attempts) -> None:
    """A chat's seventh attempt is barred until the first is seven days old."""
    days = [_NOW + day * _DAY for day in range(6)]
    assert await _attempts(budgets, _ANA, *days) == [None] * 6

    assert (
        await _attempts(budgets, _ANA, _NOW + 6 * _DAY, _NOW + 7 * _DAY - 1)
        == [BlockReason.CHAT] * 2
    )
    assert await _attempts(budgets, _ANA, _NOW + 7 * _DAY) == [None]


async def test_repeated_attempts(budgets: Attempts) -> None:
    """An attempt that is repeated is told the same, and counts once; two chats' are two."""
    for _ in range(5):
        assert await budgets.attempt(_ANA, id="a", number=12345, now=_NOW) is None
    assert await budgets.attempt(_LUIS, id="a", number=None, now=_NOW) is None
    assert await budgets.attempt(_ANA, id="b", number=12346, now=_NOW) is None
    assert await budgets.attempt(_ANA, id="c", number=70000, now=_NOW) is None
    assert await budgets.attempt(_ANA, id="d", number=None, now=_NOW) is BlockReason.CHAT

    for delivery in ("a", "b", "c"):
        assert await budgets.attempt(_ANA, id=delivery, number=1, now=_NOW + _HOUR) is None
    assert await budgets.attempt(_ANA, id="d", number=None, now=_NOW + _DAY - 1) is BlockReason.CHAT
    assert await budgets.attempt(_ANA, id="d", number=None, now=_NOW + _DAY) is None, (
        "from the first"
    )


async def test_invitations_of_a_chat(budgets: Attempts) -> None:
    """A chat tries five codes a day and ten a week; one it tried before is no other one."""

    async def try_codes(*codes: str, now: int, chat: str = _ANA) -> list[bool]:
        return [await budgets.attempt_invitation(chat, code=code, now=now) for code in codes]

    assert await try_codes(*"abcde", "a", now=_NOW) == [False] * 6

    assert await try_codes(*"fbg", now=_NOW + _DAY - 1) == [True, False, True]
    assert await try_codes("f", now=_NOW, chat=_LUIS) == [False]
    assert await _attempts(budgets, _ANA, _NOW) == [None], "searches are counted apart"
    assert await try_codes(*"fghij", now=_NOW + _DAY) == [False] * 5
    assert await try_codes(*"ka", now=_NOW + 3 * _DAY) == [True, False]
    assert await try_codes("k", now=_NOW + 7 * _DAY) == [False]


async def test_wrong_invitations_everywhere(budgets: Attempts) -> None:
    """More than twenty wrong codes in a minute raise an alarm of their own, told once."""

    async def fail(*codes: int, now: int = _NOW) -> list[bool]:
        return [
            await budgets.count_wrong_invitation(_ANA, code=f"{code}", now=now) for code in codes
        ]

    assert await fail(*range(20), 19, 19) == [False] * 22
    assert not await budgets.doubts_invitations(now=_NOW)
    assert await fail(20, 21, 22) == [True, False, False]

    assert await budgets.doubts_invitations(now=_NOW + 15 * _MINUTE - 1)
    assert not await budgets.doubts_invitations(now=_NOW + 15 * _MINUTE)
    assert not await budgets.under_attack(now=_NOW)


async def test_given_back(budgets: Attempts) -> None:
    """An attempt that got no answer is counted no more; of a chat, six a day."""
    for number in range(6):
        assert await budgets.attempt(_ANA, id=f"a{number}", number=None, now=_NOW) is None
        await budgets.give_back(_ANA, id=f"a{number}", now=_NOW)
        await budgets.give_back(_ANA, id=f"a{number}", now=_NOW)
    for number in range(3):
        assert await budgets.attempt(_ANA, id=f"b{number}", number=None, now=_NOW) is None
        await budgets.give_back(_ANA, id=f"b{number}", now=_NOW)

    assert await budgets.attempt(_ANA, id="c", number=None, now=_NOW) is BlockReason.CHAT
    assert await budgets.attempt(_LUIS, id="c", number=None, now=_NOW) is None


async def test_walk_of_a_chat(budgets: Attempts) -> None:
    """A chat that walks is barred at its third number, for 24 hours, then its past is forgotten."""
    times, numbers = (_NOW, _NOW + _HOUR, _NOW + 2 * _HOUR), (12345, 12346, 12347)
    assert await _attempts(budgets, _ANA, *times, numbers=numbers) == [
        None,
        None,
        BlockReason.ENUMERATION,
    ]

    end = times[-1] + _DAY
    barred = await _attempts(budgets, _ANA, times[-1], times[-1] + 1, end - 1)
    assert barred == [BlockReason.ENUMERATION] * 3
    assert await _attempts(budgets, _LUIS, end - 1, numbers=(12348,)) == [None]
    assert await _attempts(budgets, _ANA, end, numbers=(12348,)) == [None]


async def test_walk_beyond_the_budget(budgets: Attempts) -> None:
    """A number that comes when the chat's attempts are used up is seen nevertheless."""
    numbers = (12345, 500, 12346, 12347)
    told = await _attempts(budgets, _ANA, *range(_NOW, _NOW + 4), numbers=numbers)

    assert told == [None, None, None, BlockReason.ENUMERATION]


async def test_slow_walk_of_a_chat(budgets: Attempts) -> None:
    """A number that was tried 24 hours ago is forgotten, a millisecond earlier it is not."""
    for chat, late, bar in ((_ANA, _DAY, None), (_LUIS, _DAY - 1, BlockReason.ENUMERATION)):
        times = (_NOW, _NOW + 11 * _MINUTE, _NOW + late)
        told = await _attempts(budgets, chat, *times, numbers=(12345, 12346, 12347))
        assert told == [None, None, bar]


async def test_typing_errors(budgets: Attempts) -> None:
    """Who mistypes a number twice, or repeats it, is not taken for a walker."""
    times = (_NOW, _NOW + 1, _NOW + 2)

    assert await _attempts(budgets, _ANA, *times, numbers=(12345, 12354, 12345)) == [None] * 3
    assert await _attempts(budgets, _LUIS, *times, numbers=(777, 777, 777)) == [None] * 3


async def test_walk_of_new_chats(budgets: Attempts) -> None:
    """A walk spread over new chats is noticed at its fourth number; who is no part of it is not."""
    for place, number in enumerate((12345, 12346, 9000, 12347)):
        chat = _KEYRING.digest(f"new {place}")
        assert await _attempts(budgets, chat, _NOW + place, numbers=(number,)) == [None]

    assert await _attempts(budgets, _ANA, _NOW + 5, numbers=(12348,)) == [BlockReason.ENUMERATION]
    assert await _attempts(budgets, _ANA, _NOW + _HOUR) == [BlockReason.ENUMERATION]
    assert await _attempts(budgets, _LUIS, _NOW + 6, numbers=(700,)) == [None]
    assert await _attempts(budgets, _EVA, _NOW + 7, numbers=(12349,)) == [BlockReason.ENUMERATION]


@pytest.mark.parametrize(
    ("age", "bar"), [(10 * _MINUTE - 1, BlockReason.ENUMERATION), (10 * _MINUTE, None)]
)
async def test_new_for_ten_minutes(budgets: Attempts, age: int, bar: BlockReason | None) -> None:
    """Ten minutes after its first attempt a chat is no longer new."""
    await _attempts(budgets, _ANA, _NOW - age)
    for number in (12345, 12346, 12347):
        await _attempts(budgets, _KEYRING.digest(f"new {number}"), _NOW, numbers=(number,))

    assert await _attempts(budgets, _ANA, _NOW, numbers=(12348,)) == [bar]


@pytest.mark.parametrize(("later", "bar"), [(_HOUR - 1, BlockReason.ENUMERATION), (_HOUR, None)])
async def test_slow_walk_of_new_chats(
    budgets: Attempts, later: int, bar: BlockReason | None
) -> None:
    """What new chats tried is remembered for an hour: neighbours are installed on the same day."""
    for number in (12345, 12346, 12347):
        await _attempts(budgets, _KEYRING.digest(f"new {number}"), _NOW, numbers=(number,))

    assert await _attempts(budgets, _ANA, _NOW + later, numbers=(12348,)) == [bar]


async def test_many_new_chats(budgets: Attempts, backend: Redis | RedisCluster) -> None:
    """Of new chats the last 32 numbers are kept, for an hour; a repeat adds none."""
    chats = [_KEYRING.digest(f"new {number}") for number in range(36)]
    tried = keys.name_key("tried", _KEYRING.digest("budget:everybody"))
    kept = []
    for place, chat in enumerate(chats):
        for _ in range(2):
            assert await _attempts(budgets, chat, _NOW, numbers=(place * 100,)) == [None]
        kept.append(await backend.llen(tried))

    assert kept == [*range(1, 33), 32, 32, 32, 32]
    await _attempts(budgets, _ANA, _NOW + _HOUR, numbers=(1,))
    assert await backend.llen(tried) == 1, "what is too old is gone"


async def test_concurrent_attempts(budgets: Attempts) -> None:
    """Of attempts made at the same moment only three pass, and a walk does not slip through."""
    told = await asyncio.gather(
        *(budgets.attempt(_ANA, id=f"{n}", number=None, now=_NOW) for n in range(6)),
        *(budgets.attempt(_LUIS, id=f"{n}", number=n, now=_NOW) for n in range(3)),
    )

    assert told[:6].count(None) == 3
    assert BlockReason.ENUMERATION in told[6:]


async def test_service_is_locked(budgets: Attempts) -> None:
    """Three failures in 24 hours, from whichever chats, lock a service for 24 hours."""
    failed = budgets.count_failure
    assert not await failed(id="ana-1", service=1001, now=_NOW)
    assert not await failed(id="luis-1", service=1001, now=_NOW + 1)
    assert not await failed(id="luis-2", service=1002, now=_NOW + 1)
    assert not await budgets.is_locked(1001, now=_NOW + 1)

    assert await failed(id="eva-1", service=1001, now=_NOW + _DAY - 1)

    assert await budgets.is_locked(1001, now=_NOW + _DAY)
    assert await budgets.is_locked(1001, now=_NOW + 2 * _DAY - 2)
    assert not await budgets.is_locked(1001, now=_NOW + 2 * _DAY - 1)
    assert not await budgets.is_locked(1002, now=_NOW + _DAY)


async def test_old_failures(budgets: Attempts) -> None:
    """A failure that is 24 hours old counts no more."""
    for name, now in (("a", _NOW), ("b", _NOW + 1), ("c", _NOW + _DAY)):
        assert not await budgets.count_failure(id=name, service=1001, now=now)

    assert await budgets.count_failure(id="d", service=1001, now=_NOW + _DAY)


async def test_repeated_failures(budgets: Attempts) -> None:
    """A failure that is repeated counts once; the one that locked tells so again, no other does."""
    for _ in range(4):
        assert not await budgets.count_failure(id="a", service=1001, now=_NOW)
    assert not await budgets.count_failure(id="b", service=1001, now=_NOW)

    assert await budgets.count_failure(id="c", service=1001, now=_NOW)
    assert await budgets.count_failure(id="c", service=1001, now=_NOW + 1)
    assert not await budgets.count_failure(id="b", service=1001, now=_NOW + 1)
    assert not await budgets.count_failure(id="d", service=1001, now=_NOW + 2)
    assert not await budgets.is_locked(1001, now=_NOW + _DAY)


async def test_unlocked(budgets: Attempts) -> None:
    """Staff unlock a service, and its failures begin anew."""
    for name in ("a", "b", "c"):
        await budgets.count_failure(id=name, service=1001, now=_NOW)

    await budgets.unlock(1001)

    assert not await budgets.is_locked(1001, now=_NOW)
    told = [
        await budgets.count_failure(id=name, service=1001, now=_NOW + 1) for name in ("d", "e", "f")
    ]
    assert told == [False, False, True]


async def test_locked_until_staff_unlock(budgets: Attempts) -> None:
    """What a customer's word locked does not open by itself, and failures do not shorten it."""
    await budgets.lock(1001, now=_NOW)

    for name in ("a", "b", "c"):
        assert not await budgets.count_failure(id=name, service=1001, now=_NOW)
    assert await budgets.is_locked(1001, now=_NOW + 300 * _DAY)
    assert not await budgets.is_locked(1002, now=_NOW)
    await budgets.unlock(1001)
    assert not await budgets.is_locked(1001, now=_NOW)


async def test_attack(budgets: Attempts) -> None:
    """Twenty failures in a minute are none, the next one is an attack, for a quarter of an hour."""
    await _failures(budgets, 20, now=_NOW)
    assert not await budgets.under_attack(now=_NOW)
    await _failures(budgets, 20, now=_NOW)
    assert not await budgets.under_attack(now=_NOW), "they were the same ones"

    await _failures(budgets, 1, now=_NOW + _MINUTE - 1)

    end = _NOW + 16 * _MINUTE - 1
    assert await budgets.under_attack(now=end - 1)
    assert await _attempts(budgets, _ANA, end - 1) == [BlockReason.ATTACK]
    assert not await budgets.under_attack(now=end)
    assert await _attempts(budgets, _ANA, end, end, end) == [None, None, BlockReason.CHAT]


async def test_slow_failures(budgets: Attempts) -> None:
    """A failure that is a minute old counts no more."""
    await _failures(budgets, 20, now=_NOW)
    await _failures(budgets, 20, now=_NOW + _MINUTE)

    assert not await budgets.under_attack(now=_NOW + _MINUTE)


async def test_attack_goes_on(budgets: Attempts) -> None:
    """Failures are counted during an attack: if it goes on after the pause, the pause begins anew.

    What a chat is barred for by itself is told before the attack.
    """
    await _failures(budgets, 21, now=_NOW)
    assert (await _attempts(budgets, _ANA, *range(_NOW, _NOW + 4)))[2:] == [
        BlockReason.ATTACK,
        BlockReason.CHAT,
    ]
    await _failures(budgets, 20, now=_NOW + 15 * _MINUTE - 1)
    assert not await budgets.under_attack(now=_NOW + 15 * _MINUTE)

    await _failures(budgets, 1, now=_NOW + 15 * _MINUTE)

    assert await budgets.under_attack(now=_NOW + 30 * _MINUTE - 1)


async def test_document_of_many(budgets: Attempts) -> None:
    """A document that a third chat gives within 24 hours is told, one chat's repeats are not."""
    alert = budgets.document_alert
    for now in (_NOW, _NOW + 1, _NOW + 2):
        assert not await alert("52123456", _ANA, now=now)
    assert not await alert("52123456", _LUIS, now=_NOW + 3)
    assert not await alert("52123457", _EVA, now=_NOW + 3)

    assert await alert("52123456", _EVA, now=_NOW + _DAY + 1)
    assert await alert("52123456", _EVA, now=_NOW + _DAY + 1), "as long as it is so"
    assert await alert("52123456", _KEYRING.digest("noe"), now=_NOW + _DAY + 1)
    assert not await alert("52123457", _ANA, now=_NOW + 4)
    assert not await alert("52123457", _LUIS, now=_NOW + _DAY + 3), "one is 24 hours old"


async def test_sealed(budgets: Attempts, backend: Redis | RedisCluster) -> None:
    """Neither names nor values tell a number, a document or a chat's words, and every key ends."""
    await _attempts(budgets, _ANA, _NOW, _NOW, numbers=(52123456, 34567))
    await budgets.count_failure(id="wamid.secret", service=34567, now=_NOW)
    await budgets.lock(34567, now=_NOW)
    await budgets.document_alert("52123456", _ANA, now=_NOW)
    readers: dict[bytes, Callable[[bytes], Awaitable[object]]] = {
        b"budget": lambda name: backend.zrange(name, 0, -1),
        b"barred": backend.get,
        b"tried": lambda name: backend.lrange(name.decode(), 0, -1),
    }
    dump, kinds = b"", set()
    async for name in backend.scan_iter():
        kinds.add(name.split(b":")[2])
        assert await backend.pttl(name) > 0
        dump += name + repr(await readers[name.split(b":")[2]](name)).encode()

    assert kinds == set(readers)
    assert not [word for word in (b"52123456", b"34567", b"secret") if word in dump]


async def test_keys_that_are_gone(budgets: Attempts) -> None:
    """Numbers sealed with a key that is gone are forgotten; what was counted stays counted."""
    old, new, naming = bytes(32), bytes([1]) * 32, bytes([2]) * 32
    before, during, after = (
        Attempts(budgets._pipeline, Keyring((*sealing, naming)))
        for sealing in ((old,), (new, old), (new,))
    )
    for chat in (_ANA, _LUIS):
        assert await _attempts(before, chat, _NOW, _NOW + 1, numbers=(12345, 12346)) == [None] * 2

    assert await during.attempt(_ANA, id="c", number=12347, now=_NOW + 2) is BlockReason.ENUMERATION
    assert await after.attempt(_LUIS, id="c", number=12347, now=_NOW + 2) is None
    assert await after.attempt(_LUIS, id="d", number=None, now=_NOW + 2) is BlockReason.CHAT


async def test_malformed_arguments(budgets: Attempts, backend: Redis | RedisCluster) -> None:
    """A script refuses what it cannot read before it writes anything."""
    malformed: list[tuple[Script, int, list[object]]] = [
        (budgets._spend, 2, ["x", "id", "", 3, 5]),
        (budgets._spend, 2, [1, "", "", 3, 5]),
        (budgets._spend, 2, [1, "id", "x", 3, 5]),
        (budgets._spend, 2, [1, "id", 0, 3, "x"]),
        (budgets._spend, 2, [1, "id", 0, "x", 5]),
        (budgets._spend, 2, [1, "id", 0, 3]),
        (budgets._spend, 2, [1, "id", 0, 3, 5, 6]),
        (budgets._spend, 2, [1, "id"]),
        (budgets._remember, 1, ["x", "id", "s", 1, 1]),
        (budgets._remember, 1, [1, "a|b", "s", 1, 1]),
        (budgets._remember, 1, [1, "", "s", 1, 1]),
        (budgets._remember, 1, [1, "id", "s", 1]),
    ]
    for script, keys_needed, arguments in malformed:
        names = [f"{{t}}{n}" for n in range(keys_needed)]
        with pytest.raises(ResponseError, match="malformed"):
            await budgets._pipeline.ask(script.call(keys=names, args=arguments))
    assert await backend.keys("*") == []
