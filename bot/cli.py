"""The command `enlace`.

Exit codes: 0 fine, 2 a wrong call, 69 Redis or a port is not to be had, 75 try again later (the
data directory is in use), 78 the settings cannot be used.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import click
import uvloop
from redis.exceptions import RedisError

from bot import logs, settings
from bot.redis_checks import RedisUnfit
from bot.redis_server import DataDirectoryInUse, RedisServerError
from bot.settings import Settings, SettingsError
from state.store.deadletters import NoSuchLetter

_USAGE = 2
_UNAVAILABLE = 69
_TEMPORARY = 75
_CONFIGURATION = 78


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Enlace links customers' chats to their Internet service in WispHub."""
    logs.configure()


@main.command()
def demo() -> None:
    """Everything in one process, with invented customers; on this machine only."""
    _start(lambda chosen: _app().demo(chosen))


@main.command()
def run() -> None:
    """Web and worker in one process."""
    _start(lambda chosen: _app().run(chosen, web=True, worker=True))


@main.command()
def web() -> None:
    """Webhooks, API and console only; any number may run on one Redis."""
    _start(lambda chosen: _app().run(chosen, web=True, worker=False))


@main.command()
def worker() -> None:
    """Effects and timers only; any number may run on one Redis."""
    _start(lambda chosen: _app().run(chosen, web=False, worker=True))


@main.group()
def keys() -> None:
    """Secret keys."""


@keys.command()
def new() -> None:
    """Print a new secret key; put it in front of the others in ENLACE_SECRET_KEYS."""
    print(settings.new_key())


@main.command()
def doctor() -> None:
    """Look at the settings and at Redis; tell what is wrong, and what to do."""
    _start(lambda chosen: _doctor().examine(chosen))


@main.group()
def dead() -> None:
    """Dead letters: what could not be read or performed, kept sealed."""


@dead.command("list")
def list_() -> None:
    """List the newest, by id; never what they say."""
    _start(lambda chosen: _letters().show(chosen))


@dead.command()
@click.argument("letters", nargs=-1, required=True, metavar="ID...")
def retry(letters: tuple[str, ...]) -> None:
    """Try again what they hold, then forget them; safe to repeat."""
    _start(lambda chosen: _letters().retry(chosen, letters))


@dead.command()
@click.argument("letters", nargs=-1, required=True, metavar="ID...")
def drop(letters: tuple[str, ...]) -> None:
    """Forget them."""
    _start(lambda chosen: _letters().drop(chosen, letters))


def _doctor() -> Any:
    from bot import doctor  # noqa: PLC0415

    return doctor


def _letters() -> Any:
    from bot import letters  # noqa: PLC0415

    return letters


def _app() -> Any:
    """Import the program only when it runs: `enlace --help` shall not wait for it."""
    from bot import app  # noqa: PLC0415

    return app


def _start(program: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Run a program; what an operator can mend is told in a sentence, not a traceback."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(program(settings.read()))
    except* SettingsError as group:
        _fail("Settings", group, _CONFIGURATION)
    except* RedisUnfit as group:
        _fail("Redis", group, _CONFIGURATION)
    except* NoSuchLetter as group:
        _fail("No such dead letter", group, _USAGE)
    except* DataDirectoryInUse as group:
        _fail("Redis", group, _TEMPORARY)
    except* (RedisServerError, RedisError, OSError) as group:
        _fail("Not to be had", group, _UNAVAILABLE)


def _fail(what: str, group: BaseExceptionGroup[BaseException], code: int) -> None:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    print(f"{what}: {error}", file=sys.stderr)
    sys.exit(code)
