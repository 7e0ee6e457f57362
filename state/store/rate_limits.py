"""Gates: rate limits of vendors, which also close while an account fails.

A gate is stored in Redis, so that all senders share it. A message that must wait reserves a place,
so that a thousand waiting chats do not ask again at the same moment.
"""

from dataclasses import dataclass

from state.store import keys
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline

_PROBE = 10_000  # ms; longer than any single message may take
_FAILURES = 5  # consecutive
_PAUSE, _LONGEST = 5_000, 15_000  # ms; the first closing, and the longest: then one message tries


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages a second, and how many may go at once."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Admission:
    """A gate's answer.

    Attributes:
        wait: milliseconds; 0 is now.
        kept: a place is reserved for then; otherwise ask again.
        failing: the last message at this gate failed.
    """

    wait: int
    kept: bool
    failing: bool


class RateLimits:
    """All gates, by name."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring
        self._admit = pipeline.script("admit")
        self._heard = pipeline.script("heard")

    async def admit(self, name: str, rate: Rate | None, *, now: int) -> Admission:
        """Ask when the next message may pass; without a rate, at once unless the gate is closed."""
        interval, burst = (1000 / rate.per_second, rate.burst) if rate else (0, 1)
        (answer,) = await self._pipeline.ask(
            self._admit.call(keys=[self._key(name)], args=[now, interval, burst, _PROBE])
        )
        wait, kept, failures = answer
        return Admission(int(wait), bool(kept), failures > 0)

    async def report(
        self, name: str, *, well: bool, now: int, certain: bool = False, pause: int = 0
    ) -> int:
        """Report the result of a message; return how long (ms) the gate is closed.

        A customer who blocked us is not a failure, a rejected account is. If that is `certain` the
        gate closes at once, otherwise after some consecutive failures; for `pause` at least.
        """
        failures, first = 1 if certain else _FAILURES, max(pause, _PAUSE)
        (closed,) = await self._pipeline.ask(
            self._heard.call(
                keys=[self._key(name)],
                args=[now, int(well), failures, first, max(pause, _LONGEST)],
            )
        )
        return int(closed)

    def _key(self, name: str) -> str:
        return keys.name_key("gate", self._keyring.digest(f"gate:{name}"))
