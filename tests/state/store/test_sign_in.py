"""Signing in while others guess: tries are slowed by name, address and browser, nobody locked."""

import asyncio
import hashlib
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError

from state.store import keys, passwords
from state.store.authentication import Browser
from state.store.encryption import Keyring
from state.store.known_browsers import KnownBrowsers
from state.store.staff import Staff
from state.store.staff_errors import SignInRefused, TooManyTries
from state.store.store import Store
from tests import installation
from tests.members import NOW, OWASPS, PASSWORD, join

_MINUTE = 60_000
_HERE = "198.51.100.7"
_ELSEWHERE = "203.0.113.9"
_KEYRING = Keyring((bytes(32),))
_WRONG = "falsa"


@pytest.fixture
def staff(redis: Redis) -> Staff:
    """The staff of an empty Redis."""
    return Store(redis, _KEYRING, token="one").staff


async def guess(
    staff: Staff,
    name: str = "ana",
    *,
    password: str = _WRONG,
    address: str = _HERE,
    now: int = NOW,
    known: str = "",
) -> str:
    """Try to sign in, and tell what became of it."""
    try:
        await staff.sign_in(name, password, address=address, now=now, browser=Browser(known=known))
    except SignInRefused:
        return "tried"
    except TooManyTries:
        return "slowed"
    return "in"


async def _count(staff: Staff, times: int, **how: Any) -> Counter[str]:
    return Counter(await asyncio.gather(*(guess(staff, **how) for _ in range(times))))


async def test_sixty_at_once(staff: Staff) -> None:
    """Of sixty guesses at once five at most are tried; others sign in meanwhile, here too."""
    ana = await join(staff, "Ana")
    await join(staff, "Luis")

    guesses, other, known, elsewhere = await asyncio.gather(
        _count(staff, 60),
        guess(staff, "luis", password=PASSWORD),
        guess(staff, password=PASSWORD, known=ana.known),
        guess(staff, password=PASSWORD, address=_ELSEWHERE),
    )

    assert guesses == {"tried": 4, "slowed": 56}
    assert (other, known, elsewhere) == ("in", "in", "in")


async def test_sixty_addresses(staff: Staff) -> None:
    """From many addresses at once it is five in all, and one a minute afterwards."""
    ana = await join(staff, "Ana")
    addresses = [f"192.0.2.{n}" for n in range(60)]
    guesses = Counter(await asyncio.gather(*(guess(staff, address=one) for one in addresses)))

    assert guesses == {"tried": 5, "slowed": 55}
    for minute in range(1, 4):
        now = NOW + minute * _MINUTE
        late = [await guess(staff, address=one, now=now) for one in addresses[:3]]
        assert Counter(late) == {"tried": 1, "slowed": 2}
    assert await guess(staff, password=PASSWORD, known=ana.known) == "in"


async def test_one_address_afterwards(staff: Staff) -> None:
    """From one address a name is guessed every two minutes, which leaves its member tries."""
    await join(staff, "Ana")
    await _count(staff, 60)
    tried = Counter[str]()
    for minute in range(1, 11):
        tried[await guess(staff, now=NOW + minute * _MINUTE)] += 1
    member = await guess(staff, password=PASSWORD, address=_ELSEWHERE, now=NOW + 10 * _MINUTE)

    assert tried == {"tried": 5, "slowed": 5}
    assert member == "in"


async def test_how_long_to_wait(staff: Staff) -> None:
    """Who is slowed is told how long, and is let try then, not earlier."""
    await join(staff, "Ana")
    for _ in range(4):
        await guess(staff)
    with pytest.raises(TooManyTries) as late:
        await staff.sign_in("ana", PASSWORD, address=_HERE, now=NOW)
    wait = round(late.value.retry_after * 1000)
    assert wait == 2 * _MINUTE

    assert await guess(staff, password=PASSWORD, now=NOW + wait - 1) == "slowed"
    assert await guess(staff, password=PASSWORD, now=NOW + wait) == "in"


async def test_many_names(staff: Staff) -> None:
    """One address guesses twenty names at once, then one every six seconds; known browsers do."""
    ana = await join(staff, "Ana")
    names = [f"name {n}" for n in range(40)]
    guesses = Counter(await asyncio.gather(*(guess(staff, name) for name in names)))

    assert guesses == {"tried": 20, "slowed": 20}
    assert await guess(staff, "ana", password=PASSWORD) == "slowed"
    assert await guess(staff, "ana", password=PASSWORD, known=ana.known) == "in"
    assert await guess(staff, "another", now=NOW + 6_000) == "tried"
    assert await guess(staff, "ana", password=PASSWORD, address=_ELSEWHERE) == "in"


