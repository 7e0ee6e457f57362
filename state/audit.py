"""The audit: who did what in this installation, and what was refused; the journal is a chat's."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """What became of what somebody wanted to do."""

    DONE = "done"
    """It was allowed, and noted before it was done."""

    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing that somebody did, or wanted to do.

    Attributes:
        id: the stream's id, `""` before it is stored; grows with time.
        at: when, ms since 1970.
        act: an act of the table (`state.roles`), or another security event by name.
        actor: the member's name, or `api:` and six letters of a key's digest.
        about: whom or what: `chat:<key>`, `service:1001`, `member:<name>`, `request:<code>`, or "".
        reason: why, as the actor wrote it.
        address: where the call came from.
    """

    at: int
    act: str
    actor: str
    result: Result = Result.DONE
    about: str = ""
    reason: str = ""
    address: str = ""
    id: str = ""
