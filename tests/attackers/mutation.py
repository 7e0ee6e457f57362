"""Ways to change one rule of the running program: in a function, a script, the policy's table."""

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from types import FunctionType
from typing import Any, Protocol

from state import policy
from state.policy import Decision, Situation
from state.proof import Level
from state.store import pipeline


class Mutant(Protocol):
    """One change of the rules."""

    @property
    def fault(self) -> str:
        """Tell what it stands for."""
        ...

    @property
    def name(self) -> str:
        """Tell it from the others."""
        ...

    def apply(self) -> AbstractContextManager[None]:
        """Change the rules while the context lasts."""
        ...


@dataclass(frozen=True, slots=True)
class InCode:
    """A replacement in one function: `module:qualified.name`."""

    fault: str
    place: str
    before: str
    after: str

    @property
    def name(self) -> str:
        return f"{self.place}: {_shorten(self.before, self.after)}"

    @contextmanager
    def apply(self) -> Iterator[None]:
        module_name, _, name = self.place.partition(":")
        module = import_module(module_name)
        function = _plain(attrgetter(name)(module))
        source = textwrap.dedent(inspect.getsource(function))
        namespace = dict(vars(module))
        exec(compile(_replace(self, source), self.name, "exec"), namespace)  # noqa: S102
        before = function.__code__
        function.__code__ = _plain(namespace[function.__name__]).__code__
        try:
            yield
        finally:
            function.__code__ = before


@dataclass(frozen=True, slots=True)
class InScript:
    """A replacement in one script of the store."""

    fault: str
    script: str
    before: str
    after: str

    @property
    def name(self) -> str:
        return f"{self.script}.lua: {_shorten(self.before, self.after)}"

    @contextmanager
    def apply(self) -> Iterator[None]:
        source = pipeline.source
        mutated = _replace(self, source(self.script))
        pipeline.source = lambda name: mutated if name == self.script else source(name)
        try:
            yield
        finally:
            pipeline.source = source


@dataclass(frozen=True, slots=True)
class InPolicy:
    """Another decision in one cell of the policy's table."""

    fault: str
    situation: Situation
    level: Level
    decision: Decision

    @property
    def name(self) -> str:
        return f"policy: {self.situation} at {self.level} → {self.decision}"

    @contextmanager
    def apply(self) -> Iterator[None]:
        row = policy.BALANCED[self.situation]
        assert row[self.level] is not self.decision, f"{self.name}: it is already"
        cells: Any = (*row[: self.level], self.decision, *row[self.level + 1 :])
        policy.BALANCED[self.situation] = cells
        try:
            yield
        finally:
            policy.BALANCED[self.situation] = row


def _plain(named: Any) -> FunctionType:
    """Give the function behind a name, or behind a property."""
    function = named.fget if isinstance(named, property) else named
    assert isinstance(function, FunctionType)
    return function


def _replace(mutant: InCode | InScript, source: str) -> str:
    count = source.count(mutant.before)
    assert count == 1, f"{mutant.name}: stands there {count}×"
    return source.replace(mutant.before, mutant.after)


def _shorten(before: str, after: str) -> str:
    return " ".join(f"{before} → {after}".split())
