"""The adapter of WispHub: what is asked of it, and what is written."""

import asyncio
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import httpx
import structlog

from bot.wisphub.filters import FILTERS, filter_value, matches
from bot.wisphub.rows import COLUMNS, UNREADABLE, NoList, Page, compose_profile, read_page
from handlers.errors import DirectoryUnavailable, UnknownService
from state.client import Client, OnFile
from state.fields.table import Field

CALL = 5.0
"""Seconds for a call: what has not answered by then never will."""

_CONNECTIONS = 20

Method = Literal["GET", "PATCH", "PUT"]
"""All that is ever sent: DELETE on a profile deletes the customer for real."""

_log = structlog.get_logger("enlace.wisphub")


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
        return _only(await self._page(id_servicio=str(service_id)), service_id)

    async def search(self, clue: str) -> list[Client]:
        """Look for clients; each row is verified: an unknown filter brings everybody.

        A phone is looked for by its national digits: the field holds several numbers in one text,
        as a rule without the country's code.
        """
        kind, _, value = clue.partition(":")
        if not value:
            return []
        page = await self._page(limit=str(_MOST), **{FILTERS[kind]: filter_value(kind, value)})
        clients = [row.client for row in page.rows]
        return [client for client in clients if matches(kind, value, client)]

    async def _page(self, **params: str) -> Page:
        answer = await self._call("GET", "/api/clientes/", params=params)
        if answer.status_code != httpx.codes.OK:
            raise DirectoryUnavailable(f"status {answer.status_code}")
        try:
            page = read_page(answer.content)
        except NoList:
            raise DirectoryUnavailable("an answer that is no list of clients") from None
        if page.unread:
            _log.warning("wisphub.unreadable", fields=list(page.unread))
        return page

    async def write(self, client: Client, contents: Mapping[Field, OnFile]) -> None:
        """Ask that fields hold this; only a fresh read tells whether they do."""
        path = f"/api/clientes/{client.service_id}/perfil/"
        body = {
            COLUMNS[field].name: wanted.text or self._compose(field, client.of(field), wanted)
            for field, wanted in contents.items()
        }
        answer = await self._call("PATCH", path, json=body)
        if answer.status_code == httpx.codes.METHOD_NOT_ALLOWED:
            # Whether a PUT blanks what it does not name is unknown: name all we know.
            answer = await self._call("PUT", path, json=_whole_profile(client, body))
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise UnknownService
        if not answer.is_success:
            raise DirectoryUnavailable(f"status {answer.status_code}")

    def _compose(self, field: Field, there: OnFile, wanted: OnFile) -> str:
        if there == UNREADABLE:
            raise DirectoryUnavailable(f"{COLUMNS[field].name} cannot be read")
        return COLUMNS[field].compose(there.text, wanted.values, self._phone_style)

    async def _call(self, method: Method, path: str, **content: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(
                CALL
            ):  # the client's own limit is per read: a drip resets it
                return await self._http.request(method, path, **content)
        except (TimeoutError, httpx.HTTPError) as error:
            raise DirectoryUnavailable(type(error).__name__) from None


def _whole_profile(client: Client, body: dict[str, str]) -> dict[str, str]:
    """Name all that is known; what cannot be read cannot be named, and a PUT might blank it."""
    profile = compose_profile(client) | body
    if any(profile[column.name] == UNREADABLE.text for column in COLUMNS.values()):
        raise DirectoryUnavailable("a column that cannot be read")
    return profile


def _only(page: Page, service_id: int) -> Client:
    """Take the row that really is the service's: a filter may have been ignored."""
    matching = [row for row in page.rows if row.service_id == service_id]
    if not page.size:
        raise UnknownService
    if not matching:
        raise DirectoryUnavailable("the filter was ignored")
    return matching[0].client


_MOST = 50  # rows to look through; more that share a name are not told apart by it
