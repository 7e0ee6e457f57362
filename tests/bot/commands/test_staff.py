"""`enlace staff` as an operator meets it: members by links, roles by a table, all on record."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot import bootstrap, keyrings
from bot.commands import doctor, staff
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from state.audit import OPERATOR
from state.roles import RULES, Act, Role, may
from state.store.members import Standing
from state.store.staff_errors import LastAdministrator, NameRefused, NoSuchMember
from state.store.store import Store
from tests.bot.channels.enlace_process import Enlace, enlace
from tests.bot.commands.test_running_beside import command
from tests.members import PASSWORD


@pytest.fixture
def chosen(redis: Redis, redis_url: str, tmp_path: Path) -> Settings:
    """Settings as an operator has them, on an empty Redis."""
    assert redis.connection_pool is not None
    return Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        data_dir=tmp_path,
        secret_keys=SecretStr("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        public_url="https://enlace.example/",
        company_name="FibraNet",
    )


@pytest.fixture
async def store(redis: Redis, chosen: Settings) -> Store:
    """The store of the running installation."""
    return await bootstrap.store_of(chosen, redis, keyrings.read_keyring(chosen))


def _token(told: str) -> str:
    """Find the link that was printed."""
    found = re.search(r"^  https://enlace\.example/consola/inicio/(\S+)$", told, re.MULTILINE)
    assert found is not None
    return found[1]


async def test_members(chosen: Settings, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """A member is added, listed, given roles, disabled and let in again; each is on record."""
    now = bootstrap.clock()
    await staff.add(chosen, "Ana", [])
    first = await store.staff.accept(_token(capsys.readouterr().out), PASSWORD, now=now)
    await staff.add(chosen, "Luis  Gómez", [])
    told = capsys.readouterr().out
    await staff.set_roles(chosen, "luis gómez", [Role.SUPERVISOR, Role.AGENTE])
    await staff.disable(chosen, "luis gómez")
    await staff.show(chosen)
    listed = capsys.readouterr().out.splitlines()[-3:]
    await staff.unlock(chosen, "luis gómez")
    await staff.invite_again(chosen, "luis gómez")
    token = _token(capsys.readouterr().out)

    assert first.member.roles == {Role.SUPERVISOR, Role.ADMINISTRADOR}
    assert "Luis Gómez may sign in as agente" in told
    assert re.fullmatch(r"Ana +supervisor, administrador +active +20\S+\+00:00", listed[0])
    assert re.fullmatch(r"Luis Gómez +agente, supervisor +disabled +never signed in", listed[1])
    assert listed[2] == "2 members"
    luis = await store.staff.accept(token, PASSWORD, now=now)
    assert luis.member.name == "Luis Gómez"
    assert luis.member.roles == {Role.AGENTE, Role.SUPERVISOR}
    audit = await store.audit.read()
    assert {entry.actor for entry in audit} == {OPERATOR}
    assert [(entry.act, entry.about, entry.reason) for entry in reversed(audit)] == [
        ("member.added", "member:Ana", "supervisor, administrador"),
        ("member.added", "member:Luis Gómez", "agente"),
        ("member.roles", "member:Luis Gómez", "agente, supervisor"),
        ("member.disabled", "member:Luis Gómez", ""),
        ("member.unlocked", "member:Luis Gómez", ""),
        ("link.made", "member:Luis Gómez", ""),
    ]


async def test_refused(chosen: Settings, store: Store) -> None:
    """What is refused is refused here too, changes nothing and is not on record."""
    await staff.add(chosen, "Ana", [])
    with pytest.raises(NameRefused):
        await staff.add(chosen, "ANÁ", [])
    with pytest.raises(LastAdministrator):
        await staff.disable(chosen, "ana")
    with pytest.raises(LastAdministrator):
        await staff.set_roles(chosen, "ana", [Role.AGENTE])
    with pytest.raises(NoSuchMember):
        await staff.invite_again(chosen, "luis")

    assert len(await store.audit.read()) == 1


async def test_roles_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """`enlace staff roles` prints the table: who may do what, and what it needs."""
    await staff.show_roles()
    head, *lines, _ = capsys.readouterr().out.splitlines()
    roles = [Role(word) for word in head.split()]
    cells = {Act(line.split()[0]): line.split()[1:] for line in lines}

    assert cells.keys() == set(RULES)
    assert set(roles) == set(Role)
    for act, row in cells.items():
        for role, cell in zip(roles, row, strict=True):
            assert (cell != "-") == may([role], act)
    assert cells[Act.COPY] == ["-", "-", "holds+reason", "-"]


async def test_reserved_names_of_before(
    chosen: Settings, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """A member of 0.1 who is called as the bot goes on, marked, and the doctor says what to do."""
    await store.staff.members.create("bot", Standing())
    await staff.show(chosen)
    await doctor.examine(chosen)
    told = capsys.readouterr().out
    await staff.add(chosen, "Ana", [])
    await store.staff.accept(_token(capsys.readouterr().out), PASSWORD, now=bootstrap.clock())
    await staff.set_roles(chosen, "Ana", list(Role))
    await staff.disable(chosen, "bot")
    await doctor.examine(chosen)

    assert "bot " in told
    assert "the name is reserved" in told
    assert "warning: members with reserved names: 1. `enlace staff list`" in told
    assert "reserved" not in capsys.readouterr().out


@pytest.fixture
async def running(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Enlace]:
    """An installation that serves, on its embedded Redis."""
    async with enlace(tmp_path, sandbox) as started:
        yield started


@pytest.mark.slow
async def test_beside_a_running_one(running: Enlace) -> None:
    """Beside an installation, members are managed, with sentences; no link is logged."""
    said = running.log.read_text("utf-8")
    added = await command(running.settings, "staff", "add", "Ana", "--role", "agente")
    alike = await command(running.settings, "staff", "add", "a-n-a")
    last = await command(running.settings, "staff", "disable", "ana")
    missing = await command(running.settings, "staff", "password", "luis")
    odd = await command(running.settings, "staff", "add", "Luis", "--role", "jefe")
    listed = await command(running.settings, "staff", "list")
    roles = await command(running.settings, "staff", "roles")

    assert "/inicio/" not in said
    assert (added[0], "/consola/inicio/" in added[1], "inicio" in added[2]) == (0, True, False)
    assert [answer[0] for answer in (alike, last, missing, odd)] == [2, 2, 2, 2]
    assert [answer[2].splitlines()[-1] for answer in (alike, last, missing)] == [
        "Not done: a member has that name, or one that looks like it",
        f"Not done: {LastAdministrator.__doc__}",
        f"Not done: {NoSuchMember.__doc__}",
    ]
    assert (listed[0], "1 member" in listed[1], roles[0]) == (0, True, 0)
