"""The use cases of a client: look up, update, read back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from handlers.errors import (
    Busy,
    DirectoryUnavailable,
    DocumentTaken,
    NothingToUpdate,
    RecordMoved,
    UnknownService,
    UpdateFailed,
)
from handlers.ports import Clients, Leases
from state.client import UNKNOWN, Change, Client, OnFile, alike
from state.effects import UpdateClient
from state.events import Outcome, Updated
from state.fields.folding import fold
from state.fields.table import Field
from state.objections import Assumption

UPDATED = "Perfil del cliente actualizado exitosamente."
NOTHING = "No se brindaron datos válidos para actualizar."
FAILED = "No se pudo actualizar el cliente. Verifique el ID."
"""The operation's messages, word for word as in the endpoint's contract."""

OPERATION = 12.0
"""Seconds for an operation, including the reads before and after."""

_log = structlog.get_logger("enlace.usecases")

Contents = Mapping[Field, OnFile]
"""What fields shall hold: these values, or this text to the letter."""

Plan = Callable[[Client], Contents]
"""Decides what to write, from the client's current record."""

Announce = Callable[[Client, Contents], Awaitable[None]]
"""Is told the client's current record and what is about to be written, before it is."""


async def find_client(clients: Clients, service_id: int) -> Client:
    """Look a client up.

    Raises:
        UnknownService: it does not exist.
        DirectoryUnavailable: no usable answer, or not in time.
    """
    try:
        async with asyncio.timeout(OPERATION):
            return await clients.find(service_id)
    except TimeoutError:
        raise DirectoryUnavailable from None


async def _announce_nothing(_client: Client, _contents: Contents) -> None:
    """Tell nobody: the conversation does."""


def read_contents(given: Mapping[Field, str | None]) -> Contents:
    """Read what a program wants to be written, to the letter; blank fields are left out.

    Raises:
        NothingToUpdate: no field has a value.
    """
    texts = {field: (text or "").strip() for field, text in given.items()}
    wanted = {field: OnFile(text=text) for field, text in texts.items() if text}
    if not wanted:
        raise NothingToUpdate
    return wanted


async def update_client(
    clients: Clients,
    leases: Leases,
    service_id: int,
    given: Mapping[Field, str | None],
    *,
    announce: Announce = _announce_nothing,
) -> None:
    """Write the fields to the letter, and return only if they are stored in the directory.

    `announce` is called before anything is written, and not if everything stands there already.

    Raises:
        NothingToUpdate: no field has a value.
        UnknownService: the client does not exist.
        UpdateFailed: the values are not stored, or the result is unknown.
    """
    wanted = read_contents(given)
    await _update_in_lease(clients, leases, service_id, lambda _: wanted, announce)


async def search_clients(clients: Clients, clue: str) -> Sequence[Client]:
    """Search clients by a clue.

    Raises:
        DirectoryUnavailable: no usable answer, or not in time.
    """
    try:
        async with asyncio.timeout(OPERATION):
            return await clients.search(clue)
    except TimeoutError:
        raise DirectoryUnavailable from None


async def perform_update(clients: Clients, leases: Leases, effect: UpdateClient) -> Updated:
    """Update for a conversation: a new phone goes before those on file.

    Optimistic: if a field to be changed differs from the record on which the change was decided,
    and does not have the wanted value already, nothing is written.
    """
    read = list[Client]()

    def plan(client: Client) -> Contents:
        read.append(client)
        if has_moved(effect, client):
            raise RecordMoved
        return contents(effect, client)

    try:
        await _require_free(clients, effect)
        await _update_in_lease(clients, leases, effect.service_id, plan)
    except UnknownService:
        return Updated(outcome=Outcome.MISSING, message=FAILED)
    except DocumentTaken:
        return Updated(outcome=Outcome.TAKEN, message=FAILED)
    except RecordMoved:
        return Updated(outcome=Outcome.MOVED, message=FAILED, client=read[0])
    except UpdateFailed:
        return Updated(outcome=Outcome.FAILED, message=FAILED)
    return Updated(outcome=Outcome.UPDATED, message=UPDATED, client=read[0])


