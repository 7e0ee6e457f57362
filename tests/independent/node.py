"""Finds Node.js and the packages that `tests/independent/install` puts beside the tests."""

import shutil
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_PACKAGES = _HERE.parents[1] / ".venv" / "independent"


def command(script: str) -> list[str]:
    """Give the command of a script of ours, the packages as its first argument.

    A machine without them fails; it skips only where they could not be fetched, and says so.
    """
    unreachable = _PACKAGES / "unreachable"
    if unreachable.exists():
        pytest.skip(unreachable.read_text("utf-8").strip())
    node = shutil.which("node")
    if node is None or not (_PACKAGES / "ready").exists():
        pytest.fail("no independent judges here: run tests/independent/install")
    return [node, str(_HERE / script), str(_PACKAGES)]
