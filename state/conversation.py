"""The record of one conversation: all that the machine knows of it."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from state.client import Client
from state.proof import Level, Proof, level
from state.records import (
    UNSETTLED,
    Challenge,
    Check,
    Consent,
    Notice,
    Request,
    Saved,
    Timer,
)

BOT = "bot"
"""The holder while the machine answers."""

QUEUE = "fila"
"""The holder while the chat waits for a person; any other holder is a staff member's name."""


PHONE = "celular"
"""The holder while our own people answer from the business phone, outside the console."""

KEPT = "="
"""The answer of a customer who leaves a field as it is on file."""


class State(StrEnum):
    """Where the dialog stands: named after what the bot waits for."""

    START = "inicio"
    GREETING = "saludo"
    CONSENT = "autorizacion"
    SHARING = "compartir"
    METHOD = "metodo"
    SERVICE = "servicio"
    HOLDER = "titular"
    NAME = "nombre"
    ADDRESS = "direccion"
    PLAN = "plan"
    PRICE = "precio"
    FINDING = "buscando"
    PICK = "elegir"
    CODE = "codigo"
    CONFIRM_SERVICE = "confirmar_servicio"
    DOCUMENT = "cedula"
    CONFIRM_DOCUMENT = "confirmar_cedula"
    PHONE = "celular"
    CONFIRM_PHONE = "confirmar_celular"
    SUMMARY = "resumen"
    CORRECTION = "correccion"
    REVIEW = "en_revision"
    UPDATING = "guardando"
    RETRYING = "reintentando"
    DONE = "terminado"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The address of a chat: which channel, which of our accounts there, whom.

    Attributes:
        channel: `telegram`, `whatsapp` or `simulator`.
        account: our bot's or number's id at the vendor.
        id: the customer's chat there, as the vendor names it.
    """

    channel: str
    account: str
    id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.account}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Under which names a channel knows who writes; it vouches for those that it tells.

    Attributes:
        user: the channel's own name of the account, such as WhatsApp's `CO.1349…` (BSUID).
        phone: the number of the account, international digits without `+`.
    """

    user: str = ""
    phone: str = ""


NOBODY = Person()
"""No names are told: the chat's id is name enough."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Everything remembered of one chat.

    Without slots, so that `replace` may copy it at once.

    Attributes:
        holder: `BOT`, `QUEUE`, or the name of the member of staff who speaks.
        turns: counts the steps taken; names timers and look-ups.
        question: counts the messages said; a button carries the number of its message, so that
            a stale one is told from a fresh one.
        asked: the name of the last text said (`state.messages`), whose buttons are valid now.
        invitation: the code the customer came with.
        lookup: the look-up whose outcome is awaited.
        clue: what the service is looked for by: `service:1001`, `document:52…`, `phone:+57…`.
        stated: what the customer said of the file: name, address, plan, price.
        proofs: what was proven of the customer (`state.proof`).
        challenge: the one-time code that is awaited.
        owned: a phone (E.164) that such a code showed to be the customer's.
        found: the services found, while the customer chooses one, or the answer is held back.
        all_facts: all four facts were given, and right.
        tried: look-ups in a row that failed.
        alarmed: it was found while proofs failed everywhere: people decide.
        request: the change that people decide.
        check: what was written, to be read again.
        saved: the last change through this chat, and what is known of it.
        linked: the chat belongs to the client's service.
        proven: of a record of the first version: the customer came with an invitation.
        client: the service found, as it stood at WispHub when it was read.
        document: the identity number given and accepted, as it would be written.
        phone: the phone given and accepted, in E.164; `KEPT` if the customer keeps what is there.
        replacing: it takes the place of those on file, which the customer has no more.
        candidate: an answer that needs a yes before it counts.
        doubt: the name of the text that asks for that yes.
        correcting: the answer awaited corrects an earlier one; the summary comes next.
        misses: answers in a row that could not be used.
        code: the reference of the request, told to the customer.
        attempts: how often the update was tried.
        prompted: the number of the last question asked; an older one unsent is overtaken.
        asked_at: when the last message was said, ms by our clock.
        heard_at: when the newest message of the customer was written, ms by the channel's clock.
        minute: when the minute began in which the customer's messages are counted, ms.
        in_minute: how many there were in it.
        flow: tells this conversation from an erased one of the same chat; buttons carry it.
        person: under which names the channel knows the customer.
        renumbered_at: when the account got another number, or another phone (ms), or 0.
        left: the customer blocked us, or the account is gone.
        lent_until: until when the business phone keeps the chat, ms.
        notice: what it was told last of a change by another chat.
        hinted: about which medium the last hint was given, and when (ms): an album gets one.
        written: the channel's id of the last text, and its checksum, to know an edit of it.
        answered: the state that the last text met.
        edited: of a text that was changed and reads as an answer: what it answered, and says now.
        terms: SHA-256 of the text of the consent that was shown last, in hex.
    """

    chat: Chat
    state: State = State.START
    holder: str = BOT
    turns: int = 0
    question: int = 0
    asked: str = ""
    consent: Consent | None = None
    invitation: str = ""
    lookup: int = 0
    clue: str = ""
    stated: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    challenge: Challenge | None = None
    owned: str = ""
    found: tuple[Client, ...] = ()
    all_facts: bool = False
    tried: int = 0
    alarmed: bool = False
    request: Request | None = None
    check: Check | None = None
    saved: Saved | None = None
    linked: bool = False
    proven: bool = False
    client: Client | None = None
    document: str = ""
    phone: str = ""
    replacing: bool = False
    candidate: str = ""
    doubt: str = ""
    correcting: bool = False
    misses: int = 0
    code: str = ""
    attempts: int = 0
    timer: Timer | None = None
    prompted: int = 0
    asked_at: int = 0
    heard_at: int = 0
    minute: int = 0
    in_minute: int = 0
    flow: str = ""
    person: Person = NOBODY
    renumbered_at: int = 0
    left: bool = False
    lent_until: int = 0
    notice: Notice | None = None
    hinted: tuple[str, int] = ("", 0)
    written: tuple[str, int] = ("", 0)
    answered: State = State.START
    edited: tuple[State, str] = (State.START, "")
    terms: str = ""

    @property
    def due(self) -> int | None:
        """When (ms) something shall happen by itself; none for never."""
        dues = [timer.due for timer in (self.timer, self.check) if timer is not None]
        return min(dues, default=None)

    @property
    def pending(self) -> int | None:
        """When (ms) something came up that people must see to; none if there is nothing.

        A request to decide, or a change that was lost, may not stand, or was a stranger's.
        """
        if self.request is not None:
            return self.request.at
        saved = self.saved
        if saved is not None and saved.standing in UNSETTLED:
            return saved.at
        return None

    @property
    def possesses(self) -> bool:
        """Tell whether the customer proved more than to know things: then the file is shown."""
        return level(self.proofs) >= Level.POSSESSION


if TYPE_CHECKING:
    replace = dataclasses.replace
else:

    def replace(conversation: Conversation, **changes: Any) -> Conversation:
        """Give a conversation with these fields changed: `dataclasses.replace`, ten times faster.

        A step of the machine replaces several times, and every update takes a step.
        """
        changed = object.__new__(type(conversation))
        changed.__dict__.update(conversation.__dict__, **changes)
        return changed
