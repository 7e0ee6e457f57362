"""Why a message of ours was not sent, where no vendor says so."""

from enum import StrEnum


class Unsent(StrEnum):
    """Why a message was not sent; stored, beside the codes of vendors."""

    TAKEN_OVER = "taken_over"
    """A person answers the chat now."""

    BLOCKED = "blocked"
    """The customer blocked us."""

    OVERTAKEN = "overtaken"
    """A newer question took its place."""

    GIVEN_UP = "given_up"
    """Every attempt failed for six hours."""

    REFUSED = "refused"
    """The channel does not take it, and tells no code."""


OBSOLETE = frozenset({Unsent.TAKEN_OVER, Unsent.BLOCKED, Unsent.OVERTAKEN})
"""What nobody need see to."""
