"""Who may call the API: keys, their scopes, and how often each may call.

Every refused call is counted; the log tells of each cause at most once a minute, because whoever
tries keys without end must not fill the disk. Nothing is stored for a wrong key.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request

from handlers.api.scopes import ApiKey, Scope
from handlers.ports import Clock
from state.messages.staff import Api
from state.store.quotas import Quota, Quotas

HEADER = "X-API-Key"

_log = structlog.get_logger("enlace.api")

_MINUTE = 60_000  # ms
_OPEN = "api:open"  # whoever calls where there are no keys


@dataclass(slots=True)
class Refusals:
    """The calls that this process refused.

    Attributes:
        total: how many, for the metrics.
    """

    clock: Clock
    total: int = 0
    _untold: dict[str, int] = field(default_factory=dict)
    _told_at: dict[str, int] = field(default_factory=dict)

    def note(self, event: str, program: str = "") -> None:
        """Count a refusal; log the first of a minute, and how many came since the last line."""
        cause, now = f"{event} {program}", self.clock()
        self.total += 1
        self._untold[cause] = self._untold.get(cause, 0) + 1
        if now - self._told_at.get(cause, -_MINUTE) >= _MINUTE:
            self._told_at[cause] = now
            _log.warning(event, program=program, count=self._untold.pop(cause))


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Admits programs.

    Attributes:
        keys: those that are known; without any, updating is open, as in the demonstration.
        calls_per_minute: how often each of them may call.
    """

    keys: Sequence[ApiKey]
    quotas: Quotas
    refusals: Refusals
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
            self.refusals.note("api.key_unknown")
            raise HTTPException(HTTPStatus.UNAUTHORIZED, Api.UNAUTHORIZED)
        if scope not in key.scopes:
            self.refusals.note("api.scope_missing", key.name)
            raise HTTPException(HTTPStatus.FORBIDDEN, Api.NO_SCOPE.format(scope=scope.value))
        quota = Quota("key", self.calls_per_minute, _MINUTE)
        wait = await self.quotas.take(quota, key.name, now=self.clock())
        if wait:
            self.refusals.note("api.too_many_calls", key.name)
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, Api.TOO_MANY, retry_after(wait))
        return key.name

    def knows(self, request: Request) -> bool:
        """Tell whether a call has a key, of whatever scope; it is not counted."""
        given = request.headers.get(HEADER)
        if given is None:
            return False
        known = self._find(given.encode("latin-1")) is not None
        if not known:
            self.refusals.note("api.key_unknown")
        return known

    def _find(self, given: bytes) -> ApiKey | None:
        """Find a key in constant time; one that is listed twice has the scopes of both."""
        same = [key for key in self.keys if hmac.compare_digest(given, key.text)]  # no early exit
        scopes = frozenset(scope for key in same for scope in key.scopes)
        return ApiKey(given, scopes) if same else None


def retry_after(wait: float) -> dict[str, str]:
    """Build the header that tells when to call again, in whole seconds; `wait` is in ms."""
    return {"Retry-After": str(max(1, -int(-wait // 1000)))}
