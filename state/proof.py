"""What has been proven in a conversation, and the level of assurance that it comes to."""

from collections.abc import Collection
from enum import IntEnum, StrEnum


class Proof(StrEnum):
    """One thing that was proven."""

    CHANNEL_PHONE = "telefono"
    """The number that the channel vouches for stands on file."""

    INVITATION = "invitacion"
    """A single-use link that staff gave for the service."""

    CODE = "codigo"
    """A one-time code that went to a phone on file came back."""

    READ_OUT = "dictado"
    """A one-time code that staff read out to whoever answered a phone on file came back."""

    FACTS = "datos"
    """Name and address, and one fact more, are as on file."""

    STAFF = "personal"
    """A member of staff made sure, and said how."""


class Level(IntEnum):
    """How sure we are that the customer is the service's holder (A0 to A3)."""

    NOTHING = 0
    KNOWLEDGE = 1
    POSSESSION = 2
    CERTAIN = 3

    def __str__(self) -> str:
        return f"A{self.value}"


BY_PHONE = frozenset({Proof.CHANNEL_PHONE, Proof.CODE, Proof.READ_OUT})
"""What is worth nothing where the phone itself is replaced, or was changed a short while ago."""

BY_STAFF = frozenset({Proof.STAFF, Proof.READ_OUT})
"""What rests on the word of one member of staff, who may be wrong, or lie."""

_POSSESSION = frozenset({Proof.CHANNEL_PHONE, Proof.INVITATION, Proof.CODE, Proof.READ_OUT})


def level(proofs: Collection[Proof], *, without: Collection[Proof] = ()) -> Level:
    """Tell the level that proofs come to, some of them left out.

    A field that is changed never proves its own change.
    """
    counted = set(proofs) - set(without)
    if Proof.STAFF in counted:
        return Level.CERTAIN
    possesses, knows = bool(counted & _POSSESSION), Proof.FACTS in counted
    if possesses and knows:
        return Level.CERTAIN
    if possesses:
        return Level.POSSESSION
    return Level.KNOWLEDGE if knows else Level.NOTHING