def contents(effect: UpdateClient, client: Client) -> Contents:
    """Return what the fields shall hold, except for those that hold it already."""
    if effect.exact:
        return {change.field: change.old for change in effect.changes if change.old.values}
    return {
        change.field: OnFile(values=change.applied_to(client.of(change.field).values))
        for change in effect.changes
        if not change.stands_in(client.of(change.field).values)
    }


async def _require_free(clients: Clients, effect: UpdateClient) -> None:
    """Check that no other holder has the document; services of one holder share it.

    Raises:
        DocumentTaken: another holder has it.
        UpdateFailed: the directory could not be asked.
    """
    changes = (change for change in effect.changes if change.is_real)
    documents = [change.new for change in changes if change.field is Field.DOCUMENT]
    holder = fold(effect.known.name)
    known = effect.approved and Assumption.FREE not in effect.rests
    if not documents or known or effect.known == UNKNOWN:
        return
    try:
        found = await search_clients(clients, f"document:{documents[0]}")
    except DirectoryUnavailable as error:
        raise UpdateFailed(type(error).__name__) from error
    if any(c.service_id != effect.service_id and fold(c.name) != holder for c in found):
        raise DocumentTaken


def has_moved(effect: UpdateClient, now: Client) -> bool:
    """Tell whether a field to be changed has changed meanwhile, and not to the wanted value.

    A change decided without reading the record cannot have moved.
    """
    if effect.known == UNKNOWN:
        return False
    return any(
        _has_moved(change, now.of(change.field).values, undone=effect.exact)
        for change in effect.changes
    )


def _has_moved(change: Change, now: tuple[str, ...], *, undone: bool) -> bool:
    if alike(change.field, now, change.old.values):
        return False
    if undone:
        return not alike(change.field, now, change.applied_to(change.old.values))
    return not change.stands_in(now)


async def _update_in_lease(
    clients: Clients,
    leases: Leases,
    service_id: int,
    plan: Plan,
    announce: Announce = _announce_nothing,
) -> None:
    """Lock the service, so that nobody writes between our read and our read-back."""
    try:
        async with asyncio.timeout(OPERATION), leases.hold(service_id, patience=OPERATION):
            await _update(clients, service_id, plan, announce)
    except (TimeoutError, Busy, DirectoryUnavailable) as error:
        raise UpdateFailed(type(error).__name__) from error


async def _update(clients: Clients, service_id: int, plan: Plan, announce: Announce) -> None:
    before = await clients.find(service_id)
    wanted = plan(before)
    missing = _find_missing(before, wanted)
    if not missing:
        return
    await announce(before, missing)
    try:
        await clients.write(before, missing)
    except DirectoryUnavailable as error:
        _log.warning("wisphub.write_in_doubt", service_id=service_id, error=type(error).__name__)
    after = await _read_back(clients, service_id)
    if _find_missing(after, wanted):
        raise UpdateFailed("the values were not stored")
    _watch_the_rest(before, after, missing)


async def _read_back(clients: Clients, service_id: int) -> Client:
    """Read what was written; a service that is suddenly missing says nothing about the write.

    A read that fails is repeated once: what was written may stand, and one call in eight stalls.

    Raises:
        UpdateFailed: it is missing.
        DirectoryUnavailable: no usable answer, twice.
    """
    try:
        try:
            return await clients.find(service_id)
        except DirectoryUnavailable:
            return await clients.find(service_id)
    except UnknownService as error:
        raise UpdateFailed("the service is missing after the write") from error


def _find_missing(client: Client, wanted: Contents) -> Contents:
    """Return what is not stored yet."""
    return {field: it for field, it in wanted.items() if not _holds(field, client.of(field), it)}


def _holds(field: Field, now: OnFile, wanted: OnFile) -> bool:
    """Tell whether a field holds what it shall; the directory capitalises what it is given."""
    if wanted.text:
        return now.literal.casefold() == wanted.text.casefold()
    return alike(field, now.values, wanted.values)


def _watch_the_rest(before: Client, after: Client, written: Contents) -> None:
    """Log a column that we did not write but that changed with the write."""
    columns = [
        ("name", before.name, after.name),
        ("address", before.address, after.address),
        ("plan", before.plan, after.plan),
        *((f.value, before.of(f), after.of(f)) for f in Field if f not in written),
    ]
    changed = [name for name, was, now in columns if was != now]
    if changed:
        _log.warning("wisphub.collateral_change", service_id=before.service_id, fields=changed)
