"""What people should see of a chat: who waits for a person, what failed, what is closed.

Noted after every step, whatever it did: what the customer writes from when a person was asked for
or answers waits for a person's word. The bot answers none of it.
"""

from state.conversation import Conversation, replace
from state.events import (
    CustomerInput,
    Echoed,
    Edited,
    Event,
    Left,
    Undelivered,
)
from state.machine.admission import find_refusal
from state.machine.moment import Moment
from state.parts import BOT, QUEUE, Attention, SpeakerKind
from state.staff_actions import Asked, Closed, Replied, Retried

_DAY = 24 * 3600_000  # ms; a message whose stamp is older has none that means anything


def note(before: Conversation, event: Event, after: Conversation, moment: Moment) -> Conversation:
    """Note what a step leaves for people to see."""
    seen = after.account.attention
    if isinstance(event, Closed):
        if find_refusal(before, event) is not None:
            return after
        return _with(after, Attention(closed_at=moment.now))
    noted = replace(
        seen,
        waiting_since=_find_waiting(before, event, after, moment),
        failed_at=_find_failure(before, event, after, moment),
        closed_at=0 if _opens(event, after) else seen.closed_at,
    )
    return after if noted == seen else _with(after, noted)


def _with(conversation: Conversation, attention: Attention) -> Conversation:
    return replace(conversation, account=replace(conversation.account, attention=attention))


def _find_waiting(before: Conversation, event: Event, after: Conversation, moment: Moment) -> int:
    """Tell since when the customer waits for a person."""
    since = before.account.attention.waiting_since
    if _answers(before, event) or _is_given_to_bot(before, after):
        return 0
    speaks = isinstance(event, CustomerInput | Edited)
    if speaks and after.speaker != BOT:
        return since or _when_written(moment)
    if after.speaker == QUEUE != before.speaker:
        return since or moment.now
    return since


def _answers(before: Conversation, event: Event) -> bool:
    """Tell whether a person wrote to the customer; a question about a request leaves the queue."""
    if isinstance(event, Replied) or (isinstance(event, Asked) and before.speaker != QUEUE):
        return find_refusal(before, event) is None
    return isinstance(event, Echoed)


def _is_given_to_bot(before: Conversation, after: Conversation) -> bool:
    """Tell whether somebody gave the chat to the bot: who held it, or the customer.

    That the time of the business phone ran out is nobody's word.
    """
    lapsed = before.speaker.kind is SpeakerKind.BUSINESS_PHONE
    return after.speaker == BOT != before.speaker and not lapsed


def _when_written(moment: Moment) -> int:
    """Tell by our clock when a message was written; what came late has waited longer."""
    written = moment.at + moment.offset if moment.at else moment.now
    return written if moment.now - _DAY <= written <= moment.now else moment.now


def _find_failure(before: Conversation, event: Event, after: Conversation, moment: Moment) -> int:
    """Tell when a message failed that nobody has seen to."""
    if isinstance(event, CustomerInput) or _answers(before, event) or _mends(before, event):
        return 0
    failed = after.account.attention.failed_at
    lost = isinstance(event, Undelivered)
    lost |= isinstance(event, Left) and after.speaker != BOT  # whom a person would answer
    return failed or moment.now if lost else failed


def _mends(before: Conversation, event: Event) -> bool:
    """Tell whether the last message that had failed was sent again."""
    if not isinstance(event, Retried) or event.others:
        return False
    return find_refusal(before, event) is None


def _opens(event: Event, after: Conversation) -> bool:
    """Tell whether a closed chat is open again: the customer writes, or a person has it."""
    return isinstance(event, CustomerInput | Edited) or after.speaker != BOT
