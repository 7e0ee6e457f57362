"""What else people write about: an outage, a bill, a person, why; one matter a text."""

from enum import StrEnum


class Matter(StrEnum):
    """What a text is about that is no answer; the values are stored.

    In the order in which they count where a text has several.
    """

    PERSON = "person"
    HOLDER_DIED = "holder_died"
    OUTAGE = "outage"
    PAYMENT = "payment"
    BILL = "bill"
    MOVING = "moving"
    SALE = "sale"
    OTHERS_SERVICE = "others_service"
    COMPANY = "company"
    PLAN = "plan"
    SAFE = "safe"
    WHY = "why"
    ROBOT = "robot"
    WAIT = "wait"
    MISSING = "missing"
    UNKNOWN = "unknown"
    ANGER = "anger"
    THANKS = "thanks"


def find_matter(text: str) -> Matter | None:
    """Tell what a text is about; nothing if it is about none of them, or an answer."""
    raise NotImplementedError(text)
