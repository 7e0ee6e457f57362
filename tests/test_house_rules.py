"""What keeps the house as it is: pages that tell the truth, modules that stay short."""

import ast
import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import PREFIX, Settings
from docs import diagram
from handlers.api.metrics import COUNTERS
from state import parts as parts_module
from state.conversation import Conversation
from state.parts import SpeakerKind
from state.records import Standing
from state.states import State
from state.store.keys import PERMANENT

_ROOT = Path(__file__).parents[1]
_CODE = [p for floor in ("bot", "handlers", "state") for p in (_ROOT / floor).rglob("*.py")]
_SCRIPTS = sorted((_ROOT / "state" / "store" / "scripts").glob("*.lua"))
_ARROW = r"    (\w+) --> (\w+): [^:;\n]+"
_OPERATIONS = (_ROOT / "docs" / "operations.md").read_text("utf-8")


def test_settings_are_documented() -> None:
    """Every setting stands on the operator's page, and in no other spelling."""
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}

    assert set(re.findall(r"`(ENLACE_[A-Z_]+)` \|", _OPERATIONS)) == names
    assert set(re.findall(r"^#? ?(ENLACE_\w+)=", _read(".env.example"), re.MULTILINE)) <= names


def test_commands_are_documented() -> None:
    """Every command stands on the operator's page."""
    for name in main.commands:
        assert f"`enlace {name}" in _OPERATIONS


def test_metrics_are_documented() -> None:
    """Every metric stands on the operator's page."""
    for name in COUNTERS:
        assert f"`enlace_{name}_total`" in _OPERATIONS


@pytest.mark.slow
def test_diagram_is_fresh() -> None:
    """The drawn machines are those of the code."""
    assert diagram.PAGE.read_text("utf-8") == diagram.draw(), "run `make diagram`"


@pytest.mark.slow
def test_diagram_is_complete() -> None:
    """Every state of the dialog, every speaker and every standing of a change is drawn."""
    drawn = {name for arrow in re.findall(_ARROW, _read("docs/states.md")) for name in arrow}

    assert {*State, *SpeakerKind, *Standing} - drawn == set()


def test_diagram_can_be_read() -> None:
    """No label holds a colon or a semicolon, at which Mermaid would end it."""
    arrows = [line for line in _read("docs/states.md").splitlines() if " --> " in line]

    assert [line for line in arrows if not re.fullmatch(_ARROW, line) and "[*]" not in line] == []


@pytest.mark.parametrize("path", _SCRIPTS, ids=lambda path: path.stem)
def test_scripts_have_heads(path: Path) -> None:
    """Every script begins with what it does, its keys, its arguments and its answers."""
    head = path.read_text("utf-8").split("\nlocal ")[0]

    assert head.startswith("-- ")
    for word in ("KEYS", "ARGV", "Answers"):
        assert word in head


def test_keys_are_tabled() -> None:
    """Every permanent kind of key stands in the table of keys."""
    table = _read("state/store/keys.py").split('"""')[1]

    for kind in PERMANENT:
        assert f"| `{kind}" in table


def test_modules_are_short() -> None:
    """No module has more than 400 lines."""
    assert max(len(path.read_text("utf-8").splitlines()) for path in _CODE) <= 400


_SPANISH = re.compile(r"[áéíóúñÁÉÍÓÚÑ¿¡]")
_SPEAKS = {
    "handlers/hours.py": "days of the week, as customers read them",
    "handlers/local.py": "greetings, as customers read them",
    "handlers/use_cases.py": "the operation's messages, word for word as the contract has them",
    "handlers/simulator/actions.py": "what an invented customer might type",
    "handlers/simulator/transcript.py": "the language of the transcripts",
}
"""Modules that may speak Spanish by themselves, and what they say."""


