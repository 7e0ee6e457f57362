"""Who was faster: told to a member whose act came too late to change anything."""

from handlers.local import local
from state.conversation import Conversation
from state.journal import Deed
from state.machine import two_people
from state.messages.refusals import (
    A_PROGRAM,
    REFUSALS,
    TAKEN,
    THE_CUSTOMER,
    WHEN,
    WINNERS,
    YOU,
)
from state.parts import SpeakerKind
from state.refusals import Refusal
from state.staff_actions import StaffAction
from state.store.store import Store


async def tell_refusal(
    store: Store, key: str, event: StaffAction, refusal: Refusal, *, now: int
) -> str:
    """Tell why an act changed nothing: who did what before, and when, where that is known."""
    if refusal is Refusal.TAKEN:
        return _tell_holder(await store.conversations.find(key), event, now=now)
    templates = WINNERS.get(refusal, {})
    code = getattr(event, "code", "")
    for entry in reversed(await store.journal.read(key)) if templates else ():
        if entry.deed and entry.deed.act in templates and entry.deed.code == code:
            template = templates[entry.deed.act]
            return template.format(who=_name(entry.deed, event), when=tell_when(entry.at, now=now))
    return REFUSALS[refusal]


def tell_when(at: int, *, now: int) -> str:
    """Tell a time of today, or of another day (ms)."""
    moment = local(at)
    return moment.strftime(WHEN[moment.date() == local(now).date()])


def _tell_holder(conversation: Conversation, event: StaffAction, *, now: int) -> str:
    speaker = conversation.speaker
    if speaker.kind is not SpeakerKind.MEMBER or speaker.name == event.agent or not speaker.since:
        return REFUSALS[Refusal.TAKEN]
    return TAKEN.format(who=speaker.name, when=tell_when(speaker.since, now=now))


def _name(deed: Deed, event: StaffAction) -> str:
    if not deed.agent:
        return THE_CUSTOMER
    if deed.agent.startswith(two_people.PROGRAM):
        return A_PROGRAM
    return YOU if deed.agent == event.agent else deed.agent
