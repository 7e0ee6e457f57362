"""A request as a seat shows it: who stands for it, and whether there are people enough."""

from collections.abc import Collection, Iterable
from typing import Any

from handlers.pages import changes
from state.conversation import Conversation
from state.machine import two_people
from state.machine.admission import find_refusal
from state.roles import Act, may
from state.staff_actions import Decided
from state.store.members import Member
from state.store.store import Store


async def find_approvers(store: Store, shown: Iterable[Conversation]) -> frozenset[str]:
    """Name the members who may approve; nobody is looked for where one person is enough."""
    requests = [conversation.change.request for conversation in shown]
    if not any(request is not None and request.needs_two for request in requests):
        return frozenset()
    return frozenset(
        stored.name
        for stored in await store.staff.members.list()
        if stored.is_active and may(stored.standing.roles, Act.APPROVE)
    )


def may_approve(conversation: Conversation, member: Member) -> bool:
    """Tell whether the approval of this member would count."""
    asked = conversation.change.request
    if asked is None or not may(member.roles, Act.APPROVE):
        return False
    approval = Decided(agent=member.name, code=asked.code, approved=True)
    return find_refusal(conversation, approval) is None


def show_request(
    conversation: Conversation, approvers: Collection[str], *, approvable: bool
) -> dict[str, Any] | None:
    """Show the request; `lacks_person` if the approvers there are are too few."""
    shown, asked = changes.show_request(conversation), conversation.change.request
    if shown is None or asked is None:
        return None
    enough = two_people.can_be_agreed(conversation, approvers)
    return shown | {
        "needs_two": asked.needs_two,
        "asked_by": asked.asked_by,
        "vouched_by": conversation.identity.vouched_by if asked.four_eyes else (),
        "may_approve": approvable,
        "lacks_person": asked.needs_two and not enough,
    }
