"""Times as customers read them, in Colombia."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_MINUTE = 60_000  # ms

COLOMBIA = timezone(timedelta(hours=-5))  # no summer time since 1993; needs no time zone database


def local(now: int) -> datetime:
    """Convert a time (ms) to local time."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(COLOMBIA)


def date(now: int) -> str:
    """Write a time (ms) as a date."""
    return _date(now // _MINUTE)


@lru_cache(maxsize=8)
def _date(minute: int) -> str:
    return local(minute * _MINUTE).strftime("%d/%m/%Y")


def greeting(now: int) -> str:
    """Choose the greeting for that time (ms) of the day."""
    hour = local(now).hour
    if hour < 12:
        return "buenos días"
    return "buenas tardes" if hour < 19 else "buenas noches"
