"""Whether what a member of staff wants to do still fits: not too late, nor from the wrong one.

Asked of the record that a turn was loaded with: what is refused leaves the record and the journal
as they are.
"""

from state.conversation import Conversation
from state.machine import recycling, returning, two_people
from state.parts import SpeakerKind, member
from state.records import UNSETTLED
from state.refusals import Refusal
from state.roles import RULES, act_of
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    HandedBack,
    MemberDisabled,
    Noted,
    Replied,
    Retried,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
    Vouched,
)
from state.states import State

_BUSY = (State.FINDING, State.UPDATING, State.RETRYING, State.REVIEW)


def find_refusal(conversation: Conversation, event: StaffAction) -> Refusal | None:
    """Find out why an act would change nothing; None if it does what it should."""
    if refusal := _of_holding(conversation, event):
        return refusal
    match event:
        case Closed():
            return _of_closing(conversation, event)
        case Retried(agent=agent) if _is_anothers(conversation, agent):
            return Refusal.TAKEN
        case MemberDisabled(agent=agent) if conversation.speaker != member(agent):
            return Refusal.NOT_HELD
        case (
            Replied(text=words) | Noted(text=words) | Asked(text=words) | Vouched(reason=words)
        ) if not words.strip():
            return Refusal.NO_WORDS
        case HandedBack(step=State() as step) if step not in returning.list_steps(conversation):
            return Refusal.NO_STEP
        case Decided():
            return _of_decision(conversation, event)
        case Asked():
            return _of_question(conversation, event)
        case CodeRead() if conversation.state in _BUSY:
            return Refusal.BUSY
        case CodeRead() if not recycling.find_mobile(conversation):
            return Refusal.NO_PHONE
        case Undone():
            return None if _is_undoable(conversation, event) else Refusal.NO_CHANGE
        case Settled(code=code):
            saved = conversation.last_change
            there = saved is not None and saved.code == code and saved.standing in UNSETTLED
            return None if there else Refusal.NO_CHANGE
        case _:
            return None


def _of_holding(conversation: Conversation, event: StaffAction) -> Refusal | None:
    """Whoever holds the chat does what only a holder may; nobody takes it without knowing whose."""
    speaker = conversation.speaker
    own, held = speaker == member(event.agent), speaker.kind is SpeakerKind.MEMBER
    match event:
        case TakenOver(over=over):
            if own:
                return Refusal.HELD
            return Refusal.TAKEN if held and over != speaker.name else None
        case Replied(takes=True) if not held:
            return None
        case _ if own or not RULES[act_of(event)].holds:
            return None
        case _:
            return Refusal.TAKEN if held else Refusal.NOT_HELD


def _of_closing(conversation: Conversation, event: Closed) -> Refusal | None:
    """Whoever has the chat closes it; one that nobody has, anybody."""
    if _is_anothers(conversation, event.agent):
        return Refusal.TAKEN
    return Refusal.CLOSED if conversation.account.attention.closed_at else None


def _is_anothers(conversation: Conversation, agent: str) -> bool:
    speaker = conversation.speaker
    return speaker.kind is SpeakerKind.MEMBER and speaker != member(agent)


def _of_decision(conversation: Conversation, event: Decided) -> Refusal | None:
    request = conversation.change.request
    if request is None or request.code != event.code or conversation.state is not State.REVIEW:
        return Refusal.NO_REQUEST
    if not event.approved:
        return None
    if request.contested:
        return Refusal.CONTESTED
    if two_people.brings_on(conversation, event.agent):
        return None
    program = event.agent.startswith(two_people.PROGRAM) and request.needs_two
    return Refusal.PROGRAM if program else Refusal.SECOND


def _of_question(conversation: Conversation, event: Asked) -> Refusal | None:
    request = conversation.change.request
    if request is None or request.code != event.code:
        return Refusal.NO_REQUEST
    again = request.query == event.text.strip() and not request.reply
    return Refusal.ASKED if again else None


def _is_undoable(conversation: Conversation, event: Undone) -> bool:
    saved = conversation.last_change
    stands = saved is not None and saved.code == event.code and saved.undoable
    return stands and conversation.state is State.DONE
