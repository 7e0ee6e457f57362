"""Simulated phones: whose they are, and what the pretend directory tells of that customer."""

from collections.abc import Sequence
from typing import Protocol
from uuid import uuid4

from state.client import Client
from state.conversation import Chat
from state.fields import phones
from state.store.simulator import SimulatedPhone
from state.store.store import Store

LOOKS = ("whatsapp", "telegram")
HIDDEN = "hidden"
"""A WhatsApp phone whose number is not shown."""

_CUSTOMERS = 100  # that are looked at for one with a number of its own


class PretendDirectory(Protocol):
    """The pretend directory as the simulator sees it."""

    def columns(self, service_id: int) -> dict[str, str]:
        """Return the current record, as it is stored: names of columns and what they hold."""
        ...

    def customer(self, index: int) -> Client:
        """Return an invented customer to play, another one for each index."""
        ...

    def describe(self, service_id: int) -> str:
        """Write the services of that customer as a transcript does, a line each."""
        ...

    def stand(self, service_id: int) -> str:
        """Write what stands there now, as a transcript does."""
        ...

    def manner(self) -> str:
        """Write how the directory behaves, as a transcript does."""
        ...

    def faults(self) -> Sequence[tuple[str, str, bool]]:
        """List the faults: name, label, whether it is on."""
        ...

    def switch(self, fault: str) -> None:
        """Switch a fault on."""
        ...


async def add_phone(store: Store, pretended: PretendDirectory, look: str) -> str:
    """Give another customer a phone of that look, and return its key."""
    client = await _choose_customer(store, pretended)
    phone = SimulatedPhone(
        chat=Chat(channel="simulator", account=look if look in LOOKS else LOOKS[0], id=uuid4().hex),
        title=client.name,
        service_id=client.service_id,
        invitation=(await store.invitations.issue(client.service_id)).code,
        number=_number(client),
        hides_number=look == HIDDEN,
        before=pretended.columns(client.service_id),
        placed=pretended.describe(client.service_id),
    )
    return await store.simulator.add(phone)


async def _choose_customer(store: Store, pretended: PretendDirectory) -> Client:
    """Choose a customer whose number no phone has yet, if there is one: an account is a person."""
    index = await store.simulator.count()
    taken = {phone.number for _, phone in await store.simulator.list()}
    customers = (pretended.customer(index + more) for more in range(_CUSTOMERS))
    free = (client for client in customers if _number(client) not in taken)
    return next(free, pretended.customer(index))


def _number(client: Client) -> str:
    """The phone's own number: the first on file, or an invented one."""
    mobile = phones.mobile(client.phones).removeprefix("+")
    return mobile or f"57315{7_000_000 + client.service_id}"
