"""Views: the lists in which staff find a chat, and the row that it has in them.

One pure function tells from the record in which views a chat stands, and where; the commit writes
the difference. So nobody who waits is in no list, however many chats there are.
"""

from dataclasses import dataclass
from enum import StrEnum

from state.conversation import Conversation
from state.fields.matters import Matter
from state.parts import BOT, QUEUE, Attention, SpeakerKind
from state.states import State

SILENCE = 10 * 60_000
"""Milliseconds for which the directory may keep the bot silent before a chat is stuck."""

_MISSES = 3  # answers in a row that could not be used
_AWAITING = (State.FINDING, State.UPDATING, State.RETRYING)


class View(StrEnum):
    """A list of chats; the values stand in addresses, and in the names of keys."""

    WAITING = "esperan"
    """A person is asked for, or has it, and has not answered yet; the longest first."""

    DECIDING = "decidir"
    """People must decide something, or see to a change; the longest first."""

    MINE = "mios"
    """A member of staff has it; the newest word first. Each member has a list."""

    STUCK = "atascados"
    """The bot gets no further, for a cause (`Stuck`); the longest first."""

    FAILED = "fallidos"
    """A message did not arrive, and nobody has written since; the longest first."""

    ALL = "todos"
    """Every chat, the last active first."""

    CLOSED = "cerrados"
    """A person closed it, and the customer has not written since; the last closed first."""


NEWEST_FIRST = (View.MINE, View.ALL, View.CLOSED)
"""Views that do not begin with what is oldest."""


class Stuck(StrEnum):
    """Why the bot gets no further."""

    MISSES = "misses"
    """It did not understand three answers in a row."""

    DIRECTORY = "directory"
    """The directory has not answered for ten minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a list shows of a chat without opening its record, the customer's words aside.

    Attributes:
        holder: the member of staff who has it.
        service: the service it is about, or 0.
        deciding_since: when (ms) something came up that people must decide, or 0.
        stuck: why the bot gets no further, and from when (ms) on that counts.
        matter: what the customer wrote about last, besides the answers.
        name: what the account calls itself.
        ending: the last two digits of the number that the channel shows, or `""`.
    """

    channel: str
    state: State = State.START
    speaker: SpeakerKind = SpeakerKind.BOT
    holder: str = ""
    service: int = 0
    attention: Attention = Attention()  # noqa: RUF009  # frozen
    deciding_since: int = 0
    stuck: tuple[Stuck, int] | None = None
    matter: Matter | None = None
    name: str = ""
    ending: str = ""


def find_views(conversation: Conversation) -> dict[View, int]:
    """Tell in which views a chat stands, and its place in each (ms).

    `ALL` is missing: every chat is in it, by its last activity, which the record does not know.
    A place in `STUCK` may be in the future: until then the chat is not stuck.
    """
    attention, stuck = conversation.account.attention, find_stuck(conversation)
    places = {
        View.WAITING: find_waiting(conversation),
        View.DECIDING: conversation.pending or 0,
        View.MINE: _find_last(conversation) if _is_held(conversation) else 0,
        View.STUCK: 0 if stuck is None or attention.closed_at else stuck[1],
        View.FAILED: attention.failed_at,
        View.CLOSED: attention.closed_at,
    }
    return {view: place for view, place in places.items() if place}


def find_waiting(conversation: Conversation) -> int:
    """Tell since when (ms) the customer waits for a person; 0 if no more.

    A chat that was in the queue before this was noted waits since its last message.
    """
    since = conversation.account.attention.waiting_since
    return since or (_find_last(conversation) if conversation.speaker == QUEUE else 0)


def find_stuck(conversation: Conversation) -> tuple[Stuck, int] | None:
    """Tell why the bot gets no further, and from when (ms) on that counts."""
    if conversation.speaker != BOT:
        return None
    last = _find_last(conversation)
    if conversation.state in _AWAITING:
        return Stuck.DIRECTORY, last + SILENCE
    return (Stuck.MISSES, last) if conversation.draft.misses >= _MISSES else None


def summarize(conversation: Conversation) -> Row:
    """Give the row of a chat."""
    attention, client = conversation.account.attention, conversation.identity.client
    return Row(
        channel=conversation.chat.channel,
        state=conversation.state,
        speaker=conversation.speaker.kind,
        holder=conversation.speaker.name,
        service=0 if client is None else client.service_id,
        attention=attention,
        deciding_since=conversation.pending or 0,
        stuck=None if attention.closed_at else find_stuck(conversation),
        matter=conversation.account.matter,
        name=conversation.account.person.name,
        ending=conversation.account.person.phone[-2:],
    )


def _is_held(conversation: Conversation) -> bool:
    return conversation.speaker.kind is SpeakerKind.MEMBER


def _find_last(conversation: Conversation) -> int:
    """Tell when (ms) something was said last, by either side; never 0."""
    return max(conversation.account.pace.heard_at, conversation.shown.asked_at, 1)
