"""The adapter of WispHub: what is asked of it, and what is written."""

import asyncio
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import httpx
import structlog

from bot.rejections import RejectionWatch
from bot.wisphub.balances import NoBalance, read_balance
from bot.wisphub.filters import FILTERS, list_spellings, matches, obeys
from bot.wisphub.remedies import REMEDIES, find_cause
from bot.wisphub.rows import COLUMNS, UNREADABLE, NoList, Page, Row, compose_profile, read_page
from handlers.errors import DirectoryUnavailable, UnknownService
from state.client import Client, OnFile
from state.fields.table import Field
from state.inquiry import Balance, ServiceStatus
from state.rejections import Cause, Use, Vendor

CALL = 5.0
"""Seconds for a call: what has not answered by then never will."""

_CONNECTIONS = 20
_SIZE = 50  # rows of a page
_PAGES = 10  # of a filtered answer: a name that has more is not told apart by it
_FEW = 2  # pages, where a member of staff waits, who will say more of the name

Method = Literal["GET", "PATCH", "PUT"]
"""All that is ever sent: DELETE on a profile deletes the customer for real."""

_log = structlog.get_logger("enlace.wisphub")


class WispHub:
    """The clients of one installation of WispHub; implements `handlers.ports.Clients`."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        phone_style: str = "e164",
        patience: float = CALL,
        watch: RejectionWatch | None = None,
    ) -> None:
        """Use the installation at `url` with a staff member's key.

        `phone_style` is how a new phone is spelled: `e164` or `national`; `patience`, after how
        many seconds a call is given up; `watch` hears what is refused.
        """
        self._url = url
        self._key = key
        self._phone_style = phone_style
        self._patience = patience
        self._watch = watch
        self._complaint: tuple[str, dict[str, Any]] | None = None

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        """Open it when it is needed: aiohttp takes 7 MB, certificates 3; a receiver never calls."""
        from bot.connections import Transport  # noqa: PLC0415  # if needed

        return httpx.AsyncClient(
            base_url=self._url,
            headers={"Authorization": f"Api-Key {self._key}", "Accept": "application/json"},
            timeout=self._patience,
            transport=Transport(most=_CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        if "_http" in vars(self):
            await self._http.aclose()

    async def probe(self) -> None:
        """Read one client, whichever, to learn whether we may.

        Raises:
            DirectoryUnavailable: no usable answer.
        """
        await self._list({"limit": "1"})

    async def find(self, service_id: int) -> Client:
        """Read one client afresh."""
        return (await self._find_row(service_id)).client

    async def read_status(self, service_id: int) -> tuple[Client, ServiceStatus]:
        """Read one client afresh, and how the service stands."""
        row = await self._find_row(service_id)
        return row.client, row.status

    async def read_balance(self, service_id: int) -> Balance:
        """Read what is owed for a service; that it is there, the list tells."""
        answer = await self._call("GET", f"/api/clientes/{service_id}/saldo/")
        if answer.status_code != httpx.codes.OK:
            cause = find_cause(answer)
            if cause is Cause.KEY:
                _log.error("wisphub.no_balance", status=answer.status_code, reason=REMEDIES[cause])
            raise DirectoryUnavailable(f"status {answer.status_code}, or no balance")
        try:
            return read_balance(answer.content)
        except NoBalance as unread:
            _log.warning("wisphub.unreadable", fields=[str(unread)])
            raise DirectoryUnavailable("no balance that can be read") from None

    async def _find_row(self, service_id: int) -> Row:
        """Read one row, through the list: the detail is another, poorer serializer."""
        page = await self._page("service", str(service_id))
        rows = [row for row in page.rows if row.service_id == service_id]
        if len(rows) < len(page.rows):
            self._complain("wisphub.filter_ignored", fields=[FILTERS["service"]])
        else:
            self._complaint = None
        if not rows and (page.size or page.continues(0, most=_SIZE)):
            raise DirectoryUnavailable("the filter was ignored, or the row cannot be read")
        if not rows:
            raise UnknownService
        return rows[0]

    async def search(self, clue: str) -> list[Client]:
        """Look for clients; each row is verified: an unknown filter brings everybody.

        A phone is looked for by its national digits: the field holds several numbers in one text,
        as a rule without the country's code. A document is looked for in each of its spellings.
        """
        kind, _, value = clue.partition(":")
        if not value:
            return []
        rows, whole = await self._read_spellings(kind, value)
        found = [row.client for row in rows if matches(kind, value, row.client)]
        if not whole and (kind == "document" or not found):
            raise DirectoryUnavailable("rows that cannot be read, or too many")
        self._complaint = None
        return found

    async def _read_spellings(self, kind: str, value: str) -> tuple[list[Row], bool]:
        """Read the answers for all spellings of a clue, at the same time.

        One that fails is asked for once more if another did not: one call in eight stalls.
        """
        spellings = list_spellings(kind, value)
        answers = await asyncio.gather(
            *(self._read_filtered(kind, value, wanted) for wanted in spellings),
            return_exceptions=True,
        )
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        if len(failed) == len(answers):
            raise failed[0]
        rows, whole = dict[int, Row](), True
        for wanted, answer in zip(spellings, answers, strict=True):
            found, all_read = (
                await self._read_filtered(kind, value, wanted)
                if isinstance(answer, BaseException)
                else answer
            )
            rows |= {row.service_id: row for row in found}
            whole = whole and all_read
        return list(rows.values()), whole

    async def _read_filtered(self, kind: str, value: str, wanted: str) -> tuple[list[Row], bool]:
        """Read a filtered answer page by page, and tell whether all of it could be verified."""
        rows: dict[int, Row] = {}
        seen, whole = 0, True
        for _ in range(_FEW if kind == "holder" else _PAGES):
            page = await self._page(kind, wanted, offset=seen)
            verdicts = {obeys(kind, value, wanted, row) for row in page.rows}
            if False in verdicts:
                self._complain("wisphub.filter_ignored", fields=[FILTERS[kind]])
                raise DirectoryUnavailable("the filter was ignored")
            whole = whole and None not in verdicts and len(page.rows) == page.size
            fresh = rows | {row.service_id: row for row in page.rows}
            seen += page.size
            if not page.continues(seen, most=_SIZE):
                return list(fresh.values()), whole
            if fresh.keys() == rows.keys():  # the same page again, or an empty one
                break
            rows = fresh
        return list(rows.values()), False

    async def _page(self, kind: str, wanted: str, *, offset: int = 0) -> Page:
        params = {FILTERS[kind]: wanted, "limit": str(_SIZE)}
        if offset:
            params["offset"] = str(offset)
        page = await self._list(params)
        if page.unread:
            _log.warning("wisphub.unreadable", fields=list(page.unread))
        return page

    async def _list(self, params: Mapping[str, str]) -> Page:
        answer = await self._call("GET", "/api/clientes/", params=params)
        if answer.status_code != httpx.codes.OK:
            raise await self._reject(answer, Use.READ)
        try:
            page = read_page(answer.content)
        except NoList:
            raise await self._reject(answer, Use.READ) from None
        await self._tell(Use.READ, None)
        return page

    async def _reject(self, answer: httpx.Response, use: Use) -> DirectoryUnavailable:
        """Log, and tell the installation, what only other settings mend, with the remedy."""
        status = answer.status_code
        cause = find_cause(answer)
        if cause:
            self._complain("wisphub.rejected", status=status, reason=REMEDIES[cause])
            await self._tell(use, cause)
        return DirectoryUnavailable(f"status {status}, or no list of clients")

    async def _tell(self, use: Use, cause: Cause | None) -> None:
        if self._watch is not None:
            await self._watch.take(Vendor.WISPHUB, use, cause)

    def _complain(self, event: str, **values: Any) -> None:
        """Log an error that needs somebody, once until WispHub answers as it should."""
        if (event, values) != self._complaint:
            _log.error(event, **values)
        self._complaint = (event, values)

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
            raise await self._reject(answer, Use.WRITE)
        await self._tell(Use.WRITE, None)

    def _compose(self, field: Field, there: OnFile, wanted: OnFile) -> str:
        if there == UNREADABLE:
            raise DirectoryUnavailable(f"{COLUMNS[field].name} cannot be read")
        return COLUMNS[field].compose(there.text, wanted.values, self._phone_style)

    async def _call(self, method: Method, path: str, **content: Any) -> httpx.Response:
        try:
            # the client's own limit is per read: a drip resets it
            async with asyncio.timeout(self._patience):
                return await self._http.request(method, path, **content)
        except (TimeoutError, httpx.HTTPError) as error:
            raise DirectoryUnavailable(type(error).__name__) from None


def _whole_profile(client: Client, body: dict[str, str]) -> dict[str, str]:
    """Name all that is known; what cannot be read cannot be named, and a PUT might blank it."""
    profile = compose_profile(client) | body
    if any(profile[column.name] == UNREADABLE.text for column in COLUMNS.values()):
        raise DirectoryUnavailable("a column that cannot be read")
    return profile
