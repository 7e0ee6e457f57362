"""Six members with any roles, at chats of every kind: what they try, and what comes of it."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office import oracle
from tests.office.house import MEMBERS, Office
from tests.office.play import ACTS, Day

Step = Callable[[Day], None]

_members = st.integers(0, len(MEMBERS) - 1)
_chats = st.integers(0, 5)
_roles = st.sets(st.sampled_from(oracle.ROLES), min_size=1) | st.just({"supervisor", "agente"})
_often = st.sampled_from(("take", "vouch", "approve", "approve", "undo", "read_code"))
_acts = st.builds(
    lambda who, act, chat, words: lambda day: day.do(who, act, chat, words=words),
    _members, st.sampled_from(ACTS) | _often, _chats, st.sampled_from((True, True, True, False)),
)  # fmt: skip
_held = st.builds(
    lambda who, act, chat: lambda day: (
        day.do(who, "take", chat, words=True),
        day.do(who, act, chat, words=True),
        day.do(who, "hand_back", chat, words=True),
    ),
    _members, st.sampled_from(("vouch", "read_code", "copy", "reply")), _chats,
)  # fmt: skip
_customers = st.builds(
    lambda chat, what: lambda day: day.let_customer(chat, what),
    _chats | st.sampled_from((4, 5)), st.sampled_from(("save", "code", "code", "no")),
)  # fmt: skip
_programs = st.builds(lambda chat: lambda day: day.approve_by_program(chat), _chats)
_changes = st.builds(
    lambda who, target, change, roles: lambda day: day.manage(who, target, change, roles),
    _members | st.just(0), _members, st.sampled_from(("roles", "desactivar", "activar")), _roles,
)  # fmt: skip
_whole = st.builds(
    lambda who, other, chat, act: lambda day: [
        step(day) for step in _vouching(chat, act, who=who, other=other)
    ],
    _members, _members | st.none(), st.sampled_from((0, 4, 5)),
    st.sampled_from(("vouch", "read_code")),
)  # fmt: skip
_undone = st.builds(
    lambda who, other: lambda day: (
        day.do(who, "undo", 2, words=True),
        day.do(who if other is None else other, "approve", 2, words=True),
    ),
    _members, _members | st.none(),
)  # fmt: skip
_dismissed = st.builds(
    lambda target, chat: lambda day: (
        day.do(target, "take", chat, words=True),
        day.manage(0, target, "desactivar", set()),
    ),
    _members, _chats,
)  # fmt: skip
_anything = (
    _whole | _undone | _dismissed | _acts | _held | _acts | _customers | _programs | _changes
)
_steps = st.lists(_anything, min_size=8, max_size=30)
_teams = st.lists(_roles | st.just({"supervisor"}), min_size=len(MEMBERS), max_size=len(MEMBERS))


def _play(office: Office, team: list[set[str]], steps: list[Step]) -> Day:
    day = Day(office, {name: set(roles) for name, roles in zip(MEMBERS, team, strict=True)})
    day.begin()
    for step in steps:
        step(day)
    day.check()
    return day


@pytest.mark.slow
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_teams, _steps)
def test_whatever_they_try(office: Office, team: list[set[str]], steps: list[Step]) -> None:
    """Nothing is done that the table refuses, nothing written for one where two are needed.

    And every act that was done or refused stands in the audit.
    """
    _play(office, team, steps)


def test_the_ways_to_writing(office: Office) -> None:
    """Every kind of change is written in the end, by the people that it needs and no sooner.

    So the checks above are no checks of nothing.
    """
    ways: list[Step] = [
        lambda day: day.do(0, "approve", 0, words=True),
        lambda day: day.do(0, "approve", 0, words=True),
        lambda day: day.approve_by_program(0),
        lambda day: day.do(1, "approve", 0, words=True),
        lambda day: day.approve_by_program(1),
        lambda day: day.do(2, "undo", 2, words=True),
        lambda day: day.do(2, "approve", 2, words=True),
        lambda day: day.do(3, "approve", 2, words=True),
        lambda day: day.do(5, "take", 3, words=True),
        lambda day: day.manage(0, 5, "desactivar", set()),
        *_vouching(4, "vouch", who=1, other=1),
        lambda day: day.do(2, "approve", 4, words=True),
        *_vouching(5, "read_code", who=1, other=1),
        lambda day: day.do(2, "approve", 5, words=True),
    ]
    day = _play(office, [{"supervisor"} for _ in MEMBERS], ways)

    assert day.written == 5
    assert [status for act, status in day.met if act == "approve"] == [
        204, 409, 204, 409, 204, 409, 204, 409, 204,
    ]  # fmt: skip


def _vouching(chat: int, act: str, *, who: int, other: int | None) -> list[Step]:
    """Vouch or read out a code, save, and approve: by the same (`None`) or another person."""
    return [
        lambda day: day.do(who, "take", chat, words=True),
        lambda day: day.do(who, act, chat, words=True),
        lambda day: day.let_customer(chat, "code"),
        lambda day: day.do(who, "hand_back", chat, words=True),
        lambda day: day.let_customer(chat, "save"),
        lambda day: day.do(who if other is None else other, "approve", chat, words=True),
    ]
