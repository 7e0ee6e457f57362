"""What can happen to a conversation."""

from dataclasses import dataclass
from enum import StrEnum

from state.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The customer wrote a text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The customer pressed a button; `button` is what we sent with it: `<question>:<choice>`."""

    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """The customer shared a contact; `own` if the channel vouches that it is the customer's."""

    phone: str
    own: bool


class Medium(StrEnum):
    """What the bot cannot read, by what it should say about it."""

    VOICE = "audio"
    IMAGE = "imagen"
    OTHER = "otro"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMedia:
    """The customer sent something that is not text."""

    medium: Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The customer came through an invitation: Telegram's start payload or a code in the text."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFound:
    """The look-up of that number found the service."""

    client: Client
    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMissing:
    """There is no such service, or the invitation is not valid."""

    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupFailed:
    """WispHub could not be asked."""

    lookup: int


class Outcome(StrEnum):
    """How an update ended, by what the dialog does next."""

    UPDATED = "updated"
    INVALID = "invalid"
    MISSING = "missing"
    ON_FILE = "on_file"  # another value came to stand there: a person decides
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """The update was tried; `message` is the operation's, to be shown verbatim."""

    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """The timer of that generation came due; an older generation means nothing any more."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """A member of staff took the chat."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A member of staff wrote to the customer."""

    agent: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedBack:
    """A member of staff gave the chat back to the bot."""

    agent: str


Heard = Said | Pressed | SharedContact | SentMedia | Invited
"""What comes from the customer."""

Event = (
    Heard
    | ClientFound
    | ClientMissing
    | LookupFailed
    | Updated
    | TimerFired
    | TakenOver
    | Replied
    | HandedBack
)
