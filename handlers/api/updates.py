"""Updating a client for a program: counted, refused where people must look first, and announced."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import structlog

from handlers.auditing import Auditor
from handlers.effects.notifier import Notifier
from handlers.errors import (
    Disowned,
    EnlaceError,
    NothingToUpdate,
    QuotaReached,
    UnknownService,
    UpdateFailed,
)
from handlers.ports import Clients, Clock, Leases
from handlers.use_cases import OPERATION, Contents, read_contents, update_client
from state.audit import SecurityEvent
from state.client import Client
from state.fields.table import Field
from state.machine.alerts import build_program_warning
from state.store.quotas import Quota, Quotas

_log = structlog.get_logger("enlace.api")

_HOUR, _DAY = 3600_000, 24 * 3600_000  # ms

_OUTCOMES: dict[type[EnlaceError], str] = {
    NothingToUpdate: "nothing",
    QuotaReached: "too_many_writes",
    Disowned: "disowned",
    UnknownService: "missing",
    UpdateFailed: "failed",
}
"""What the log calls each failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """Updates clients for programs.

    Attributes:
        writes_per_day: how often one service may be written, by all programs together.
    """

    clients: Clients
    leases: Leases
    quotas: Quotas
    notifier: Notifier
    auditor: Auditor
    clock: Clock
    writes_per_day: int

    async def update(
        self,
        program: str,
        service_id: int,
        given: Mapping[Field, str | None],
        *,
        address: str = "",
    ) -> None:
        """Write the fields to the letter, as `update_client` does, and log how it ended.

        The audit has it, with the `address` of the call, before anything is written.

        Raises:
            NothingToUpdate: no field has a value.
            QuotaReached: too many writes to the service within a day.
            Disowned: staff must first make sure who the holder is.
            UnknownService: the client does not exist.
            UpdateFailed: the values are not stored, or the result is unknown.
        """
        line = _Line(program, address)
        try:
            await self._update(line, service_id, given)
        except EnlaceError as error:
            line.outcome = _OUTCOMES.get(type(error), line.outcome)
            raise
        finally:
            line.write()

    async def _update(
        self, line: "_Line", service_id: int, given: Mapping[Field, str | None]
    ) -> None:
        read_contents(given)
        quota = Quota("service", self.writes_per_day, _DAY)
        wait = await self.quotas.take(quota, str(service_id), now=self.clock())
        if wait:
            await self._refuse(line, SecurityEvent.TOO_MANY_WRITES, service_id)
            raise QuotaReached(retry_after=wait / 1000)

        async def announce(client: Client, contents: Contents) -> None:
            line.service_id = service_id
            if await self.notifier.guard.is_disowned(service_id):
                await self._refuse(line, SecurityEvent.DISOWNED, service_id)
                raise Disowned
            await self._note(line, service_id)
            await self._note_write(line.program, service_id)
            await self._announce(line.program, client, contents)

        await update_client(self.clients, self.leases, service_id, given, announce=announce)
        line.service_id, line.outcome = service_id, "updated"

    async def _note(self, line: "_Line", service_id: int) -> None:
        await self.auditor.note(
            SecurityEvent.WRITE,
            actor=line.program,
            about=f"service:{service_id}",
            address=line.address,
        )

    async def _note_write(self, program: str, service_id: int) -> None:
        """Note by when it is written: what was read of the service before that is old."""
        by = self.clock() + round(OPERATION * 1000)
        await self.notifier.guard.service_history.note_write(service_id, program, by=by)

    async def _refuse(self, line: "_Line", event: SecurityEvent, service_id: int) -> None:
        """Note a refusal; a number that may be no service's, but a document, is not named."""
        about = "" if line.service_id is None else f"service:{service_id}"
        await self.auditor.refuse(event, actor=line.program, about=about, address=line.address)

    async def _announce(self, program: str, client: Client, contents: Contents) -> None:
        """Have the warnings stored before anything is written: none is lost in a crash.

        A write that is repeated within the hour, because it failed, is told once. A number that
        takes the place of another proves nothing for a while, as one that a chat changed.
        """
        effect = build_program_warning(client, contents, program)
        if effect is None:
            return
        now, history = self.clock(), self.notifier.guard.service_history
        write = repr((program, client, contents, now // _HOUR))
        name = sha256(write.encode()).hexdigest()
        await self.notifier.warn_of_program(effect, id=f"{program}:{name}")
        if Field.PHONE in contents and client.phones:
            await history.note_change(client.service_id, program, (Field.PHONE,), id=name, now=now)


@dataclass(slots=True)
class _Line:
    """What the log tells of a write.

    Attributes:
        service_id: once it is known to be one: a program may send a document in its place.
    """

    program: str
    address: str = ""
    service_id: int | None = None
    outcome: str = "unavailable"

    def write(self) -> None:
        named = {} if self.service_id is None else {"service_id": self.service_id}
        _log.info("api.update", program=self.program, outcome=self.outcome, **named)
