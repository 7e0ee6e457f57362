"""The card beside a chat, as each seat at it sees it.

A card depends on what its viewer may do, never on who it is: all who sit alike share one.
"""

from collections.abc import Collection
from typing import Any

from handlers.console.decisions import show_request
from handlers.console.seats import Seat
from handlers.console.service_card import show_known
from handlers.pages import changes, facts, words
from state.conversation import Conversation
from state.roles import Act


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
        "facts": facts.list_facts(conversation),
        "request": show_request(conversation, approvers, approvable=seat.may_approve),
        "unsettled": changes.show_unsettled(conversation),
        "dictates": facts.find_dictated(conversation) if Act.READ_CODE in seat.acts else "",
        "readable": facts.has_number(conversation),
        "recycled": facts.has_passed_number(conversation),
        "undoable": facts.find_undoable(conversation),
        "timer": words.show_timer(conversation),
    }
