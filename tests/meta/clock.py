"""The time by which Meta delivers, our own or one that jumps, and what hangs on it.

Sources are sections of the facts on WhatsApp: retries 1.4, rates 2.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

WINDOW = 24 * 3600.0  # seconds, from the customer's last message (2)
WEEK = 7 * 24 * 3600.0  # seconds; Meta's other page says 36 hours (1.4)


class Clock(Protocol):
    """Seconds since 1970."""

    def now(self) -> float:
        """Tell the time."""
        ...

    async def reach(self, at: float) -> None:
        """Wait until it is so late; at once if it already is."""
        ...


class VirtualClock:
    """A clock that nobody waits for: seven days take no longer than one yield."""

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """Tell the time."""
        return self._now

    async def reach(self, at: float) -> None:
        """Set the time forward, never back."""
        self._now = max(self._now, at)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let so much time pass."""
        self._now += seconds


class RealClock:
    """The machine's clock."""

    def now(self) -> float:
        """Tell the time."""
        return time.time_ns() / 1e9

    async def reach(self, at: float) -> None:
        """Sleep until then; a timer that fires early sleeps again."""
        while (left := at - self.now()) > 0:
            await asyncio.sleep(left)


@dataclass(kw_only=True)
class Rates:
    """What a number may send in a time; neither limit is in force unless asked for (2).

    Attributes:
        per_second: messages in any second; Meta's is 80.
        pairs: whether a user gets a message per 6 s: within 6 s a burst of 45 may borrow from the
            time that follows, and must then wait, 20 messages for 2 minutes.
    """

    per_second: int | None = None
    pairs: bool = False
    _sent: list[float] = field(default_factory=list)
    _bursts: dict[str, tuple[float, int]] = field(default_factory=dict)

    def exceeded(self, user: str, now: float) -> int | None:
        """Count a message to the user, or answer the code of the limit it is beyond."""
        self._sent = [at for at in self._sent if at > now - 1]
        if self.per_second is not None and len(self._sent) >= self.per_second:
            return 130429
        if self.pairs and not self._borrow(user, now):
            return 131056
        self._sent.append(now)
        return None

    def _borrow(self, user: str, now: float) -> bool:
        began, sent = self._bursts.get(user, (0.0, 0))
        if now >= began + 6 * sent:
            began, sent = now, 0
        elif now - began > 6 or sent >= 45:
            return False
        self._bursts[user] = began, sent + 1
        return True


class Fate(StrEnum):
    """What becomes of a send call."""

    GOOD = "good"
    THROTTLED = "429"
    FAILED = "500 unsent"
    LOST = "502 sent"
    CUT = "cut sent"

    @classmethod
    def draw(cls, chance: random.Random, faults: float) -> "Fate":
        """Let chance say."""
        return chance.choice([*cls][1:]) if chance.random() < faults else cls.GOOD


@dataclass(frozen=True, kw_only=True)
class Course:
    """What becomes of a message once it is shown, by chance.

    Attributes:
        disorder, repeats, skips: how likely statuses come out of order (1.4), one of them comes
            twice, and `delivered` never (1.6).
        reads: how likely it is read.
        lag: until the last status, at most, in seconds.
    """

    disorder: float = 0.3
    repeats: float = 0.1
    skips: float = 0.1
    reads: float = 0.9
    lag: float = 0.5

    def statuses(self, chance: random.Random) -> list[tuple[str, float, float]]:
        """Plan each status: its name, after how long it is true, and after how long it is told."""
        names = ["sent"]
        names += ["delivered"] if chance.random() >= self.skips else []
        names += ["read"] if chance.random() < self.reads else []
        true = sorted(chance.uniform(0, self.lag) for _ in names)
        told = chance.sample(true, len(true)) if chance.random() < self.disorder else true
        plan = list(zip(names, true, told, strict=True))
        return plan + ([chance.choice(plan)] if chance.random() < self.repeats else [])


@dataclass(kw_only=True)
class Due:
    """Something that is not delivered before."""

    due: float


@dataclass(kw_only=True)
class Update(Due):
    """An item on its way to the list `place`: `messages` or `statuses`."""

    place: str
    item: dict[str, Any]
    contact: dict[str, Any] | None


@dataclass(kw_only=True)
class Post(Due):
    """A body that is sent until it is answered with 200."""

    body: bytes
    updates: int
    first: float | None = None
    tries: int = 0
    repeat: bool = False

    def postpone(self, now: float, pause: float) -> bool:
        """Retry at once, then ever more slowly for seven days; False means give up (1.4)."""
        self.tries += 1
        self.due = now + (pause * 2 ** (self.tries - 2) if self.tries > 1 else 0)
        return self.first is None or self.due <= self.first + WEEK


@dataclass
class Agenda:
    """What is still to be delivered."""

    updates: list[Update] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.updates) + len(self.posts)

    def ready(self, now: float) -> list[Update]:
        """Take out the updates that are due."""
        due = [one for one in self.updates if one.due <= now]
        self.updates = [one for one in self.updates if one.due > now]
        return sorted(due, key=lambda one: one.due)

    def next(self, now: float, choose: Callable[[int], int]) -> Post | None:
        """Take out one of the POSTs that are due; `choose` says which of so many."""
        due = [one for one in self.posts if one.due <= now]
        if not due:
            return None
        post = due[choose(len(due))]
        self.posts = [one for one in self.posts if one is not post]
        post.first = now if post.first is None else post.first
        return post

    def soonest(self) -> float | None:
        """Tell when something is due again."""
        return min((one.due for one in [*self.updates, *self.posts]), default=None)


async def either(changed: asyncio.Event, clock: Clock, at: float) -> None:
    """Wait for a change, but no longer than until then."""
    waiting = {asyncio.create_task(changed.wait()), asyncio.create_task(clock.reach(at))}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
