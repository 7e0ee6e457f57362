"""The rows of WispHub's list, read leniently: a value that cannot be read spoils no other one.

Columns that are texts in one installation are numbers in another. Each row is read by itself, each
column of it by itself; what cannot be read is left out, and named to the caller for the log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.wisphub.values import is_yes, read_day, read_json, read_text, read_words
from state.client import Client, OnFile
from state.fields import phonebook
from state.fields.folding import fold
from state.fields.table import Field
from state.inquiry import ServiceStatus, Supply

UNREADABLE = OnFile(text="\ufffd")
"""What stands on file where the column holds something that is no text and no number."""

_LARGEST_ID = 2**53

_NAME, _ADDRESS, _PLAN, _PRICE = "nombre", "direccion", "plan_internet", "precio_plan"
_ID = "id_servicio"
_SUPPLY, _INVOICES, _CUT_OFF = "estado", "estado_facturas", "fecha_corte"
_NODES = ("router", "sectorial")


def _alone(_text: str, values: tuple[str, ...], _style: str) -> str:
    return values[0]


@dataclass(frozen=True, slots=True)
class Column:
    """The column in which WispHub keeps a field.

    Attributes:
        parse: takes a text that holds several values apart; none where it holds one.
        compose: writes values into a text as it stands, in a style.
    """

    name: str
    parse: Callable[[str], tuple[str, ...]] | None = None
    compose: Callable[[str, tuple[str, ...], str], str] = _alone

    def read(self, text: str) -> OnFile:
        """Read the column's text; one that holds one value is that value."""
        return OnFile((text,)) if self.parse is None else OnFile(self.parse(text), text)


COLUMNS = {
    Field.DOCUMENT: Column("cedula"),
    Field.PHONE: Column("telefono", phonebook.parse, phonebook.compose),
}
assert COLUMNS.keys() == set(Field)

_WHITE_LIST = (_NAME, _ADDRESS, _PLAN, _PRICE, *(column.name for column in COLUMNS.values()))
"""What is read of a row besides its number: whatever else it holds stays here."""

_OF_STATUS = (_SUPPLY, _INVOICES, _CUT_OFF)
"""What is read besides of how the service stands; nobody is told if it cannot be read."""

_SUPPLIES = {
    "activo": Supply.ACTIVE,
    "gratis": Supply.ACTIVE,
    "suspendido": Supply.SUSPENDED,
    "cancelado": Supply.CANCELLED,
}
"""The states of WispHub, folded."""

_PAID = "pagadas"


class NoList(Exception):  # it says what is missing
    """An answer that is no list of clients."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as far as it could be read.

    Attributes:
        columns: the texts of the white-listed columns; one that is unreadable is left out.
        outages: what is said of each outage that the provider knows of; may be empty.
    """

    service_id: int
    columns: Mapping[str, str] = field(repr=False)
    outages: tuple[str, ...] = ()

    @property
    def client(self) -> Client:
        """The client of the row."""
        return Client(
            service_id=self.service_id,
            name=self.columns.get(_NAME, ""),
            on_file=self._on_file(),
            address=self.columns.get(_ADDRESS, ""),
            plan=self.columns.get(_PLAN, ""),
            price=self.columns.get(_PRICE, ""),
        )

    @property
    def status(self) -> ServiceStatus:
        """How the service of the row stands."""
        invoices = fold(self.columns.get(_INVOICES, ""))
        return ServiceStatus(
            supply=_SUPPLIES.get(fold(self.columns.get(_SUPPLY, "")).strip(), Supply.UNKNOWN),
            plan=read_words(self.columns.get(_PLAN)),
            cut_off=read_day(self.columns.get(_CUT_OFF)),
            unpaid=bool(invoices) and invoices.strip() != _PAID,
            outage=bool(self.outages),
            outage_words=next(filter(None, self.outages), ""),
        )

    def _on_file(self) -> dict[Field, OnFile]:
        texts = {one: self.columns.get(column.name) for one, column in COLUMNS.items()}
        return {
            one: UNREADABLE if text is None else COLUMNS[one].read(text)
            for one, text in texts.items()
            if text is None or text.strip()
        }


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list.

    Attributes:
        rows: those that could be read.
        size: how many rows came, readable or not.
        total: how many there are by `count`, if that can be read.
        linked: whether there is a `next`, which is never followed; none if that is not told.
        unread: names of the columns that could not be read in some row.
    """

    rows: tuple[Row, ...]
    size: int
    total: int | None
    linked: bool | None
    unread: tuple[str, ...] = ()

    def continues(self, seen: int, *, most: int) -> bool:
        """Tell whether there is more after `seen` rows, with `most` to a page."""
        if self.total is None and self.linked is None:
            return self.size >= most
        return bool(self.linked) or (self.total or 0) > seen


def read_page(body: bytes) -> Page:
    """Read a page of the list, row by row.

    Raises:
        NoList: it is none.
    """
    try:
        answer = read_json(body)
    except ValueError:
        raise NoList from None  # the cause would quote the answer
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise NoList
    unread = set[str]()
    rows = [_read_row(result, unread) for result in results]
    return Page(
        rows=tuple(row for row in rows if row is not None),
        size=len(results),
        total=_read_count(answer.get("count")),
        linked=bool(answer["next"]) if "next" in answer else None,
        unread=tuple(sorted(unread)),
    )


def compose_profile(client: Client) -> dict[str, str]:
    """Name all that is known of a profile, as it stands there."""
    return {
        _NAME: client.name,
        _ADDRESS: client.address,
        **{column.name: client.of(field).literal for field, column in COLUMNS.items()},
    }


def _read_row(result: Any, unread: set[str]) -> Row | None:
    """Read a row, and add the names of what could not be read; none if it has no number."""
    service_id = _read_id(result.get(_ID)) if isinstance(result, dict) else None
    if service_id is None:
        unread.add(_ID)
        return None
    texts = {name: _read_column(name, result.get(name)) for name in _WHITE_LIST}
    unread |= {name for name, text in texts.items() if text is None}
    texts |= {name: read_text(result.get(name)) for name in _OF_STATUS}
    columns = {name: text for name, text in texts.items() if text is not None}
    return Row(service_id, columns, _list_outages(result))


def _read_id(value: Any) -> int | None:
    number = _read_count(value)
    return number if number and number < _LARGEST_ID else None


def _read_count(value: Any) -> int | None:
    text = read_text(value)
    return int(text) if text and text.isascii() and text.isdecimal() else None


def _read_column(name: str, value: Any) -> str | None:
    """Read a column; a plan is an object with a name, or the name."""
    return read_text(value.get(_NAME) if name == _PLAN and isinstance(value, dict) else value)


def _list_outages(result: dict[str, Any]) -> tuple[str, ...]:
    """List what is said of the outages of the router and the sector, if they have one."""
    nodes = [node for name in _NODES if isinstance(node := result.get(name), dict)]
    return tuple(
        read_words(node.get("falla_general_descripcion"))
        for node in nodes
        if is_yes(node.get("falla_general"))
    )
