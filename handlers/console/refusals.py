"""Why a name or a password is refused, and how long to wait, in the words that staff read."""

import math

from state.messages.personnel import NAME_PROBLEMS, PASSWORD_PROBLEMS, Personnel
from state.messages.staff import Page
from state.store.staff_errors import (
    LastAdministrator,
    MembersBusy,
    NameRefused,
    PasswordRefused,
    RolesMissing,
    TooManyTries,
)

Refusal = (
    NameRefused | PasswordRefused | TooManyTries | LastAdministrator | RolesMissing | MembersBusy
)


def tell(refusal: Refusal) -> str:
    """Tell why something of a member was refused, and what to do."""
    match refusal:
        case NameRefused():
            return NAME_PROBLEMS[refusal.problem]
        case PasswordRefused():
            return PASSWORD_PROBLEMS[refusal.problem]
        case TooManyTries():
            return Page.TOO_MANY_TRIES.format(wait=_tell_wait(count_seconds(refusal)))
        case LastAdministrator():
            return Personnel.LAST_ADMINISTRATOR
        case RolesMissing():
            return Personnel.NO_ROLES
        case MembersBusy():
            return Personnel.BUSY


def count_seconds(refusal: TooManyTries) -> int:
    """Count the seconds to wait before the next try."""
    return max(1, math.ceil(refusal.retry_after))


def _tell_wait(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{math.ceil(seconds / 60)} min"
