"""The parts of a conversation's record: what belongs together is kept and dropped together.

Each part is what one matter needs to know: whoever writes, what was said last, which service is
looked for, who the customer is, what was answered, what is being changed. Their defaults are the
part of a chat that has only just begun.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from state.client import Client
from state.fields.matters import Matter
from state.fields.offers import Offer
from state.fields.table import Field
from state.proof import Proof
from state.records import Challenge, Request
from state.states import State

KEPT = "="
"""The answer of a customer who leaves a field as it is on file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Under which names a channel knows who writes; it vouches for those that it tells.

    Attributes:
        user: the channel's own name of the account, such as WhatsApp's `CO.1349…` (BSUID).
        phone: the number of the account, international digits without `+`.
        recycled_at: when (ms) another account of the channel had shown that number too, or 0: it
            proves nothing then.
        name: what the account calls itself, cleaned; nobody vouches for it, and it leads nowhere.
    """

    user: str = ""
    phone: str = ""
    recycled_at: int = 0
    name: str = ""

    @property
    def is_findable(self) -> bool:
        """Tell whether the channel's names lead to a chat."""
        return bool(self.user or self.phone)

    @property
    def shown_phone(self) -> str:
        """Give the number (E.164) that the channel shows, whosever it was; empty if none."""
        return f"+{self.phone}" if self.phone else ""

    @property
    def own_phone(self) -> str:
        """Give the number (E.164) that the channel vouches for; empty if none, or recycled."""
        return f"+{self.phone}" if self.phone and not self.recycled_at else ""


NOBODY = Person()
"""No names are told: the chat's id is name enough."""


class SpeakerKind(StrEnum):
    """Who answers the customer."""

    BOT = "bot"
    QUEUE = "queue"
    MEMBER = "member"
    BUSINESS_PHONE = "business_phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who answers the customer: `BOT`, `QUEUE`, `member(...)` or `business_phone(...)`.

    Attributes:
        name: the member of staff who took the chat, and `since` when, ms; 0 if that is not known.
        until: how long an answer from the business phone keeps the bot silent, ms.
    """

    kind: SpeakerKind = SpeakerKind.BOT
    name: str = ""
    until: int = 0
    since: int = dataclasses.field(default=0, compare=False)

    @property
    def is_person(self) -> bool:
        """Tell whether a person answers: then the bot says nothing."""
        return self.kind in (SpeakerKind.MEMBER, SpeakerKind.BUSINESS_PHONE)


BOT = Speaker()
"""The machine answers."""

QUEUE = Speaker(kind=SpeakerKind.QUEUE)
"""The chat waits for a person; the machine says so."""


def member(name: str, since: int = 0) -> Speaker:
    """Let that member of staff answer, from the console, since then (ms)."""
    return Speaker(kind=SpeakerKind.MEMBER, name=name, since=since)


def business_phone(until: int) -> Speaker:
    """Let our own people answer from the business phone, until then (ms)."""
    return Speaker(kind=SpeakerKind.BUSINESS_PHONE, until=until)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """When the customer's messages come.

    Attributes:
        heard_at: when the newest message of the customer was written, ms by the channel's clock.
        lag: how much later by our clock than by the channel's the last message that counted
            came, ms; 0 for less than twenty seconds.
        late: of the newest message, if it was late: its stamp, and when it arrived by our clock.
        minute: when the minute began in which the customer's messages are counted, ms.
        in_minute: how many there were in it.
    """

    heard_at: int = 0
    lag: int = 0
    late: tuple[int, int] = (0, 0)
    minute: int = 0
    in_minute: int = 0


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Messages in a row that lead nowhere (`state.machine.loops`).

    Attributes:
        words: checksums of the last few texts, to know one that is repeated.
        stuck: messages in a row that were repeated or not understood.
        idle: messages in a row that answered nothing.
    """

    words: tuple[int, ...] = ()
    stuck: int = 0
    idle: int = 0


@dataclass(frozen=True, kw_only=True)
class Attention:
    """What people should see of a chat, besides what they decide (`state.views`).

    Attributes:
        waiting_since: when (ms) the customer wrote the first word that no person has answered, of
            those since a person was asked for, or answers; 0 for none. The bot answers none.
        failed_at: when (ms) a message could not be delivered, and nobody has written since; or 0.
        closed_at: when (ms) a person closed the chat, and the customer has not written since; or 0.
    """

    waiting_since: int = 0
    failed_at: int = 0
    closed_at: int = 0


