"""Commands beside a running installation with an embedded Redis, as processes of their own."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import bootstrap, cli
from bot.redis.beside import reaching
from bot.redis.errors import OwnerGone
from bot.redis.ownership import try_lock
from bot.redis.server import find_socket, ping
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from tests.bot.channels.enlace_process import Enlace, enlace
from tests.telegram import api as bot_api
from tests.telegram.api import TOKEN, BotApi
from tests.telegram.clock import VirtualClock
from tests.telegram.server import TelegramServer
from tests.waiting import HUNG, until

pytestmark = pytest.mark.slow

Answer = tuple[int, str, str]
"""How a command ended: its exit code, and what it wrote."""


@pytest.fixture
async def running(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Enlace]:
    """An installation that serves, on its embedded Redis."""
    async with enlace(tmp_path, sandbox) as started:
        yield started


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    """The Bot API: an invitation asks for the bot's name."""
    chance = random.Random(3)
    server = TelegramServer(VirtualClock(), chance)
    async with bot_api.running(BotApi(server=server, chance=chance)) as api:
        yield api


async def command(settings: dict[str, str], *words: str, **more: str) -> Answer:
    """Run a command with the settings of an installation."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    added = {f"ENLACE_{name}": value for name, value in more.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=kept | settings | {"PATH": "", "PYTHONPATH": os.pathsep.join(sys.path)} | added,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(HUNG):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def _files(directory: Path) -> dict[str, int]:
    """Name each file that only the owner of the directory may repair or replace."""
    owned = ("appendonly.aof", "redis.pid", "redis.log", "redis.sock", "lock", "redis.lock")
    return {name: (directory / name).stat().st_ino for name in owned}


async def test_commands_beside_a_running_one(running: Enlace, telegram: BotApi) -> None:
    """Commands work while the installation serves, all at once; a second installation does not."""
    data = Path(running.settings["ENLACE_DATA_DIR"])
    before = _files(data)
    invited, listed, rotated, examined, members, second = await asyncio.gather(
        command(
            running.settings, "invite", "1001",
            TELEGRAM_TOKEN=TOKEN, TELEGRAM_SECRET="secreto-secreto", TELEGRAM_API_URL=telegram.url,
        ),
        command(running.settings, "dead", "list"),
        command(running.settings, "keys", "rotate"),
        command(running.settings, "doctor"),
        command(running.settings, "staff", "list"),
        command(running.settings, "run", PORT="0"),
    )  # fmt: skip

    assert (invited[0], "https://t.me/" in invited[1]) == (0, True)
    assert listed[:2] == (0, "0 dead letters\n")
    assert (rotated[0], "re-encrypted" in rotated[1]) == (0, True)
    assert (examined[0], "Redis: OK" in examined[1]) == (0, True)
    assert members[0] == 0
    assert "Redis 6.2.14 lacks later security fixes" in examined[1]
    assert (second[0], "ENLACE_DATA_DIR" in second[2], "Traceback" in second[2]) == (
        75,
        True,
        False,
    )
    assert _files(data) == before
    assert await running.stop() == 0


async def test_after_a_crash(running: Enlace) -> None:
    """What a killed installation leaves is not taken for a running one; a start awaits commands."""
    data = Path(running.settings["ENLACE_DATA_DIR"])
    await running.kill()
    assert (data / "redis.sock").exists()

    assert (await command(running.settings, "dead", "list"))[:2] == (0, "0 dead letters\n")
    async with reaching(data):
        starting = asyncio.create_task(running.start())
        await until(lambda: "data.command_awaited" in running.log.read_text("utf-8"))
        assert not starting.done()
    await starting


async def test_commands_alone(tmp_path: Path) -> None:
    """Where nothing runs, commands that come at once take turns, and leave nothing running."""
    settings = {"ENLACE_DATA_DIR": str(tmp_path), "ENLACE_SECRET_KEYS": "A" * 43 + "="}

    answers = await asyncio.gather(*(command(settings, "dead", "list") for _ in range(2)))

    assert [answer[:2] for answer in answers] == [(0, "0 dead letters\n")] * 2
    with (tmp_path / "redis.lock").open("ab") as lock:  # held while a server lives
        assert try_lock(lock)


async def test_installation_killed_during_a_command(
    running: Enlace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command whose Redis goes away ends with a sentence that says what to do."""
    for name, value in running.settings.items():
        monkeypatch.setenv(name, value)
    assert running.process is not None
    pid = running.process.pid

    async def program(settings: Settings) -> None:
        async with bootstrap.open_for_command(settings) as application:
            os.kill(pid, signal.SIGKILL)
            await until(lambda: _unreachable(settings.data_dir))
            await application.store.dead.list()

    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(cli._start, program)

    told = capsys.readouterr().err
    assert (ended.value.code, told) == (69, f"Unavailable: {OwnerGone.__doc__}\n")


async def _unreachable(directory: Path) -> bool:
    return not await ping(find_socket(directory))
