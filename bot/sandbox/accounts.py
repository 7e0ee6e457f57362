"""What invented customers owe, and how their services stand: by the service's index.

Among the customers whom the simulated phones play (every third one), the second owes an invoice,
the third is cut off for two that are overdue, the fourth is in an area with an outage, the sixth
has paid ahead, the first and the fifth are up to date; then it begins again.
"""

from datetime import date, timedelta
from typing import Any

_ROUND = 18
_OWES, _CUT_OFF, _OUTAGE, _AHEAD = 3, 6, 9, 15
_DUE = {_OWES: (9,), _CUT_OFF: (-40, -10)}  # days from today: one of each invoice
_COLUMNS: dict[int, dict[str, Any]] = {
    _OWES: {"estado_facturas": "Pendiente de Pago"},
    _CUT_OFF: {"estado": "Suspendido", "estado_facturas": "Pendiente de Pago"},
    _OUTAGE: {
        "router": {
            "id": 2, "nombre": "Nodo 2", "falla_general": True,
            "falla_general_descripcion": "<p>Fibra cortada; la cuadrilla ya va en camino.</p>",
        }
    },
}  # fmt: skip

Answer = dict[str, Any]
"""What `GET /api/clientes/{id}/saldo/` answers."""


def find_columns(index: int) -> dict[str, Any]:
    """Give the columns of a row that tell that not all is well with a service."""
    return _COLUMNS.get(index % _ROUND, {})


def make_balance(index: int, price: str, today: date) -> Answer:
    """Invent what is owed for a service on that day."""
    days = [today + timedelta(days=day) for day in _DUE.get(index % _ROUND, ())]
    invoices = [
        {
            "id": index * 10 + number,
            "fecha_emision": f"{day - timedelta(days=20)}",
            "fecha_vencimiento": f"{day}",
            "total": price,
        }
        for number, day in enumerate(days)
    ]
    return {
        "saldo": "-30000.00" if index % _ROUND == _AHEAD else "0.00",
        "facturas": invoices,
        "url_pago": f"https://pagos.fibranet.example/{index}",
    }
