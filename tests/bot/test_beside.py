"""One version beside another on the same Redis: nothing is written by whoever does not know it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Said
from state.store import keys, wire
from state.store.encryption import Keyring
from state.store.formats import FORMAT
from state.store.refiling import FILED
from state.store.store import Store
from tests import installation
from tests.api_keys import UPDATES
from tests.bot.channels.enlace_process import COMPANY, Enlace, enlace
from tests.frozen import reading_0_1
from tests.house_stage import HouseStage
from tests.inboxes import list_all
from tests.values import values

pytestmark = pytest.mark.slow

_KEY = bytes(32)
_BEFORE = "3052df0"
"""The last commit of 0.1; where its history is at hand, the whole of it is started."""

_CHAT = Chat(channel="telegram", account="4242", id="7")
_HOOK = "secreto-secreto-secreto-secreto-"
_SECRET = {"x-telegram-bot-api-secret-token": _HOOK}
_UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1_795_442_400,
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 7, "is_bot": False, "first_name": "A"},
        "text": "buenas",
    },
}


@pytest.fixture
async def spoken(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A chat that was begun, on an installation of today."""
    await redis.hset(keys.meta(), mapping={"shards": 16, "schema": FORMAT, "resealed": FORMAT})
    await redis.hset(keys.meta(), "filed", FILED)  # or a walk would meet first what is put here
    stage = HouseStage(redis, sandbox, keyring=Keyring((_KEY,)))
    said = Said(text="buenas", message="1")
    await stage.turns.take(_CHAT, Delivery(id="first", event=said, at=stage.clock()))
    shard = keys.shard_of(stage.store.key(_CHAT))
    await redis.delete(
        keys.name_key("out", stage.store.key(_CHAT)), *map(shard.key, ("odue", "bell"))
    )
    yield stage
    await stage.aclose()


def _running(directory: Path, sandbox: Sandbox, redis_url: str, role: str) -> Any:
    return enlace(
        directory,
        sandbox,
        role=role,
        REDIS_URL=redis_url,
        TELEGRAM_TOKEN="4242:x",
        TELEGRAM_SECRET=_HOOK,
        TELEGRAM_API_URL="http://127.0.0.1:9",
    )


async def _put_newer(redis: Redis, stage: HouseStage) -> None:
    """Let a newer version have written the chat's record."""
    name = keys.name_key("chat", stage.store.key(_CHAT))
    place = f"record:{stage.store.key(_CHAT)}:{int(await redis.hget(name, 'v') or 0)}"
    sealed = Keyring((_KEY,)).seal(bytes([FORMAT + 1]) + b"\x93\x01\x02", place=place)
    await redis.hset(name, "st", sealed)


async def _sealed(redis: Redis, chat: str) -> bytes:
    sealed = wire.blob(await redis.hget(keys.name_key("chat", chat), "st"))
    assert sealed is not None
    return sealed


async def _ended(running: Enlace) -> tuple[int, str]:
    assert running.process is not None
    async with asyncio.timeout(60):
        code = await running.process.wait()
    return code, running.log.read_text("utf-8")


async def test_newer_record(
    redis: Redis, redis_url: str, sandbox: Sandbox, tmp_path: Path, spoken: HouseStage
) -> None:
    """A process that meets a record one format newer answers 503, writes nothing and ends 78."""
    async with _running(tmp_path, sandbox, redis_url, "web") as running:
        await _put_newer(redis, spoken)
        before = await values(redis)
        async with httpx.AsyncClient() as vendor:
            hook = f"{running.url}/webhooks/telegram"
            answer = await vendor.post(hook, json=_UPDATE, headers=_SECRET)
        code, told = await _ended(running)

    assert (answer.status_code, code) == (503, 78)
    assert int(answer.headers["retry-after"]) > 0
    assert "A newer version of Enlace writes these data" in told
    assert "Traceback" not in told
    assert await values(redis) == before


async def test_newer_schema(
    redis: Redis, redis_url: str, sandbox: Sandbox, tmp_path: Path, spoken: HouseStage
) -> None:
    """A running process ends once a newer version has begun, and does not start again."""
    async with _running(tmp_path, sandbox, redis_url, "web") as running:
        await redis.hset(keys.meta(), "schema", FORMAT + 1)
        before = await values(redis)
        assert (await _ended(running))[0] == 78
        again = await asyncio.to_thread(_start, Path.cwd(), redis_url)

    assert again.returncode == 78
    assert f"the data have schema {FORMAT + 1}" in again.stderr
    assert await values(redis) == before
    assert not spoken.store.formats.newer


