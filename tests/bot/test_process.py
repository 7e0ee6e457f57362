"""The process as a whole: started, killed at any moment, started again, stopped."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot import cli
from tests.api_keys import UPDATES
from tests.bot.channels.enlace_process import COMPANY
from tests.bot.demo_process import Thumb, demo
from tests.embedded import running_redis
from tests.waiting import HUNG

pytestmark = pytest.mark.slow

_PATH: list[tuple[str, str]] = [
    ("hola", "Soy el asistente"),
    ("empezar", "Ley 1581"),
    ("ver más", "Derechos"),
    ("sí, autorizo", "Compartir mi número"),
    ("(contacto)", "Escriba su número de cédula"),
    ("1.098.765.432", "Revise antes de guardar"),
    ("corregir", "¿Qué desea corregir?"),
    ("la cédula", "Escriba su número de cédula"),
    ("52.123.456", "*52123456*"),
    ("repetir", "*52123456*"),
    ("sí, guardar", "Perfil del cliente actualizado exitosamente."),
]
"""What is typed, and what is on the screen afterwards: ten moments to be killed at."""

_GESTURES = {"(contacto)": ("contact", "own")}
"""What is done on the phone besides typing."""


def _enlace(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing but these settings."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=kept | {"PATH": "", **settings},
        capture_output=True,
        text=True,
        timeout=HUNG,
        check=False,
    )


_SETTLED = """
import gc
from bot.supervisor import settle_collector
made = [[] for _ in range(1000)]
settle_collector()
print(gc.get_freeze_count() > 1000, gc.get_threshold()[0] >= 10_000, gc.isenabled())
"""


def test_collector_is_settled() -> None:
    """What a process is made of is looked at by the collector no more; what it makes still is."""
    told = subprocess.run(
        [sys.executable, "-c", _SETTLED], capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == ["True", "True", "True"]


def test_killed_at_ten_moments(tmp_path: Path) -> None:
    """Killed -9 after each message of a conversation, it goes on where it was."""
    with demo(tmp_path / "data") as running:
        thumb = Thumb(running)
        thumb.pick_up()
        screen = ""
        for typed, _ in _PATH:
            delivery, gesture = uuid4().hex, _GESTURES.get(typed, ("say", typed))
            thumb.do(*gesture, delivery)
            running.kill()
            running.start()
            thumb.do(*gesture, delivery)  # the vendor repeats what it is not sure of
            screen = thumb.wait_for(_shown(typed))
        said = re.findall(r'class="mine">.*?<p>(.*?)</p>', screen, re.DOTALL)
        rows = json.loads((tmp_path / "data" / "wisphub.json").read_text("utf-8"))

    assert [text for text in said if not text.startswith("Contacto")] == [
        typed for typed, _ in _PATH if typed not in _GESTURES
    ]
    assert rows["1001"]["cedula"] == "52123456"


def _shown(typed: str) -> str:
    """What WhatsApp's look makes of the expected text."""
    return dict(_PATH)[typed].replace("*52123456*", "<b>52123456</b>")


def test_starts_and_stops(tmp_path: Path) -> None:
    """SIGTERM ends it cleanly, though a page is open; started again it is ready as before."""
    with demo(tmp_path / "data") as running:
        thumb = Thumb(running)
        thumb.pick_up()
        page = f"{running.url}/simulador/live?c={thumb.key}"
        with httpx.stream("GET", page, timeout=HUNG) as stream:
            assert stream.status_code == 200
            assert running.stop() == 0
        running.start()
        assert httpx.get(f"{running.url}/health/ready", timeout=HUNG).status_code == 200
        metrics = httpx.get(f"{running.url}/metrics", timeout=HUNG).text
        assert "enlace_turns_total" in metrics
        assert running.stop() == 0
    assert '"level": "error"' not in running.log()


def test_directory_in_use(tmp_path: Path) -> None:
    """A second demonstration on the same directory is told so, with its own exit code."""
    with demo(tmp_path / "data"):
        told = _enlace("demo", ENLACE_DATA_DIR=str(tmp_path / "data"), ENLACE_PORT="0")

    assert told.returncode == 75
    assert "ENLACE_DATA_DIR" in told.stderr


