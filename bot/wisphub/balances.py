"""What WispHub says is owed: `GET /api/clientes/{id}/saldo/`.

`{saldo, facturas: [{id, fecha_emision, fecha_vencimiento, total}], url_pago}`, where the invoices
are the unpaid ones, and `saldo` is what is owed besides; negative: paid ahead (DEVO, MEGABIT, YAA).
A sum of which a part cannot be read is not told.
"""

from decimal import Decimal
from typing import Any

from bot.wisphub.values import read_amount, read_day, read_json, read_link
from state.inquiry import Balance

_NOTHING = Decimal(0)


class NoBalance(Exception):  # it says which field
    """An answer of which no sum can be told; the text names the field."""


def read_balance(body: bytes) -> Balance:
    """Read what is owed.

    Raises:
        NoBalance: a part of it is missing, or cannot be read.
    """
    try:
        answer = read_json(body)
    except ValueError:
        raise NoBalance("json") from None  # the cause would quote the answer
    if isinstance(answer, list) and len(answer) == 1:  # some installations wrap it (SOCIUM)
        answer = answer[0]
    if not isinstance(answer, dict):
        raise NoBalance("json")
    invoices = _read_invoices(answer.get("facturas"))
    if "saldo" not in answer and "facturas" not in answer:
        raise NoBalance("saldo")
    days = [read_day(one.get("fecha_vencimiento")) for one in invoices]
    return Balance(
        owed=sum((_read_total(one) for one in invoices), _read_rest(answer.get("saldo"))),
        invoices=len(invoices),
        due=min(days, default=""),
        link=read_link(answer.get("url_pago")),
    )


def _read_invoices(value: Any) -> list[dict[str, Any]]:
    """List the unpaid invoices, each once."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise NoBalance("facturas")
    named = {str(one["id"]): one for one in value if one.get("id") is not None}
    return [*named.values(), *(one for one in value if one.get("id") is None)]


def _read_total(invoice: dict[str, Any]) -> Decimal:
    total = read_amount(invoice.get("total"))
    if total is None:
        raise NoBalance("total")
    return total


def _read_rest(value: Any) -> Decimal:
    rest = _NOTHING if value in (None, "") else read_amount(value)
    if rest is None:
        raise NoBalance("saldo")
    return rest
