"""What is asked of a Redis before the start: each finding with its remedy, on real servers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot import bootstrap
from bot.commands import doctor
from bot.redis import checks as redis_checks
from bot.redis import client as redis_client
from bot.redis.checks import Finding, RedisUnfit
from bot.settings import Settings
from state.store import keys
from tests.cluster import running_cluster
from tests.embedded import running_redis

_LOSES = "a restart or a power cut loses conversations"
_AGED = "Redis 6.2.14 lacks later security fixes"  # the embedded one, on which tests run
_LAGS = "appendfsync is everysec: up to one second of data can be lost"


@pytest.fixture
async def own() -> AsyncIterator[Redis]:
    """A Redis as somebody may have set it up: durable, and otherwise as it comes."""
    with running_redis("--appendonly", "yes", "--appendfsync", "always") as url:
        async with redis_client.connect(url) as redis:
            yield redis


async def _told(redis: Redis) -> dict[str, bool]:
    findings = await redis_checks.examine(redis, bootstrap.clock)
    assert all(finding.remedy.endswith(".") for finding in findings)
    return {finding.what: finding.grave for finding in findings if finding.what != _AGED}


async def test_fit(own: Redis) -> None:
    """A durable Redis that never evicts has nothing against it; the first start leaves its mark."""
    assert await _told(own) == {}

    assert await redis_checks.durability(own) == "always"
    assert await own.hgetall(keys.meta()) == {b"shards": b"16", b"schema": b"2"}
    assert await own.keys("*trial*") == []
    await redis_checks.require(own, bootstrap.clock)


@pytest.mark.parametrize(
    ("setting", "value", "what", "grave"),
    [
        ("appendonly", "no", _LOSES, False),
        ("appendfsync", "no", _LOSES, False),
        ("appendfsync", "everysec", _LAGS, False),
        ("maxmemory-policy", "allkeys-lru", "Redis evicts keys when it is full", False),
    ],
)
async def test_settings(own: Redis, setting: str, value: str, what: str, grave: bool) -> None:  # noqa: FBT001
    """What is set otherwise is told."""
    await own.config_set(setting, value)

    assert await _told(own) == {what: grave}


async def test_eviction(own: Redis) -> None:
    """A Redis that would throw conversations away is refused."""
    await own.config_set("maxmemory-policy", "volatile-ttl")
    await own.config_set("maxmemory", "100mb")

    with pytest.raises(RedisUnfit, match="noeviction"):
        await redis_checks.require(own, bootstrap.clock)


async def test_replica(own: Redis) -> None:
    """A read-only replica is refused, whatever else it says."""
    await own.replicaof("127.0.0.1", 9)

    told = await _told(own)

    assert told["this is a read-only replica"]


async def test_other_installation(own: Redis) -> None:
    """Data of another shard count, or of a newer version, are not touched."""
    await own.hset(keys.meta(), mapping={"shards": 32, "schema": 9})

    told = await _told(own)

    assert told == {
        "the data have shards 32, this program has shards 16": True,
        "the data have schema 9, this program has schema 2": True,
    }


async def test_earlier_version(own: Redis) -> None:
    """Data of an earlier version are told of; looking at them changes nothing."""
    await own.hset(keys.meta(), mapping={"shards": 16, "schema": 1})

    told = await _told(own)

    assert told == {"an earlier version wrote these data: schema 1, this program 2": False}
    assert await own.hget(keys.meta(), "schema") == b"1"


async def test_forbidden(own: Redis) -> None:
    """A user that may not look is told what to look at; one that may not run scripts is refused."""
    await own.acl_setuser(
        "default", enabled=True, nopass=True, categories=["+@all"], commands=["-config", "-info"]
    )
    assert await _told(own) == {"INFO is not allowed": False, "CONFIG GET is not allowed": False}
    assert await redis_checks.durability(own) == "unknown"

    await own.acl_setuser("default", enabled=True, nopass=True, commands=["-eval"])
    assert (await _told(own))["scripts do not run (NoPermissionError)"]


async def test_clock(own: Redis) -> None:
    """Clocks that are apart are told: due times are compared between machines."""
    findings = await redis_checks.examine(own, lambda: bootstrap.clock() + 5000)

    assert [finding.what for finding in findings] == [_AGED, "the clocks are 5 s apart"]


def test_version() -> None:
    """What is too old is refused, what is old is told; Valkey tells its own version."""
    assert redis_checks._of_server({"redis_version": "6.0.16"})[0].grave
    (aged,) = redis_checks._of_server({"redis_version": "6.2.14"})
    assert (aged.what, aged.grave) == (_AGED, False)
    assert "7.2" in aged.remedy
    assert redis_checks._of_server({"redis_version": "7.2.0"}) == []
    assert redis_checks._of_server({"redis_version": "5.0", "valkey_version": "8.0.1"}) == []


@pytest.mark.slow
async def test_cluster() -> None:
    """A cluster is examined like one server."""
    with running_cluster() as url:
        async with redis_client.reaching(url) as cluster:
            findings = await redis_checks.examine(cluster, bootstrap.clock)

    assert [finding.what for finding in findings] == [_AGED, _LOSES]


_KEY = SecretStr("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")


async def test_doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The doctor tells each finding with its remedy, and how durable Redis is."""
    with running_redis("--appendonly", "yes", "--appendfsync", "everysec") as url:
        settings = Settings(
            _env_file=None, secret_keys=_KEY, redis_url=SecretStr(url), data_dir=tmp_path
        )
        await doctor.examine(settings)
        told = capsys.readouterr().out
        async with redis_client.connect(url) as redis:
            await redis.hset(keys.meta(), "shards", "4")
        with pytest.raises(RedisUnfit):
            await doctor.examine(settings)
    await doctor.examine(Settings(_env_file=None, secret_keys=_KEY, data_dir=tmp_path))

    assert f"warning: {_LAGS}. Set" in told
    assert "written to disk: everysec" in told
    assert "FATAL: the data have shards 4" in capsys.readouterr().out


def test_finding() -> None:
    """A finding is told in one line."""
    assert (
        doctor._describe(Finding("It burns", "Put it out.", grave=True))
        == "FATAL: It burns. Put it out."
    )
