"""The command `enlace`.

`demo`, `run`, `web` and `worker` own the data directory and its embedded Redis; every other command
works beside them, and runs the Redis itself only where they do not (`bot.redis.beside`).

Exit codes: 0 success, 2 usage error, 69 Redis, a vendor or the port is unavailable, or the running
installation ended meanwhile, 75 the data directory is in use or an older key is still needed, 78
the settings, or the Redis they name, cannot be used, the secret key is not that of the data, or a
newer version wrote them.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import uvloop
from redis.exceptions import RedisError

from bot import logs, settings
from bot.own_texts import NoSuchText
from bot.redis.checks import RedisUnfit
from bot.redis.errors import DataDirectoryInUse, RedisServerError
from bot.settings import Settings, SettingsError
from handlers.errors import EnlaceError
from state.roles import Role
from state.store.connection import OtherKey
from state.store.dead_letters import NoSuchLetter
from state.store.encryption import Unsealable
from state.store.formats import NewerFormat
from state.store.invitations import NoSuchInvitation
from state.store.rotation import RotationUnfinished
from state.store.staff_errors import (
    LastAdministrator,
    MembersBusy,
    NameRefused,
    NoSuchMember,
    RolesMissing,
)

_USAGE = 2
_UNAVAILABLE = 69
_TEMPORARY = 75
_CONFIGURATION = 78

_FAILURES: tuple[tuple[type[Exception], str, int], ...] = (
    (SettingsError, "Settings", _CONFIGURATION),
    (RedisUnfit, "Redis", _CONFIGURATION),
    (NewerFormat, "Redis", _CONFIGURATION),
    (OtherKey, "Settings", _CONFIGURATION),
    (NoSuchText, "No such text", _USAGE),
    (NoSuchLetter, "No such dead letter", _USAGE),
    (NoSuchInvitation, "No such invitation", _USAGE),
    (LastAdministrator, "Not done", _USAGE),
    (NameRefused, "Not done", _USAGE),
    (NoSuchMember, "Not done", _USAGE),
    (RolesMissing, "Not done", _USAGE),
    (MembersBusy, "Busy", _TEMPORARY),
    (Unsealable, "Unreadable", _TEMPORARY),
    (RotationUnfinished, "Incomplete", _TEMPORARY),
    (EnlaceError, "Failed", _UNAVAILABLE),
    (DataDirectoryInUse, "Redis", _TEMPORARY),
    (RedisServerError, "Unavailable", _UNAVAILABLE),
    (RedisError, "Unavailable", _UNAVAILABLE),
    (OSError, "Unavailable", _UNAVAILABLE),
)
"""What an operator can fix: its heading and exit code; of several failures the first row counts."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="enlace", message="enlace %(version)s")
def main() -> None:
    """Enlace links customers' chats to their Internet service in WispHub."""
    logs.configure()


@main.command()
@click.option("--telegram", is_flag=True, help="Add a real bot (ENLACE_TELEGRAM_TOKEN).")
def demo(*, telegram: bool) -> None:
    """Run everything in one process, with invented customers, on this machine only."""
    _start(lambda chosen: _program("app").demo(chosen, telegram=telegram))


@main.command()
def run() -> None:
    """Run web and worker in one process."""
    _start(lambda chosen: _program("app").run(chosen, web=True, worker=True))


@main.command()
def web() -> None:
    """Run webhooks, API and console only; any number on one Redis."""
    _start(lambda chosen: _program("app").run(chosen, web=True, worker=False))


@main.command()
def worker() -> None:
    """Run effects and timers only; any number on one Redis."""
    _start(lambda chosen: _program("app").run(chosen, web=False, worker=True))


@main.group()
def keys() -> None:
    """Create and rotate secret keys."""


@keys.command()
def new() -> None:
    """Print a new secret key. Put it first in ENLACE_SECRET_KEYS."""
    print(settings.new_key())


@keys.command()
def rotate() -> None:
    """Re-encrypt all data with the first key. Runs while Enlace is serving. Safe to repeat."""
    _start(lambda chosen: _program("commands.rotate").rotate(chosen))


@main.command()
def doctor() -> None:
    """Check settings, Redis and WispHub. Report each problem with its fix."""
    _start(lambda chosen: _program("commands.doctor").examine(chosen))


@main.command()
def policy() -> None:
    """Print who may change what, under ENLACE_POLICY."""
    _start(lambda chosen: _program("commands.policy").show(chosen.policy))


@main.group()
def texts() -> None:
    """List, check and preview what customers read; textos.toml has your own words."""


@texts.command("list")
def list_texts() -> None:
    """List the texts; a * marks those in your own words."""
    _start(lambda chosen: _program("commands.texts").show(chosen))


@texts.command("check")
def check_texts() -> None:
    """Check textos.toml in the data directory. Report each fault with its fix."""
    _start(lambda chosen: _program("commands.texts").check(chosen))


@texts.command()
@click.argument("name")
def preview(name: str) -> None:
    """Print a text as WhatsApp and Telegram show it, and how to change it."""
    _start(lambda chosen: _program("commands.texts").preview(chosen, name))


@main.group()
def webhook() -> None:
    """Manage the vendors' webhooks."""


