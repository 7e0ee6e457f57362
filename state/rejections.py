"""What a vendor refuses us until a person mends a setting: the table of all that is told of it."""

from dataclasses import dataclass
from enum import StrEnum


class Vendor(StrEnum):
    """Who refuses."""

    WISPHUB = "wisphub"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"


class Use(StrEnum):
    """What is refused; what may be used otherwise tells nothing of it."""

    READ = "read"
    WRITE = "write"
    SEND = "send"


class Cause(StrEnum):
    """What must be mended."""

    KEY = "key"
    ADDRESS = "address"
    MISSING = "missing"
    """Nobody refuses it: messages wait for a channel that the settings do not name."""


SETTINGS = {
    (Vendor.WISPHUB, Cause.KEY): "ENLACE_WISPHUB_KEY",
    (Vendor.WISPHUB, Cause.ADDRESS): "ENLACE_WISPHUB_URL",
    (Vendor.TELEGRAM, Cause.KEY): "ENLACE_TELEGRAM_TOKEN",
    (Vendor.TELEGRAM, Cause.MISSING): "ENLACE_TELEGRAM_TOKEN",
    (Vendor.WHATSAPP, Cause.KEY): "ENLACE_WHATSAPP_TOKEN",
    (Vendor.WHATSAPP, Cause.MISSING): "ENLACE_WHATSAPP_TOKEN",
}
"""Where it is mended: every pair that can be."""

READINESS = {Cause.KEY: "rejected", Cause.ADDRESS: "rejected", Cause.MISSING: "missing"}
"""What readiness tells of a vendor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One use that a vendor refuses, since that time (ms since 1970)."""

    vendor: Vendor
    use: Use
    cause: Cause
    since: int

    @property
    def setting(self) -> str:
        """Name the setting to check."""
        return SETTINGS[self.vendor, self.cause]


assert {vendor for vendor, _ in SETTINGS} == set(Vendor)
assert READINESS.keys() == set(Cause)
