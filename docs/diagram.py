"""Draws the four machines of a conversation: `make diagram` writes `docs/states.md`.

Each is walked by steps of the real one, so the page cannot say what the machine does not do.
"""

from collections.abc import Callable
from pathlib import Path

from docs.machines import account, change, dialog, speaker
from docs.machines.walk import Arrow

PAGE = Path(__file__).parent / "states.md"

_HEAD = """\
# The four machines of a conversation

Drawn from the machines by `make diagram`; a test holds the page to them. How they touch each \
other, and what the pictures do not show, stands at the head of `state/machine/__init__.py`.
"""
_DIALOG = """\
What the bot waits for. Not shown, because they work everywhere: ayuda, repetir, estado, cancelar, \
reiniciar, revocar, asesor.
"""
_SPEAKER = """\
Who answers the customer. The dialog also puts a chat into the queue by itself, where the policy \
refuses, proofs fail or a change is given up.
"""
_CHANGE = """\
What becomes of a change. One that is being decided or written is shown before the last one that \
was: if it ends with nothing written, the last one is shown again.
"""
_ACCOUNT = """\
Whether the customer can be reached, and whether the account's number proves anything yet.
"""


def draw() -> str:
    """Write the page: a Mermaid diagram of each machine."""
    return "\n".join(
        [
            _HEAD,
            *_section("Dialog", _DIALOG, "inicio", dialog.arrows(), dialog.shortened),
            *_section("Speaker", _SPEAKER, "bot", speaker.arrows()),
            *_section("Change", _CHANGE, "none", change.arrows()),
            *_section("Account", _ACCOUNT, "reachable", account.arrows()),
        ]
    )


def _section(
    title: str,
    about: str,
    first: str,
    arrows: list[Arrow],
    labelled: Callable[[list[str]], str] = ", ".join,
) -> list[str]:
    """Draw one machine, with the arrows between two states on one line."""
    merged: dict[tuple[str, str], list[str]] = {}
    for start, end, label in arrows:
        merged.setdefault((start, end), []).append(label)
    lines = [f"    {start} --> {end}: {labelled(found)}" for (start, end), found in merged.items()]
    diagram = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, "```", ""]
    return [f"## {title}", "", about, *diagram]


if __name__ == "__main__":
    PAGE.write_text(draw(), "utf-8")
