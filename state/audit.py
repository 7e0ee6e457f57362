"""The audit: who did what in this installation, and what was refused; the journal is a chat's.

An entry's act is one of the console's (`state.roles.Act`) or another security event: both together
are the table of what is kept, and `state/messages/audit.py` has a word for each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

OPERATOR = ":operator"
"""The actor of what was done by a command on the server; no member's name has a colon."""

UNREADABLE = ""
"""The act of an entry that does not open: with which key, or what it was, nobody knows."""


_SHORTEST = 6  # letters of a chat's key by which it is found


class SecurityEvent(StrEnum):
    """What is kept besides the acts of the console; the names are stored."""

    SIGN_IN = "sign_in"
    """Refused: a wrong password, or a name that nobody has, which is not kept."""

    SIGN_IN_SLOWED = "sign_in.slowed"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session.ended"
    """By whom it belongs to, or by an administrator."""

    PASSWORD_SET = "password.set"  # noqa: S105  # no password, but the name of an event
    LINK_MADE = "link.made"
    LINK_USED = "link.used"
    MEMBER_ADDED = "member.added"
    MEMBER_DISABLED = "member.disabled"
    MEMBER_UNLOCKED = "member.unlocked"
    ROLES_GIVEN = "member.roles"
    OTHER_SITE = "form.other_site"
    """A form that another site sent."""

    KEY_UNKNOWN = "api.key_unknown"
    SCOPE_MISSING = "api.scope_missing"
    TOO_MANY_CALLS = "api.too_many_calls"
    TOO_MANY_WRITES = "api.too_many_writes"
    DISOWNED = "api.disowned"
    """A program wanted to write a service whose holder said that a change was not theirs."""

    WRITE = "api.write"
    """A program writes a client; its outcome is in the log (`api.update`)."""

    SEARCH = "search"
    """For chats: by what kind of number or name, and how many were found; never the words."""

    INVITATION_MADE = "invitation.made"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    LETTER_RETRIED = "letter.retried"
    LETTER_DROPPED = "letter.dropped"
    """Of dead letters."""

    KEYS_ROTATED = "keys.rotated"


class Result(StrEnum):
    """What became of what somebody wanted to do."""

    DONE = "done"
    """It was allowed, and noted before it was done."""

    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing that somebody did, or wanted to do.

    What is said of a chat (`more`, `reason`) is kept with the chat and erased with it; the entry
    itself names it by its digest only.

    Attributes:
        id: the stream's id, `""` before it is stored; grows with time.
        at: when, ms since 1970.
        act: an `Act` or a `SecurityEvent` by name; `UNREADABLE` for one that does not open.
        actor: the member's name, `api:` and six letters of a key's digest, `OPERATOR`, or `""`.
        about: whom or what: `chat:<key>`, `service:1001`, `member:<name>`, `request:<code>`,
            `search:<kinds>` (`found:<count>` with it), a path, or "".
        more: what else it is found by, written as `about`.
        reason: why, as the actor wrote it.
        address: where the call came from.
        count: how many it stands for: what strangers do is told once a minute.
    """

    at: int
    act: str
    actor: str
    result: Result = Result.DONE
    about: str = ""
    more: tuple[str, ...] = ()
    reason: str = ""
    address: str = ""
    count: int = 1
    id: str = ""

    @property
    def chat(self) -> str:
        """The key of the chat that it is about, or ""."""
        return self.about.removeprefix("chat:") if self.about.startswith("chat:") else ""

    @property
    def readable(self) -> bool:
        """Whether it could be opened."""
        return self.act != UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries somebody wants to see; what is empty matches every one.

    Attributes:
        actor: a person's name, or a program's.
        thing: a service's number, a chat's key or its beginning, a member, a request's code.
    """

    actor: str = ""
    thing: str = ""
    act: str = ""
    result: str = ""

    def matches(self, entry: AuditEntry) -> bool:
        """Tell whether an entry is wanted; one that cannot be read is never left out."""
        return not entry.readable or (
            _is_like(self.actor, (entry.actor,))
            and (not self.thing or _is_about(self.thing, (entry.about, *entry.more)))
            and self.act in ("", entry.act)
            and self.result in ("", entry.result.value)
        )


def _is_like(wanted: str, found: Iterable[str]) -> bool:
    return not wanted or wanted.casefold() in (one.casefold() for one in found)


def _is_about(wanted: str, things: Iterable[str]) -> bool:
    named = [(kind, name) for kind, _, name in (thing.partition(":") for thing in things)]
    chats = (name for kind, name in named if kind == "chat")
    return _is_like(wanted, (name for _, name in named)) or (
        len(wanted) >= _SHORTEST and any(key.startswith(wanted.casefold()) for key in chats)
    )
