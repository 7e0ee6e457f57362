"""Gates: what lets messages through at a vendor's rate, and closes while an account fails.

A gate stands in Redis, so that any number of senders share it. Whoever must wait keeps a place
in the queue, so that a thousand waiting chats do not ask again at the same moment.
"""

from dataclasses import dataclass

from state.store import keys
from state.store.encryption import Keyring
from state.store.rounds import Rounds

_PROBE = 10_000  # ms; longer than any one message may take
_FAILURES = 5  # in a row
_PAUSE, _LONGEST = 5_000, 300_000  # ms; the first closing, and the longest


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast: messages a second, and how many may go at once."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Admission:
    """What a gate says.

    Attributes:
        wait: milliseconds; 0 is now.
        kept: a place is kept for then; else ask again.
        failing: the last message at this gate failed.
    """

    wait: int
    kept: bool
    failing: bool


class Gates:
    """All gates, by name."""

    def __init__(self, rounds: Rounds, keyring: Keyring) -> None:
        """Share these round trips."""
        self._rounds = rounds
        self._keyring = keyring
        self._admit = rounds.script("admit")
        self._heard = rounds.script("heard")

    async def admit(self, name: str, rate: Rate | None, *, now: int) -> Admission:
        """Ask when the next message may pass; without a rate, at once unless the gate is closed."""
        interval, burst = (1000 / rate.per_second, rate.burst) if rate else (0, 1)
        (answer,) = await self._rounds.ask(
            self._admit.call(keys=[self._key(name)], args=[now, interval, burst, _PROBE])
        )
        wait, kept, failures = answer
        return Admission(int(wait), bool(kept), failures > 0)

    async def heard(
        self, name: str, *, well: bool, now: int, certain: bool = False, pause: int = 0
    ) -> int:
        """Tell how a message fared at the vendor, and learn for how long (ms) the gate is closed.

        A person's chat that is blocked is not a failure; an account that is refused is. If that is
        `certain` the gate closes at once, else after some failures in a row; for `pause` at least.
        """
        failures, first = 1 if certain else _FAILURES, max(pause, _PAUSE)
        (closed,) = await self._rounds.ask(
            self._heard.call(
                keys=[self._key(name)],
                args=[now, int(well), failures, first, max(pause, _LONGEST)],
            )
        )
        return int(closed)

    def _key(self, name: str) -> str:
        return keys.keyed("gate", self._keyring.digest(f"gate:{name}"))
