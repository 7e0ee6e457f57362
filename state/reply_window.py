"""WhatsApp's 24 hours: within them anything may be written, afterwards only a template.

They begin anew with each message of the customer (Meta, "send messages", 2026-05-21). A template
has one variable, which takes no line break.
"""

from state.conversation import Conversation

LONGEST = 24 * 3600_000
"""Milliseconds after the customer's last message in which anything may be written."""

VARIABLE = "{{1}}"
"""Where the words stand in the text of a template."""

MOST = 1024
"""Characters of a template's variable, and of its whole text."""

_CHANNEL = "whatsapp"


def find_end(conversation: Conversation) -> int | None:
    """Tell until when (ms) anything may be written; None where a channel has no such limit.

    By the channel's clock; 0 if the customer never wrote.
    """
    if conversation.chat.channel != _CHANNEL:
        return None
    heard = conversation.account.pace.heard_at
    return heard + LONGEST if heard else 0


def is_closed(conversation: Conversation, *, now: int) -> bool:
    """Tell whether only a template may be sent."""
    end = find_end(conversation)
    return end is not None and now >= end


def flatten(words: str) -> str:
    """Write words as a variable takes them: on one line, and without marks."""
    return " ".join(words.replace("*", "").split())


def fill(template: str, words: str) -> str:
    """Give the whole text of a template with these words."""
    return template.replace(VARIABLE, flatten(words))
