"""What a conversation remembers of single matters: a consent, a request, a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from state.client import Change, OnFile
from state.fields.table import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The customer's authorisation: when, under which code, to which text.

    Attributes:
        on: the date, as the customer reads it.
        version: of the text's meaning (`state.messages.CONSENT_VERSION`).
        terms: SHA-256 of the exact text that was shown, in hex.
        question: the number of our message that was answered.
        answer: the channel's id of the answer.
        words: what was typed, or the button's label.

    What proves it, the last four, stands in the record of consents only (`RecordConsent`).
    """

    at: int
    code: str
    version: str
    on: str = ""
    terms: str = ""
    question: int = 0
    answer: str = ""
    words: str = ""

    def without_proof(self) -> "Consent":
        """Give what the chat's record keeps of it."""
        return Consent(at=self.at, code=self.code, version=self.version, on=self.on)


class Purpose(StrEnum):
    """What a one-time code shall show."""

    HOLDER = "titular"
    """That a phone on file is the customer's."""

    NUMBER = "numero"
    """That the new phone is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A one-time code that the customer shall type.

    Attributes:
        phone: where it went, in E.164.
        due: until when it counts, ms.
        wrong: how often another one was typed.
        sent: how many codes went out for this purpose.
        read_by: the member of staff who reads it out by phone; empty if it was sent.
    """

    code: str
    phone: str
    purpose: Purpose
    due: int
    wrong: int = 0
    sent: int = 1
    read_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A change that people decide.

    Attributes:
        code: by which the customer and staff name it.
        at: when it was asked for, ms.
        reasons: why people decide, as they read it.
        four_eyes: two people must stand for it.
        approved_by: who did.
        moved: the record changed after it was asked for: what stands there now is new.
        changes: what was asked for, and what stood on file then.
        undoes: it puts back what stood there before the last change; `asked_by` wants that.
        held_until: approved or not, it is written no sooner, ms: the old number may object.
        contested: whoever has an old number, or another chat of the service, says: not me.
        query: what staff asked the customer; `reply` is what came back.
    """

    code: str
    at: int
    reasons: tuple[str, ...] = ()
    four_eyes: bool = False
    approved_by: tuple[str, ...] = ()
    moved: bool = False
    changes: tuple[Change, ...] = ()
    undoes: bool = False
    held_until: int = 0
    contested: bool = False
    asked_by: str = ""
    query: str = ""
    reply: str = ""

    @property
    def needs_two(self) -> bool:
        """Tell whether two people must stand for it (`state.machine.two_people`)."""
        return self.four_eyes or self.undoes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What this chat was told last of a service: another chat, or a program, changes it.

    Attributes:
        chat: the other chat's key, where `code` names the change; none of a program.
        holder: this chat has a number that stood on file: its yes counts too.
    """

    service_id: int
    chat: str = ""
    code: str = ""
    holder: bool = False


class TimerName(StrEnum):
    """What shall happen by itself."""

    REMIND = "remind"
    """The customer owes an answer, and is reminded of it."""

    EXPIRE = "expire"
    """The customer still owes it after the reminder: the answers are forgotten."""

    RETRY = "retry"
    """The update that failed is tried again."""

    ANSWER = "answer"
    """The answer that is held back is given, after as much time as always."""

    HELD = "held"
    """The request that was approved, but held, is written."""

    ERASE = "erase"
    """The chat whose permission was revoked is erased, unless it was given anew."""


GOES_ON = (TimerName.RETRY, TimerName.ANSWER, TimerName.HELD, TimerName.ERASE)
"""Timers that go on whatever the customer says, who answers, and if the customer is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """What shall happen by itself, when (ms), and a generation that tells it apart."""

    name: TimerName
    due: int
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was written, to be read again: an echo of a write proves nothing.

    Attributes:
        written: a value of each field that was written, which must stand there.
        due: when to read (ms); `generation` tells one check from another.
        read: how often it was read again already.
        lookup: the look-up whose outcome is awaited, or 0.
        blank: readings in a row that found no such service.
    """

    service_id: int
    written: Mapping[Field, str]
    due: int
    generation: int
    read: int = 0
    lookup: int = 0
    blank: int = 0


class Standing(StrEnum):
    """What is known of a change that was written, or tried."""

    WRITTEN = "written"
    """It stood there when it was read back at once; it is read again later."""

    VERIFIED = "verified"
    """It stood there at every later reading too."""

    LOST = "lost"
    """It stood there, and does not any more."""

    UNKNOWN = "unknown"
    """It was tried for hours, and nobody knows."""

    CONTESTED = "contested"
    """It stands there, and somebody who must know says that it was a stranger."""

    UNDONE = "undone"
    """People put back what stood there before."""

    SETTLED = "settled"
    """It was lost or unknown, and a person saw to it."""


STANDING = (Standing.WRITTEN, Standing.VERIFIED, Standing.CONTESTED)
"""Of a change that stands in the directory, as far as we know."""

UNSETTLED = (Standing.LOST, Standing.UNKNOWN, Standing.CONTESTED)
"""Of a change to which people must see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedChange:
    """The last change of a service through this chat, and what stood there before.

    Attributes:
        code: by which the customer and staff name it.
        at: when it was written, or given up, ms.
        changes: what was to be written, and what stood there before.
    """

    code: str
    at: int
    service_id: int
    changes: tuple[Change, ...] = ()
    standing: Standing = Standing.WRITTEN

    @property
    def after(self) -> dict[Field, OnFile]:
        """Tell what should stand in the changed fields since, in a spelling that is not known."""
        return {
            change.field: OnFile(values=change.applied_to(change.old.values))
            for change in self.changes
        }

    @property
    def undoable(self) -> bool:
        """Tell whether it stands there, and what stood before can be put back.

        What the directory makes of an empty value is unknown: a field that was empty is for people.
        """
        stood = bool(self.changes) and all(change.old.values for change in self.changes)
        return self.standing in STANDING and stood
