"""Stays: reasons, known to the store only, why people decide what the policy would allow."""

from enum import StrEnum


class Objection(StrEnum):
    """Why a change is not written by itself."""

    LOCKED = "locked"
    PHONE_RECENT = "phone_recent"
    DOCUMENT_OFTEN = "document_often"
    PHONE_OFTEN = "phone_often"
    CHATS = "chats"
    SERVICES = "services"
    TRIED = "tried"


class Assumption(StrEnum):
    """What a decision rests on, of which only the store knows whether it holds."""

    PHONE = "phone"
    """The phones on file, which must not have changed a short while ago."""

    FIRST = "first"
    """No other chat tried this service."""

    FREE = "free"
    """No other holder has the document: whoever approved it knows of none."""
