"""A walk through a machine: every state that steps lead to, and what leads there."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import TypeVar

from state.client import Client
from state.conversation import Chat, Conversation
from state.effects import button_id
from state.events import ClientFound, Event, Invited, Pressed, TimerFired
from state.machine.moment import Moment
from state.machine.step import step

Arrow = tuple[str, str, str]
"""From one state to another, and what leads there."""

Place = TypeVar("Place")

MOMENT = Moment(
    now=1_000_000_000_000,
    at=0,
    today="",
    reference="ABCD2345",
    one_time_code="482913",
    can_send_codes=True,
)
"""When everything happens that does not wait for a timer."""


def walk(
    seeds: Iterable[Place],
    moves: Callable[[Place], Iterable[tuple[str, Place]]],
    name: Callable[[Place], str],
    key: Callable[[Place], Hashable],
) -> list[Arrow]:
    """Go wherever the moves lead, and give each arrow between two names once.

    Args:
        seeds: where the walk begins.
        moves: what can happen at a place, and where that leads.
        name: the state that a place is drawn as.
        key: what makes a difference for where one can go next.
    """
    waiting = deque(seeds)
    seen, found = {key(seed) for seed in waiting}, set[Arrow]()
    while waiting:
        before = waiting.popleft()
        for label, after in moves(before):
            found.add((name(before), name(after), label))
            if key(after) not in seen:
                seen.add(key(after))
                waiting.append(after)
    return sorted(found)


def take(conversation: Conversation, event: Event, now: int = MOMENT.now) -> Conversation:
    """Take one event at that time (ms), whatever is to be done then."""
    after, _ = step(conversation, event, replace(MOMENT, now=now))
    return after


def press(conversation: Conversation, choice: str) -> Conversation:
    """Press that button of the message said last."""
    shown = conversation.shown
    return take(conversation, Pressed(button=button_id(shown.flow, shown.question, choice)))


def fire(conversation: Conversation) -> Conversation:
    """Let the time of the timer come."""
    timer = conversation.timer
    assert timer is not None
    return take(conversation, TimerFired(generation=timer.generation), now=timer.due)


def begun() -> Conversation:
    """Give a chat that has only just begun."""
    return Conversation(chat=Chat(channel="", account="", id=""))


def identified(client: Client) -> Conversation:
    """Give a chat whose customer came by an invitation, and is asked for the document."""
    looking = press(take(begun(), Invited(code="ABCD2345")), "agree")
    found = take(looking, ClientFound(client=client, lookup=looking.lookup.number))
    return press(fire(found), "mine")
