"""What the handlers need from outside, as protocols; `bot.bootstrap` chooses implementations."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from state.client import Client, OnFile
from state.conversation import Chat
from state.effects import Send
from state.events import Event
from state.fields.table import Field
from state.inquiry import Balance, ServiceStatus
from state.parts import NOBODY, Person
from state.store.rate_limits import Rate
from state.store.receipts import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing that arrived for a chat.

    Attributes:
        id: the sender's own id, the same in a repeat; processed once.
        at: when it happened, ms since 1970, by the sender's clock; 0 if unknown. A message older
            than the last question is not taken as its answer. Of an outcome: when it was begun.
        person: the names under which the channel knows the sender; empty if the chat's id is
            enough. A person is the same one in every chat that has one of the names.
        handle: what to give the channel to acknowledge it; empty for nothing.
    """

    id: str
    event: Event
    at: int
    person: Person = NOBODY
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How far a message of ours got, as its vendor reports.

    Attributes:
        tracking: the id that we sent with it (`OutgoingMessage.tracking`).
        reason: the vendor's code, if it failed.
        billed: the category under which it is charged; empty if it is not, or unknown.
    """

    tracking: str
    reach: Reach
    reason: str = ""
    billed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPart:
    """A part of a call that is no event: kept as a dead letter, to be looked at."""

    body: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCall:
    """The content of a vendor's call."""

    arrived: Sequence[tuple[Chat, Delivery]] = ()
    receipts: Sequence[Receipt] = ()
    unread: Sequence[UnreadPart] = ()


Clock = Callable[[], int]
"""Returns the time in milliseconds since 1970."""


class Clients(Protocol):
    """The provider's clients, in the directory."""

    async def search(self, clue: str) -> Sequence[Client]:
        """Search clients by `service:`, `document:`, `phone:` (E.164) or `name:` and its value.

        Or by `holder:` and words, each of which begins one of the holder's name: then not all may
        come. Every client returned really matches.

        Raises:
            DirectoryUnavailable: no usable answer.
        """
        ...

    async def find(self, service_id: int) -> Client:
        """Read one client again.

        Raises:
            UnknownService: it does not exist.
            DirectoryUnavailable: no usable answer.
        """
        ...

    async def write(self, client: Client, contents: Mapping[Field, OnFile]) -> None:
        """Request that fields hold these values, or this text to the letter.

        Values that are stored already keep their spelling there. Returning does not mean that
        the contents are stored: read them back.

        Raises:
            UnknownService: the directory answered 404.
            DirectoryUnavailable: the outcome is unknown, or the request was rejected.
        """
        ...


class Directory(Clients, Protocol):
    """The provider's clients, and how their services stand."""

    async def read_status(self, service_id: int) -> tuple[Client, ServiceStatus]:
        """Read one client again, and how the service stands.

        Raises:
            UnknownService: it does not exist.
            DirectoryUnavailable: no usable answer.
        """
        ...

    async def read_balance(self, service_id: int) -> Balance:
        """Read what is owed for a service that exists.

        Raises:
            DirectoryUnavailable: no usable answer, or none whose sum is certain.
        """
        ...


class CodeSender(Protocol):
    """Delivers one-time codes to phones: by WhatsApp, by SMS, or on the console."""

    async def send(self, phone: str, code: str) -> None:
        """Send a code to a phone in E.164.

        Raises:
            CodeRefused: it cannot be sent.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of ours at a channel that knows customers by their numbers.

    `cold` if it may write to a number that never wrote to us.
    """

    channel: str
    id: str
    cold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTemplate:
    """The template by which members write after WhatsApp's 24 hours.

    Attributes:
        text: its whole text, `{{1}}` for the words.
        lacks: the settings that are missing for it; empty if it can be used.
    """

    text: str = ""
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """Where a file lies that a customer sent.

    Attributes:
        where: the vendor's address or path of it.
        kind: its type, such as `image/jpeg`; empty if unknown.
        size: bytes; 0 if unknown.
    """

    where: str
    kind: str = ""
    size: int = 0


class Files(Protocol):
    """What customers sent by a channel; nothing of it is kept here."""

    async def find(self, file: str) -> FoundFile:
        """Find a file by the vendor's id.

        Raises:
            FileGone: it is there no more.
            FileTooLarge: the vendor does not give it out.
            ChannelDown: no usable answer.
        """
        ...

    def read(self, found: FoundFile) -> AsyncIterator[bytes]:
        """Fetch its bytes.

        Raises:
            FileGone: it is there no more.
            ChannelDown: it cannot be fetched, or no further.
        """
        ...


class Leases(Protocol):
    """A lock for each service, shared by all processes."""

    def hold(self, service_id: int, *, patience: float) -> AbstractAsyncContextManager[None]:
        """Hold the service; waits at most `patience` seconds.

        Raises:
            Busy: somebody else holds it.
        """
        ...


class Receiver(Protocol):
    """The receiving side of a channel."""

    @property
    def longest(self) -> int:
        """Return the maximum size of a call in bytes."""
        ...

    def admit(self, headers: Mapping[str, str]) -> None:
        """Reject a call whose headers show that it does not come from the vendor.

        Raises:
            Unauthorized: no secret or signature.
            Forbidden: a wrong one.
        """
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check that the body comes from the vendor.

        Raises:
            Forbidden: a wrong signature.
        """
        ...

    def parse(self, body: bytes) -> VendorCall:
        """Split a call into its contents, in order; an unreadable part does not stop the others.

        Raises:
            Unreadable: it is not what the vendor sends.
        """
        ...


@runtime_checkable
class HandshakeReceiver(Protocol):
    """A receiver whose vendor first verifies our address."""

    def answer_challenge(self, query: Mapping[str, str]) -> str:
        """Answer the vendor's challenge.

        Raises:
            Unauthorized: no token.
            Forbidden: a wrong one.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRate:
    """A channel's rate limits; None for no limit."""

    account: Rate | None = None
    chat: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """An outgoing message, and what a channel needs to deliver it.

    Attributes:
        person: the names under which the channel knows the customer.
        attempt: 1 for the first.
        tracking: our own id of this message; a vendor that returns it tells what became of it.
        heard_at: when the customer last wrote, ms by the channel's clock.
        now: ms since 1970.
        replaces: the vendor's id of the message that it replaces, where a channel can.
    """

    chat: Chat
    message: Send
    person: Person = NOBODY
    attempt: int = 1
    tracking: str = ""
    heard_at: int = 0
    now: int = 0
    replaces: str = ""


class Channel(Protocol):
    """The sending side of a channel."""

    @property
    def pace(self) -> SendingRate | None:
        """The rate limits; None for a channel without a gate."""
        ...

    @property
    def settling(self) -> float:
        """Seconds to wait for the receipt of a message in doubt; 0: the channel sends none."""
        ...

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Send one message and return the vendor's id of it.

        Raises:
            Busy: retry after `retry_after` seconds; nothing was sent.
            Undeliverable: it will never be accepted.
            InDoubt: it may have been sent.
            ChannelDown: the account is unusable at present; nothing was sent.
        """
        ...

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Tell the vendor that something arrived, and whether we are answering.

        A courtesy: its failure is ignored.
        """
        ...
