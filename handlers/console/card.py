"""The card beside a chat, as each seat at it sees it.

A card depends on what its viewer may do, never on who it is: all who sit alike share one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from handlers.console.decisions import may_approve, show_request
from handlers.console.service_card import show_known
from handlers.pages import card, changes, words
from state.conversation import Conversation
from state.parts import member as speaking
from state.roles import Act, may
from state.store.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What of a viewer matters to a card.

    Attributes:
        acts: what the roles allow.
        holds: the viewer has the chat.
        may_approve: the viewer's approval of the request would count.
    """

    acts: frozenset[Act]
    holds: bool = False
    may_approve: bool = False


def find_seat(conversation: Conversation, member: Member) -> Seat:
    """Find the seat of a member at a chat."""
    return Seat(
        acts=frozenset(act for act in Act if may(member.roles, act)),
        holds=conversation.speaker == speaking(member.name),
        may_approve=may_approve(conversation, member),
    )


def show_card(
    key: str, conversation: Conversation, seat: Seat, approvers: Collection[str] = ()
) -> dict[str, Any]:
    """Show what is known of a chat, and what a seat may do with it."""
    return {
        "key": key,
        "may": {act.value for act in seat.acts},
        "mine": seat.holds,
        "rail": words.show_rail(conversation),
        "service": show_known(conversation),
        "related": None,
        "facts": card.list_facts(conversation),
        "request": show_request(conversation, approvers, approvable=seat.may_approve),
        "unsettled": changes.show_unsettled(conversation),
        "dictates": card.find_dictated(conversation) if Act.READ_CODE in seat.acts else "",
        "readable": card.has_number(conversation),
        "recycled": card.has_passed_number(conversation),
        "undoable": card.find_undoable(conversation),
        "timer": words.show_timer(conversation),
    }
