"""Who signs in and out, well or not, as the audit keeps it.

A name that nobody has is not kept: it may be a password in the wrong field.
"""

from dataclasses import dataclass

from starlette.requests import Request

from handlers.auditing import Auditor, address_of
from state.audit import SecurityEvent
from state.store.authentication import SignedIn
from state.store.staff import Staff

_FEW = 5  # refusals of a minute that are noted one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAudit:
    """Notes what happens where nobody is signed in yet."""

    staff: Staff
    auditor: Auditor

    async def let_in(self, request: Request, event: SecurityEvent, signed_in: SignedIn) -> None:
        """Note who is about to be let in.

        Raises:
            RedisError: it is not kept: let nobody in.
        """
        name = signed_in.member.name
        await self.auditor.note(
            event, actor=name, about=f"member:{name}", address=address_of(request)
        )

    async def refuse(self, request: Request, event: SecurityEvent, name: str = "") -> None:
        """Note who was refused; of many in a minute, how many."""
        stored = await self.staff.members.read(self.staff.members.digest(name)) if name else None
        actor = stored.name if stored else ""
        await self.auditor.refuse(event, actor=actor, address=address_of(request), few=_FEW)

    async def leave(self, request: Request, name: str) -> None:
        """Note who signs out."""
        await self.auditor.note(SecurityEvent.SIGN_OUT, actor=name, address=address_of(request))
