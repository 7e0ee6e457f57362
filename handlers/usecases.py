"""The use cases of a client: look up, update, read back."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from handlers.errors import (
    Busy,
    DocumentTaken,
    NothingToUpdate,
    RecordMoved,
    UnknownService,
    UpdateFailed,
    WispHubUnavailable,
)
from handlers.ports import Clients, Leases
from state.client import UNKNOWN, Changes, Client
from state.effects import UpdateClient
from state.events import Outcome, Updated
from state.fields.folding import fold
from state.fields.phones import listed, spell
from state.phonebook import add_phone

UPDATED = "Perfil del cliente actualizado exitosamente."
NOTHING = "No se brindaron datos válidos para actualizar."
FAILED = "No se pudo actualizar el cliente. Verifique el ID."
"""The operation's messages, word for word as in the endpoint's contract."""

OPERATION = 12.0
"""Seconds for an operation, including the reads before and after."""

_log = structlog.get_logger("enlace.usecases")

Plan = Callable[[Client], Changes]
"""Decides what to write, from the client's current record."""


async def find_client(clients: Clients, service_id: int) -> Client:
    """Look a client up.

    Raises:
        UnknownService: it does not exist.
        WispHubUnavailable: no usable answer, or not in time.
    """
    try:
        async with asyncio.timeout(OPERATION):
            return await clients.find(service_id)
    except TimeoutError:
        raise WispHubUnavailable from None


async def update_client(
    clients: Clients, leases: Leases, service_id: int, changes: Changes
) -> None:
    """Write the fields as given, and return only if they are stored in WispHub.

    Raises:
        NothingToUpdate: no field has a value.
        UnknownService: the client does not exist.
        UpdateFailed: the values are not stored, or the result is unknown.
    """
    wanted = Changes(document=_given(changes.document), phone=_given(changes.phone))
    if wanted == Changes():
        raise NothingToUpdate
    await _within(clients, leases, service_id, lambda _: wanted)


async def search_clients(clients: Clients, clue: str) -> Sequence[Client]:
    """Search clients by a clue.

    Raises:
        WispHubUnavailable: no usable answer, or not in time.
    """
    try:
        async with asyncio.timeout(OPERATION):
            return await clients.search(clue)
    except TimeoutError:
        raise WispHubUnavailable from None


async def perform_update(
    clients: Clients, leases: Leases, effect: UpdateClient, *, phone_style: str
) -> Updated:
    """Update for a conversation: a new phone goes before those on file.

    Optimistic: if a field to be changed differs from the record on which the change was decided,
    and does not have the wanted value already, nothing is written.
    """
    changes, read = effect.changes, list[Client]()

    def plan(client: Client) -> Changes:
        read.append(client)
        if moved(effect, client):
            raise RecordMoved
        if effect.exact:
            return changes
        return Changes(document=changes.document, phone=_phones(client, effect, phone_style))

    try:
        await _require_free(clients, effect)
        await _within(clients, leases, effect.service_id, plan)
    except UnknownService:
        return Updated(outcome=Outcome.MISSING, message=FAILED)
    except DocumentTaken:
        return Updated(outcome=Outcome.TAKEN, message=FAILED)
    except RecordMoved:
        return Updated(outcome=Outcome.MOVED, message=FAILED, client=read[0])
    except UpdateFailed:
        return Updated(outcome=Outcome.FAILED, message=FAILED)
    return Updated(outcome=Outcome.UPDATED, message=UPDATED, client=read[0])


def _phones(client: Client, effect: UpdateClient, style: str) -> str | None:
    """Return the new value of the phone field; None if it need not change."""
    phone = effect.changes.phone
    if phone is None or not effect.replaces:
        return added(client, phone, style)
    return None if listed(client.phone) == (phone,) else spell(phone, style)


def added(client: Client, phone: str | None, style: str) -> str | None:
    """Put a new phone before those on file; None if it is among them."""
    if phone is None or phone in listed(client.phone):
        return None
    return add_phone(client.phone, spell(phone, style))


async def _require_free(clients: Clients, effect: UpdateClient) -> None:
    """Check that no other holder has the document; services of one holder share it.

    Raises:
        DocumentTaken: another holder has it.
        UpdateFailed: WispHub could not be asked.
    """
    document, holder = effect.changes.document, fold(effect.known.name)
    if document is None or effect.approved or effect.known == UNKNOWN:
        return
    try:
        found = await search_clients(clients, f"document:{document}")
    except WispHubUnavailable as error:
        raise UpdateFailed(type(error).__name__) from error
    if any(c.service_id != effect.service_id and fold(c.name) != holder for c in found):
        raise DocumentTaken


def moved(effect: UpdateClient, now: Client) -> bool:
    """Tell whether a field to be changed has changed meanwhile, and not to the wanted value.

    A change decided without reading the record cannot have moved.
    """
    known, document = effect.known, effect.changes.document
    if known == UNKNOWN:
        return False
    document_moved = document is not None and now.document.casefold() not in (
        known.document.casefold(),
        document.casefold(),
    )
    return document_moved or _phones_moved(effect, now)


def _phones_moved(effect: UpdateClient, now: Client) -> bool:
    phone, known = effect.changes.phone, effect.known.phone
    if phone is None or now.phone in (known, phone):
        return False
    if effect.exact:  # the spelling at the time of writing is unknown
        return sorted(listed(now.phone)) != sorted(listed(known))
    return listed(now.phone) != (phone,) if effect.replaces else phone not in listed(now.phone)


async def _within(clients: Clients, leases: Leases, service_id: int, plan: Plan) -> None:
    """Lock the service, so that nobody writes between our read and our read-back."""
    try:
        async with asyncio.timeout(OPERATION), leases.hold(service_id, patience=OPERATION):
            await _update(clients, service_id, plan)
    except (TimeoutError, Busy, WispHubUnavailable) as error:
        raise UpdateFailed(type(error).__name__) from error


async def _update(clients: Clients, service_id: int, plan: Plan) -> None:
    before = await clients.find(service_id)
    wanted = plan(before)
    missing = _differing(before, wanted)
    if missing == Changes():
        return
    try:
        await clients.write(before, missing)
    except WispHubUnavailable as error:
        _log.warning("wisphub.write_in_doubt", service_id=service_id, error=type(error).__name__)
    after = await _read_back(clients, service_id)
    if _differing(after, wanted) != Changes():
        raise UpdateFailed("the values were not stored")
    _watch_the_rest(before, after, missing)


async def _read_back(clients: Clients, service_id: int) -> Client:
    """Read what was written; a service that is suddenly missing says nothing about the write.

    Raises:
        UpdateFailed: it is missing.
    """
    try:
        return await clients.find(service_id)
    except UnknownService as error:
        raise UpdateFailed("the service is missing after the write") from error


def _given(value: str | None) -> str | None:
    return (value or "").strip() or None


def _differing(client: Client, wanted: Changes) -> Changes:
    """Return the changes that are not stored yet; WispHub capitalises documents."""
    document, phone = wanted.document, wanted.phone
    same_document = document is None or document.casefold() == client.document.casefold()
    return Changes(
        document=None if same_document else document,
        phone=None if phone is None or phone == client.phone else phone,
    )


def _watch_the_rest(before: Client, after: Client, written: Changes) -> None:
    """Log a column that we did not write but that changed with the write."""
    untouched = ["name", "address", "plan"]
    untouched += [name for name in ("document", "phone") if getattr(written, name) is None]
    changed = [name for name in untouched if getattr(before, name) != getattr(after, name)]
    if changed:
        _log.warning("wisphub.collateral_change", service_id=before.service_id, fields=changed)
