"""The account: whether the customer can be reached there, and whether its number proves anything.

Two questions, and so four states. Time alone moves this machine, without an event.
"""

from collections.abc import Iterator
from dataclasses import replace

from docs.machines.walk import MOMENT, Arrow, begun, take, walk
from state.conversation import Conversation
from state.events import Left, Renumbered, Returned, Said
from state.machine.updating import RECENT, is_renumbered

_At = tuple[Conversation, int]
"""A conversation, and what time it is there (ms)."""


def account_state(conversation: Conversation, now: int) -> str:
    """Name the state of the customer's account at that time (ms)."""
    new = is_renumbered(conversation, replace(MOMENT, now=now))
    if conversation.account.left:
        return "left_renumbered" if new else "left"
    return "renumbered" if new else "reachable"


def arrows() -> list[Arrow]:
    """Walk from a chat that has only just begun."""
    found = walk(
        [(begun(), MOMENT.now)],
        _moves,
        name=lambda at: account_state(*at),
        key=lambda at: account_state(*at),
    )
    return [arrow for arrow in found if arrow[0] != arrow[1]]


def _moves(at: _At) -> Iterator[tuple[str, _At]]:
    before, now = at
    for label, event in (
        ("writes", Said(text="hola")),
        ("blocks us", Left()),
        ("unblocks us", Returned()),
        ("another number or phone", Renumbered()),
    ):
        yield label, (take(before, event, now), now)
    yield f"{RECENT // 3600_000} hours", (before, now + RECENT)
