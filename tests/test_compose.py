"""The Redis of `docker-compose.yml` asks for a password, and starts without one in no case."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

_FILE = Path(__file__).parents[1] / "docker-compose.yml"


@pytest.fixture
def services() -> dict[str, Any]:
    """The services as they are written."""
    told: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))["services"]
    return told


def _start(services: dict[str, Any], place: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run what starts the Redis, with a server that tells how it was called."""
    shell, options, script = services["redis"]["command"]
    server = place / "redis-server"
    server.write_text('#!/bin/sh\necho "$@"\ncat "$1"\n')
    server.chmod(0o700)
    script = script.replace("$$", "$").replace("/tmp", str(place))  # noqa: S108  # there, it is the container's own
    env = {"PATH": f"{place}:{os.environ['PATH']}", "ENLACE_REDIS_URL": url}
    command = [shell, options, script]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_redis_has_a_password(services: dict[str, Any], tmp_path: Path) -> None:
    """The password is that of the address; it stands in no argument, and in a private file."""
    done = _start(services, tmp_path, "redis://:abc123@redis:6379/0")
    arguments, settings = done.stdout.splitlines()

    assert done.returncode == 0
    assert settings == "requirepass abc123"
    assert "abc123" not in arguments
    assert "--appendfsync always" in arguments
    assert (tmp_path / "redis.conf").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["redis://redis:6379/0", "redis://:@redis:6379/0", ""])
def test_no_password(services: dict[str, Any], tmp_path: Path, url: str) -> None:
    """An address without a password starts nothing, and says how to write it."""
    done = _start(services, tmp_path, url)

    assert (done.returncode, done.stdout) == (1, "")
    assert "redis://:PASSWORD@redis:6379/0" in done.stderr


def test_redis_is_not_published(services: dict[str, Any]) -> None:
    """Nobody reaches the Redis but the other services; ours are reached on this machine only."""
    assert "ports" not in services["redis"]
    assert services["web"]["ports"] == ["127.0.0.1:8080:8080"]
