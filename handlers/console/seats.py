"""Seats at a chat: what of a viewer matters to what is shown, never who it is.

All who sit alike share one card.
"""

from dataclasses import dataclass

from handlers.console.decisions import may_approve
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
