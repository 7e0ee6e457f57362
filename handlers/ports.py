"""What the handlers need of the world, as protocols; `bot.bootstrap` chooses the real things."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from state.client import Changes, Client
from state.conversation import Chat
from state.effects import Send
from state.events import Event
from state.parts import NOBODY, Person
from state.store.gates import Rate
from state.store.receipts import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing that arrived for a chat.

    Attributes:
        id: what its sender repeats when it repeats it; taken once, however often it comes.
        at: when it happened, ms since 1970, by the clock of whoever brought it; 0 if it does not
            say. A message older than what was asked since is not taken as the answer.
        person: under which names the channel knows who did it; empty where the chat's id is name
            enough. A person with names is the same one in every chat that has one of them.
        handle: what to show the channel to acknowledge it; empty for nothing.
    """

    id: str
    event: Event
    at: int
    person: Person = NOBODY
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How far a message of ours came, as its vendor tells.

    Attributes:
        tracking: what we sent along with it (`Parcel.tracking`).
        reason: the vendor's code, if it failed.
        billed: the category under which it is charged; empty if it is not, or not told.
    """

    tracking: str
    reach: Reach
    reason: str = ""
    billed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A part of a call that is no event: kept as a dead letter, for a person to look at."""

    body: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a vendor's call brings."""

    arrived: Sequence[tuple[Chat, Delivery]] = ()
    receipts: Sequence[Receipt] = ()
    unread: Sequence[Unread] = ()


Clock = Callable[[], int]
"""The time in milliseconds since 1970."""


class Clients(Protocol):
    """The clients of the provider, at WispHub."""

    async def search(self, clue: str) -> Sequence[Client]:
        """Look for clients by `service:`, `document:`, `phone:` (E.164) or `name:` and its value.

        Each one given really matches.

        Raises:
            WispHubUnavailable: nothing sensible came back.
        """
        ...

    async def find(self, service_id: int) -> Client:
        """Read one client afresh.

        Raises:
            UnknownService: there is none.
            WispHubUnavailable: nothing sensible came back.
        """
        ...

    async def write(self, known: Client, changes: Changes) -> None:
        """Ask for the changes; returning says nothing of whether they stand there: read back.

        Raises:
            UnknownService: WispHub answered 404.
            WispHubUnavailable: the outcome is unknown, or the request was refused.
        """
        ...


class CodeSender(Protocol):
    """How a one-time code comes to a phone: by WhatsApp, by SMS, or on the console."""

    async def send(self, phone: str, code: str) -> None:
        """Send a code to a phone in E.164.

        Raises:
            CodeRefused: it cannot be.
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


class Leases(Protocol):
    """One holder at a time of each service, among all processes."""

    def hold(self, service_id: int, *, patience: float) -> AbstractAsyncContextManager[None]:
        """Hold the service; waits at most `patience` seconds.

        Raises:
            Busy: somebody else holds it.
        """
        ...


class Inlet(Protocol):
    """How a channel's vendor brings us what customers do."""

    @property
    def longest(self) -> int:
        """Tell how many bytes a call may have."""
        ...

    def admit(self, headers: Mapping[str, str]) -> None:
        """Refuse what shows before its body that it does not come from the vendor.

        Raises:
            Unauthorized: no secret or signature.
            Forbidden: a wrong one.
        """
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Make sure that the body comes from the vendor.

        Raises:
            Forbidden: a wrong signature.
        """
        ...

    def read(self, body: bytes) -> Call:
        """Cut a call into what it brings, in its order; what cannot be read holds up nothing.

        Raises:
            Unreadable: it is not what the vendor sends.
        """
        ...


@runtime_checkable
class Handshaking(Protocol):
    """An inlet whose vendor first makes sure that we are who we say."""

    def shake(self, query: Mapping[str, str]) -> str:
        """Answer the vendor's challenge.

        Raises:
            Unauthorized: no token.
            Forbidden: a wrong one.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a channel may be spoken to; none is as fast as we can."""

    account: Rate | None = None
    chat: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message, and what a channel needs to know to deliver it.

    Attributes:
        person: under which names the channel knows the customer.
        attempt: 1 for the first.
        tracking: our name of this message, opaque to everybody else; a vendor that sends it back
            tells us what became of it.
        heard_at: when the customer last wrote, ms by the channel's clock.
        now: ms since 1970.
        replaces: the vendor's id of the message whose place it takes, where a channel can.
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
    """A way to reach customers."""

    @property
    def pace(self) -> Pace | None:
        """Tell how fast; none for a channel that needs no gate at all."""
        ...

    @property
    def settling(self) -> float:
        """Tell for how many seconds to wait for a receipt of a message in doubt; 0: none comes."""
        ...

    async def send(self, parcel: Parcel) -> str:
        """Send one message and give the vendor's id of it.

        Raises:
            Busy: come back after `retry_after` seconds; nothing was sent.
            Undeliverable: never will be.
            InDoubt: perhaps it was sent.
            ChannelDown: the account cannot be used now; nothing was sent.
        """
        ...

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Tell the vendor that something arrived, and whether we are answering; a courtesy.

        Its failure is passed over.
        """
        ...