async def test_what_is_slowed_slows_nobody(staff: Staff) -> None:
    """A try that its address may not make takes none of those for the name."""
    await join(staff, "Ana")
    await asyncio.gather(*(guess(staff, f"name {n}") for n in range(20)))
    assert await _count(staff, 9) == {"slowed": 9}
    tries = [await guess(staff, address=f"192.0.2.{n}") for n in range(6)]

    assert tries == 5 * ["tried"] + ["slowed"]
    assert [await guess(staff, now=NOW + _MINUTE) for _ in range(2)] == ["tried", "slowed"]


async def test_right_ones_do_not_count(staff: Staff) -> None:
    """Whoever signs in rightly may do so as often as they like, from any browser."""
    await join(staff, "Ana")

    assert [await guess(staff, password=PASSWORD) for _ in range(12)] == ["in"] * 12


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("2001:db8::17", "2001:db8::ffff:1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("somewhere", "somewhere"),
    ],
)
async def test_addresses_of_one_party(staff: Staff, address: str, same: str) -> None:
    """An address that one party may change at will is one: of IPv6 all of a /64."""
    for _ in range(4):
        assert await guess(staff, address=address) == "tried"

    assert await guess(staff, address=same) == "slowed"
    assert await guess(staff, address="2001:db8:0:1::17") == "tried"


async def test_known_browsers(staff: Staff) -> None:
    """A browser is known for the member who signed in there, and for that password; not forever."""
    ana = await join(staff, "Ana")
    luis = await join(staff, "Luis")
    other = await staff.sign_in("ana", PASSWORD, address=_HERE, now=NOW)
    await asyncio.gather(*(guess(staff, address=f"192.0.2.{n}") for n in range(9)))
    made_up = [luis.known, "", "x", f"{'x' * 22}.{'a' * 26}", f"{ana.known}.{'a' * 26}.", "é" * 49]

    for known in made_up:
        assert await guess(staff, password=PASSWORD, known=known, address=_ELSEWHERE) == "slowed"
    assert await guess(staff, password=PASSWORD, known=ana.known) == "in"
    assert [await guess(staff, known=ana.known) for _ in range(11)] == 10 * ["tried"] + ["slowed"]
    changed = await staff.change_password(ana.token, PASSWORD, f"{PASSWORD} y nueva", now=NOW)
    assert await guess(staff, known=other.known) == "slowed"
    assert await guess(staff, known=changed.known) == "tried"


async def test_shared_browser(staff: Staff) -> None:
    """Five members may share a browser, which stays the same one."""
    known = ""
    for name in ("Ana", "Luis", "Eva", "Juan", "Rosa", "Marta"):
        await join(staff, name)
        browser = Browser(known=known)
        answer = await staff.sign_in(name, PASSWORD, address=_HERE, now=NOW, browser=browser)
        assert known.partition(".")[0] in ("", answer.known.partition(".")[0])
        known = answer.known
    browsers = KnownBrowsers(_KEYRING)
    found = [
        bool(browsers.recognise(known, await staff.members.read(staff.members.digest(name))))
        for name in ("Ana", "Luis", "Marta")
    ]

    assert found == [False, True, True]


async def test_unlocked(staff: Staff) -> None:
    """Whom others' guesses slow is let try at once when unlocked."""
    await join(staff, "Ana")
    await asyncio.gather(*(guess(staff, address=f"192.0.2.{n}") for n in range(9)))
    assert await guess(staff, password=PASSWORD) == "slowed"

    await staff.enable("ana")

    assert await guess(staff, password=PASSWORD) == "in"


async def test_password_is_guessed_in_a_session(staff: Staff) -> None:
    """Who took over a session guesses the current password as slowly as anybody."""
    ana = await join(staff, "Ana")
    found: Counter[str] = Counter()
    for _ in range(20):
        try:
            await staff.change_password(ana.token, "falsa", f"{PASSWORD} y nueva", now=NOW)
        except SignInRefused:
            found["tried"] += 1
        except TooManyTries:
            found["slowed"] += 1

    assert found == {"tried": 10, "slowed": 10}


