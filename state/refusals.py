"""Why what a member of staff, or a program, wants to do in a chat changes nothing."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why it changes nothing."""

    NOT_HELD = "not_held"
    """Only whoever holds the chat may do it."""

    HELD = "held"
    """Who takes the chat holds it already."""

    TAKEN = "taken"
    """Another member of staff holds the chat."""

    CLOSED = "closed"
    """The chat is closed already."""

    NO_STEP = "no_step"
    """The dialog cannot go on at that step."""

    NO_REQUEST = "no_request"
    """The request was decided meanwhile, or withdrawn."""

    NO_CHANGE = "no_change"
    """The change does not stand as it did: it was undone, settled or followed by another."""

    CONTESTED = "contested"
    """Somebody who must know says that it was not the holder."""

    SECOND = "second"
    """Two people are needed, and this is the first one again."""

    PROGRAM = "program"
    """Two people are needed, and this is a program."""

    ASKED = "asked"
    """The same question waits for its answer."""

    NO_PHONE = "no_phone"
    """No phone stands on file to which a code may be read out."""

    BUSY = "busy"
    """At this point of the dialog no code is taken."""

    NO_WORDS = "no_words"
