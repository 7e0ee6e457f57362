"""What a linked customer may ask the directory about the service, and what it answers.

Each value is white-listed and read by the directory's adapter; nothing of it is kept. The answer is
one of `state.events`.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Inquiry(StrEnum):
    """One thing that can be asked."""

    BALANCE = "balance"
    PLAN = "plan"
    OUTAGE = "outage"


class Supply(StrEnum):
    """Whether the provider delivers the service."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is owed.

    Attributes:
        owed: pesos; negative where the customer has paid ahead.
        invoices: how many are unpaid.
        due: until when the oldest of them can be paid, `2026-12-05`; empty if unknown.
        link: where to pay (https); empty if none.
    """

    owed: Decimal
    invoices: int = 0
    due: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """How the service stands.

    Attributes:
        cut_off: when it is cut off if it is not paid, `2026-12-05`; empty if unknown.
        unpaid: invoices are unpaid.
        outage: the provider knows of an outage that concerns it.
        outage_words: what the provider says of the outage; may be empty.
    """

    supply: Supply = Supply.UNKNOWN
    plan: str = ""
    cut_off: str = ""
    unpaid: bool = False
    outage: bool = False
    outage_words: str = ""

    def told_for(self, inquiry: Inquiry) -> "ServiceStatus":
        """Leave out what was not asked."""
        if inquiry is Inquiry.PLAN:
            return ServiceStatus(supply=self.supply, plan=self.plan, cut_off=self.cut_off)
        return ServiceStatus(
            supply=self.supply,
            unpaid=self.unpaid,
            outage=self.outage,
            outage_words=self.outage_words,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquired:
    """What the directory says of the linked service, as far as it was asked in that turn.

    Without `balance` and `status` nothing can be told; `barred` if the chat has asked too often.
    """

    inquiry: Inquiry
    service_id: int
    turn: int
    balance: Balance | None = None
    status: ServiceStatus | None = None
    barred: bool = False
