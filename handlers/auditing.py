"""What goes into the audit from outside, and what strangers may add to it.

Whoever tries keys or passwords without end must not fill the disk: of each cause the first ones of
a minute are noted, and how many more came is told with the next.
"""

from collections import Counter
from dataclasses import dataclass, field

from starlette.requests import Request

from handlers.ports import Clock
from state.audit import AuditEntry, Result, SecurityEvent
from state.conversation import Conversation
from state.roles import Act
from state.store.audit import Audit

_MINUTE = 60_000  # ms


@dataclass(slots=True)
class _Tally:
    """One cause: when its minute began, how many were noted in it, and how many are untold."""

    since: int
    noted: int = 0
    untold: int = 0


@dataclass(slots=True, kw_only=True)
class Auditor:
    """Notes what callers do, with their address.

    Attributes:
        refused: how often this process refused something, by event, for the metrics.
    """

    audit: Audit
    clock: Clock
    refused: Counter[SecurityEvent] = field(default_factory=Counter)
    _tallies: dict[tuple[SecurityEvent, str], _Tally] = field(default_factory=dict)

    async def note(
        self,
        act: Act | SecurityEvent,
        *,
        actor: str,
        about: str = "",
        more: tuple[str, ...] = (),
        reason: str = "",
        result: Result = Result.DONE,
        address: str = "",
    ) -> None:
        """Note what somebody does, before it is done.

        Raises:
            RedisError: it is not kept: do not do it.
        """
        await self.settle()
        await self.audit.note(
            AuditEntry(
                at=self.clock(), act=act.value, actor=actor, about=about, more=more, reason=reason,
                result=result, address=address,
            )
        )  # fmt: skip

    async def refuse(
        self,
        event: SecurityEvent,
        *,
        actor: str = "",
        about: str = "",
        address: str = "",
        few: int = 1,
    ) -> None:
        """Note what was refused: the first `few` of a minute one by one, the rest by number.

        `actor` is nothing that a stranger made up. It is refused whether or not it can be noted.
        """
        self.refused[event] += 1
        now = self.clock()
        tally = self._tallies.setdefault((event, actor), _Tally(now))
        if now - tally.since >= _MINUTE:
            tally.since, tally.noted = now, 0
        tally.untold += 1
        if tally.noted < few:
            tally.noted += 1
            await self._tell(tally, event, actor, about=about, address=address)

    async def settle(self, *, ends: bool = False) -> None:
        """Note how many came since, for every cause whose minute has passed; all at the end."""
        now = self.clock()
        for (event, actor), tally in [*self._tallies.items()]:
            if tally.untold and (ends or now - tally.since >= _MINUTE):
                await self._tell(tally, event, actor)

    async def _tell(
        self,
        tally: _Tally,
        event: SecurityEvent,
        actor: str,
        *,
        about: str = "",
        address: str = "",
    ) -> None:
        count, tally.untold = tally.untold, 0
        entry = AuditEntry(
            at=self.clock(), act=event.value, actor=actor, about=about, address=address,
            count=count, result=Result.REFUSED,
        )  # fmt: skip
        if not await self.audit.attempt(entry):
            tally.untold += count


def address_of(request: Request) -> str:
    """Return where a call came from."""
    return request.client.host if request.client else ""


def list_objects(conversation: Conversation) -> tuple[str, ...]:
    """List what an entry about a chat is found by besides: its service and its request."""
    client, asked = conversation.identity.client, conversation.change.request
    saved = conversation.last_change
    code = asked.code if asked else saved.code if saved else ""
    service = (f"service:{client.service_id}",) if client else ()
    return (*service, f"request:{code}") if code else service
