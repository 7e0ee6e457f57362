"""The pretend WispHub as the simulator's inspector sees it."""

from collections.abc import Sequence

from bot.sandbox.customers import FIRST_SERVICE, Row
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

_MANNERS = {
    Fault.NONE: "responde",
    Fault.ERROR: "caído",
    Fault.ECHO: "dice sin guardar",
    Fault.LOST: "guarda sin decirlo",
}
"""What transcripts call the faults that they know."""

_APART = 3  # every third customer has no document: those are the ones to link


class PretendWispHub:
    """Implements `handlers.simulator.handsets.PretendDirectory`."""

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
        """Return an invented customer to play: all of them, before any comes again."""
        turn, place = divmod(index * _APART, len(self._sandbox.rows))
        number = FIRST_SERVICE + (place + turn) % len(self._sandbox.rows)
        row = self._sandbox.rows[number]
        phones = OnFile(parse(row["telefono"]), row["telefono"])
        return Client(service_id=number, name=row["nombre"], on_file={Field.PHONE: phones})

    def describe(self, service_id: int) -> str:
        """Write the services of that customer as a transcript does, a line each, that one first."""
        row = self._sandbox.rows[service_id]
        theirs = (other for other in self._sandbox.rows.values() if _person(other) == _person(row))
        ordered = sorted(theirs, key=lambda other: other is not row)
        return "\n".join(_describe(other) for other in ordered)

    def stand(self, service_id: int) -> str:
        """Write what stands there now, as a transcript does."""
        row = self._sandbox.rows[service_id]
        return f"wisphub {service_id}: document={row['cedula']} phone={row['telefono']}"

    def manner(self) -> str:
        """Write how the directory behaves, as a transcript does; a remark if it cannot."""
        fault = self._sandbox.fault
        manner = _MANNERS.get(fault)
        return f"wisphub: ({manner})" if manner else f"# WispHub: {_LABELS[fault]}"

    def faults(self) -> Sequence[tuple[str, str, bool]]:
        """List the faults: name, label, whether it is on."""
        on = self._sandbox.fault
        return [(fault.value, label, fault is on) for fault, label in _LABELS.items()]

    def switch(self, fault: str) -> None:
        """Switch to that fault; an unknown name means none."""
        known = {one.value for one in Fault}
        self._sandbox.fault = Fault(fault) if fault in known else Fault.NONE


def _person(row: Row) -> tuple[str, ...]:
    return row["nombre"], row["cedula"], row["telefono"]


def _describe(row: Row) -> str:
    return (
        f"service {row['id_servicio']}: name={row['nombre']} document={row['cedula']} "
        f"phone={row['telefono']} address={row['direccion']} "
        f"plan={row['plan_internet']['nombre']} price={row['precio_plan']}"
    )
