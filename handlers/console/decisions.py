"""A request as a member sees it: who stands for it, and whether that one may approve it."""

from collections.abc import Collection, Iterable
from typing import Any

from handlers.pages import views
from state.conversation import Conversation
from state.fields import phones
from state.machine import two_people
from state.machine.admission import find_refusal
from state.roles import Act, may
from state.staff_actions import Decided
from state.store.members import Member
from state.store.store import Store


def is_unreadable(conversation: Conversation) -> bool:
    """Tell whether a phone stands on file, but none to which a code is read out any more."""
    client = conversation.identity.client
    known = client is not None and bool(phones.mobile(client.phones))
    return known and not views.readable(conversation)


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


def show_request(
    conversation: Conversation, member: Member, approvers: Collection[str]
) -> dict[str, Any] | None:
    """Show the request to a member; `lacks_person` if the approvers there are are too few."""
    shown, asked = views.request(conversation), conversation.change.request
    if shown is None or asked is None:
        return None
    approval = Decided(agent=member.name, code=asked.code, approved=True)
    counts = find_refusal(conversation, approval) is None
    enough = two_people.can_be_agreed(conversation, approvers)
    return shown | {
        "needs_two": asked.needs_two,
        "asked_by": asked.asked_by,
        "vouched_by": conversation.identity.vouched_by if asked.four_eyes else (),
        "may_approve": may(member.roles, Act.APPROVE) and counts,
        "lacks_person": asked.needs_two and not enough,
    }
