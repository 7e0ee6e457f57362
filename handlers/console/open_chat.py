"""A chat that is open on a page, as each seat at it sees it."""

from collections.abc import Collection
from typing import Any

from handlers.console.card import show_card
from handlers.console.seats import Seat
from handlers.console.voices import show_voice
from handlers.pages import words
from handlers.pages.reply_window import show_window
from state.conversation import Conversation
from state.fields import masks
from state.states import STATES


def show_open_chat(
    key: str,
    conversation: Conversation,
    seat: Seat,
    approvers: Collection[str] = (),
    *,
    now: int,
    lacks: str,
) -> dict[str, Any]:
    """Show a chat besides its lines: its head, who has it, its card, WhatsApp's 24 hours.

    `lacks` names the settings without which no template can be sent.
    """
    shown = show_card(key, conversation, seat, approvers) | show_voice(conversation, seat)
    return shown | {
        "title": words.name_chat(key, conversation),
        "tab": words.name_service(key, conversation),
        "number": masks.phone(conversation.account.person.shown_phone),
        "step": STATES[conversation.state].for_staff,
        "speaker": words.name_speaker(conversation),
        "speaker_kind": conversation.speaker.kind.value,
        "window": show_window(conversation, now=now),
        "lacks": lacks,
        "closed": bool(conversation.account.attention.closed_at),
    }
