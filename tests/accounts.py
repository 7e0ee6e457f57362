"""What WispHub knows of a service besides the client, in the shapes in which it says so."""

from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]

UP_TO_DATE: tuple[Values, Values] = (
    {"estado": "Activo", "estado_facturas": "Pagadas"},
    {"saldo": "0.00", "facturas": [], "url_pago": None},
)
"""Nothing is owed, and all is well."""


def make_columns(values: Mapping[str, str]) -> Values:
    """Write the columns of a row: `state`, `unpaid`, `cut` and `outage`."""
    outage = values.get("outage")
    return {
        "estado": values.get("state", "Activo"),
        "estado_facturas": "Pendiente de Pago" if values.get("unpaid") else "Pagadas",
        "fecha_corte": values.get("cut"),
        "router": {
            "id": 1,
            "nombre": "Nodo 1",
            "falla_general": outage is not None,
            "falla_general_descripcion": outage or "",
        },
    }


def make_answer(values: Mapping[str, str]) -> Values:
    """Write what is owed: `owes` and `due` (several by commas), `rest` and `pay`."""
    totals = [total for total in values.get("owes", "").split(",") if total]
    days = values.get("due", "").split(",")
    invoices = [
        {"id": number, "fecha_emision": None, "fecha_vencimiento": day.strip(), "total": total}
        for number, (total, day) in enumerate(zip(totals, days, strict=False), 1)
    ]
    return {
        "saldo": values.get("rest", "0.00"),
        "facturas": invoices,
        "url_pago": values.get("pay"),
    }
