"""Who may call the API: keys, their scopes, and how often each may call.

Every refused call is counted; audit and log tell of each cause at most once a minute.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from handlers.api.scopes import ApiKey, Scope
from handlers.auditing import Auditor, address_of
from handlers.ports import Clock
from state.audit import SecurityEvent
from state.messages.staff import Api
from state.store.quotas import Quota, Quotas

HEADER = "X-API-Key"

REFUSALS = (
    SecurityEvent.KEY_UNKNOWN,
    SecurityEvent.SCOPE_MISSING,
    SecurityEvent.TOO_MANY_CALLS,
)
"""Why a call is not admitted."""

_MINUTE = 60_000  # ms
_OPEN = "api:open"  # whoever calls where there are no keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Admits programs.

    Attributes:
        keys: those that are known; without any, updating is open, as in the demonstration.
        calls_per_minute: how often each of them may call.
    """

    keys: Sequence[ApiKey]
    quotas: Quotas
    auditor: Auditor
    clock: Clock
    calls_per_minute: int

    async def admit(self, request: Request, scope: Scope) -> str:
        """Count a call and return the name of its key.

        Raises:
            HTTPException: no or a wrong key (401), another scope (403), too many calls (429).
        """
        if not self.keys and scope is Scope.UPDATE:
            return _OPEN
        key = self._find(request.headers.get(HEADER, "").encode("latin-1"))
        if key is None:
            await self._refuse(request, SecurityEvent.KEY_UNKNOWN)
            raise HTTPException(HTTPStatus.UNAUTHORIZED, Api.UNAUTHORIZED)
        if scope not in key.scopes:
            await self._refuse(request, SecurityEvent.SCOPE_MISSING, key.name)
            raise HTTPException(HTTPStatus.FORBIDDEN, Api.NO_SCOPE.format(scope=scope.value))
        quota = Quota("key", self.calls_per_minute, _MINUTE)
        wait = await self.quotas.take(quota, key.name, now=self.clock())
        if wait:
            await self._refuse(request, SecurityEvent.TOO_MANY_CALLS, key.name)
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, Api.TOO_MANY, retry_after(wait))
        return key.name

    async def knows(self, request: Request) -> bool:
        """Tell whether a call has a key, of whatever scope; it is not counted."""
        given = request.headers.get(HEADER)
        if given is None:
            return False
        if self._find(given.encode("latin-1")) is None:
            await self._refuse(request, SecurityEvent.KEY_UNKNOWN)
            return False
        return True

    async def _refuse(self, request: Request, event: SecurityEvent, program: str = "") -> None:
        await self.auditor.refuse(event, actor=program, address=address_of(request))

    def _find(self, given: bytes) -> ApiKey | None:
        """Find a key in constant time; one that is listed twice has the scopes of both."""
        same = [key for key in self.keys if hmac.compare_digest(given, key.text)]  # no early exit
        scopes = frozenset(scope for key in same for scope in key.scopes)
        return ApiKey(given, scopes) if same else None


def retry_after(wait: float) -> dict[str, str]:
    """Build the header that tells when to call again, in whole seconds; `wait` is in ms."""
    return {"Retry-After": str(max(1, -int(-wait // 1000)))}
