"""What staff do to a conversation: events, too."""

from dataclasses import dataclass

from state.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """A member of staff took the chat.

    Attributes:
        over: the colleague from whom it is taken knowingly: nobody takes it from anybody else.
        greets: the customer is greeted, once by each member.
    """

    agent: str
    over: str = ""
    greets: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A member of staff decided the request of that code; a refusal has its reason."""

    agent: str
    code: str
    approved: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A member of staff wants to know more before deciding the request of that code."""

    agent: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A member of staff wants the change of that code undone, and says why; another approves."""

    agent: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A member of staff saw by hand to the change of that code, which was lost or unknown."""

    agent: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRead:
    """The member of staff who holds the chat calls a phone on file, and reads out a code."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """A member of staff made sure who the customer is, and says how."""

    agent: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A member of staff wrote to the customer.

    Attributes:
        variable: what fills a template's variable, whose whole text `text` is then; or `""`.
        takes: a chat that nobody holds is taken with it; `greets` as in `TakenOver`.
    """

    agent: str
    text: str
    variable: str = ""
    takes: bool = False
    greets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A member of staff wrote a note for colleagues: it goes to no customer."""

    agent: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A member of staff took a copy of all that is kept of the chat, for the customer."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A member of staff read the chat unmasked, and says why."""

    agent: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened:
    """A member of staff opened what the customer had sent."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedBack:
    """A member of staff gave the chat back to the bot: where it was, or at that step."""

    agent: str
    step: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A member of staff closed the chat: nothing in it waits for a person any more."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A member of staff has a message sent again that did not arrive.

    Attributes:
        seq: the number of the effect that sent it.
        member: who had written it; empty for the bot.
        labels: the choices that were offered with it.
        others: other messages did not arrive either, and nobody has seen to them.
    """

    agent: str
    seq: int
    text: str
    member: str = ""
    labels: tuple[str, ...] = ()
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDisabled:
    """The member of staff who holds the chat is one no more."""

    agent: str


StaffAction = (
    TakenOver
    | Replied
    | Noted
    | HandedBack
    | Closed
    | Decided
    | Asked
    | Settled
    | Undone
    | CodeRead
    | Vouched
    | Exported
    | Revealed
    | FileOpened
    | Retried
    | MemberDisabled
)
"""What staff do."""
