"""A start while Redis does not serve: what is answered meanwhile, and what becomes of it."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.sandbox.server import Sandbox
from tests.bot.channels.enlace_process import Enlace, describe
from tests.outages.kinds import Kind
from tests.outages.phones import SECRET, TOKEN
from tests.outages.redises import OwnRedis
from tests.waiting import HUNG, until

KINDS = (
    Kind.STOPPED, Kind.LOADING, Kind.FULL, Kind.READ_ONLY, Kind.STALLED, Kind.OTHER_KEY,
    Kind.PASSWORD,
)  # fmt: skip
"""What a start can meet."""

PATHS = ("/health/live", "/health/ready", "/consola", "/webhooks/telegram")
_LOADING = 45.0  # seconds: longer than a start takes beside others


@dataclass
class Started:
    """What became of one.

    Attributes:
        answers: by path, while it waited.
        code: with which it ended by itself; None if it went on once Redis served.
        told: its last words, if it ended.
    """

    kind: Kind
    answers: dict[str, str]
    code: int | None = None
    told: str = ""

    @property
    def end(self) -> str:
        """Say what became of it."""
        told = self.told.partition(". ")[0].partition(" (")[0]
        return "ready by itself" if self.code is None else f"exit code {self.code}: {told}"


async def start_into(kind: Kind, sandbox: Sandbox) -> Started:
    """Start `enlace web` while an operator's own Redis is in that state; then heal it."""
    with tempfile.TemporaryDirectory(prefix="enlace-") as place:
        redis = OwnRedis(Path(place))
        process = describe(
            Path(place), sandbox, role="web", REDIS_URL=f"unix://{redis.socket}",
            TELEGRAM_TOKEN=TOKEN, TELEGRAM_SECRET=SECRET,
        )  # fmt: skip
        try:
            await _prepare(redis, kind)
            await redis.harm(kind, _LOADING)
            await process.begin()
            return await _follow(Started(kind, {}), redis, process)
        finally:
            if not process.ended:
                await process.kill()
            redis.end()


async def _prepare(redis: OwnRedis, kind: Kind) -> None:
    if kind is Kind.OTHER_KEY:
        await redis.prepare_other()
    await redis.start()
    await redis.ask("PING")
    if kind is Kind.LOADING:
        await redis.fill(50_000)
        await redis.rewrite()


async def _follow(started: Started, redis: OwnRedis, process: Enlace) -> Started:
    async with httpx.AsyncClient(base_url=process.url, timeout=HUNG) as client:

        async def told() -> bool:
            """Wait for a reason, or for its end."""
            if process.ended:
                return True
            try:
                answer = await client.get("/health/ready")
            except httpx.TransportError:
                return False
            return bool(answer.json().get("redis") != "starting")

        await until(told, started.kind)
        if not process.ended:
            started.answers = {path: await _ask(client, path) for path in PATHS}
            await redis.heal(started.kind)
            await until(lambda: _is_ready(client), started.kind)
            await process.stop()
            return started
    assert process.process is not None
    started.code = process.process.returncode
    started.told = process.log.read_text("utf-8").splitlines()[-1]
    return started


async def _ask(client: httpx.AsyncClient, path: str) -> str:
    if path.startswith("/webhooks"):
        header = {"x-telegram-bot-api-secret-token": SECRET}
        answer = await client.post(path, json={"update_id": 1}, headers=header)
    else:
        answer = await client.get(path)
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) > 0
    reason = json.loads(answer.text).get("redis", "") if path == "/health/ready" else ""
    return f"{answer.status_code} {reason}".strip()


async def _is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).is_success


async def start_into_all(sandbox: Sandbox) -> list[Started]:
    """Start into each kind, one after the other."""
    return [await start_into(kind, sandbox) for kind in KINDS]
