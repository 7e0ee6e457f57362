"""What a start waits for: said in the log, and to whoever asks meanwhile."""

import structlog

_log = structlog.get_logger("enlace.redis")


class Wait:
    """Why Redis does not serve a start yet.

    Attributes:
        reason: the last one, in a few words.
    """

    def __init__(self) -> None:
        """Begin with a Redis that nobody has asked yet."""
        self.reason = "starting"
        self._told: set[str] = set()

    def note(self, reason: str, *, seconds: float) -> None:
        """Note why it is waited for, so many seconds without a change; each is logged once."""
        self.reason = reason
        if reason not in self._told:
            self._told.add(reason)
            _log.warning("redis.awaited", reason=reason, seconds=seconds)
