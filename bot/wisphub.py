"""WispHub as a vendor, with its manners: untrusted answers, writes that do not stay.

Sources: the vendor's published API and what live installations reported of it. Undefined filters
are ignored and the whole universe comes back; about one call in eight hangs; an echo is no proof
of a write; `next` is plain http; four passwords ride in every row. So: every row is verified, only
white-listed fields leave this module, no link and no redirect is ever followed.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from handlers.errors import DirectoryUnavailable, UnknownService
from state.client import Client, OnFile
from state.fields import documents, phonebook
from state.fields.folding import fold
from state.fields.table import Field

CALL = 5.0
"""Seconds for a call: what has not answered by then never will."""

_CONNECTIONS = 20

Method = Literal["GET", "PATCH", "PUT"]
"""All that is ever sent: DELETE on a profile deletes the customer for real."""


class _Plan(BaseModel):
    model_config = ConfigDict(extra="ignore")
    nombre: str | None = None


class _Row(BaseModel):
    """The white list: whatever else a row holds stays here."""

    model_config = ConfigDict(extra="ignore")
    id_servicio: int
    nombre: str | None = None
    cedula: str | None = None
    telefono: str | None = None
    direccion: str | None = None
    plan_internet: _Plan | None = None
    precio_plan: str | None = None


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


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore")
    results: list[_Row]


class WispHub:
    """The clients of one installation of WispHub; implements `handlers.ports.Clients`."""

    def __init__(self, url: str, key: str, *, phone_style: str = "e164") -> None:
        """Use the installation at `url` with a staff member's key.

        `phone_style` is how a new phone is spelled: `e164` or `national`.
        """
        self._url = url
        self._key = key
        self._phone_style = phone_style

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        """Open it when it is needed: aiohttp takes 7 MB, certificates 3; a receiver never calls."""
        from bot.connections import Transport  # noqa: PLC0415  # if needed

        return httpx.AsyncClient(
            base_url=self._url,
            headers={"Authorization": f"Api-Key {self._key}", "Accept": "application/json"},
            timeout=CALL,
            transport=Transport(most=_CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        if "_http" in vars(self):
            await self._http.aclose()

    async def find(self, service_id: int) -> Client:
        """Read one client afresh, through the list: the detail is another, poorer serializer."""
        return _only(await self._rows(id_servicio=str(service_id)), service_id)

    async def search(self, clue: str) -> list[Client]:
        """Look for clients; each row is verified: an unknown filter brings everybody.

        A phone is looked for by its national digits: the field holds several numbers in one text,
        as a rule without the country's code.
        """
        kind, _, value = clue.partition(":")
        if not value:
            return []
        rows = await self._rows(limit=str(_MOST), **{_FILTERS[kind]: _filter_value(kind, value)})
        clients = [_client(row) for row in rows]
        return [client for client in clients if matches(kind, value, client)]

    async def _rows(self, **params: str) -> list[_Row]:
        answer = await self._call("GET", "/api/clientes/", params=params)
        if answer.status_code != httpx.codes.OK:
            raise DirectoryUnavailable(f"status {answer.status_code}")
        try:
            return _Page.model_validate_json(answer.content).results
        except ValidationError:
            raise DirectoryUnavailable("an answer that is no list of clients") from None

    async def write(self, client: Client, contents: Mapping[Field, OnFile]) -> None:
        """Ask that fields hold this; only a fresh read tells whether they do."""
        path = f"/api/clientes/{client.service_id}/perfil/"
        body = {
            COLUMNS[field].name: wanted.text
            or COLUMNS[field].compose(client.of(field).text, wanted.values, self._phone_style)
            for field, wanted in contents.items()
        }
        answer = await self._call("PATCH", path, json=body)
        if answer.status_code == httpx.codes.METHOD_NOT_ALLOWED:
            # Whether a PUT blanks what it does not name is unknown: name all we know.
            answer = await self._call("PUT", path, json=_profile(client) | body)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise UnknownService
        if not answer.is_success:
            raise DirectoryUnavailable(f"status {answer.status_code}")

    async def _call(self, method: Method, path: str, **content: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(
                CALL
            ):  # the client's own limit is per read: a drip resets it
                return await self._http.request(method, path, **content)
        except (TimeoutError, httpx.HTTPError) as error:
            raise DirectoryUnavailable(type(error).__name__) from None


def _only(rows: list[_Row], service_id: int) -> Client:
    """Take the row that really is the service's: a filter may have been ignored."""
    matching = [row for row in rows if row.id_servicio == service_id]
    if not rows:
        raise UnknownService
    if not matching:
        raise DirectoryUnavailable("the filter was ignored")
    return _client(matching[0])


_FILTERS = {
    "service": "id_servicio",
    "document": "cedula",
    "phone": "telefono__contains",
    "name": "nombre",
}
"""Clues as the list's filters; `search` and others do nothing (RAPI, AINOVA)."""

_MOST = 50  # rows to look through; more that share a name are not told apart by it


def _filter_value(kind: str, value: str) -> str:
    return value.removeprefix("+57") if kind == "phone" else value


def matches(kind: str, value: str, client: Client) -> bool:
    """Verify a row: the vendor's filters may have been ignored, or match parts."""
    match kind:
        case "service":
            return str(client.service_id) == value
        case "document":
            return documents.same(client.document, value)
        case "phone":
            return value in client.phones
        case _:
            return fold(value) in fold(client.name).split()


def _on_file(row: _Row) -> dict[Field, OnFile]:
    texts = {field: str(getattr(row, column.name) or "") for field, column in COLUMNS.items()}
    return {field: COLUMNS[field].read(text) for field, text in texts.items() if text.strip()}


def _client(row: _Row) -> Client:
    return Client(
        service_id=row.id_servicio,
        name=row.nombre or "",
        on_file=_on_file(row),
        address=row.direccion or "",
        plan=(row.plan_internet.nombre or "") if row.plan_internet else "",
        price=row.precio_plan or "",
    )


def _profile(client: Client) -> dict[str, str]:
    return {
        "nombre": client.name,
        "direccion": client.address,
        **{column.name: client.of(field).literal for field, column in COLUMNS.items()},
    }
