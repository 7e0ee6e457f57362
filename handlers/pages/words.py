"""What pages call a chat, who answers it, how far it has come, and what vendors refuse us."""

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.local import local
from handlers.pages.rows import CHANNELS, show_title
from state.conversation import Conversation
from state.messages import staff
from state.rejections import Rejection, Vendor
from state.states import STATES, Section
from state.views import summarize


def name_chat(key: str, conversation: Conversation) -> str:
    """Name a conversation as the lists do."""
    row = summarize(conversation)
    return show_title(key, row.service, name=row.name, ending=row.ending)


def name_service(key: str, conversation: Conversation) -> str:
    """Name a conversation without what the account calls itself: for programs, and for tabs.

    Browsers write the titles of their tabs down.
    """
    return show_title(key, summarize(conversation).service)


def name_speaker(conversation: Conversation) -> str:
    """Say who answers the customer."""
    return staff.SPEAKERS.get(conversation.speaker.kind, conversation.speaker.name)


def show_rail(conversation: Conversation) -> list[tuple[str, str]]:
    """Show how far it has come: pairs of a step and `past`, `now` or `ahead`."""
    sections = list(Section)
    here = sections.index(STATES[conversation.state].section)
    return [(section.value, _when(index, here)) for index, section in enumerate(sections)]


def show_timer(conversation: Conversation) -> dict[str, Any] | None:
    """Show what the chat waits for, and until when (ms)."""
    waiting = conversation.timer
    if waiting is None:
        return None
    return {"words": staff.TIMERS[waiting.name], "due": waiting.due}


def _when(index: int, here: int) -> str:
    if index == here:
        return "now"
    return "past" if index < here else "ahead"


def show_rejections(refused: Iterable[Rejection], *, now: int) -> list[str]:
    """Show what vendors refuse us, one sentence each."""
    return [
        staff.REJECTIONS[found.vendor, found.cause].format(
            since=local(found.since).strftime(
                staff.SINCE[local(found.since).date() == local(now).date()]
            ),
            lost=staff.LOST[found.use],
            setting=found.setting,
        )
        for found in refused
    ]


def show_closings(closed: Mapping[Vendor, int]) -> list[str]:
    """Show until when a vendor's messages wait, one sentence each."""
    return [
        staff.CLOSED.format(channel=CHANNELS[vendor], until=local(until).strftime("%H:%M:%S"))
        for vendor, until in closed.items()
    ]
