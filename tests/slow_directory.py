"""A directory that takes its time over a search or a reading, by the clock of a stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.ports import Directory
from state.client import Client, OnFile
from state.fields.table import Field
from state.inquiry import Balance, ServiceStatus
from tests.house_stage import HouseStage


@dataclass(frozen=True)
class SlowDirectory:
    """WispHub, which takes its time (ms)."""

    clients: Directory
    stage: HouseStage
    took: int

    async def search(self, clue: str) -> Sequence[Client]:
        """Search, while the clock goes on."""
        self.stage.reach(self.stage.clock() + self.took)
        return await self.clients.search(clue)

    async def find(self, service_id: int) -> Client:
        """Read, while the clock goes on."""
        self.stage.reach(self.stage.clock() + self.took)
        return await self.clients.find(service_id)

    async def read_status(self, service_id: int) -> tuple[Client, ServiceStatus]:
        """Read, while the clock goes on."""
        self.stage.reach(self.stage.clock() + self.took)
        return await self.clients.read_status(service_id)

    async def read_balance(self, service_id: int) -> Balance:
        """Read, while the clock goes on."""
        self.stage.reach(self.stage.clock() + self.took)
        return await self.clients.read_balance(service_id)

    async def write(self, known: Client, contents: Mapping[Field, OnFile]) -> None:
        """Never."""
        raise AssertionError(known.service_id, contents)
