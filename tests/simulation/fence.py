"""Who is given an effect, or whose report counts, holds the chat's lease at that moment."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from state.store import pipeline
from tests.simulation import wire

_OWNERS = {"begin": 1, "done": 2}  # which of a script's keys is the hash of the holders


class Fence:
    """Looks at what passes between the processes and Redis."""

    def __init__(self) -> None:
        """Know the scripts as they are now, mutated or not."""
        self._owners = {_digest(name): place for name, place in _OWNERS.items()}
        self.broken = 0

    def ask(self, server: wire.Server, commands: Sequence[wire.Command]) -> list[Any]:
        """Send commands and give their answers; before each that needs a lease, ask who has it."""
        asked: list[wire.Command] = []
        for command in commands:
            asked += [_holder(command, place)] if (place := self._place(command)) else []
            asked.append(command)
        answers = iter(server.do(asked))
        return [self._checked(command, answers) for command in commands]

    def _place(self, command: wire.Command) -> int:
        return self._owners.get(command[1], 0) if command[0] == "EVALSHA" else 0

    def _checked(self, command: wire.Command, answers: Iterator[Any]) -> Any:
        if not self._place(command):
            return next(answers)
        holder, answer = next(answers), next(answers)
        token = command[3 + command[2] + 1]
        held = holder is not None and holder.decode() == token != ""
        self.broken += not (held or answer == b"FENCED" or isinstance(answer, Exception))
        return answer


def _holder(command: wire.Command, place: int) -> wire.Command:
    return ("HGET", command[3 + place], command[3 + command[2]])


def _digest(name: str) -> str:
    return hashlib.sha1(pipeline.source(name).encode(), usedforsecurity=False).hexdigest()
