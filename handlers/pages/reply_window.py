"""WhatsApp's 24 hours as staff see them, above the composer."""

from dataclasses import dataclass

from state.conversation import Conversation
from state.messages.sending import WINDOW_LEFT
from state.reply_window import LONGEST, find_end

_MINUTE, _HOUR = 60_000, 3600_000  # ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWindow:
    """The 24 hours of one chat.

    Attributes:
        until: when they end, ms; 0 if they never began.
        left: how long that is, in words; empty once they are over.
        share: how much of them is left, in percent.
    """

    until: int
    left: str = ""
    share: int = 0


def show_window(conversation: Conversation, *, now: int) -> ShownWindow | None:
    """Show how long anything may still be written; None where that does not end."""
    end = find_end(conversation)
    if end is None:
        return None
    left = end - now
    if left <= 0:
        return ShownWindow(until=end)
    hours, minutes = left // _HOUR, max(1, left // _MINUTE)
    number = hours or minutes
    words = WINDOW_LEFT[hours > 0][number > 1].format(number=number)
    return ShownWindow(until=end, left=words, share=max(1, min(100, left * 100 // LONGEST)))
