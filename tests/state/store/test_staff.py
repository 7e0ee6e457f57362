"""Members of staff, their links and their sessions."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ResponseError
from structlog.testing import capture_logs

from state.members import NameProblem
from state.roles import FIRST, Role
from state.store import keys, wire
from state.store.authentication import Browser
from state.store.encryption import Keyring
from state.store.membership import MemberInfo
from state.store.one_time_links import LIFE, LinkKind, OneTimeLink
from state.store.sessions import IDLE, LONGEST, SLIDING
from state.store.staff import Staff
from state.store.staff_errors import (
    LastAdministrator,
    LinkInvalid,
    MembersBusy,
    NameRefused,
    NoSuchMember,
    PasswordRefused,
    RolesMissing,
    SignInRefused,
)
from state.store.store import Store
from tests import installation
from tests.members import NOW, PASSWORD, join
from tests.values import values

_AGENT = frozenset({Role.AGENTE})
_ADMIN = frozenset({Role.ADMINISTRADOR})
_OTHER = "tres gatos duermen al sol"
_MINUTE = 60_000


@pytest.fixture
def store(redis: Redis) -> Store:
    """A store on an empty Redis."""
    return Store(redis, Keyring((bytes(32),)), token="one", company="FibraNet")


@pytest.fixture
def staff(store: Store) -> Staff:
    """Its staff."""
    return store.staff


async def _info(staff: Staff, name: str, *, now: int = NOW) -> MemberInfo:
    (found,) = [one for one in await staff.list(now=now) if one.name == name]
    return found


async def _refuses(asked: Awaitable[object], *errors: type[Exception]) -> bool:
    try:
        await asked
    except errors:
        return True
    return False


async def _put(redis: Redis, name: str, fields: Any) -> None:
    """Write fields as somebody does who can write to Redis."""
    await redis.hset(name, mapping=fields)


async def _key(redis: Redis, staff: Staff, name: str) -> str:
    assert await redis.sismember(keys.users(), staff.members.digest(name))
    return keys.name_key("user", staff.members.digest(name))


# Members -----------------------------------------------------------------------------------------


async def test_roles(staff: Staff) -> None:
    """The first member may decide and administer, whatever was asked; others as they were added."""
    first = await join(staff, "Ana", roles=_AGENT)
    second = await join(staff, "Luis", roles=_AGENT)

    assert first.member.roles == FIRST
    assert (await staff.member(second.token, now=NOW)).roles == _AGENT
    with pytest.raises(RolesMissing):
        await staff.add("Eva", [], now=NOW)


async def test_roles_count_at_once(staff: Staff) -> None:
    """Whose roles change while signed in may do what they allow from the next request on."""
    await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=_AGENT)

    await staff.set_roles("luis", [Role.OBSERVADOR, Role.SUPERVISOR])

    roles = (await staff.member(luis.token, now=NOW)).roles
    assert roles == {Role.OBSERVADOR, Role.SUPERVISOR}
    with pytest.raises(RolesMissing):
        await staff.set_roles("luis", [])
    with pytest.raises(NoSuchMember):
        await staff.set_roles("nadie", _AGENT)


async def test_roles_made_up(redis: Redis, staff: Staff) -> None:
    """Who writes to Redis without the keys gives nobody a role: no earlier, no other's, none."""
    await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=FIRST)
    name = await _key(redis, staff, "luis")
    before = wire.fields(await redis.hgetall(name))
    await staff.set_roles("luis", _AGENT)
    await staff.set_roles("ana", FIRST)  # of the same number
    held = wire.fields(await redis.hgetall(name))
    hers = wire.fields(await redis.hgetall(await _key(redis, staff, "ana")))
    assert hers[b"v"] == held[b"v"]
    forged = [
        held | {b"standing": before[b"standing"]},
        held | {b"standing": before[b"standing"], b"v": before[b"v"]},
        held | {b"standing": hers[b"standing"]},
        {field: held[field] for field in held if field != b"standing"},
        {field: held[field] for field in held if field not in (b"standing", b"v")},
    ]

    with capture_logs() as logs:
        for fields in forged:
            await redis.delete(name)
            await _put(redis, name, fields)
            if b"standing" not in fields and b"v" not in fields:
                await staff.members._formats.finish()
            assert await _refuses(staff.member(luis.token, now=NOW), SignInRefused)

    assert {log["event"] for log in logs} == {"staff.member_not_ours"}