@dataclass(frozen=True, kw_only=True)
class Account:
    """The customer's account at the channel, and how its messages arrive.

    Attributes:
        person: under which names the channel knows the customer.
        renumbered_at: when the account got another number, or another phone (ms), or 0.
        left: the customer blocked us, or the account is gone.
        hinted: about which medium the last hint was given, and when (ms): an album gets one.
        last_text: the channel's id of the last text, and its checksum, to know an edit of it.
        answered: the state that the last text met.
        matter: what the customer wrote about last that is no answer; staff see it.
        attention: what people should see of it.
    """

    person: Person = NOBODY
    renumbered_at: int = 0
    left: bool = False
    pace: Pace = Pace()  # frozen, as all parts
    loop: Loop = Loop()
    hinted: tuple[str, int] = ("", 0)
    last_text: tuple[str, int] = ("", 0)
    answered: State = State.START
    matter: Matter | None = None
    attention: Attention = Attention()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the customer saw last.

    Attributes:
        flow: tells this conversation from an erased one of the same chat; buttons carry it.
        question: counts the messages said; a button carries the number of its message, so that
            a stale one is told from a fresh one.
        asked: the name of the last text said (`state.messages`), whose buttons are valid now.
        asked_at: when the last message was said, ms by our clock.
        prompted: the number of the last question asked; an older one unsent is overtaken.
        terms: SHA-256 of the text of the consent that was shown last, in hex.
        inquiries: the turns of the questions to the directory whose outcome is awaited.
        greeted: the members of staff who have greeted the customer, the last ones.
    """

    flow: str = ""
    question: int = 0
    asked: str = ""
    asked_at: int = 0
    prompted: int = 0
    terms: str = ""
    inquiries: tuple[int, ...] = ()
    greeted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """The look-up of the customer's service.

    Attributes:
        invitation: the code the customer came with.
        number: the look-up whose outcome is awaited.
        clue: what the service is looked for by: `service:1001`, `document:52…`, `phone:+57…`.
        stated: what the customer said of the file: name, address, plan, price.
        found: the services found, while the customer chooses one, or the answer is held back.
        all_facts: all four facts were given, and right.
        failures: look-ups in a row that failed.
        alarmed: it was found while proofs failed everywhere: people decide.
        unanswered: the directory did not answer; what it was asked stands here, to ask again.
    """

    invitation: str = ""
    number: int = 0
    clue: str = ""
    stated: tuple[str, ...] = ()
    found: tuple[Client, ...] = ()
    all_facts: bool = False
    failures: int = 0
    alarmed: bool = False
    unanswered: bool = False


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Which service the dialog is about, and what proves that it is the customer's.

    Attributes:
        client: the service found, as it stood in the directory when it was read.
        proofs: what was proven of the customer (`state.proof`).
        owned: a phone (E.164) that a one-time code showed to be the customer's.
        challenge: the one-time code that is awaited.
        vouched_by: the members of staff on whose word some of the proofs rest.
    """

    client: Client | None = None
    proofs: tuple[Proof, ...] = ()
    owned: str = ""
    challenge: Challenge | None = None
    vouched_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Link:
    """The service that the chat belongs to, what proved it, and whose word that rests on.

    It outlives every dialog: only `unlink` and an erasure end it. `earlier` are the services that
    the chat was linked with before, and still belongs to.
    """

    client: Client
    proofs: tuple[Proof, ...] = ()
    vouched_by: tuple[str, ...] = ()
    earlier: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The customer's answers, until they are written or dropped.

    Attributes:
        answers: what was given and accepted, as it would be written; `KEPT` if the customer keeps
            what is there.
        replacing: the fields whose answer takes the place of all that is on file.
        candidate: an answer that needs a yes before it counts.
        doubt: the name of the text that asks for that yes.
        correcting: the answer awaited corrects an earlier one; the summary comes next.
        misses: answers in a row that could not be used.
        edited: of a text that was changed and reads as an answer: what it answered, and says now.
        offered: what was said before it was asked, one for a slot: used when its question comes.
        doubtful: what the customer was asked about: which of these two was meant.
    """

    answers: Mapping[Field, str] = dataclasses.field(default_factory=dict)
    replacing: tuple[Field, ...] = ()
    candidate: str = ""
    doubt: str = ""
    correcting: bool = False
    misses: int = 0
    edited: tuple[State, str] = (State.START, "")
    offered: tuple[Offer, ...] = ()
    doubtful: tuple[Offer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PendingChange:
    """The change that is being decided or written.

    Attributes:
        reference: by which the customer and staff name it.
        request: what people decide of it.
        attempts: how often writing was tried.
    """

    reference: str = ""
    request: Request | None = None
    attempts: int = 0
