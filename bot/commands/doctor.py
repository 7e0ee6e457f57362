"""`enlace doctor`: check the settings and Redis; print each problem with its fix."""

import sys
from collections.abc import Mapping
from uuid import uuid4

from bot import bootstrap
from bot.channels import registry
from bot.redis import checks as redis_checks
from bot.redis.checks import Finding, RedisUnfit
from bot.settings import Settings
from state.store.store import Store

_LOOKED_AT = 1_000  # chats of each shard in which something waits


async def examine(settings: Settings) -> None:
    """Print the findings, each with its fix.

    Raises:
        RedisUnfit: a finding is fatal.
    """
    keyring = bootstrap.read_keyring(settings)
    if settings.redis_url is None:
        _print("Redis: embedded (in the data directory, appendfsync always).")
    async with bootstrap.reach_redis(settings, owns=False) as (redis, _):
        findings = await redis_checks.examine(redis, bootstrap.clock)
        store = Store(redis, keyring, token=uuid4().hex)
        waiting = await store.outbox.waiting_by_channel(most=_LOOKED_AT)
        findings += _of_channels(settings, waiting)
        findings += _of_clocks(await store.clocks.list_far())
        kept = await redis_checks.durability(redis)
    for finding in findings:
        _print(_describe(finding))
    _print(f"Acknowledged changes are written to disk: {kept}.")
    grave = sum(finding.grave for finding in findings)
    if grave:
        raise RedisUnfit(f"{grave} fatal {'problem' if grave == 1 else 'problems'}, see above")
    _print("Redis: OK." if not findings else "Redis: OK with warnings.")


def _of_channels(settings: Settings, waiting: Mapping[str, int]) -> list[Finding]:
    """Report chats that wait for a channel that was removed from the settings."""
    remedy = "Set the channel up again and restart: messages stay queued, and are sent in order."
    return [
        Finding(f"{count} chats wait for {channel}, which the settings do not name", remedy)
        for channel, count in sorted(waiting.items())
        if channel not in registry.names(settings)
    ]


def _of_clocks(far: Mapping[str, int]) -> list[Finding]:
    """Report channels whose clock is not ours."""
    remedy = "Set this machine's clock by NTP: codes, locks and reminders are timed by it."
    return [
        Finding(f"this machine's clock is {abs(seconds)} s {way} the clock of {channel}", remedy)
        for channel, seconds in far.items()
        for way in ("ahead of" if seconds > 0 else "behind",)
    ]


def _describe(finding: Finding) -> str:
    return f"{'FATAL' if finding.grave else 'warning'}: {finding.what}. {finding.remedy}"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
