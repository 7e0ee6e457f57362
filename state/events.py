"""What can happen to a conversation."""

from dataclasses import dataclass, field
from enum import StrEnum

from state.client import Client
from state.inquiry import Inquired
from state.objections import Objection
from state.parts import NOBODY, Person
from state.staff_actions import StaffAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The customer wrote a text; `message` is the channel's id of it, if it has one."""

    text: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The customer pressed a button; `button` is what we sent with it: `<question>:<choice>`."""

    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """The customer shared a contact; `own` if the channel vouches that it is the customer's.

    `others` are the numbers of the other people on a card of several.
    """

    phone: str
    own: bool
    others: tuple[str, ...] = ()


class Medium(StrEnum):
    """What the bot cannot read, by what it should say about it."""

    VOICE = "audio"
    IMAGE = "imagen"
    OTHER = "otro"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMedia:
    """The customer sent something that is not text.

    Attributes:
        caption: what was written beneath it: read as a text is.
        message: the channel's id of it, where there is a caption that may be edited.
        file: the vendor's id of the file, by which it can be fetched for a while; it tells nothing
            of what was sent.
    """

    medium: Medium
    caption: str = ""
    message: str = ""
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The customer changed the text of an earlier message."""

    message: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The customer deleted a message."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """Somebody wrote to us in a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The customer blocked us, or the account is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The customer, who had blocked us, did so no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbered:
    """The customer's account has another number, or another phone holds it.

    `before` names it as it was; the channel tells its new names with the event.
    """

    before: Person = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoed:
    """Our own people answered from the business phone."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message could not be delivered.

    `reason` is the vendor's code, if it had taken the message; else the journal tells why already.
    `seq` is the number of the effect that sent it; 0 in what was stored before.
    """

    reason: str
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The customer came through an invitation: Telegram's start payload or a code in the text."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFound:
    """The look-up of that number found the service.

    Attributes:
        in_person: staff showed the invitation.
        alarmed: invitation codes are being guessed: people decide on a change.
    """

    client: Client
    lookup: int
    in_person: bool = False
    alarmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsFound:
    """The search of that number found these services; none is an outcome too.

    `alarmed` while proofs fail everywhere: people decide every change then.
    """

    clients: tuple[Client, ...]
    lookup: int
    alarmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """The search was not made, or the invitation not looked at: too many were."""

    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUnsent:
    """The one-time code could not be sent, or too many were."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowded:
    """The chat was not linked: people decide, for `stay`."""

    stay: Objection


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMissing:
    """There is no such service, or the invitation is not valid."""

    lookup: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupFailed:
    """The directory could not be asked."""

    lookup: int


class Outcome(StrEnum):
    """How an update ended, by what the dialog does next."""

    UPDATED = "updated"
    INVALID = "invalid"
    MISSING = "missing"
    TAKEN = "taken"  # the document stands on file for somebody else's service
    MOVED = "moved"  # a field to be changed is another one by now; `client` tells how it stands
    STAYED = "stayed"  # people decide, for `stay`
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """The update was tried; `message` is the operation's, to be shown verbatim.

    `client` tells how it stood before it was written, or how it stands now if it moved.
    """

    outcome: Outcome
    message: str
    client: Client | None = None
    stay: Objection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """The timer of that generation came due; an older generation means nothing any more."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Another chat changes a service that this chat belongs to, or asks to, or linked itself.

    Or a program writes it.

    Attributes:
        action: what it does, as a customer reads it.
        chat: its key; `code` names the change there. Of a program there is no chat, and the code
            is the name of its API key.
        held: nothing is written for a day: who says no in time stops it.
        phones: the numbers on file (E.164): whoever has one of them may also say yes.
    """

    service_id: int
    action: str
    chat: str = ""
    code: str = ""
    held: bool = False
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """Whoever was told of the change of that code says: it was me (`own`), or it was not."""

    code: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """The holder of the service took the place of this chat, which only knew of it."""

    service_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPassed:
    """Another account of the channel shows the number that this chat's account had."""

    phone: str


CustomerInput = Said | Pressed | SharedContact | SentMedia | Invited
"""What the customer says, and waits for an answer to."""

ChannelNotice = Edited | Withdrawn | Mentioned | Left | Returned | Renumbered | Echoed | Undelivered
"""What the channel tells of the chat."""

EffectResult = (
    ClientFound
    | ClientsFound
    | Barred
    | CodeUnsent
    | Crowded
    | ClientMissing
    | LookupFailed
    | Inquired
    | Updated
    | TimerFired
)
"""What effects and timers bring home."""

OtherChatNotice = Warned | Attested | Displaced | NumberPassed
"""What other chats bring."""

Event = CustomerInput | ChannelNotice | EffectResult | StaffAction | OtherChatNotice