async def test_enabled_by_nobody(redis: Redis, staff: Staff) -> None:
    """Who writes to Redis without the keys lets no disabled member in."""
    await join(staff, "Ana")
    await join(staff, "Luis")
    name = await _key(redis, staff, "luis")
    before = wire.fields(await redis.hgetall(name))
    await staff.disable("luis")
    held = wire.fields(await redis.hgetall(name))

    for left in (b"v", b"standing", b"password"):  # all three would be a whole hash put back
        await _put(redis, name, {**before, left: held[left]})
        signing_in = staff.sign_in("luis", PASSWORD, address="::1", now=NOW)
        assert await _refuses(signing_in, SignInRefused)


async def test_disabled(staff: Staff) -> None:
    """Who is disabled is out at once, everywhere, and in again with the same roles once enabled."""
    await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=_AGENT)
    link = await staff.invite_again("luis", now=NOW)
    stored = await staff.members.read(luis.member.digest)
    assert stored is not None
    halfway = replace(stored, standing=replace(stored.standing, disabled=True))
    assert await staff.members.amend(halfway)
    with pytest.raises(SignInRefused):  # although no session has ended yet
        await staff.member(luis.token, now=NOW)

    await staff.disable("luis")

    for person in (True, False):
        with pytest.raises(SignInRefused):
            await staff.member(luis.token, now=NOW, person=person)
    with pytest.raises(SignInRefused):
        await staff.sign_in("luis", PASSWORD, address="::1", now=NOW)
    with pytest.raises(LinkInvalid):
        await staff.accept(link, _OTHER, now=NOW)
    info = await _info(staff, "Luis")
    assert (info.disabled, info.link_until) == (True, 0)
    later = await staff.invite_again("luis", now=NOW)
    with pytest.raises(LinkInvalid):
        await staff.link(later, now=NOW)

    await staff.enable("luis")

    with pytest.raises(SignInRefused):
        await staff.member(luis.token, now=NOW)
    with pytest.raises(LinkInvalid):
        await staff.accept(link, _OTHER, now=NOW)
    again = await staff.sign_in("luis", PASSWORD, address="::1", now=NOW)
    assert again.member.roles == _AGENT
    assert (await staff.link(later, now=NOW)).name == "Luis"


async def test_last_administrator(staff: Staff) -> None:
    """Somebody who can sign in administers always: neither a link nor a disabled member counts."""
    await join(staff, "Ana")
    await join(staff, "Luis", roles=_ADMIN)
    await staff.add("Eva", _ADMIN, now=NOW)
    await staff.disable("luis")

    with pytest.raises(LastAdministrator):
        await staff.disable("ana")
    with pytest.raises(LastAdministrator):
        await staff.set_roles("ana", _AGENT)
    await staff.enable("luis")
    await staff.set_roles("ana", _AGENT)
    with pytest.raises(LastAdministrator):
        await staff.disable("luis")
    await staff.disable("eva")
    await staff.disable("ana")


async def test_administrators_at_once(staff: Staff) -> None:
    """Two administradores who disable each other at once: one of them stays."""
    await join(staff, "Ana")
    await join(staff, "Luis", roles=_ADMIN)

    refused = await asyncio.gather(
        *(_refuses(staff.disable(name), LastAdministrator) for name in ("ana", "luis"))
    )

    assert sorted(refused) == [False, True]


async def test_changes_at_once(staff: Staff) -> None:
    """Of changes of a member at once none is lost."""
    await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=_AGENT)

    await asyncio.gather(
        staff.set_roles("luis", [Role.OBSERVADOR]),
        staff.sessions.end_all(luis.member.digest),
        staff.disable("luis"),
        staff.sessions.end_all(luis.member.digest),
    )

    stored = await staff.members.read(luis.member.digest)
    assert stored is not None
    assert stored.standing.roles == {Role.OBSERVADOR}
    assert (stored.standing.disabled, stored.standing.sessions) == (True, 5)


