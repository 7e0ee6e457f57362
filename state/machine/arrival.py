"""How a customer's message arrives: in time, late, or as one of too many."""

from enum import StrEnum

from state.conversation import Conversation, replace
from state.events import Event, Said, SentMedia
from state.fields import answers
from state.fields.answers import Command
from state.machine.asking import say
from state.machine.filling import line
from state.machine.moment import Moment, Step

MOST = 200
"""Messages of one chat that are answered in a minute."""

_MINUTE = 60_000  # ms
_ALBUM = 10_000  # ms within which pictures belong together
_SKEW = 60_000  # ms by which a channel's clock and ours may differ, and a message may travel


class Arrival(StrEnum):
    """What is made of a message before its words count."""

    TAKEN = "taken"
    LATE = "late"
    """Older than the question it would answer: kept, not taken as the answer."""

    FLOOD = "flood"
    """One of too many in a minute, or while too many answers wait: kept, not answered."""

    ALBUM = "album"
    """One of several pictures sent at once: the first one was answered."""


def count_message(conversation: Conversation, moment: Moment) -> Conversation:
    """Count a message, and remember when the newest was written."""
    number = _number_in_minute(conversation, moment)
    return replace(
        conversation,
        account=replace(
            conversation.account,
            heard_at=max(conversation.account.heard_at, min(moment.at, moment.now + _SKEW)),
            minute=moment.now if number == 1 else conversation.account.minute,
            in_minute=number,
        ),
    )


def judge(conversation: Conversation, event: Event, moment: Moment) -> Arrival:
    """Judge a message that meets this conversation; who asks for a person is never late."""
    if moment.full or _number_in_minute(conversation, moment) > MOST:
        return Arrival.FLOOD
    if (
        conversation.shown.asked
        and _is_late(conversation, moment)
        and not _asks_for_a_person(event)
    ):
        return Arrival.LATE
    if isinstance(event, SentMedia) and _is_same_album(conversation, event, moment):
        return Arrival.ALBUM
    return Arrival.TAKEN


def ignore(conversation: Conversation, arrival: Arrival) -> Step:
    """Keep a message without answering it; the first one too many is told so."""
    if arrival is Arrival.FLOOD and conversation.account.in_minute == MOST + 1:
        return say(conversation, line(conversation, "despacio"))
    return conversation, ()


def _number_in_minute(conversation: Conversation, moment: Moment) -> int:
    """Tell which message of its minute this one is."""
    same = 0 <= moment.now - conversation.account.minute < _MINUTE
    return conversation.account.in_minute + 1 if same else 1


def _is_late(conversation: Conversation, moment: Moment) -> bool:
    """Tell a message that was written before a newer one, or well before the question.

    Times of one channel are compared with each other first: they know the order of a burst.
    """
    if not moment.at:
        return False  # the channel does not say
    return (
        moment.at < conversation.account.heard_at or moment.at + _SKEW < conversation.shown.asked_at
    )


def _is_same_album(conversation: Conversation, event: SentMedia, moment: Moment) -> bool:
    medium, at = conversation.account.hinted
    return medium == event.medium and 0 <= moment.now - at < _ALBUM


def _asks_for_a_person(event: Event) -> bool:
    return isinstance(event, Said) and answers.command(event.text) is Command.PERSON
