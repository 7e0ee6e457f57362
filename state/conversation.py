"""The record of one conversation: all that the machine knows of it."""

from dataclasses import dataclass
from enum import StrEnum

from state.client import Client

BOT = "bot"
"""The holder while the machine answers."""

QUEUE = "fila"
"""The holder while the chat waits for a person; any other holder is a staff member's name."""


class State(StrEnum):
    """Where the dialog stands: named after what the bot waits for."""

    START = "inicio"
    GREETING = "saludo"
    CONSENT = "autorizacion"
    SERVICE = "servicio"
    FINDING = "buscando"
    CONFIRM_SERVICE = "confirmar_servicio"
    DOCUMENT = "cedula"
    CONFIRM_DOCUMENT = "confirmar_cedula"
    PHONE = "celular"
    CONFIRM_PHONE = "confirmar_celular"
    SUMMARY = "resumen"
    CORRECTION = "correccion"
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
class Consent:
    """The customer's authorisation: when, under which code, to which text."""

    at: int
    code: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """What shall happen by itself: a name, the time (ms), and a generation that tells it apart."""

    name: str
    due: int
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything remembered of one chat.

    Attributes:
        holder: `BOT`, `QUEUE`, or the name of the staff member who speaks.
        question: counts the questions asked; a button carries the number of its question, so that
            a stale one is told from a fresh one.
        turns: counts the steps taken; names timers.
        resume: the state to return to after a detour (cancelling, staff).
        proven: the customer came with an invitation, not just a typed number.
        client: the service found, as it stood at WispHub when it was read.
        document: the identity number given and accepted, as it would be written.
        phone: the phone given and accepted, in the spelling that would be written.
        candidate: an answer that needs a yes before it counts.
        misses: answers in a row that could not be used.
        code: the reference of the request, told to the customer.
        attempts: how often the update was tried.
    """

    chat: Chat
    state: State = State.START
    holder: str = BOT
    question: int = 0
    turns: int = 0
    cancelling: bool = False
    revoking: bool = False
    correcting: bool = False
    consent: Consent | None = None
    proven: bool = False
    client: Client | None = None
    document: str = ""
    phone: str = ""
    candidate: str = ""
    misses: int = 0
    code: str = ""
    attempts: int = 0
    timer: Timer | None = None
