"""What becomes of what is written to the customer: it goes out, or somebody else answers."""

from enum import StrEnum
from typing import Any

from handlers.console.seats import Seat
from state.conversation import Conversation
from state.lengths import MESSAGE
from state.machine import returning
from state.messages.staff import Card
from state.parts import SpeakerKind
from state.roles import Act
from state.states import STATES, State


class Voice(StrEnum):
    """What becomes of the words of whoever has a seat at a chat."""

    MINE = "mine"
    """They go out."""

    FREE = "free"
    """They take the chat, and go out."""

    HELD = "held"
    """They are refused: somebody else answers."""

    NONE = "none"
    """They are refused: the roles allow no answers."""


def find_voice(conversation: Conversation, seat: Seat) -> Voice:
    """Tell what becomes of what is written from this seat."""
    if Act.REPLY not in seat.acts:
        return Voice.NONE
    if seat.holds:
        return Voice.MINE
    free = conversation.speaker.kind in (SpeakerKind.BOT, SpeakerKind.QUEUE)
    return Voice.FREE if free else Voice.HELD


def show_voice(conversation: Conversation, seat: Seat) -> dict[str, Any]:
    """Show who answers, and since when, how much fits, and where the bot could go on."""
    return {
        "voice": find_voice(conversation, seat).value,
        "holder": conversation.speaker.name,
        "since": conversation.speaker.since,
        "steps": [step.value for step in returning.list_steps(conversation)],
        "all_steps": [(step.value, _name(step)) for step in returning.STEPS],
        "fits": MESSAGE,
    }


def _name(step: State) -> str:
    return Card.BEGINNING if step is State.GREETING else STATES[step].section.value
