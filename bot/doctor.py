"""`enlace doctor`: is everything as it should be, and what to do where it is not."""

import sys

from bot import bootstrap, redis_checks, redis_client
from bot.redis_checks import Finding, RedisUnfit
from bot.settings import Settings, revealed


async def examine(chosen: Settings) -> None:
    """Print what is found and what to do.

    Raises:
        RedisUnfit: something is grave.
    """
    bootstrap.keyring_of(chosen)
    if chosen.redis_url is None:
        _print("Redis: none of your own; one is started in the data directory, appendfsync always.")
        return
    async with redis_client.reaching(revealed(chosen.redis_url)) as redis:
        findings = await redis_checks.examine(redis, bootstrap.clock)
        kept = await redis_checks.durability(redis)
    for finding in findings:
        _print(_told(finding))
    _print(f"What is acknowledged is on disk: {kept}.")
    grave = sum(finding.grave for finding in findings)
    if grave:
        raise RedisUnfit(f"{grave} grave")
    _print("Redis is fit." if not findings else "Redis will do.")


def _told(finding: Finding) -> str:
    return f"{'GRAVE' if finding.grave else 'note'}: {finding.what}. {finding.remedy}"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
