"""What the machine may know of the world at a step, and what a step is."""

from dataclasses import dataclass

from state.conversation import Conversation
from state.effects import Effect
from state.parts import NOBODY, Person

Step = tuple[Conversation, tuple[Effect, ...]]
"""The conversation as it is after an event, and what is to be done, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Nobody of the staff is here: when they are as a rule, and when they are back, in words."""

    hours: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the machine may know of the world at a step.

    Attributes:
        now: milliseconds since 1970.
        at: when the event happened, by the clock of the channel that brought it; 0 if it does
            not say. Of an outcome: when the action was begun, by ours.
        offset: by how much our clock is ahead of the channel's, as measured, ms; 0 if unknown.
        today: the date as the customer reads it.
        code: eight characters nobody has seen before, for a reference.
        full: so many messages of the chat wait to be sent that no more are taken.
        person: who the channel says it is from; empty names tell nothing.
        preset: the name of the policy (`state.policy`).
        delivery: the channel's id of what happened.
        digits: six digits nobody has seen before, for a one-time code.
        codes: one-time codes can be sent; else only staff can read one out.
        terms: SHA-256 of the text of the consent as it reads now, in hex.
        absence: told while nobody of the staff is here.
    """

    now: int
    at: int
    today: str
    reference: str
    full: bool = False
    offset: int = 0
    person: Person = NOBODY
    preset: str = "balanced"
    delivery: str = ""
    one_time_code: str = ""
    can_send_codes: bool = False
    terms: str = ""
    absence: Absence | None = None