@webhook.command("set")
@click.argument("channel", type=click.Choice(["telegram"]), expose_value=False)
def set_() -> None:
    """Register our webhook with Telegram. Safe to repeat."""
    _start(lambda chosen: _program("commands.webhook").set_(chosen))


@webhook.command()
@click.argument("channel", type=click.Choice(["telegram"]), expose_value=False)
def info() -> None:
    """Show the webhook's status at Telegram."""
    _start(lambda chosen: _program("commands.webhook").info(chosen))


@webhook.command()
@click.argument("channel", type=click.Choice(["telegram"]), expose_value=False)
def delete() -> None:
    """Remove the webhook from Telegram."""
    _start(lambda chosen: _program("commands.webhook").delete(chosen))


@webhook.command()
@click.argument("channel", type=click.Choice(["whatsapp"]), expose_value=False)
def check() -> None:
    """Call our own webhook from outside, as Meta would."""
    _start(lambda chosen: _program("commands.webhook").check(chosen))


@main.command()
@click.argument("service_id", type=click.IntRange(min=1))
@click.option("--png", type=click.Path(path_type=Path), help="Write the QR codes to files.")
@click.option("--withdraw", metavar="CODE", help="Revoke an invitation instead.")
@click.option("--in-person", is_flag=True, help="For a holder you meet: level A3, one hour.")
def invite(service_id: int, *, png: Path | None, withdraw: str | None, in_person: bool) -> None:
    """Print links that let one chat link the service, once, within a week."""
    if withdraw:
        _start(lambda chosen: _program("commands.invite").withdraw(chosen, withdraw))
    else:
        _start(
            lambda chosen: _program("commands.invite").invite(
                chosen, service_id, png=png, in_person=in_person
            )
        )


@main.group()
def dead() -> None:
    """List, retry and delete dead letters: what failed for good, kept encrypted."""


@dead.command("list")
def list_() -> None:
    """List the newest dead letters, never their contents."""
    _start(lambda chosen: _program("commands.dead").show(chosen))


@dead.command()
@click.argument("letters", nargs=-1, required=True, metavar="ID...")
def retry(letters: tuple[str, ...]) -> None:
    """Retry dead letters, then delete them. Safe to repeat."""
    _start(lambda chosen: _program("commands.dead").retry(chosen, letters))


@dead.command()
@click.argument("letters", nargs=-1, required=True, metavar="ID...")
def drop(letters: tuple[str, ...]) -> None:
    """Delete dead letters."""
    _start(lambda chosen: _program("commands.dead").drop(chosen, letters))


@main.group()
def staff() -> None:
    """Manage who may sign in to the console. Works while Enlace is serving."""


_ROLES = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated.",
)


@staff.command()
@click.argument("name")
@_ROLES
def add(name: str, roles: tuple[str, ...]) -> None:
    """Add a member (agente, unless roles are given) and print a one-time link.

    The first member is supervisor and administrador.
    """
    _start(lambda chosen: _program("commands.staff").add(chosen, name, list(map(Role, roles))))


@staff.command("list")
def list_members() -> None:
    """List the members, their roles and when they last signed in."""
    _start(lambda chosen: _program("commands.staff").show(chosen))


@staff.command()
@click.argument("name")
def password(name: str) -> None:
    """Print a one-time link by which a member chooses a new password."""
    _start(lambda chosen: _program("commands.staff").invite_again(chosen, name))


@staff.command()
@click.argument("name")
@_ROLES
def role(name: str, roles: tuple[str, ...]) -> None:
    """Give a member these roles instead of those from before."""
    _start(
        lambda chosen: _program("commands.staff").set_roles(chosen, name, list(map(Role, roles)))
    )


@staff.command()
@click.argument("name")
def disable(name: str) -> None:
    """Let a member in no more; sessions end at once."""
    _start(lambda chosen: _program("commands.staff").disable(chosen, name))


@staff.command()
@click.argument("name")
def unlock(name: str) -> None:
    """Let a disabled member in again, and forget the tries for the name."""
    _start(lambda chosen: _program("commands.staff").unlock(chosen, name))


@staff.command()
def roles() -> None:
    """Print which role may do what."""
    _start(lambda _: _program("commands.staff").show_roles())


def _program(name: str) -> Any:
    """Import a program only when it runs, to keep `enlace --help` fast."""
    return import_module(f"bot.{name}")


def _start(program: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Run a program; print what an operator can fix as a sentence, without a traceback."""
    failed: BaseExceptionGroup[BaseException] | None = None
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(program(settings.read()))
    except* tuple(kind for kind, _, _ in _FAILURES) as group:
        failed = group  # an exit from in here would be wrapped in a group before Python 3.11.4
    if failed:
        sys.exit(_tell(failed))


def _tell(group: BaseExceptionGroup[BaseException]) -> int:
    """Print the first failure by the order of the table, and give its exit code."""
    for kind, what, code in _FAILURES:
        error: BaseException | None = group.subgroup(kind)
        if error:
            while isinstance(error, BaseExceptionGroup):
                error = error.exceptions[0]
            print(f"{what}: {error}", file=sys.stderr)
            return code
    raise AssertionError(group)
