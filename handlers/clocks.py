"""How far our clock is from each channel's, measured by the messages that arrive."""

import structlog

_log = structlog.get_logger("enlace.clocks")

FAR = 60_000
"""Milliseconds of offset that are told."""

_APART = 2_000  # ms between two messages that are compared
_SAME = 5_000  # ms by which the travel of messages differs, and a stamp is coarse


class Offsets:
    """The offsets of all channels, in this process.

    A single message tells an offset and a delay in one. Two that arrive some time apart and agree
    were not held up: held-up messages come faster than they were written.
    """

    def __init__(self) -> None:
        self._offsets: dict[str, int] = {}
        self._last: dict[str, tuple[int, int]] = {}

    def of(self, channel: str) -> int:
        """Return by how many ms our clock is ahead of the channel's; 0 if nothing is known."""
        return self._offsets.get(channel, 0)

    def measure(self, channel: str, at: int, *, now: int) -> bool:
        """Take in a message stamped `at` that arrives now; true if the offset is another one."""
        lag = now - at
        seen, before = self._last.get(channel, (0, 0))
        if 0 <= now - seen < _APART:
            return False
        self._last[channel] = now, lag
        if not seen or abs(lag - before) >= _SAME:
            return False
        known, self._offsets[channel] = self.of(channel), min(lag, before)
        if abs(self.of(channel) - known) < _SAME:
            return False
        if max(abs(known), abs(self.of(channel))) >= FAR:
            _log.warning("clock.offset", channel=channel, seconds=self.of(channel) // 1000)
        return True
