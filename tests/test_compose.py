"""The Redis of `docker-compose.yml` asks for a password, and starts without one in no case."""

import os
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bot.redis.binary import find_bundled

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


_ANSWERS = {
    b"+PONG\r\n": 0,
    b"-LOADING Redis is loading the dataset in memory\r\n": 1,
    b"-NOAUTH Authentication required.\r\n": 1,
}


@pytest.mark.parametrize("answer", _ANSWERS)
def test_healthy_when_it_answers(services: dict[str, Any], tmp_path: Path, answer: bytes) -> None:
    """A Redis that loads its data, or takes another password, is not healthy yet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer, args=(server, answer)).start()
        client = tmp_path / "redis-cli"
        port = server.getsockname()[1]
        client.write_text(f'#!/bin/sh\nexec {find_bundled().parent}/redis-cli -p {port} "$@"\n')
        client.chmod(0o700)
        (tmp_path / "redis.conf").write_text("requirepass abc123\n")
        shell, script = services["redis"]["healthcheck"]["test"]
        assert shell == "CMD-SHELL"
        script = script.replace("$$", "$").replace("/tmp", str(tmp_path))  # noqa: S108
        env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run(["sh", "-c", script], env=env, capture_output=True, check=False)

    assert done.returncode == _ANSWERS[answer], done


def _answer(server: socket.socket, answer: bytes) -> None:
    """Take the password, and answer whatever is asked after it."""
    with server.accept()[0] as caller:
        while asked := caller.recv(4096):
            caller.sendall(b"+OK\r\n" if b"abc123" in asked else answer)


def test_loading_may_take_long(services: dict[str, Any]) -> None:
    """Others wait for the Redis, and give up on it only long after a large file is loaded."""
    assert services["redis"]["healthcheck"]["start_period"] == "30m"
    assert [services[name]["depends_on"] for name in ("web", "worker")] == [
        {"redis": {"condition": "service_healthy"}}
    ] * 2


def test_redis_is_new_enough(services: dict[str, Any]) -> None:
    """The image names a version that still gets fixes, as the doctor wants it."""
    major, minor = services["redis"]["image"].removeprefix("redis:").split("-")[0].split(".")

    assert (int(major), int(minor)) >= (7, 2)


def test_every_service_is_kept(services: dict[str, Any]) -> None:
    """Each starts again, ends in its own time, fills no disk with its log, and gains no rights."""
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert service["stop_grace_period"] in ("30s", "1m"), name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
        assert service["cap_drop"] == ["ALL"], name
