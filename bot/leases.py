"""Leases of services, as the handlers ask for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.errors import Busy
from state.store.leases import LeaseTaken, ServiceLeases


class BusyLeases:
    """The store's leases, with the handlers' error."""

    def __init__(self, leases: ServiceLeases) -> None:
        self._leases = leases

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        """Hold the service, or raise `Busy`."""
        try:
            async with self._leases.hold(service_id, patience=patience):
                yield
        except LeaseTaken:
            raise Busy from None