async def test_busy(redis: Redis, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits too long for others who change members is told so, and changed nothing."""
    await join(staff, "Ana")
    monkeypatch.setattr("state.store.membership._PATIENCE", 1)
    await redis.set(keys.name_key("lease", "members"), "another", px=10_000)
    before = await values(redis)

    with pytest.raises(MembersBusy):
        await staff.disable("ana")

    assert await values(redis) == before


@pytest.mark.parametrize("other", ["ana", "ANÁ", "A n a", "a.n.a"])
async def test_taken_names(staff: Staff, other: str) -> None:
    """Nobody is called as somebody else, nor nearly so."""
    await join(staff, "Ana")

    with pytest.raises(NameRefused) as refused:
        await staff.add(other, _AGENT, now=NOW)

    assert refused.value.problem is NameProblem.TAKEN
    assert [one.name for one in await staff.list(now=NOW)] == ["Ana"]


async def test_names_at_once(staff: Staff) -> None:
    """Of names alike that are added at once, one is."""
    await join(staff, "Ana")
    names = ["Luis", "luis", "Lu1s", "Luís", "l-u-i-s", "LUIS"]

    refused = await asyncio.gather(
        *(_refuses(staff.add(name, _AGENT, now=NOW), NameRefused) for name in names)
    )

    assert sorted(refused) == [False] + 5 * [True]


async def test_reserved_names(staff: Staff) -> None:
    """Nobody is called as the bot, the queue or the company, nor by a link."""
    token = await staff.first_link(now=NOW)
    assert token is not None
    for name in ("bot", "FIBRANET"):
        with pytest.raises(NameRefused):
            await staff.add(name, _AGENT, now=NOW)
        with pytest.raises(NameRefused):
            await staff.accept(token, PASSWORD, name=name, now=NOW)

    assert await staff.list(now=NOW) == []


async def test_members_of_before(redis: Redis) -> None:
    """A member of 0.1 goes on with the first roles, and with a password stretched as today."""
    await installation.put_back(redis)
    store = Store(redis, installation.KEYRING, token="new")
    await store.formats.look()
    await store.staff.sign_in("Ana", "correct horse", address="::1", now=NOW)
    ana = await store.staff.members.read(store.staff.members.digest("ana"))
    with pytest.raises(NameRefused):
        await store.staff.add("Aná", _AGENT, now=NOW)
    await store.migration.run()

    assert ana is not None
    assert ana.standing.roles == FIRST
    assert (ana.verifier[:10], ana.salt) == (b"$argon2id$", b"")
    assert (await store.staff.member("a token", now=NOW)).roles == FIRST
    again = await store.staff.sign_in("Ana", "correct horse", address="::1", now=NOW)
    assert again.member.name == "Ana"


async def test_sessions_of_before(redis: Redis) -> None:
    """A session of 0.1 lasts from when it is met, and ends with a new password."""
    await installation.put_back(redis)
    store = Store(redis, installation.KEYRING, token="new")
    await store.formats.look()
    member = await store.staff.member("a token", now=NOW)
    (session,) = await store.staff.sessions.list(member.digest, now=NOW)
    assert (session.begun_at, session.seen_at, session.browser) == (NOW, NOW, "")

    link = await store.staff.invite_again("Ana", now=NOW)
    await store.staff.accept(link, _OTHER, now=NOW)

    with pytest.raises(SignInRefused):
        await store.staff.member("a token", now=NOW)


async def test_amend(backend: Redis | RedisCluster) -> None:
    """A member is changed as a whole, and by whoever read it last."""
    store = Store(backend, Keyring((bytes(32),)), token="one")
    await join(store.staff, "Ana")
    ana = await store.staff.members.read(store.staff.members.digest("ana"))
    assert ana is not None
    script, name = store.pipeline.script("amend"), keys.name_key("user", "x")

    first = await store.staff.members.amend(ana)
    assert first is not None
    assert await store.staff.members.amend(ana) is None
    assert await store.staff.members.amend(first) is not None
    for malformed in (["", "1"], ["", "x", "a", "b"], ["", "1", "a"]):
        with pytest.raises(ResponseError, match="malformed"):
            await store.pipeline.ask(script.call([name], malformed))


# Links -------------------------------------------------------------------------------------------


async def test_link(staff: Staff) -> None:
    """A member chooses a password by a link, is signed in at once, and the link is used up."""
    await join(staff, "Ana")
    token = await staff.add(" Luis  Gómez ", _AGENT, now=NOW)
    invited = await _info(staff, "Luis Gómez")

    assert (invited.has_password, invited.link_until) == (False, NOW + LIFE)
    assert await staff.link(token, now=NOW) == OneTimeLink(LinkKind.INVITATION, "Luis Gómez")
    with pytest.raises(SignInRefused):
        await staff.sign_in("luis gómez", PASSWORD, address="::1", now=NOW)
    with pytest.raises(PasswordRefused):
        await staff.accept(token, "luisgomez2026", now=NOW)
    signed_in = await staff.accept(token, PASSWORD, now=NOW + 1)

    assert (await staff.member(signed_in.token, now=NOW + 1)).name == "Luis Gómez"
    assert await _refuses(staff.link(token, now=NOW + 1), LinkInvalid)
    assert await _refuses(staff.accept(token, _OTHER, now=NOW + 1), LinkInvalid)
    joined = await _info(staff, "Luis Gómez")
    assert (joined.has_password, joined.link_until, joined.signed_in_at) == (True, 0, NOW + 1)


async def test_link_for_another_password(staff: Staff) -> None:
    """The newest link gives a new password; the present one is good until then, then no session."""
    ana = await join(staff, "Ana")
    earlier = await staff.invite_again("ana", now=NOW)
    newest = await staff.invite_again("ana", now=NOW)

    assert await staff.link(newest, now=NOW) == OneTimeLink(LinkKind.PASSWORD, "Ana")
    assert await _refuses(staff.link(earlier, now=NOW), LinkInvalid)
    assert (await staff.member(ana.token, now=NOW)).name == "Ana"
    await staff.accept(newest, _OTHER, now=NOW)

    assert await _refuses(staff.member(ana.token, now=NOW), SignInRefused)
    assert await _refuses(staff.sign_in("ana", PASSWORD, address="::1", now=NOW), SignInRefused)
    assert (await staff.sign_in("ana", _OTHER, address="::1", now=NOW)).member.name == "Ana"
    with pytest.raises(NoSuchMember):
        await staff.invite_again("nadie", now=NOW)


async def test_links_end(staff: Staff) -> None:
    """A link is good for a day."""
    token = await staff.add("Ana", FIRST, now=NOW)

    assert (await staff.link(token, now=NOW + LIFE - 1)).name == "Ana"
    with pytest.raises(LinkInvalid):
        await staff.link(token, now=NOW + LIFE)
    assert (await _info(staff, "Ana", now=NOW + LIFE)).link_until == 0


async def test_first_links(staff: Staff) -> None:
    """Each link for the first administrator is its own, and one of them is used, once."""
    tokens = [await staff.first_link(now=NOW) for _ in range(2)] * 6
    assert tokens[0] != tokens[1]
    kinds = {await staff.link(token or "", now=NOW) for token in tokens}
    assert kinds == {OneTimeLink(LinkKind.FIRST)}

    refused = await asyncio.gather(
        *(
            _refuses(
                staff.accept(token or "", PASSWORD, name=f"Ana {chr(97 + place)}", now=NOW),
                LinkInvalid,
            )
            for place, token in enumerate(tokens)
        )
    )

    assert sorted(refused) == [False] + 11 * [True]
    (first,) = await staff.list(now=NOW)
    assert first.roles == FIRST
    assert await staff.first_link(now=NOW) is None
    for token in tokens[:2]:
        assert await _refuses(staff.link(token or "", now=NOW), LinkInvalid)


async def test_link_at_once(staff: Staff) -> None:
    """A link that is used twelve times at once gives one password."""
    await join(staff, "Ana")
    token = await staff.add("Luis", _AGENT, now=NOW)

    refused = await asyncio.gather(
        *(_refuses(staff.accept(token, f"{_OTHER} {n}", now=NOW), LinkInvalid) for n in range(12))
    )

    assert sorted(refused) == [False] + 11 * [True]


async def test_link_while_roles_change(redis: Redis, staff: Staff) -> None:
    """Whose roles change while a password is chosen has both."""
    await join(staff, "Ana")
    token = await staff.add("Luis", _AGENT, now=NOW)
    await asyncio.gather(
        staff.accept(token, _OTHER, now=NOW),
        *(staff.set_roles("luis", [Role.OBSERVADOR]) for _ in range(3)),
    )

    signed_in = await staff.sign_in("luis", _OTHER, address="::1", now=NOW)
    assert signed_in.member.roles == {Role.OBSERVADOR}
    name = keys.name_key("link", staff._links.digest(token))
    assert not await redis.exists(name)


async def test_link_made_up(redis: Redis, staff: Staff) -> None:
    """Who writes to Redis without the keys makes no link, and turns none into another's."""
    await join(staff, "Ana")
    mine = await staff.add("Luis", _AGENT, now=NOW)
    hers = await staff.invite_again("ana", now=NOW)
    names = [keys.name_key("link", staff._links.digest(token)) for token in (mine, hers)]
    await redis.set(names[0], await redis.get(names[1]) or b"", ex=60)

    with capture_logs() as logs:
        assert await _refuses(staff.link(mine, now=NOW), LinkInvalid)

    assert [log["event"] for log in logs] == ["staff.link_not_ours"]


# Sessions ----------------------------------------------------------------------------------------


async def test_sessions_slide(staff: Staff) -> None:
    """A session lasts twelve hours from a person's last request; a stream's checks do not count."""
    await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=_AGENT)
    later = NOW + SLIDING - 1

    await staff.member(luis.token, now=later)
    await staff.member(luis.token, now=later + SLIDING - 1, person=False)

    with pytest.raises(SignInRefused):
        await staff.member(luis.token, now=later + SLIDING, person=False)
    with pytest.raises(SignInRefused):
        await staff.member(luis.token, now=later)


