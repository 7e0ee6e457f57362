"""What the handlers need of the world, as protocols; `bot.bootstrap` chooses the real things."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from state.client import Changes, Client
from state.conversation import Chat
from state.effects import Send
from state.events import Event
from state.store.gates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing that arrived for a chat.

    Attributes:
        id: what its sender repeats when it repeats it; taken once, however often it comes.
        at: when it happened, ms since 1970, by the clock of whoever brought it; 0 if it does not
            say. A message older than what was asked since is not taken as the answer.
    """

    id: str
    event: Event
    at: int


Clock = Callable[[], int]
"""The time in milliseconds since 1970."""


class Clients(Protocol):
    """The clients of the provider, at WispHub."""

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

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Make sure that it comes from the vendor.

        Raises:
            Unauthorized: no or a wrong secret or signature.
        """
        ...

    def read(self, body: bytes) -> Sequence[tuple[Chat, Delivery]]:
        """Cut a call into deliveries, in their order.

        Raises:
            Unreadable: it is not what the vendor sends.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a channel may be spoken to; none is as fast as we can."""

    account: Rate | None = None
    chat: Rate | None = None


class Channel(Protocol):
    """A way to reach customers."""

    @property
    def pace(self) -> Pace | None:
        """Tell how fast; none for a channel that needs no gate at all."""
        ...

    async def send(self, chat: Chat, message: Send) -> str:
        """Send one message and give the vendor's id of it.

        Raises:
            Busy: come back after `retry_after` seconds; nothing was sent.
            Undeliverable: never will be.
            InDoubt: perhaps it was sent.
            ChannelDown: the account cannot be used now; nothing was sent.
        """
        ...
