"""The pretend WispHub as the simulator's inspector sees it."""

from collections.abc import Sequence

from bot.sandbox.customers import FIRST_SERVICE
from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from state.client import Client, OnFile
from state.fields.phonebook import parse
from state.fields.table import Field

_LABELS = {
    Fault.NONE: "Todo bien",
    Fault.ERROR: "Error 500",
    Fault.HANG: "No responde",
    Fault.SLOW: "Lento (2 s)",
    Fault.ECHO: "Dice que guardó, y no",
    Fault.LOST: "Guarda, y dice que no",
    Fault.NO_PATCH: "No acepta PATCH",
    Fault.IGNORE: "Ignora los filtros",
    Fault.NUMBERS: "Números donde había textos",
    Fault.READ_ONLY: "La clave solo lee (403)",
}

_APART = 3  # every third customer has no document: those are the ones to link


class PretendWispHub:
    """Implements `handlers.simulator.pages.Pretended`."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Use this sandbox."""
        self._sandbox = sandbox

    def columns(self, service_id: int) -> dict[str, str]:
        """Return the current record, as it is stored."""
        row = self._sandbox.rows[service_id]
        return {
            "Nombre": row["nombre"],
            "Cédula": row["cedula"],
            "Teléfono": row["telefono"],
            "Estado": row["estado"],
            "Facturas": row["estado_facturas"],
            "Falla general": "sí" if row["router"]["falla_general"] else "no",
        }

    def customer(self, index: int) -> Client:
        """Return an invented customer to play."""
        number = FIRST_SERVICE + index * _APART % len(self._sandbox.rows)
        row = self._sandbox.rows[number]
        phones = OnFile(parse(row["telefono"]), row["telefono"])
        return Client(service_id=number, name=row["nombre"], on_file={Field.PHONE: phones})

    def faults(self) -> Sequence[tuple[str, str, bool]]:
        """List the faults: name, label, whether it is on."""
        on = self._sandbox.fault
        return [(fault.value, label, fault is on) for fault, label in _LABELS.items()]

    def switch(self, fault: str) -> None:
        """Switch to that fault; an unknown name means none."""
        known = {one.value for one in Fault}
        self._sandbox.fault = Fault(fault) if fault in known else Fault.NONE
