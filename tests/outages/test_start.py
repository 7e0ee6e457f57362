"""A start waits for Redis, says why, and answers whoever asks; then it goes on by itself."""

from pathlib import Path

import httpx
import pytest

from bot.sandbox.server import Sandbox
from tests.api_keys import UPDATES
from tests.bot.channels.enlace_process import describe
from tests.campaign.run import is_ready
from tests.embedded import running_redis
from tests.outages.loading import loading_before
from tests.waiting import HUNG, until

pytestmark = pytest.mark.slow


async def test_start_waits_for_loading(tmp_path: Path, sandbox: Sandbox) -> None:
    """While the data load it is alive and not ready, with the reason; afterwards it serves."""
    with running_redis() as url:
        async with (
            loading_before(tmp_path / "gateway", Path(url.removeprefix("unix://"))) as gateway,
            httpx.AsyncClient(timeout=HUNG) as client,
        ):
            process = describe(tmp_path, sandbox, role="web", REDIS_URL=gateway.url)
            await process.begin()

            async def ready() -> dict[str, object]:
                answer = await client.get(f"{process.url}/health/ready")
                assert answer.headers["retry-after"] == "2"
                return {"status": answer.status_code, **answer.json()}

            async def told() -> bool:
                try:
                    return (await ready())["redis"] != "starting"
                except httpx.TransportError:
                    assert not process.ended
                    return False

            await until(told, process.log)
            assert await ready() == {"status": 503, "ok": False, "redis": "loading its data"}
            live = await client.get(f"{process.url}/health/live")
            page = await client.get(f"{process.url}/consola")
            call = await client.put(
                f"{process.url}/api/v1/clients/1001",
                json={"phone": "3001234567"},
                headers={"X-API-Key": UPDATES},
            )
            gateway.open()
            await until(lambda: is_ready(client, process.url), process.log)
            assert await process.stop() == 0

    assert live.status_code == 200
    assert {page.status_code, call.status_code} == {503}
    assert call.json()["action"] == "error"
    log = process.log.read_text("utf-8")
    assert log.count('"redis.awaited"') == 1
    assert '"reason": "loading its data"' in log
    assert gateway.refused > 0


async def test_stopped_while_it_waits(tmp_path: Path, sandbox: Sandbox) -> None:
    """A start that waits ends at once when it is told to."""
    process = describe(tmp_path, sandbox, role="web", REDIS_URL=f"unix://{tmp_path}/none")
    await process.begin()
    await until(lambda: "redis.awaited" in process.log.read_text("utf-8"), process.log)

    assert await process.stop() == 0
    assert "Traceback" not in process.log.read_text("utf-8")
