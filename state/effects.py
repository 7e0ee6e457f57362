"""What the machine wants done outside."""

from dataclasses import dataclass, field
from enum import StrEnum

from state.client import UNKNOWN, Change, Client
from state.inquiry import Inquiry
from state.objections import Assumption
from state.records import Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A choice offered with a message.

    Attributes:
        choice: what the machine understands.
        label: what the customer reads, at most 20 characters (WhatsApp's limit).
        id: what the channel sends back (`button_id`).
    """

    choice: str
    label: str
    id: str = ""


def button_id(flow: str, question: int, choice: str) -> str:
    """Name a button by the conversation and the message that offer it: no other one is obeyed."""
    return f"{flow}.{question}:{choice}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The text of that name (`state.messages`) and what fills its places."""

    text: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One message of one or more texts; its buttons are those of the last.

    Attributes:
        question: the number that the buttons carry, so that a stale one is told from a fresh one.
        flow: the conversation's, which the buttons carry too.
        member: the member of staff in whose name it is said; empty for the bot.
        prompt: a bare question: not said any more once the next one is asked.
        ends: the number of the message "one moment" that this one takes the place of, or 0.
        choices: what it offers instead of the last text's own buttons.
    """

    lines: tuple[Line, ...]
    question: int
    flow: str = ""
    member: str = ""
    prompt: bool = False
    ends: int = 0
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message ready to go out: what a `Say` becomes, or a staff member's words.

    Attributes:
        member: the member of staff who wrote it; empty for the bot, whose messages wait no
            longer once a person answers the chat.
        contact: offer the channel's own "share my number" button.
        prompt: the number of a bare question, overtaken once a later one is asked; else 0.
        verbatim: the part of the text (all of a staff member's) in which a star is a star.
        personal: it echoes personal data: not to be forwarded, where a channel can see to that.
        begins: its number, if it says "one moment" and the result may take its place; else 0.
        ends: the number of the message that it takes the place of, where a channel can; else 0.
        variable: what fills the variable of the channel's template, whose whole text `text` is
            then; or `""`.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    member: str = ""
    contact: bool = False
    prompt: int = 0
    verbatim: str = ""
    personal: bool = False
    begins: int = 0
    ends: int = 0
    variable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    """Send a message that was given up, because an operator says so, whatever happened since."""

    message: Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Tell the channel that something arrived: a button's spinner stops, ticks turn blue.

    A courtesy: tried once. `handle` is what the channel gave for it.
    """

    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindClient:
    """Look the linked service up; ends in `ClientFound`, `ClientMissing` or `LookupFailed`."""

    service_id: int
    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Look for services by a clue: `service:`, `document:`, `phone:` or `name:` and its value.

    Ends in `ClientsFound`, `LookupFailed` or `Barred`.
    """

    clue: str
    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquire:
    """Ask the directory about the linked service, for its holder; ends in `Inquired`.

    `turn` is that of the customer's question.
    """

    inquiry: Inquiry
    service_id: int
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFailure:
    """Count a proof that failed, of a service if one was found; too many lock it."""

    service_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLock:
    """Lock a service against everything but people's decisions, or unlock it."""

    service_id: int
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemInvitation:
    """Look up the service of an invitation; ends like `FindClient`."""

    code: str
    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCode:
    """Send a one-time code to a phone (E.164); ends in `CodeUnsent` if it cannot be.

    `read_out` if a member of staff reads it out: it is only counted.
    """

    phone: str
    code: str
    service_id: int
    read_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Warn:
    """Tell the service's other chats, and its old numbers, what this one does (`Warned`)."""

    service_id: int
    action: str = "cambiar datos de"
    code: str = ""
    held: bool = False
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attest:
    """Tell the chat of that key what this one says of its change (`Attested`)."""

    chat: str
    code: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TellFormer:
    """Tell the chat whose account showed this number before that it passed (`NumberPassed`)."""

    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Remember that the chat belongs to a service, of which nothing was to be changed.

    Ends in `Crowded` if the service has its two chats, or the chat its three services, unless
    staff `vouched` for the customer.
    """

    service_id: int
    vouched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """Forget that the chat belongs to a service."""

    service_id: int


class ConsentDecision(StrEnum):
    """What a customer decided on the consent."""

    GIVEN = "given"
    REFUSED = "refused"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent:
    """Keep, apart from the conversation, what the customer decided on the consent.

    Attributes:
        code: names the record: what is recorded twice stands there once.
        consent: what was shown and answered; of a revocation, what is revoked.
        hint: the last two digits of the number, where the channel shows it.
    """

    code: str
    at: int
    decision: ConsentDecision
    consent: Consent
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateClient:
    """Write the changes; a new phone goes before the numbers on file. Ends in `Updated`.

    `known` is the client as it stood when the changes were decided: if a field that is changed is
    another one by now, nothing is written. Nor is a document that stands on file for somebody
    else's service, or anything for which there is a `Objection`, unless people `approved` it.

    Attributes:
        known: `UNKNOWN` if they were decided whatever stands there.
        exact: the changes are undone: what stood there before is put back, to the letter.
        rests: what the decision rests on, and the store must find to hold.
    """

    service_id: int
    changes: tuple[Change, ...]
    known: Client = UNKNOWN
    approved: bool = False
    rests: tuple[Assumption, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCall:
    """Take a vendor's call that was too long to be taken while the vendor waited."""

    channel: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseJournal:
    """Erase the lines of the chat's journal so far: the customer wants it, or refused consent."""

    refused: bool = False


Action = (
    FindClient
    | RedeemInvitation
    | Search
    | Inquire
    | UpdateClient
    | SendCode
    | Link
    | CountFailure
    | SetLock
    | RecordConsent
    | Unlink
    | Warn
    | Attest
    | TellFormer
    | EraseJournal
    | TakeCall
)
"""What is done besides messages; what it reports comes back as an event."""

Effect = Say | Send | Resend | Acknowledge | Action
