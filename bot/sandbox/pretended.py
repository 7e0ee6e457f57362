"""The pretend WispHub as the simulator's inspector sees it."""

from collections.abc import Sequence

from bot.sandbox.customers import FIRST_SERVICE
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from state.client import Client

_LABELS = {
    Fault.NONE: "Todo bien",
    Fault.ERROR: "Error 500",
    Fault.HANG: "No responde",
    Fault.SLOW: "Lento (2 s)",
    Fault.ECHO: "Dice que guardó, y no",
    Fault.LOST: "Guarda, y dice que no",
    Fault.NO_PATCH: "No acepta PATCH",
    Fault.IGNORE: "Ignora los filtros",
}

_APART = 3  # every third customer has no document: those are the ones to link


class PretendedWispHub:
    """Implements `handlers.simulator.table.Pretended`."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Use this sandbox."""
        self._sandbox = sandbox

    def client(self, service_id: int) -> Client:
        """Return the current record."""
        row = self._sandbox.rows[service_id]
        return Client(
            service_id=service_id,
            name=row["nombre"],
            document=row["cedula"],
            phone=row["telefono"],
            address=row["direccion"],
            plan=row["plan_internet"]["nombre"],
        )

    def customer(self, index: int) -> Client:
        """Return an invented customer to play."""
        return self.client(FIRST_SERVICE + index * _APART % len(self._sandbox.rows))

    def faults(self) -> Sequence[tuple[str, str, bool]]:
        """List the faults: name, label, whether it is on."""
        on = self._sandbox.fault
        return [(fault.value, label, fault is on) for fault, label in _LABELS.items()]

    def switch(self, fault: str) -> None:
        """Switch to that fault; an unknown name means none."""
        known = {one.value for one in Fault}
        self._sandbox.fault = Fault(fault) if fault in known else Fault.NONE