async def test_worker(redis: Redis, redis_url: str, spoken: HouseStage) -> None:
    """A worker whose timer belongs to a newer record ends like a web process."""
    await _put_newer(redis, spoken)
    shard = keys.shard_of(spoken.store.key(_CHAT))
    await redis.zadd(shard.key("timers"), {spoken.store.key(_CHAT): 1})
    before = await values(redis)

    told = await asyncio.to_thread(_start, Path.cwd(), redis_url, "worker")

    assert told.returncode == 78
    assert "A newer version of Enlace writes these data" in told.stderr
    assert await values(redis) == before


def _start(code: Path, redis_url: str, role: str = "web") -> subprocess.CompletedProcess[str]:
    """Start a process of the code in that folder, and wait until it has ended by itself."""
    settings = {
        "ENLACE_SECRET_KEYS": "A" * 43 + "=",
        "ENLACE_API_KEYS": UPDATES,
        "ENLACE_WISPHUB_KEY": "x.y",
        "ENLACE_WISPHUB_URL": "http://127.0.0.1:9",
        "ENLACE_REDIS_URL": redis_url,
        "ENLACE_PORT": "0",
        **COMPANY,
    }
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-m", "bot", role],
        env=kept | {"PATH": "", "PYTHONPATH": str(code), **settings},
        cwd=code,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


async def test_first_start(redis: Redis, redis_url: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """The first start on data of 0.1 shuts 0.1 out before it serves, and carries all forward."""
    await installation.put_back(redis)

    async with _running(tmp_path, sandbox, redis_url, "web") as running:
        assert await reading_0_1.grave(redis)
        async with asyncio.timeout(60):
            while await redis.hget(keys.meta(), "resealed") is None:
                await asyncio.sleep(0.01)
        assert await running.stop() == 0

    store = Store(redis, Keyring((_KEY,)), token="after")
    await store.formats.look()
    assert not store.formats.old
    rows = [row for row in installation.rows() if ":chat:" in row["key"]]
    assert len(await list_all(store)) == len(rows)
    assert "walk.finished" in running.log.read_text("utf-8")


async def test_before_beside_today(redis: Redis, spoken: HouseStage) -> None:
    """0.1 does not start on data of today, and if it ran already, it opens no record of today."""
    before = await values(redis)
    sealed = await _sealed(redis, spoken.store.key(_CHAT))

    assert await reading_0_1.grave(redis) == [
        f"this installation has {FORMAT} as its schema, this program 1"
    ]
    with pytest.raises(reading_0_1.Unsealable):
        reading_0_1.opened(_KEY, sealed, chat=spoken.store.key(_CHAT))
    assert await values(redis) == before


async def test_before_reads_its_own(redis: Redis) -> None:
    """What is kept of 0.1 reads what 0.1 wrote: it is the code that it says it is."""
    await installation.put_back(redis)
    chats = [keys.digest_of(n.decode()) async for n in redis.scan_iter(keys.every("chat"))]

    assert await reading_0_1.grave(redis) == []
    for chat in chats:
        sealed = await _sealed(redis, chat)
        assert reading_0_1.opened(_KEY, sealed, chat=chat).startswith(b"{")


def _unpacked(directory: Path) -> bool:
    """Unpack the whole of 0.1, if its history is here."""
    root = Path(__file__).parents[2]
    packed = subprocess.run(
        ["git", "-C", str(root), "archive", _BEFORE], capture_output=True, check=False
    )
    if packed.returncode:
        return False
    subprocess.run(["tar", "-x", "-C", str(directory)], input=packed.stdout, check=True)
    return True


async def test_whole_of_before_beside_today(
    redis: Redis, redis_url: str, tmp_path: Path, spoken: HouseStage
) -> None:
    """The whole of 0.1, started on data of today, writes nothing and says what to do."""
    if not _unpacked(tmp_path):
        pytest.skip("the history of 0.1 is not here; its reading code above was tried")
    before = await values(redis)

    told = await asyncio.to_thread(_start, tmp_path, redis_url)

    assert told.returncode == 78
    assert f"this installation has {FORMAT} as its schema, this program 1" in told.stderr
    assert await values(redis) == before
    assert spoken.store.formats.newer is False
