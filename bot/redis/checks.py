"""Requirements that a Redis must meet to hold conversations; each finding has a fix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from state.store import keys
from state.store.formats import FORMAT

_log = structlog.get_logger("enlace.redis")

_OLDEST, _MAINTAINED = (6, 2), (7, 2)  # the first that will do; that serves customers
_SKEW = 2_000  # ms
_SELF_TEST = """
redis.call('HSET', KEYS[1], 'a', ARGV[1], 'b', 2)
redis.call('ZADD', KEYS[2], 'NX', ARGV[1], 'm')
redis.call('RPUSH', KEYS[3], 'x')
redis.call('XADD', KEYS[4], 'MAXLEN', '~', 10, '*', 'e', 'x')
local read = redis.call('HMGET', KEYS[1], 'a', 'b')
local answer = read[1] .. read[2] .. redis.call('ZSCORE', KEYS[2], 'm')
  .. redis.call('LLEN', KEYS[3]) .. redis.call('XLEN', KEYS[4])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
return answer
"""
_BIG = "1795442400000"  # a time in ms: more digits than some numbers of some servers have
_SELF_TEST_ANSWER = f"{_BIG}2{_BIG}11".encode()


class RedisUnfit(Exception):
    """This Redis would lose or damage conversations; the message says how to fix it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem.

    Attributes:
        grave: fatal: Enlace does not start.
        what: the problem, in a few words.
        remedy: the fix, in a sentence.
    """

    what: str
    remedy: str
    grave: bool = False


async def require(
    redis: Redis | RedisCluster, clock: Callable[[], int], *, tells: bool = True
) -> None:
    """Check, log the findings (a command leaves them to `enlace doctor`), and refuse a fatal one.

    Raises:
        RedisUnfit: a finding is fatal.
    """
    findings = await examine(redis, clock)
    for finding in findings if tells else ():
        _log.warning("redis.finding", reason=finding.what)
    grave = [f"{finding.what}. {finding.remedy}" for finding in findings if finding.grave]
    if grave:
        raise RedisUnfit(" ".join(grave))


async def examine(redis: Redis | RedisCluster, clock: Callable[[], int]) -> list[Finding]:
    """Check everything; what cannot be checked, as on a managed Redis, is a finding too."""
    findings: list[Finding] = []
    about = await _ask(findings, "INFO", lambda: _info(redis))
    findings += _of_server(about) if about else []
    settings = await _ask(findings, "CONFIG GET", lambda: _config(redis))
    findings += _of_settings(settings) if settings else []
    findings += await _of_clock(redis, clock)
    findings += await _of_scripts(redis)
    if not any(finding.grave for finding in findings):
        findings += await _of_installation(redis)
    return findings


async def durability(redis: Redis | RedisCluster) -> str:
    """Say when acknowledged turns reach the disk: `always`, `everysec`, `none` or `unknown`."""
    settings = await _ask([], "CONFIG GET", lambda: _config(redis))
    return _durability(settings) if settings else "unknown"


def _durability(settings: dict[str, str]) -> str:
    if settings.get("appendonly") != "yes":
        return "none"
    fsync = settings.get("appendfsync", "")
    return "none" if fsync == "no" else fsync


async def _ask(findings: list[Finding], what: str, ask: Callable[[], Any]) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = await ask()
    except (RedisConnectionError, RedisTimeoutError):
        raise
    except RedisError:
        remedy = f"Allow {what} to this user, or check the table in docs/operations.md by hand."
        findings.append(Finding(f"{what} is not allowed", remedy))
        return None
    return answer


async def _info(redis: Redis | RedisCluster) -> dict[str, Any]:
    return _one_of(await redis.info())


async def _config(redis: Redis | RedisCluster) -> dict[str, str]:
    found = _one_of(await redis.config_get("*"))
    return {_text(name): _text(value) for name, value in found.items()}


def _one_of(answer: Any) -> dict[Any, Any]:
    """Take the answer of one node if a cluster answered."""
    first = next(iter(answer.values()), None)
    return first if isinstance(first, dict) and ":" in str(next(iter(answer))) else answer


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _of_server(about: dict[str, Any]) -> list[Finding]:
    version = str(about.get("valkey_version") or about.get("redis_version", "0.0"))
    findings = []
    number = tuple(int(part) for part in version.split(".")[:2])
    if number < _OLDEST:
        findings.append(Finding(f"Redis {version} is too old", "Use 6.2 or newer.", grave=True))
    elif number < _MAINTAINED:
        remedy = "Use Redis 7.2 or newer, or Valkey, for more than trying out or a small office."
        findings.append(Finding(f"Redis {version} lacks later security fixes", remedy))
    if about.get("role") == "slave":
        remedy = "Set ENLACE_REDIS_URL to the master."
        findings.append(Finding("this is a read-only replica", remedy, grave=True))
    return findings


def _of_settings(settings: dict[str, str]) -> list[Finding]:
    findings = []
    if settings.get("maxmemory-policy") != "noeviction":
        limited = settings.get("maxmemory", "0") != "0"
        what = "Redis evicts keys when it is full"
        findings.append(Finding(what, "Set maxmemory-policy noeviction.", grave=limited))
    kept = _durability(settings)
    if kept == "none":
        remedy = "Set appendonly yes and appendfsync always."
        findings.append(Finding("a restart or a power cut loses conversations", remedy))
    elif kept == "everysec":
        remedy = "Set appendfsync always, or accept this loss at a power cut."
        what = "appendfsync is everysec: up to one second of data can be lost"
        findings.append(Finding(what, remedy))
    return findings


async def _of_clock(redis: Redis | RedisCluster, clock: Callable[[], int]) -> list[Finding]:
    seconds, micros = await redis.time()
    apart = abs(clock() - (seconds * 1000 + micros // 1000))
    if apart <= _SKEW:
        return []
    remedy = "Run NTP on both machines: due times are compared between machines."
    return [Finding(f"the clocks are {apart / 1000:.0f} s apart", remedy)]


async def _of_scripts(redis: Redis | RedisCluster) -> list[Finding]:
    names = [keys.ALL[0].key(f"trial:{number}") for number in range(4)]
    try:
        answer = await redis.eval(_SELF_TEST, 4, *names, _BIG)
    except (RedisConnectionError, RedisTimeoutError):
        raise
    except RedisError as error:
        remedy = "Allow this user EVAL, EVALSHA, SCRIPT and all commands on the keys enlace:*."
        return [Finding(f"scripts do not run ({type(error).__name__})", remedy, grave=True)]
    if answer != _SELF_TEST_ANSWER:
        return [Finding("scripts give wrong results", "Use Redis or Valkey.", grave=True)]
    return []


async def _of_installation(redis: Redis | RedisCluster) -> list[Finding]:
    """Compare shard count and schema with those of the first start, or record them."""
    findings = []
    for name, ours in (("shards", keys.SHARDS), ("schema", FORMAT)):
        await redis.hsetnx(keys.meta(), name, ours)
        theirs = int(await redis.hget(keys.meta(), name) or 0)
        if theirs > ours or (name == "shards" and theirs != ours):
            what = f"the data have {name} {theirs}, this program has {name} {ours}"
            remedy = "Use the version of Enlace that wrote the data, or an empty Redis."
            findings.append(Finding(what, remedy, grave=True))
        elif theirs < ours:
            what = f"an earlier version wrote these data: {name} {theirs}, this program {ours}"
            remedy = "Stop every process of that version and make a backup before you start this."
            findings.append(Finding(what, remedy))
    return findings