def test_staff_read_one_catalogue() -> None:
    """What staff read stands in the catalogue, and no other module of the handlers speaks."""
    speaking = {
        str(path.relative_to(_ROOT))
        for path in (_ROOT / "handlers").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and _SPANISH.search(str(node.value))
    }

    assert speaking == _SPEAKS.keys()


def test_glossary_points_at_files() -> None:
    """Every place that the glossary and the architecture name is there."""
    for page in ("docs/glossary.md", "docs/architecture.md"):
        places = re.findall(r"`((?:bot|handlers|state|tests|docs)/[\w./-]+)`", _read(page))
        assert places
        assert [place for place in places if not (_ROOT / place).exists()] == []


def test_architecture_names_every_module() -> None:
    """Every module and package of the three floors stands in the architecture's layers."""
    page = _read("docs/architecture.md")
    floors = [_ROOT / floor for floor in ("bot", "handlers", "state")]
    modules = [path.stem for floor in floors for path in floor.glob("[!_]*.py")]
    packages = [f"{path.parent.name}/" for floor in floors for path in floor.glob("*/__init__.py")]

    assert [name for name in modules + packages if f"`{name}`" not in page] == []


def test_pages_can_be_scanned() -> None:
    """No paragraph or item of the pages has more than 80 words, tables and code aside."""
    for path in [*(_ROOT / "docs").rglob("*.md"), _ROOT / "README.md", _ROOT / "CHANGELOG.md"]:
        prose = re.sub(r"(?ms)^```.*?^```|^\|[^\n]*", "", path.read_text("utf-8"))
        parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*#]|\d+\.) )", prose)
        assert [part for part in parts if len(part.split()) > 80] == [], path.name


_RECEIVING = """
import sys
from bot import app, bootstrap, cli
from bot.channels import registry
from bot.settings import Settings
built = registry.build_receivers(Settings(
    _env_file=None, telegram_token="4242:x", telegram_secret="s" * 32, whatsapp_token="t",
    whatsapp_phone_number_id="1", whatsapp_app_secret="a" * 32, whatsapp_verify_token="v" * 16,
))
assert sorted(built) == ["telegram", "whatsapp"]
print("aiogram" in sys.modules)
"""


@pytest.mark.slow
def test_receiving_does_not_import_a_vendor() -> None:
    """The receiving path imports no bot library: that costs seconds and a hundred megabytes."""
    told = subprocess.run(
        [sys.executable, "-c", _RECEIVING], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "False"


def _read(name: str) -> str:
    return (_ROOT / name).read_text("utf-8")


def test_records_stay_small() -> None:
    """A conversation has sixteen parts at most, and no part more than ten fields."""
    parts = [
        kind
        for kind in vars(parts_module).values()
        if dataclasses.is_dataclass(kind) and kind.__module__ == parts_module.__name__
    ]

    assert len(dataclasses.fields(Conversation)) <= 16
    assert [kind for kind in parts if len(dataclasses.fields(kind)) > 10] == []


def test_make_plays_all_proofs() -> None:
    """`make test` looks for the proofs where they are, and for nothing twice."""
    makefile = (_ROOT / "Makefile").read_text("utf-8")
    folders = re.search(r"-m proof (.+)", makefile)
    assert folders is not None

    assert _marked("proof")
    assert [
        path for path in _marked("proof") if not path.startswith(tuple(folders[1].split()))
    ] == []


@pytest.mark.parametrize("mark", ["vendors", "proof"])
def test_what_takes_long_is_slow(mark: str) -> None:
    """Whatever plays vendors or proofs stays out of the everyday part."""
    slow = set(_marked("slow"))

    assert [path for path in _marked(mark) if path not in slow] == []


def _marked(mark: str) -> list[str]:
    """List the test modules that use a mark."""
    return [
        str(path.relative_to(_ROOT))
        for path in (_ROOT / "tests").rglob("test_*.py")
        if f"pytest.mark.{mark}" in path.read_text("utf-8") and path.name != Path(__file__).name
    ]
