"""Two people where two are needed, whatever the way: vouching, asking to undo, approving.

One person counts once, however often and by whichever act. A program never counts: its key is in
the hands of whoever holds it.
"""

import dataclasses
from collections.abc import Iterable

from state.conversation import Conversation, replace
from state.records import Request

PROGRAM = "api:"
"""How the name begins under which a program acts; no member of staff has such a name."""

_PEOPLE = 2


def list_people(conversation: Conversation) -> tuple[str, ...]:
    """Name the people who stand for the change that waits.

    Who vouched for the customer counts, except where a change is undone: there, who asked for it.
    """
    request = conversation.change.request
    if request is None:
        return ()
    first = (request.asked_by,) if request.undoes else conversation.identity.vouched_by
    names = dict.fromkeys((*first, *request.approved_by))
    return tuple(name for name in names if not name.startswith(PROGRAM))


def is_agreed(conversation: Conversation) -> bool:
    """Tell whether it was approved, by as many as it needs; to vouch or to ask alone is not."""
    request = conversation.change.request
    if request is None or not request.approved_by:
        return False
    return not request.needs_two or len(list_people(conversation)) >= _PEOPLE


def brings_on(conversation: Conversation, agent: str) -> bool:
    """Tell whether this approval would count: of another person, where two are needed."""
    request = conversation.change.request
    if request is None or agent in request.approved_by:
        return False
    if not request.needs_two:
        return True
    approved = _approve(conversation, request, agent)
    more = len(list_people(approved)) > len(list_people(conversation))
    return not agent.startswith(PROGRAM) and (more or is_agreed(approved))


def can_be_agreed(conversation: Conversation, approvers: Iterable[str]) -> bool:
    """Tell whether those who may approve are enough of them, if each of them does."""
    for agent in approvers:
        request = conversation.change.request
        if request is not None and brings_on(conversation, agent):
            conversation = _approve(conversation, request, agent)
    return is_agreed(conversation)


def _approve(conversation: Conversation, request: Request, agent: str) -> Conversation:
    approved = dataclasses.replace(request, approved_by=(*request.approved_by, agent))
    return replace(conversation, change=replace(conversation.change, request=approved))
