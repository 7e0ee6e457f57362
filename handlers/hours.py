"""The operator's office hours: whether staff are there, and when they will be back."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.local import local
from state.machine.moment import Absence

_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_NAMES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_ENTRY = re.compile(
    r"(?P<first>\w+)(?:-(?P<last>\w+))? (?P<opens>\d{1,2}:\d\d)-(?P<closes>\d{1,2}:\d\d)"
)


class HoursError(ValueError):
    """The hours cannot be parsed."""


@dataclass(frozen=True, slots=True)
class _Shift:
    """Days of the week (0 is Monday), and their hours in minutes of the day."""

    first: int
    last: int
    opens: int
    closes: int

    def covers(self, weekday: int) -> bool:
        return self.first <= weekday <= self.last


class Hours:
    """Office hours, as `lun-vie 8:00-18:00, sáb 8:00-12:00`; empty: around the clock."""

    def __init__(self, text: str = "") -> None:
        """Parse them; an error names an entry by its place, and quotes none.

        Raises:
            HoursError: they are malformed.
        """
        entries = [entry for entry in text.split(",") if entry.strip()]
        self._shifts = [_shift(number, entry) for number, entry in enumerate(entries, 1)]
        self._spelled = "; ".join(map(_spell, self._shifts))

    def absence(self, now: int) -> Absence | None:
        """Describe the hours and when staff will be back; None while they are there (`now`: ms)."""
        here = local(now)
        if not self._shifts or self._opens_after(here) is None:
            return None
        minute = here.hour * 60 + here.minute
        for shift in self._shifts:
            if shift.covers(here.weekday()) and shift.opens <= minute < shift.closes:
                return None
        return Absence(hours=self._spelled, back=self._back(here))

    def _back(self, here: datetime) -> str:
        opens = self._opens_after(here)
        assert opens is not None
        days = (opens.date() - here.date()).days
        day = {0: "hoy", 1: "mañana"}.get(days, f"el {_NAMES[opens.weekday()]}")
        return f"{day} desde las {_clock(opens.hour * 60 + opens.minute)}"

    def _opens_after(self, here: datetime) -> datetime | None:
        """Find the next opening within a week."""
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        days = [midnight + timedelta(days=ahead) for ahead in range(8)]
        openings = (
            day + timedelta(minutes=shift.opens)
            for day in days
            for shift in self._shifts
            if shift.covers(day.weekday())
        )
        return min((opening for opening in openings if opening > here), default=None)


def _shift(number: int, entry: str) -> _Shift:
    try:
        return _parse(entry)
    except HoursError as error:
        raise HoursError(f"entry {number}: {error}") from None


def _parse(entry: str) -> _Shift:
    match = _ENTRY.fullmatch(" ".join(entry.lower().split()))
    if match is None:
        raise HoursError("not of the form `lun-vie 8:00-18:00`")
    first, last = _day(match["first"]), _day(match["last"] or match["first"])
    opens, closes = _minute(match["opens"]), _minute(match["closes"])
    if first > last or opens >= closes:
        raise HoursError("ends before it begins")
    return _Shift(first, last, opens, closes)


def _day(name: str) -> int:
    plain = name[:3].replace("mie", "mié").replace("sab", "sáb")
    if plain not in _DAYS:
        raise HoursError(f"a day is one of {', '.join(_DAYS)}")
    return _DAYS.index(plain)


def _minute(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    if hour * 60 + minute > 24 * 60 or minute > 59:
        raise HoursError("a time of day is one of 0:00 to 24:00")
    return hour * 60 + minute


def _spell(shift: _Shift) -> str:
    days = _NAMES[shift.first]
    if shift.last > shift.first:
        days += f" a {_NAMES[shift.last]}"
    return f"{days} de {_clock(shift.opens)} a {_clock(shift.closes)}"


def _clock(minute: int) -> str:
    """Write a time as Colombians read it."""
    hour, rest = divmod(minute, 60)
    if minute == 12 * 60:
        return "12:00 m."
    return f"{(hour - 1) % 12 + 1}:{rest:02d} {'a. m.' if hour % 24 < 12 else 'p. m.'}"
