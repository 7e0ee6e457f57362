"""How a customer's message arrives: in time, late, or as one of too many."""

from enum import StrEnum

from state.conversation import Conversation, replace
from state.events import CustomerInput, Said, SentMedia
from state.fields import answers
from state.fields.answers import Command
from state.machine.asking import say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.states import FACTS

MOST = 200
"""Messages of one chat that are answered in a minute."""

_MINUTE = 60_000  # ms
_ALBUM = 10_000  # ms within which pictures belong together
_TRAVEL = 60_000  # ms that a message may travel
_STEADY = 20_000  # ms by which one message may travel longer than another
_TIMELESS = (Command.PERSON, Command.NOT_ME, Command.ERASE, Command.REVOKE)
_COARSE = 5_000  # ms by which the time between two messages differs on the two clocks


class Arrival(StrEnum):
    """What is made of a message before its words count."""

    TAKEN = "taken"
    LATE = "late"
    """Older than the question it would answer: kept, not taken as the answer."""

    FLOOD = "flood"
    """One of too many in a minute, or while too many answers wait: kept, not answered."""

    ALBUM = "album"
    """One of several pictures sent at once: the first one was answered."""


def read_caption(conversation: Conversation, event: CustomerInput) -> CustomerInput:
    """Take what stands beneath a picture as typed, if it may tell something; else the picture.

    To a question about the file a picture is no answer, whatever stands beneath it.
    """
    if not isinstance(event, SentMedia) or conversation.state in FACTS:
        return event
    tells = any(sign.isdigit() for sign in event.caption) or answers.command(event.caption)
    return Said(text=event.caption, message=event.message) if tells else event


def count_message(conversation: Conversation, arrival: Arrival, moment: Moment) -> Conversation:
    """Count a message, and remember when the newest was written; none was in the future."""
    number, account = _number_in_minute(conversation, moment), conversation.account
    written = min(moment.at, moment.now - moment.offset)
    pace = replace(
        account.pace,
        heard_at=max(account.pace.heard_at, written),
        minute=moment.now if number == 1 else account.pace.minute,
        in_minute=number,
    )
    if arrival is Arrival.LATE:
        pace = replace(pace, late=(moment.at, moment.now))
    elif moment.at:
        lag = moment.now - moment.at
        lag = lag if abs(lag) >= _STEADY else 0
        pace = replace(pace, heard_at=written, lag=lag, late=(0, 0))
    return replace(conversation, account=replace(account, pace=pace))


def judge(conversation: Conversation, event: CustomerInput, moment: Moment) -> Arrival:
    """Judge a message that meets this conversation.

    Who asks for a person, says that it was somebody else, or wants to revoke or to erase, is never
    late.
    """
    event = read_caption(conversation, event)
    if moment.full or _number_in_minute(conversation, moment) > MOST:
        return Arrival.FLOOD
    if conversation.shown.asked and _is_late(conversation, moment) and not _always_counts(event):
        return Arrival.LATE
    if isinstance(event, SentMedia) and _is_same_album(conversation, event, moment):
        return Arrival.ALBUM
    return Arrival.TAKEN


def ignore(conversation: Conversation, arrival: Arrival) -> Step:
    """Keep a message without answering it; the first one too many is told so."""
    if arrival is Arrival.FLOOD and conversation.account.pace.in_minute == MOST + 1:
        return say(conversation, line(conversation, "despacio"))
    return conversation, ()


def _number_in_minute(conversation: Conversation, moment: Moment) -> int:
    """Tell which message of its minute this one is."""
    same = 0 <= moment.now - conversation.account.pace.minute < _MINUTE
    return conversation.account.pace.in_minute + 1 if same else 1


def _is_late(conversation: Conversation, moment: Moment) -> bool:
    """Tell a message that was written before a newer one, or well before the question.

    Times of one channel are compared with each other: they know the order of a burst. Our clock
    is compared with them only as far as the offset between the two is known.
    """
    if not moment.at or _keeps_pace(conversation.account.pace.late, moment):
        return False
    asked_at = min(conversation.shown.asked_at, moment.now)  # our clock may have been set back
    before = moment.at + _TRAVEL < asked_at - _estimate_offset(conversation, moment)
    return moment.at < conversation.account.pace.heard_at or before


def _estimate_offset(conversation: Conversation, moment: Moment) -> int:
    """Estimate how far our clock is ahead: what is measured, or what two messages agree on.

    A message that took as long as the last one that counted, or longer, tells nothing against
    that one having been fresh; one that took less shows that the earlier one was delayed.
    """
    lag = conversation.account.pace.lag
    agrees = moment.now - moment.at >= lag - _STEADY
    return max(moment.offset, lag) if agrees else moment.offset


def _keeps_pace(late: tuple[int, int], moment: Moment) -> bool:
    """Tell a message that followed a late one by the same time on both clocks.

    Messages that were held up arrive faster than they were written: this one was not, and it is
    the clocks that differ. Whoever writes again is heard, whatever is wrong with them.
    """
    at, now = late
    written, arrived = moment.at - at, moment.now - now
    return bool(at) and arrived >= _COARSE and abs(written - arrived) < _COARSE


def _is_same_album(conversation: Conversation, event: SentMedia, moment: Moment) -> bool:
    medium, at = conversation.account.hinted
    return medium == event.medium and 0 <= moment.now - at < _ALBUM


def _always_counts(event: CustomerInput) -> bool:
    return isinstance(event, Said) and answers.command(event.text) in _TIMELESS
