"""Which member of staff may do what: one table, printed by `enlace staff roles`.

Every path of the console names its act; whoever asks for it is checked against this table on the
server, for pages, fragments, copies and streams alike. Where two people are needed for a change,
`state/machine/approval.py` holds it: no role goes round that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    FileOpened,
    HandedBack,
    MemberDisabled,
    Noted,
    Replied,
    Retried,
    Revealed,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
    Vouched,
)


class Role(StrEnum):
    """What a member of staff is there for; a member may have several roles."""

    OBSERVADOR = "observador"
    """Sees everything, masked."""

    AGENTE = "agente"
    """Talks with customers."""

    SUPERVISOR = "supervisor"
    """Decides what is risky, and sees more where there is a reason."""

    ADMINISTRADOR = "administrador"
    """Looks after members and the installation; no customer's data in clear."""


class Act(StrEnum):
    """Everything that somebody can do in the console."""

    READ = "read"
    """Read the inbox, a chat and the requests, masked; their live updates too."""

    TAKE = "take"
    REPLY = "reply"
    NOTE = "note"
    """Write a note for colleagues, which no customer gets."""

    HAND_BACK = "hand_back"
    CLOSE = "close"
    """Close a chat that nobody else has: nothing in it waits for a person any more."""

    RETRY = "retry"
    """Have a message sent again that did not arrive, in a chat that nobody else has."""

    ASK = "ask"
    """Ask the customer about a request."""

    VOUCH = "vouch"
    """Say that the customer is the holder, and how it was verified."""

    READ_CODE = "read_code"
    """Read out a one-time code to a phone on file."""

    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"
    """Ask that the last change is undone; somebody else approves it."""

    SETTLE = "settle"
    """Say that a change that was lost was seen to by hand."""

    REVEAL = "reveal"
    """Read a masked line of a chat in clear."""

    OPEN_FILE = "open_file"
    """Open what the customer sent in the chat that one has."""

    COPY = "copy"
    """Download everything stored about a customer, for the customer."""

    READ_AUDIT = "read_audit"
    MANAGE_MEMBERS = "manage_members"
    """Add, disable and unlock members, give roles, end sessions."""

    USE_ACCOUNT = "use_account"
    """Change the own password, see and end the own sessions."""

    READ_REFERENCE = "read_reference"
    """Read the reference of the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do an act.

    Attributes:
        roles: one of them is needed.
        holds: only whoever holds the chat.
        reason: only with a reason, which is kept.
        reads: it changes nothing and shows nothing unmasked: only its refusals are audited.
    """

    roles: frozenset[Role]
    holds: bool = False
    reason: bool = False
    reads: bool = False


_EVERYBODY = frozenset(Role)
_TALKS = frozenset({Role.AGENTE, Role.SUPERVISOR})
_DECIDES = frozenset({Role.SUPERVISOR})
_ADMINISTERS = frozenset({Role.ADMINISTRADOR})

RULES: dict[Act, Rule] = {
    Act.READ: Rule(roles=_EVERYBODY, reads=True),
    Act.TAKE: Rule(roles=_TALKS),
    Act.REPLY: Rule(roles=_TALKS, holds=True),
    Act.NOTE: Rule(roles=_TALKS),
    Act.HAND_BACK: Rule(roles=_TALKS, holds=True),
    Act.CLOSE: Rule(roles=_TALKS),
    Act.RETRY: Rule(roles=_TALKS),
    Act.ASK: Rule(roles=_TALKS),
    Act.VOUCH: Rule(roles=_TALKS, holds=True, reason=True),
    Act.READ_CODE: Rule(roles=_TALKS, holds=True),
    Act.APPROVE: Rule(roles=_DECIDES),
    Act.REJECT: Rule(roles=_DECIDES, reason=True),
    Act.UNDO: Rule(roles=_DECIDES, reason=True),
    Act.SETTLE: Rule(roles=_DECIDES),
    Act.REVEAL: Rule(roles=_DECIDES, reason=True),
    Act.OPEN_FILE: Rule(roles=_TALKS, holds=True),
    Act.COPY: Rule(roles=_DECIDES, holds=True, reason=True),
    Act.READ_AUDIT: Rule(roles=_DECIDES, reads=True),
    Act.MANAGE_MEMBERS: Rule(roles=_ADMINISTERS),
    Act.USE_ACCOUNT: Rule(roles=_EVERYBODY),
    Act.READ_REFERENCE: Rule(roles=_EVERYBODY, reads=True),
}

ACT_OF: dict[type[StaffAction], Act] = {
    TakenOver: Act.TAKE,
    Replied: Act.REPLY,
    Noted: Act.NOTE,
    HandedBack: Act.HAND_BACK,
    Closed: Act.CLOSE,
    Retried: Act.RETRY,
    Asked: Act.ASK,
    Vouched: Act.VOUCH,
    CodeRead: Act.READ_CODE,
    Decided: Act.APPROVE,
    Undone: Act.UNDO,
    Settled: Act.SETTLE,
    Exported: Act.COPY,
    Revealed: Act.REVEAL,
    FileOpened: Act.OPEN_FILE,
    MemberDisabled: Act.MANAGE_MEMBERS,
}
"""The act that an event of a chat tells of; a decision may be a rejection too (`act_of`)."""

FIRST = frozenset({Role.SUPERVISOR, Role.ADMINISTRADOR})
"""The roles of the first member, and of every member of 0.1: a provider of one person goes on."""

assert RULES.keys() == set(Act)
assert ACT_OF.keys() == set(get_args(StaffAction))


def act_of(event: StaffAction) -> Act:
    """Tell which act of the table it was that a member of staff did in a chat."""
    if isinstance(event, Decided) and not event.approved:
        return Act.REJECT
    return ACT_OF[type(event)]


def may(roles: Collection[Role], act: Act) -> bool:
    """Tell whether one of these roles may do it; that the chat is held is checked elsewhere."""
    return not RULES[act].roles.isdisjoint(roles)
