"""When people answer, as the operator writes it and the customer reads it."""

from datetime import datetime

import pytest

from handlers.hours import Hours, HoursError
from handlers.local import COLOMBIA
from state.machine.moment import Absence

_OFFICE = "lun-vie 8:00-18:00, sáb 8:00-12:00"
_SPELLED = "lunes a viernes de 8:00 a. m. a 6:00 p. m.; sábado de 8:00 a. m. a 12:00 m."


def _at(day: int, time: str) -> int:
    """Give the milliseconds of a time in November 2026; the 23rd is a Monday."""
    hour, minute = map(int, time.split(":"))
    return int(datetime(2026, 11, day, hour, minute, tzinfo=COLOMBIA).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "time", "back"),
    [
        (23, "7:59", "hoy desde las 8:00 a. m."),
        (23, "18:00", "mañana desde las 8:00 a. m."),
        (27, "23:30", "mañana desde las 8:00 a. m."),
        (28, "12:00", "el lunes desde las 8:00 a. m."),
        (29, "0:00", "mañana desde las 8:00 a. m."),
    ],
)
def test_away(day: int, time: str, back: str) -> None:
    """While nobody is here it is told when people are back."""
    assert Hours(_OFFICE).absence(_at(day, time)) == Absence(hours=_SPELLED, back=back)


@pytest.mark.parametrize(("day", "time"), [(23, "8:00"), (27, "17:59"), (28, "11:59")])
def test_here(day: int, time: str) -> None:
    """Within the hours nobody is away."""
    assert Hours(_OFFICE).absence(_at(day, time)) is None


def test_round_the_clock() -> None:
    """Without hours, and with all of them, people are always here."""
    for text in ("", "lun-dom 0:00-24:00"):
        assert Hours(text).absence(_at(29, "3:00")) is None


def test_same_day_of_the_week() -> None:
    """Who answers one day a week is back in a week."""
    away = Hours("mie 9:00-10:30").absence(_at(25, "10:30"))

    assert away == Absence(
        hours="miércoles de 9:00 a. m. a 10:30 a. m.", back="el miércoles desde las 9:00 a. m."
    )


@pytest.mark.parametrize(
    "text",
    [
        "lunes",
        "lun 8-18",
        "lun 18:00-8:00",
        "vie-lun 8:00-18:00",
        "xyz 8:00-9:00",
        "lun 8:00-25:00",
    ],
)
def test_malformed(text: str) -> None:
    """What cannot be read is refused when the settings are, with an example."""
    with pytest.raises(HoursError):
        Hours(text)
