"""What a vendor refuses us until a person mends a setting: the table of all that is told of it."""

from dataclasses import dataclass
from enum import StrEnum


class Vendor(StrEnum):
    """Who refuses."""

    WISPHUB = "wisphub"


class Use(StrEnum):
    """What is refused; what may be used otherwise tells nothing of it."""

    READ = "read"
    WRITE = "write"


class Cause(StrEnum):
    """What must be mended."""

    KEY = "key"
    ADDRESS = "address"


SETTINGS = {
    (Vendor.WISPHUB, Cause.KEY): "ENLACE_WISPHUB_KEY",
    (Vendor.WISPHUB, Cause.ADDRESS): "ENLACE_WISPHUB_URL",
}
"""Where it is mended."""


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


assert SETTINGS.keys() == {(vendor, cause) for vendor in Vendor for cause in Cause}
