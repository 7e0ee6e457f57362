"""`enlace staff`: who may sign in to the console, and with which roles.

A password is never typed here: whoever needs one gets a one-time link. What is done is noted in the
audit, as done by the operator.
"""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot import bootstrap, keyrings
from bot.redis.either import open_redis
from bot.settings import Settings
from handlers.console.vacating import release_chats
from state.audit import OPERATOR, AuditEntry, SecurityEvent
from state.roles import RULES, Act, Role
from state.store.membership import MemberInfo
from state.store.store import Store

_DEFAULT = (Role.AGENTE,)


async def add(settings: Settings, name: str, roles: Sequence[Role]) -> None:
    """Add a member, and print the link by which the member chooses a password.

    Raises:
        NameRefused: choose another name.
    """
    async with _open(settings) as store:
        token = await store.staff.add(name, roles or _DEFAULT, now=bootstrap.clock())
        added = await _note(store, SecurityEvent.MEMBER_ADDED, name, roles=True)
    _print(f"{added.name} may sign in as {_list(added.roles)}, once this link was used:")
    _print_link(settings, token)


async def show(settings: Settings) -> None:
    """Print all members: roles, whether they can sign in, and when they last did (UTC)."""
    async with _open(settings) as store:
        found = await _read(store)
    for one in found:
        signed_in = _describe_time(one.signed_in_at) if one.signed_in_at else "never signed in"
        _print(f"{one.name:<24}  {_list(one.roles):<34}  {_describe(one):<40}  {signed_in}")
    _print(f"{len(found)} members" if len(found) != 1 else "1 member")


async def invite_again(settings: Settings, name: str) -> None:
    """Print a link by which a member chooses a (new) password; the present one is good until then.

    Raises:
        NoSuchMember: nobody is called so.
    """
    async with _open(settings) as store:
        token = await store.staff.invite_again(name, now=bootstrap.clock())
        found = await _note(store, SecurityEvent.LINK_MADE, name)
    _print("The member chooses a password here; earlier links are void:")
    _print_link(settings, token)
    if found.disabled:
        _print("The member is disabled: the link is void until enlace staff unlock.")


async def set_roles(settings: Settings, name: str, roles: Sequence[Role]) -> None:
    """Give a member these roles instead of those from before.

    Raises:
        NoSuchMember, LastAdministrator: as they say.
    """
    async with _open(settings) as store:
        await store.staff.set_roles(name, roles)
        found = await _note(store, SecurityEvent.ROLES_GIVEN, name, roles=True)
    _print(f"{found.name} has the roles {_list(found.roles)} from now on.")


async def disable(settings: Settings, name: str) -> None:
    """Let a member in no more.

    Raises:
        NoSuchMember, LastAdministrator: as they say.
    """
    async with _open(settings) as store:
        await store.staff.disable(name)
        found = await _note(store, SecurityEvent.MEMBER_DISABLED, name)
        turns = bootstrap.build_turns(settings, store)
        released = await release_chats(store, turns, bootstrap.clock, found.name)
    _print(f"{found.name} is signed out everywhere, and cannot sign in any more.")
    _print(f"Chats that wait for another person now: {released}.")


async def unlock(settings: Settings, name: str) -> None:
    """Let a disabled member in again, and forget the tries to sign in by that name.

    Raises:
        NoSuchMember: nobody is called so.
    """
    async with _open(settings) as store:
        await store.staff.enable(name)
        found = await _note(store, SecurityEvent.MEMBER_UNLOCKED, name)
    _print(f"{found.name} can sign in.")


async def show_roles() -> None:
    """Print the table of who may do what."""
    _print(f"{'':<16}" + "".join(f"{role.value:<15}" for role in Role))
    for act in RULES:
        cells = (_describe_cell(act, role) for role in Role)
        _print(f"{act.value:<16}" + "".join(f"{cell:<15}" for cell in cells))
    _print("holds: only whoever holds the chat. reason: only with a reason, which is kept.")


def _describe_cell(act: Act, role: Role) -> str:
    rule = RULES[act]
    if role not in rule.roles:
        return "-"
    needs = [word for word, needed in (("holds", rule.holds), ("reason", rule.reason)) if needed]
    return "+".join(needs) or "yes"


def _describe(one: MemberInfo) -> str:
    """Tell whether a member can sign in, and what else is to be known."""
    told = ["disabled" if one.disabled else "active" if one.has_password else "no password yet"]
    if one.link_until:
        told.append(f"link until {_describe_time(one.link_until)}")
    if one.reserved:
        told.append("the name is reserved: add another member")
    return ", ".join(told)


def _describe_time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="minutes")


def _list(roles: Sequence[Role] | frozenset[Role]) -> str:
    return ", ".join(role.value for role in Role if role in roles)


async def _read(store: Store) -> list[MemberInfo]:
    return await store.staff.list(now=bootstrap.clock())


async def _note(
    store: Store, event: SecurityEvent, name: str, *, roles: bool = False
) -> MemberInfo:
    """Note what was done about a member, and return what the member is now."""
    digest = store.staff.members.digest(" ".join(name.split()))
    (found,) = [one for one in await _read(store) if one.digest == digest]
    entry = AuditEntry(
        at=bootstrap.clock(), act=event.value, actor=OPERATOR, about=f"member:{found.name}",
        reason=_list(found.roles) if roles else "",
    )  # fmt: skip
    await store.audit.note(entry)
    return found


def _print_link(settings: Settings, token: str) -> None:
    base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    _print(f"  {base}/consola/inicio/{token}")
    _print("It is valid once, for 24 hours. Hand it over in private.")


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Store]:
    keyring = keyrings.read_keyring(settings)
    async with open_redis(settings, bootstrap.clock, owns=False) as (redis, _):
        yield await bootstrap.store_of(settings, redis, keyring)


def _print(line: str) -> None:
    sys.stdout.write(f"{line.rstrip()}\n")
