"""WispHub as a vendor, with its manners: untrusted answers, writes that do not stay.

Sources: the vendor's published API and what live installations reported of it. Undefined filters
are ignored and the whole universe comes back; about one call in eight hangs; an echo is no proof
of a write; `next` is plain http; four passwords ride in every row. So: every row is verified, only
white-listed fields leave this module, no link and no redirect is ever followed.
"""

import asyncio
from functools import cached_property
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from handlers.errors import UnknownService, WispHubUnavailable
from state.client import Changes, Client
from state.fields.folding import fold
from state.fields.phones import listed

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


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore")
    results: list[_Row]


class WispHub:
    """The clients of one installation of WispHub; implements `handlers.ports.Clients`."""

    def __init__(self, url: str, key: str) -> None:
        """Use the installation at `url` with a staff member's key."""
        self._url = url
        self._key = key

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
        rows = await self._rows(limit=str(_MOST), **{_FILTERS[kind]: _filtered(kind, value)})
        clients = [_client(row) for row in rows]
        return [client for client in clients if matches(kind, value, client)]

    async def _rows(self, **params: str) -> list[_Row]:
        answer = await self._call("GET", "/api/clientes/", params=params)
        if answer.status_code != httpx.codes.OK:
            raise WispHubUnavailable(f"status {answer.status_code}")
        try:
            return _Page.model_validate_json(answer.content).results
        except ValidationError:
            raise WispHubUnavailable("an answer that is no list of clients") from None

    async def write(self, known: Client, changes: Changes) -> None:
        """Ask for the changes; only a fresh read tells whether they stand."""
        path = f"/api/clientes/{known.service_id}/perfil/"
        answer = await self._call("PATCH", path, json=_body(changes))
        if answer.status_code == httpx.codes.METHOD_NOT_ALLOWED:
            # Whether a PUT blanks what it does not name is unknown: name all we know.
            answer = await self._call("PUT", path, json=_profile(known) | _body(changes))
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise UnknownService
        if not answer.is_success:
            raise WispHubUnavailable(f"status {answer.status_code}")

    async def _call(self, method: Method, path: str, **content: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(
                CALL
            ):  # the client's own limit is per read: a drip resets it
                return await self._http.request(method, path, **content)
        except (TimeoutError, httpx.HTTPError) as error:
            raise WispHubUnavailable(type(error).__name__) from None


def _only(rows: list[_Row], service_id: int) -> Client:
    """Take the row that really is the service's: a filter may have been ignored."""
    matching = [row for row in rows if row.id_servicio == service_id]
    if not rows:
        raise UnknownService
    if not matching:
        raise WispHubUnavailable("the filter was ignored")
    return _client(matching[0])


_FILTERS = {
    "service": "id_servicio",
    "document": "cedula",
    "phone": "telefono__contains",
    "name": "nombre",
}
"""Clues as the list's filters; `search` and others do nothing (RAPI, AINOVA)."""

_MOST = 50  # rows to look through; more that share a name are not told apart by it


def _filtered(kind: str, value: str) -> str:
    return value.removeprefix("+57") if kind == "phone" else value


def matches(kind: str, value: str, client: Client) -> bool:
    """Verify a row: the vendor's filters may have been ignored, or match parts."""
    match kind:
        case "service":
            return str(client.service_id) == value
        case "document":
            return _significant(client.document) == _significant(value)
        case "phone":
            return value in listed(client.phone)
        case _:
            return fold(value) in fold(client.name).split()


def _significant(document: str) -> str:
    return "".join(character for character in document.casefold() if character.isalnum())


def _client(row: _Row) -> Client:
    return Client(
        service_id=row.id_servicio,
        name=row.nombre or "",
        document=row.cedula or "",
        phone=row.telefono or "",
        address=row.direccion or "",
        plan=(row.plan_internet.nombre or "") if row.plan_internet else "",
        price=row.precio_plan or "",
    )


def _body(changes: Changes) -> dict[str, str]:
    named = {"cedula": changes.document, "telefono": changes.phone}
    return {name: value for name, value in named.items() if value is not None}


def _profile(known: Client) -> dict[str, str]:
    return {
        "nombre": known.name,
        "cedula": known.document,
        "direccion": known.address,
        "telefono": known.phone,
    }
