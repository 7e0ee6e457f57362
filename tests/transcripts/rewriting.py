"""A performance that writes down what the bot says now, where it does not say what is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from handlers import local
from state.effects import Effect, Say
from state.events import Event
from tests.machine_stage import MachineStage
from tests.transcripts import IN_FULL, Performance, wording
from tests.transcripts.styles import Style


class RecordingStage(MachineStage):
    """The machine's stage, which keeps what each message was made of."""

    def __init__(self) -> None:
        super().__init__()
        self.says: list[Say | None] = []

    def _performed(self, effect: Effect) -> list[Event]:
        events = super()._performed(effect)
        if len(self.messages) > len(self.says):
            self.says.append(self._greeting(effect) if isinstance(effect, Say) else None)
        return events

    def _greeting(self, say: Say) -> Say:
        greeting = {"saludo": local.greeting(self._now)}
        lines = (replace(line, values=greeting | line.values) for line in say.lines)
        return replace(say, lines=tuple(lines))


@dataclass
class Rewriting(Performance):
    """One transcript as it is now, line by line.

    Attributes:
        lines: the new transcript, so far.
        done: how many lines of the old one were performed.
    """

    stage: RecordingStage
    style: Style = field(default_factory=Style)
    lines: list[str] = field(default_factory=list)
    done: int = 0
    _instead: list[str] = field(default_factory=list)

    async def rewrite(self, path: Path) -> str:
        """Write all lines; tells why one cannot be performed, and keeps it and what follows.

        A customer presses a button that is not offered any more, for instance.
        """
        try:
            await self.perform(path)
        except AssertionError as fault:
            self.lines += path.read_text("utf-8").splitlines()[self.done :]
            return f"{path.name}:{self.done + 1}: {fault}"
        return ""

    async def _perform(self, place: str, raw: str) -> None:
        self._instead = [raw]
        await super()._perform(place, raw)
        self.lines += self._instead
        self.done += 1

    def _heard(self, place: str, who: str, text: str) -> None:  # noqa: ARG002
        """Write a line again, and before it what is new; none if there is only silence."""
        unread = self.stage.messages[self.read :]
        if text == "(nada)":
            self._instead = [] if unread else self._instead
            return
        expected = wording.pattern(text)
        same = (n for n, each in enumerate(unread) if expected.fullmatch(wording.shown(each)))
        self._instead = [self._next() for _ in range(next(same, 0))]
        if unread:
            self._instead.append(self._next(text))

    def _nothing_unread(self, place: str) -> None:  # noqa: ARG002
        while self.read < len(self.stage.messages):
            self.lines.append(self._next())

    def _next(self, old: str = "") -> str:
        """Write the next message that the customer reads."""
        message, say = self.stage.messages[self.read], self.stage.says[self.read]
        self.read += 1
        author = message.member or "bot"
        return f"{author}: {self.style.write(message, say, old)}"


def named_anywhere(paths: Iterable[Path]) -> frozenset[str]:
    """Name the texts that transcripts write by their names."""
    return frozenset(name for path in paths for name in wording.named_in(path.read_text("utf-8")))


async def rewrite_all(paths: Sequence[Path], names: Iterable[str] = ()) -> dict[Path, str]:
    """Rewrite the files that changed; gives them, and why one cannot be performed, if so.

    Texts of these names are named from now on, but where they have to stand word for word.
    """
    told: dict[Path, str] = {}
    style = Style(known=named_anywhere(paths), asked=frozenset(names))
    for path in paths:
        whole = path.stem.startswith(IN_FULL)
        rewriting = Rewriting(RecordingStage(), style=Style() if whole else style)
        fault = await rewriting.rewrite(path)
        text = "".join(f"{line}\n" for line in rewriting.lines)
        if fault or text != path.read_text("utf-8"):
            path.write_text(text, "utf-8")
            told[path] = fault
    return told