async def test_too_many_wait(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """While too many passwords wait to be stretched, others are told so, and nothing counts."""
    await join(staff, "Ana")
    token = await staff.invite_again("ana", now=NOW)
    monkeypatch.setattr(passwords, "_MOST", 0)
    assert {await guess(staff, password=PASSWORD) for _ in range(9)} == {"slowed"}
    with pytest.raises(TooManyTries):
        await staff.accept(token, PASSWORD, now=NOW)
    monkeypatch.undo()

    assert await guess(staff, password=PASSWORD) == "in"
    await staff.accept(token, PASSWORD, now=NOW)


async def test_what_is_stretched(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has costs what a member's does, also while passwords of 0.1 are left."""
    await installation.put_back(redis)
    staff = Store(redis, installation.KEYRING, token="new").staff
    await staff.members._formats.look()
    await join(staff, "Luis")
    stretched: list[str] = []
    monkeypatch.setattr(hashlib, "scrypt", _noting(stretched, "scrypt", hashlib.scrypt))
    for way in ("hash", "verify"):  # either stretches once
        real = getattr(PasswordHasher, way)
        monkeypatch.setattr(PasswordHasher, way, _noting(stretched, "argon2", real))

    for times, expected in enumerate((["argon2", "scrypt"], ["argon2"])):
        for name in ("ana", "luis", "nadie"):
            stretched.clear()
            assert await guess(staff, name, address=f"{name} {times}") == "tried"
            assert sorted(stretched) == expected
        await staff.sign_in("ana", "correct horse", address="x", now=NOW)


async def test_what_a_password_costs(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is stretched as OWASP has it: 19 MiB, two passes, one lane."""
    monkeypatch.setattr(passwords, "_COST", OWASPS)
    staff = Store(redis, _KEYRING, token="one").staff
    await join(staff, "Ana")

    stored = await staff.members.read(staff.members.digest("ana"))
    assert stored is not None
    assert stored.verifier.startswith(b"$argon2id$v=19$m=19456,t=2,p=1$")


def _noting(noted: list[str], what: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def note(*args: Any, **more: Any) -> Any:
        noted.append(what)
        return real(*args, **more)

    return note


async def test_tries_are_counted(backend: Redis | RedisCluster) -> None:
    """Tries come back one by one, are given back, and never more than there were."""
    store = Store(backend, _KEYRING, token="one")
    script, name = store.pipeline.script("try"), keys.name_key("throttle", "x")

    async def ask(now: int, what: str = "take") -> int:
        (wait,) = await store.pipeline.ask(script.call([name], [now, 1000, 3, what]))
        return int(wait)

    assert [await ask(0) for _ in range(4)] == [0, 0, 0, 1000]
    assert [await ask(999), await ask(1000), await ask(1001)] == [1, 0, 999]
    assert [await ask(1001, "give"), await ask(1001), await ask(1001)] == [0, 0, 999]
    assert [await ask(9000, "give") for _ in range(9)] == [0] * 9
    assert not await backend.exists(name)
    assert [await ask(9000) for _ in range(4)] == [0, 0, 0, 1000]
    assert 0 < await backend.pttl(name) <= 3000
    for malformed in (["x", 1, 1, "take"], [1, 1, 1, "ask"], [1, 1, 1]):
        with pytest.raises(ResponseError, match="malformed"):
            await store.pipeline.ask(script.call([name], malformed))


_SIGN_INS = """
import asyncio, re, sys
from pathlib import Path
from bot.redis import client
from state.store.encryption import Keyring
from state.store.staff_errors import SignInRefused
from state.store.store import Store

def peak():  # of this program; ru_maxrss would begin with that of the process that started it
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

async def guess(staff, number):
    try:
        await staff.sign_in(f"name {number}", "x", address=f"192.0.2.{number}", now=1)
    except SignInRefused:
        return True

async def main(url, count):
    async with client.connect(url) as redis:
        staff = Store(redis, Keyring((bytes(32),)), token="one").staff
        await asyncio.gather(*(staff.members.read(str(n)) for n in range(count)))  # connections
        await staff._authentication._passwords._run(lambda: None)
        before = peak()
        tried = await asyncio.gather(*(guess(staff, n) for n in range(count)))
    print(sum(map(bool, tried)), peak() - before)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""
_STRETCH = 19 * 1024  # KiB


@pytest.mark.slow
async def test_memory_of_many_at_once(redis: Redis, redis_url: str) -> None:
    """A hundred and twenty sign-ins at once take the memory of two stretches, and little more."""
    assert await redis.dbsize() == 0
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SIGN_INS, redis_url, "120", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    tried, grown = map(int, told.split())

    assert tried == 120
    assert grown < 2.5 * _STRETCH