def test_port_in_use(tmp_path: Path) -> None:
    """A port in use is told in a sentence."""
    with demo(tmp_path / "data") as running:
        told = _enlace("demo", ENLACE_DATA_DIR=str(tmp_path / "2"), ENLACE_PORT=str(running.port))

    assert told.returncode == 69
    assert "in use" in told.stderr
    assert "Traceback" not in told.stderr


_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (("run",), {}, "ENLACE_SECRET_KEYS"),
        (("run",), {"ENLACE_SECRET_KEYS": "kurz"}, "base64"),
        (("run",), {"ENLACE_SECRET_KEYS": _KEY}, "ENLACE_API_KEYS"),
        (("run",), {"ENLACE_API_KEYS": "kurz"}, "key 1: shorter than 32 characters"),
        (("worker",), {"ENLACE_SECRET_KEYS": _KEY}, "ENLACE_WISPHUB_KEY"),
        (
            ("worker",),
            {"ENLACE_SECRET_KEYS": _KEY, "ENLACE_WISPHUB_KEY": "k"},
            "ENLACE_COMPANY_NAME, ENLACE_COMPANY_NIT",
        ),
        (("run",), {"ENLACE_WISPHUB_URL": "https://app.wisphub.io"}, "https://api.wisphub.io"),
        (("worker",), {"ENLACE_WISPHUB_KEY": "kurz und gut"}, "ENLACE_WISPHUB_KEY: "),
        (("run",), {"ENLACE_TELEGRAM_TOKEN": "kurz"}, "@BotFather"),
        (("demo",), {"ENLACE_HOST": "0.0.0.0"}, "this machine only"),
        (("demo",), {"ENLACE_PROT": "1"}, "ENLACE_PROT"),
        (("demo",), {"ENLACE_PORT": "abc"}, "ENLACE_PORT"),
    ],
)
def test_refused_settings(
    words: tuple[str, ...],
    settings: dict[str, str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Settings that cannot be used are named, with what to do, and no value is printed."""
    for name in [name for name in os.environ if name.startswith("ENLACE_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    command = cli.main.commands[words[0]]  # without the group's own step, which configures logs

    with pytest.raises(SystemExit) as ended:
        command.main([], standalone_mode=False)

    answer = capsys.readouterr().err
    assert ended.value.code == 78
    assert told in answer
    assert "kurz" not in answer


def test_refusal_ends_the_process() -> None:
    """Refused settings end the process with that exit code and that sentence, no traceback."""
    answer = _enlace("run", ENLACE_API_KEYS="kurz")

    assert answer.returncode == 78
    assert "key 1: shorter than 32 characters" in answer.stderr
    assert "kurz" not in answer.stderr
    assert "Traceback" not in answer.stderr


def test_new_key() -> None:
    """`enlace keys new` prints a key that the settings take."""
    key = _enlace("keys", "new").stdout.strip()

    assert len(key) == 44


def test_web_and_worker(tmp_path: Path) -> None:
    """Web and worker run as processes of their own on one Redis, and end cleanly."""
    with running_redis() as url, ExitStack() as stack:
        processes = [
            stack.enter_context(_running(word, tmp_path, url)) for word in ("web", "worker", "run")
        ]
        for process in processes:
            assert process.stdout is not None
            assert any("listo" in line for line in process.stdout)
        for process in processes:
            process.terminate()
            process.communicate(timeout=HUNG)

    assert [process.returncode for process in processes] == [0, 0, 0]


@contextmanager
def _running(word: str, directory: Path, redis_url: str) -> Iterator[subprocess.Popen[str]]:
    """A process, which does not outlive the test, however that ends."""
    settings = {
        "ENLACE_SECRET_KEYS": _KEY,
        "ENLACE_API_KEYS": UPDATES,
        "ENLACE_WISPHUB_KEY": "x.y",
        **COMPANY,
        "ENLACE_WISPHUB_URL": "http://127.0.0.1:9",
        "ENLACE_REDIS_URL": redis_url,
        "ENLACE_PORT": "0",
        "ENLACE_DATA_DIR": str(directory),
        "PATH": "",
    }
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", word], env=kept | settings, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_redis_away() -> None:
    """A Redis that is not there is waited for, and then told in a sentence."""
    told = _enlace(
        "web",
        ENLACE_SECRET_KEYS=_KEY,
        ENLACE_API_KEYS=UPDATES,
        ENLACE_WISPHUB_KEY="x.y",
        **COMPANY,
        ENLACE_WISPHUB_URL="http://127.0.0.1:9",
        ENLACE_REDIS_URL="redis://127.0.0.1:9",
        ENLACE_REDIS_WAIT="0.1",
        ENLACE_PORT="0",
    )

    assert told.returncode == 69
    assert "Redis: not reachable" in told.stderr
    assert "Traceback" not in told.stderr


def test_log_tells_nothing(tmp_path: Path) -> None:
    """After a whole conversation with faults, the log holds no personal data."""
    with demo(tmp_path / "data") as running:
        thumb = Thumb(running)
        thumb.pick_up()
        httpx.post(f"{running.url}/simulador/faults", data={"fault": "lost"}, timeout=HUNG)
        screen = ""
        for typed, _ in _PATH:
            thumb.do(*_GESTURES.get(typed, ("say", typed)), uuid4().hex)
            screen = thumb.wait_for(_shown(typed))

    assert "Perfil del cliente actualizado" in screen
    assert "wisphub.write_in_doubt" in running.log()
    for secret in ("1098765432", "1.098.765", "52123456", "3112223344", "hola", "Muñoz"):
        assert secret not in running.log()


def test_operators_commands(tmp_path: Path) -> None:
    """The doctor and the dead letters answer on a data directory of their own."""
    settings = {"ENLACE_SECRET_KEYS": _KEY, "ENLACE_DATA_DIR": str(tmp_path / "data")}

    doctor = _enlace("doctor", **settings)
    listed = _enlace("dead", "list", **settings)
    dropped = _enlace("dead", "drop", "00-1-1", **settings)
    retried = _enlace("dead", "retry", "nada", **settings)

    assert (doctor.returncode, listed.returncode) == (0, 0)
    assert "Redis: embedded" in doctor.stdout
    assert listed.stdout == "0 dead letters\n"
    assert (dropped.returncode, retried.returncode) == (2, 2)
    assert "No such dead letter" in dropped.stderr


def test_unfit_redis(tmp_path: Path) -> None:
    """A Redis that may evict conversations is refused, with the fix."""
    with running_redis("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru") as url:
        told = _enlace(
            "worker",
            ENLACE_SECRET_KEYS=_KEY,
            ENLACE_WISPHUB_KEY="k",
            **COMPANY,
            ENLACE_WISPHUB_URL="http://127.0.0.1:9",
            ENLACE_REDIS_URL=url,
            ENLACE_DATA_DIR=str(tmp_path),
        )

    assert told.returncode == 78
    assert "noeviction" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data that a secret key was used on."""
    directory = tmp_path_factory.mktemp("sealed")
    made = _enlace("dead", "list", ENLACE_SECRET_KEYS=_KEY, ENLACE_DATA_DIR=str(directory))
    assert made.returncode == 0
    return directory


@pytest.mark.parametrize("command", ["web", "worker", "demo", "dead list", "doctor"])
def test_other_secret_key(command: str, sealed: Path) -> None:
    """Nothing starts on data of another secret key, and what to do is told."""
    told = _enlace(
        *command.split(),
        ENLACE_SECRET_KEYS="B" + _KEY[1:],
        ENLACE_API_KEYS=UPDATES,
        ENLACE_WISPHUB_KEY="x.y",
        **COMPANY,
        ENLACE_DATA_DIR=str(sealed),
        ENLACE_PORT="0",
        ENLACE_WISPHUB_URL="http://127.0.0.1:9",
    )

    assert told.returncode == 78
    assert "this is not the key of these data" in told.stderr
    assert "Traceback" not in told.stderr
