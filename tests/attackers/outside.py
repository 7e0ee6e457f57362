"""What is outside a house: directory, channels and phones, played; each remembers what was done."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.wisphub.filters import matches
from bot.wisphub.rows import COLUMNS
from handlers.errors import UnknownService
from handlers.ports import OutgoingMessage, VendorCall
from state.client import Client, OnFile
from state.fields.table import Field
from state.inquiry import Balance, ServiceStatus, Supply
from state.store.invitations import Invitations, RedeemedInvitation
from tests.house_stage import Courteous

if TYPE_CHECKING:
    from tests.attackers.house import House

DAY = 24 * 3600_000  # ms

CODES = ((5, DAY), (10, 7 * DAY))
"""How many invitation codes of one chat are looked up within which time; each counts once."""

OWED = (31_000, 61_000, 91_000, 121_000)
"""What is owed for a service, by how many phones stand on its file."""

Done = tuple[str, int, Any]
"""Something that was done for a chat (its key): when (ms), and what."""


@dataclass
class Directory:
    """The provider's clients; who searched, compared, wrote and asked stands in lists."""

    house: "House"
    clients: dict[int, Client]
    searches: list[Done] = field(default_factory=list)
    compared: list[Done] = field(default_factory=list)
    writes: list[Done] = field(default_factory=list)
    inquiries: list[Done] = field(default_factory=list)

    async def search(self, clue: str) -> list[Client]:
        """Find by a clue, as WispHub's adapter does."""
        kind, _, value = clue.partition(":")
        found = [client for client in self.clients.values() if matches(kind, value, client)]
        (self.compared if self.house.is_updating() else self.searches).append(self.house.done(clue))
        return found

    async def find(self, service_id: int) -> Client:
        """Read one client."""
        try:
            return self.clients[service_id]
        except KeyError:
            raise UnknownService from None

    async def read_status(self, service_id: int) -> tuple[Client, ServiceStatus]:
        """Read one client, and how the service stands."""
        client = await self.find(service_id)
        self.inquiries.append(self.house.done(service_id))
        cut_off = f"2026-12-{len(client.phones) + 1:02}"
        return client, ServiceStatus(supply=Supply.ACTIVE, plan=client.plan, cut_off=cut_off)

    async def read_balance(self, service_id: int) -> Balance:
        """Tell what is owed: in each house something else."""
        client = await self.find(service_id)
        return Balance(owed=Decimal(OWED[len(client.phones)]), invoices=1)

    async def write(self, client: Client, contents: Mapping[Field, OnFile]) -> None:
        """Store what fields shall hold."""
        stored = {}
        for name, wanted in contents.items():
            column = COLUMNS[name]
            text = wanted.text or column.compose(client.of(name).text, wanted.values, "e164")
            stored[name] = column.read(text)
        known = self.clients[client.service_id]
        self.clients[client.service_id] = replace(known, on_file={**known.on_file, **stored})
        self.writes.append(self.house.done(client.service_id))


class CountedInvitations(Invitations):
    """The real ones; who tried codes stands in a list."""

    house: "House"

    async def redeem(self, code: str, *, by: str) -> RedeemedInvitation:
        self.house.redeemed.append(self.house.done(code))
        return await super().redeem(code, by=by)


@dataclass
class Everybody(Courteous):
    """A channel that keeps what everybody is told."""

    house: "House"

    async def send(self, outgoing: OutgoingMessage) -> str:
        self.house.said[outgoing.chat].append((self.house.now, outgoing.message.text))
        return ""


@dataclass
class Phones:
    """Phones to which one-time codes go; nobody reads them out to strangers."""

    house: "House"

    async def send(self, phone: str, code: str) -> None:
        assert code
        self.house.codes.append(phone)


@dataclass
class Inlet:
    """What reads a vendor's call: it was never written down."""

    call: VendorCall = field(default_factory=VendorCall)
    longest: int = 0

    def admit(self, headers: Mapping[str, str]) -> None:
        """Admit everything."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Believe everything."""

    def parse(self, _: bytes) -> VendorCall:
        return self.call


class NoLocks:
    """The lock of a service, which nobody else wants."""

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        assert service_id
        assert patience
        yield


async def nobody_calls(channel: str, body: bytes) -> None:
    """Let no call wait: none is that long."""
    raise AssertionError(channel, body)


def is_within(times: list[int], most: int, window: int) -> bool:
    """Tell whether there are at most so many within any window."""
    return all(sum(at - window < then <= at for then in times) <= most for at in times)