async def test_sessions_of_who_decides(staff: Staff) -> None:
    """Who may approve is signed out after thirty minutes without a person's request."""
    ana = await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=_AGENT)
    await staff.member(ana.token, now=NOW + IDLE - 1)
    await staff.member(ana.token, now=NOW + 2 * IDLE - 2, person=False)

    with pytest.raises(SignInRefused):
        await staff.member(ana.token, now=NOW + 2 * IDLE - 1)
    await staff.member(luis.token, now=NOW + 1)
    await staff.set_roles("luis", [Role.SUPERVISOR])
    with pytest.raises(SignInRefused):
        await staff.member(luis.token, now=NOW + IDLE)


async def test_sessions_end_after_a_day(staff: Staff) -> None:
    """However busy it is, a session ends after a day."""
    await join(staff, "Ana")
    luis = await join(staff, "Luis", roles=_AGENT)
    for now in range(NOW, NOW + LONGEST, SLIDING // 2):
        await staff.member(luis.token, now=now)

    with pytest.raises(SignInRefused):
        await staff.member(luis.token, now=NOW + LONGEST)


async def test_requests_write_little(redis: Redis, staff: Staff) -> None:
    """A person's requests are written down once a minute at most, a stream's never."""
    ana = await join(staff, "Ana")
    before = await values(redis)
    await staff.member(ana.token, now=NOW + _MINUTE - 1)
    await staff.member(ana.token, now=NOW + _MINUTE, person=False)
    assert await values(redis) == before

    await staff.member(ana.token, now=NOW + _MINUTE)

    (session,) = await staff.sessions.list(ana.member.digest, now=NOW + _MINUTE)
    assert session.seen_at == NOW + _MINUTE


async def test_own_sessions(staff: Staff) -> None:
    """A member sees the own sessions, which browser each is, and which is this one; no other's."""
    ana = await join(staff, "Ana")
    await join(staff, "Luis")
    phone = await staff.sign_in(
        "ana", PASSWORD, address="::1", now=NOW + 1, browser=Browser(words="Chrome, Android")
    )
    digest = ana.member.digest

    both = await staff.sessions.list(digest, token=phone.token, now=NOW + 1)

    assert [(one.browser, one.current, one.begun_at) for one in both] == [
        ("Chrome, Android", True, NOW + 1), ("", False, NOW),
    ]  # fmt: skip
    assert not await staff.sessions.end(staff.members.digest("luis"), both[1].id)
    assert await staff.sessions.end(digest, both[1].id)
    assert not await staff.sessions.end(digest, both[1].id)
    assert await _refuses(staff.member(ana.token, now=NOW + 1), SignInRefused)
    (left,) = await staff.sessions.list(digest, token=phone.token, now=NOW + 1)
    assert left.current
    assert await staff.sessions.list(digest, now=NOW + 1 + IDLE) == []


async def test_end_all_sessions(redis: Redis, staff: Staff) -> None:
    """All sessions end at once, but the one that asks for it; also what Redis kept of them."""
    ana = await join(staff, "Ana")
    here = await staff.sign_in("ana", PASSWORD, address="::1", now=NOW)
    name = keys.name_key("session", staff.sessions._id(ana.token))
    kept = wire.fields(await redis.hgetall(name))

    await staff.sessions.end_all(ana.member.digest, except_token=here.token)
    assert not await redis.exists(name)
    await _put(redis, name, kept)
    await redis.expire(name, 60)

    assert await _refuses(staff.member(ana.token, now=NOW), SignInRefused)
    assert (await staff.member(here.token, now=NOW)).name == "Ana"
    luis = await join(staff, "Luis")
    await staff.sessions.end_all(ana.member.digest, except_token=luis.token)
    assert (await staff.member(luis.token, now=NOW)).name == "Luis"
    assert await _refuses(staff.member(here.token, now=NOW), SignInRefused)


async def test_sign_out(staff: Staff) -> None:
    """Who signs out is out; a session that is not there is no error."""
    ana = await join(staff, "Ana")

    for token in (ana.token, ana.token, "nothing"):
        await staff.sessions.sign_out(token)

    assert await _refuses(staff.member(ana.token, now=NOW), SignInRefused)


async def test_new_sign_in_ends_the_old_one(staff: Staff) -> None:
    """Who signs in again in a browser has a new session there, and no other."""
    ana = await join(staff, "Ana")
    browser = Browser(token=ana.token)

    again = await staff.sign_in("ana", PASSWORD, address="::1", now=NOW, browser=browser)

    assert again.token != ana.token
    assert await _refuses(staff.member(ana.token, now=NOW), SignInRefused)


async def test_change_password(staff: Staff) -> None:
    """Who knows the current password changes it: other sessions end, this browser goes on."""
    ana = await join(staff, "Ana")
    other = await staff.sign_in("ana", PASSWORD, address="::1", now=NOW)

    with pytest.raises(SignInRefused):
        await staff.change_password(ana.token, "falsa", _OTHER, now=NOW)
    with pytest.raises(PasswordRefused):
        await staff.change_password(ana.token, PASSWORD, "ana1234567", now=NOW)
    with pytest.raises(SignInRefused):
        await staff.change_password("nothing", PASSWORD, _OTHER, now=NOW)
    changed = await staff.change_password(ana.token, PASSWORD, _OTHER, now=NOW)

    assert (await staff.member(changed.token, now=NOW)).name == "Ana"
    for token in (ana.token, other.token):
        assert await _refuses(staff.member(token, now=NOW), SignInRefused)
    assert await staff.sign_in("ana", _OTHER, address="::1", now=NOW) != changed
