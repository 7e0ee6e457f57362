"""Faults of the pretend WispHub, to switch on and off."""

from enum import StrEnum


class Fault(StrEnum):
    """One fault."""

    NONE = "none"
    ERROR = "error"  # 500 with a page of HTML
    HANG = "hang"  # no answer, ever
    ECHO = "echo"  # answers as if it had written, stores nothing
    LOST = "lost"  # writes, then answers 500
    SLOW = "slow"  # answers after two seconds
    NO_PATCH = "no_patch"  # 405 to PATCH
    IGNORE = "ignore"  # filters are ignored
    NUMBERS = "numbers"  # numbers in columns that hold texts elsewhere
    READ_ONLY = "read_only"  # 403 to every write: the key's user may only read
