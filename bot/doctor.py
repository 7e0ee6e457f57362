"""`enlace doctor`: check the settings and Redis; print each problem with its fix."""

import sys

from bot import bootstrap, redis_checks, redis_client
from bot.redis_checks import Finding, RedisUnfit
from bot.settings import Settings, revealed


async def examine(chosen: Settings) -> None:
    """Print the findings, each with its fix.

    Raises:
        RedisUnfit: a finding is fatal.
    """
    bootstrap.keyring_of(chosen)
    if chosen.redis_url is None:
        _print("Redis: embedded (in the data directory, appendfsync always).")
        return
    async with redis_client.reaching(revealed(chosen.redis_url)) as redis:
        findings = await redis_checks.examine(redis, bootstrap.clock)
        kept = await redis_checks.durability(redis)
    for finding in findings:
        _print(_told(finding))
    _print(f"Acknowledged changes are written to disk: {kept}.")
    grave = sum(finding.grave for finding in findings)
    if grave:
        raise RedisUnfit(f"{grave} fatal {'problem' if grave == 1 else 'problems'}, see above")
    _print("Redis: OK." if not findings else "Redis: OK with warnings.")


def _told(finding: Finding) -> str:
    return f"{'FATAL' if finding.grave else 'warning'}: {finding.what}. {finding.remedy}"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
